"""Scoring of questionnaires: pure Python, no Django, no clock, no database.

A scale is data (`parse_definition`, `load_scales`); `score` turns one answer sheet into a `ScoreSheet`; `critical`
answers the one question that cannot wait, also on half a sheet. Scores are screening signals, never diagnoses.
"""

from .definition import Definition
from .errors import AnswerError, DefinitionError, ScoringError
from .key import Key, compile_key
from .library import find_scale, load_documents, load_scales
from .parse import definition_hash, parse_definition
from .score import Filled, critical, score, score_many
from .sheet import FactorScore, Flag, NormScore, Remark, ScoreSheet

__all__ = [
    "AnswerError", "Definition", "DefinitionError", "FactorScore", "Filled", "Flag", "Key", "NormScore", "Remark",
    "ScoreSheet", "ScoringError", "compile_key", "critical", "definition_hash", "find_scale", "load_documents",
    "load_scales", "parse_definition", "score", "score_many",
]  # fmt: skip
