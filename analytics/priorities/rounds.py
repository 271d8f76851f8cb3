"""Reporting rounds: what each department lacks for the period, and whether it has marked itself ready."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.metrics.served import read_once
from analytics.priorities.deviations import deviations


@dataclass(frozen=True)
class Round:
    """A round over a period (first and last month), the day it was opened and that by which the departments are to be ready."""

    round_id: str
    month_from: date
    month_to: date
    opened_on: date
    due_on: date | None

    def scope(self, scope: Scope) -> Scope:
        """The scope with the round's months, of the whole organisation."""
        return replace(scope.whole_organisation(), month_from=self.month_from, month_to=self.month_to)


@dataclass(frozen=True)
class Standing:
    """What a department lacks: service-months not fully reported, deviations not explained; and when it marked itself ready."""

    department_id: str
    missing: int
    unexplained: int
    ready_on: date | None
    role: str | None


@read_once
def rounds(cursor: duckdb.DuckDBPyConnection) -> list[Round]:
    """Every round, the latest first."""
    rows = cursor.execute(
        "SELECT round_id, month_from, month_to, opened_on, due_on FROM rounds ORDER BY opened_on DESC, round_id DESC"
    ).fetchall()
    return [Round(*row) for row in rows]


def standings(cursor: duckdb.DuckDBPyConnection, one: Round, scope: Scope) -> list[Standing]:
    """The departments with services in the round's period: those that are not ready first, and of them those that lack most."""
    period = one.scope(scope)
    marks = _marks(cursor).get(one.round_id, {})
    lacking = Counter(
        each.department_id for goal in GOALS for each in deviations(cursor, period, goal) if each.is_missing
    )
    found = []
    for row in measure(cursor, "reporting", period, "branch"):
        if (department := row.by["branch"]) is None or not row.denominator:
            continue
        missing = int(row.denominator) - int(row.numerator or 0)
        mark = marks.get(str(department), (None, None))
        found.append(Standing(str(department), missing, lacking[str(department)], *mark))
    return sorted(
        found, key=lambda each: (each.ready_on is not None, -each.missing, -each.unexplained, each.department_id)
    )


@read_once
def _marks(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, tuple[date, str | None]]]:
    """By round and department, when it marked itself ready, and by which role."""
    result: dict[str, dict[str, tuple[date, str | None]]] = {}
    for code, department, *mark in cursor.execute(
        "SELECT round_id, department_id, ready_on, role FROM ready"
    ).fetchall():
        result.setdefault(code, {})[department] = (mark[0], mark[1])
    return result
