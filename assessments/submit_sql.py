"""The end of a sitting as one statement: status guard, answers, results, flags, words, timeline, coverage, audit.

Everything hangs on the guarded UPDATE: a second submit finds no started sitting and writes nothing, nor does one whose
answers were scored before a newer page arrived. No RETURNING of what a sitting may not read. The same text runs for a
student, for a closing job, and in the bench through pgbench.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

FINISH = """WITH held AS (
  SELECT id, school_id FROM assessments_sitting WHERE id = %(sitting)s AND state = 'started' FOR UPDATE
), saved AS (
  INSERT INTO assessments_savedanswers (sitting_id, revision, answers, saved_at, school_id)
  SELECT id, %(revision)s, %(answers)s, now(), school_id FROM held WHERE %(answers)s::bytea IS NOT NULL
  ON CONFLICT (sitting_id) DO UPDATE SET answers = EXCLUDED.answers, saved_at = EXCLUDED.saved_at,
    revision = greatest(EXCLUDED.revision, assessments_savedanswers.revision)
    WHERE assessments_savedanswers.revision = %(base)s
  RETURNING sitting_id
), done AS (
  UPDATE assessments_sitting SET state = 'finished', finished_at = now(), submit_key = %(key)s::uuid,
    receipt = %(receipt)s
  WHERE id IN (SELECT sitting_id FROM saved UNION ALL SELECT id FROM held WHERE %(answers)s::bytea IS NULL)
    AND state = 'started'
  RETURNING id, student_id, school_id, screening_id, grade_number, sex
), results AS (
  INSERT INTO assessments_result (sitting_id, student_id, screening_id, school_id, version_id, scale, is_complete,
    is_valid, total, band, band_order, sheet, sex, age, grade_number, at)
  SELECT done.id, student_id, screening_id, school_id, r.version_id, r.scale, r.is_complete, r.is_valid,
    r.total, r.band, r.band_order, r.sheet, sex, %(age)s::smallint, grade_number, now()
  FROM done, jsonb_to_recordset(%(results)s::jsonb) AS r(version_id bigint, scale text, is_complete boolean,
    is_valid boolean, total numeric, band text, band_order smallint, sheet jsonb)
), flags AS (
  INSERT INTO assessments_flag (sitting_id, student_id, level, source, scale, item, raised_at, due_at)
  SELECT done.id, student_id, f.level, f.source, f.scale, f.item, now(), f.due_at
  FROM done, jsonb_to_recordset(%(flags)s::jsonb) AS f(level text, source text, scale text,
    item smallint, due_at timestamptz)
), words AS (
  INSERT INTO assessments_sittingword (sitting_id, student_id, school_id, kind, at)
  SELECT id, student_id, school_id, word, now() FROM done, unnest(%(words)s::text[]) AS word ON CONFLICT DO NOTHING
), entry AS (
  INSERT INTO assessments_timelineentry (vault_id, source_sitting_id, student_id, "on", kind, title, is_shared, source,
    added_at)
  SELECT gen_random_uuid(), id, student_id, %(on)s, 'screening', %(title)s, false,
    'assessments_sitting:' || id || ':finished', now() FROM done WHERE %(title)s <> ''
), ticket AS (
  INSERT INTO assessments_coverageticket (sitting_id, screening_id, school_id, at)
  SELECT id, screening_id, school_id, now() FROM done
), audit AS (
  INSERT INTO audit_auditentry (actor, verb, subject, student_id, school_id, request_id, detail, city_id)
  SELECT %(actor)s, 'assessments.finish_sitting', 'assessments_sitting:' || id, student_id, school_id, %(request)s,
    '{}'::jsonb, (SELECT city_id FROM organisations_school WHERE organisations_school.id = done.school_id)
  FROM done
) SELECT count(*) FROM done"""

#: 是我: begun once, resumed afterwards; coverage changes only the first time
BEGIN = """WITH begun AS (
  UPDATE assessments_sitting SET state = 'started', started_at = now() WHERE id = %(sitting)s AND state = 'invited'
  RETURNING id, screening_id, school_id
), ticket AS (
  INSERT INTO assessments_coverageticket (sitting_id, screening_id, school_id, at)
  SELECT id, screening_id, school_id, now() FROM begun
), audit AS (
  INSERT INTO audit_auditentry (actor, verb, subject, school_id, request_id, detail, city_id)
  SELECT %(actor)s, CASE WHEN EXISTS (SELECT FROM begun) THEN 'assessments.begin_sitting'
    ELSE 'assessments.resume_sitting' END, 'assessments_sitting:' || s.id, s.school_id, %(request)s, '{}'::jsonb,
    school.city_id
  FROM assessments_sitting s JOIN organisations_school school ON school.id = s.school_id WHERE s.id = %(sitting)s
) SELECT count(*) FROM begun"""

#: "enough for today": the sitting stays begun, and the sweep looks at what was saved without waiting
LEAVE = """UPDATE assessments_sitting SET left_at = now() WHERE id = %(sitting)s AND state = 'started'"""

#: asking twice leaves one word, and one flag until somebody has talked; whoever asks again afterwards waits again
TALK = """WITH asks AS (
  SELECT id, student_id, school_id FROM assessments_sitting WHERE id = %(sitting)s
), word AS (
  INSERT INTO assessments_sittingword (sitting_id, student_id, school_id, kind, at)
  SELECT id, student_id, school_id, 'talk', now() FROM asks ON CONFLICT DO NOTHING
), flag AS (
  INSERT INTO assessments_flag (sitting_id, student_id, level, source, scale, raised_at, due_at)
  SELECT id, student_id, 'talk', 'talk', '', now(), %(due_at)s FROM asks WHERE NOT door_talk_waits()
) SELECT count(*) FROM asks WHERE NOT door_talk_waits()"""

#: nobody saves or hands in until this transaction ends: what is read next is the last there is
HOLD = "SELECT id FROM assessments_sitting WHERE id = %(sitting)s AND state = 'started' FOR UPDATE"

#: flags of a sitting that was left open; the sweep that comes again writes nothing twice
FLAG_LEFT = """INSERT INTO assessments_flag (sitting_id, student_id, level, source, scale, item, raised_at, due_at)
SELECT s.id, s.student_id, f.level, f.source, f.scale, f.item, now(), f.due_at
FROM assessments_sitting s, jsonb_to_recordset(%(flags)s::jsonb) AS f(level text, source text, scale text,
  item smallint, due_at timestamptz)
