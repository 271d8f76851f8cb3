"""Questions that were asked at meetings, and what was answered."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.served import read_once


@dataclass(frozen=True)
class Question:
    """A question, the address of the page it was about, the role that is to answer, and the answer; None while it waits."""

    question_id: str
    asked_on: date
    question: str
    view: str | None
    role: str | None
    answer: str | None
    answered_on: date | None


@read_once
def questions(cursor: duckdb.DuckDBPyConnection) -> list[Question]:
    """Every question: those that wait first, the oldest of them first; then the answered, the latest first."""
    rows = cursor.execute(
        """SELECT question_id, asked_on, question, view, role, answer, answered_on FROM questions
        ORDER BY answer IS NOT NULL, CASE WHEN answer IS NULL THEN asked_on END, asked_on DESC, question_id"""
    ).fetchall()
    return [Question(*row) for row in rows]
