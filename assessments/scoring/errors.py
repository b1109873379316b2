"""What can be wrong with a scale or with an answer sheet, each with a stable name and a Chinese sentence."""


class ScoringError(ValueError):
    """Base of both. `rule` is a stable English name for tests and logs; `str()` is the Chinese sentence."""

    def __init__(self, rule: str, message: str):
        super().__init__(message)
        self.rule = rule


class DefinitionError(ScoringError):
    """A scale definition that must not be used. `where` is the path inside the document, e.g. `factors[2].items`."""

    def __init__(self, rule: str, where: str, message: str):
        super().__init__(rule, f"量表定义有误（{where}）：{message}" if where else f"量表定义有误：{message}")
        self.where = where


class AnswerError(ScoringError):
    """An answer sheet that does not belong to the scale. `position` is the 1-based place on the form, or None."""

    def __init__(self, rule: str, message: str, position: int | None = None):
        super().__init__(rule, message)
        self.position = position