WHERE s.id = %(sitting)s AND s.state = 'started' AND NOT EXISTS (SELECT FROM assessments_flag known
  WHERE known.sitting_id = s.id AND known.scale = f.scale AND known.item = f.item AND known.level = f.level)"""

#: compare and swap: stored only over the revision that was read, and only while nobody ends the sitting
SAVE = """INSERT INTO assessments_savedanswers (sitting_id, revision, answers, saved_at, school_id)
SELECT id, %(revision)s, %(answers)s, now(), school_id FROM (SELECT id, school_id FROM assessments_sitting
  WHERE id = %(sitting)s AND state = 'started' FOR SHARE) held
ON CONFLICT (sitting_id) DO UPDATE SET revision = EXCLUDED.revision, answers = EXCLUDED.answers,
  saved_at = EXCLUDED.saved_at
WHERE assessments_savedanswers.revision = %(base)s"""


@dataclass(frozen=True)
class Ending:
    """Everything the statement needs. `title` '' writes no timeline entry; `answers` None keeps what is stored.
    `base`: the stored revision that was scored, -1 for none; the statement writes nothing over another one."""

    sitting_id: int
    actor: str
    receipt: str
    on: date
    client_key: str | None = None
    base: int = -1
    revision: int = 0
    answers: bytes | None = None
    age: int | None = None
    results: Sequence[dict[str, Any]] = ()
    flags: Sequence[dict[str, Any]] = ()
    words: Sequence[str] = ()
    title: str = ""
    request_id: str = ""


def finish_statement(ending: Ending) -> tuple[str, dict[str, Any]]:
    """(statement, parameters). One row comes back: 1 when this call finished the sitting, else 0."""
    return FINISH, {
        "sitting": ending.sitting_id,
        "actor": ending.actor,
        "key": ending.client_key,
        "receipt": ending.receipt,
        "base": ending.base,
        "revision": ending.revision,
        "answers": ending.answers,
        "age": ending.age,
        "results": json.dumps(list(ending.results), ensure_ascii=False),
        "flags": json.dumps(list(ending.flags)),
        "words": list(ending.words),
        "on": ending.on,
        "title": ending.title[:80],
        "request": ending.request_id,
    }


def run(statement: str, values: dict[str, Any]) -> int:
    """Execute and return the count (or, without a row, how many rows were written)."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount
