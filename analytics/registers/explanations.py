"""Why a department deviates from a goal in a period, what is done about it, by when and who answers for it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from analytics.metrics.period import period
from analytics.metrics.scope import Scope
from analytics.metrics.served import kept, read_once

State = Literal["planned", "in_progress", "late", "done"]


@dataclass(frozen=True)
class Explanation:
    """A cause of a deviation and the action against it, both of a goal (1–3), a department (None: the municipality) and months.

    `state` is of the action; late is one that is not done when its day has passed, on the day of the latest import.
    `expected_points` is how much of the department's goal it is expected to give (1 is 100 percentage points).
    """

    explanation_id: str
    goal: int
    department_id: str | None
    month_from: date
    month_to: date
    happened: str
    action: str | None
    due_on: date | None
    role: str | None
    state: State
    expected_points: float | None
    scenario: str | None
    explained_on: date | None


@read_once
def every_explanation(cursor: duckdb.DuckDBPyConnection) -> list[Explanation]:
    """Every explanation there is, the latest period first, in the order of their ids within it."""
    rows = cursor.execute(
        """SELECT explanation_id, goal::INTEGER, department_id, month_from, month_to, happened, action, due_on, role,
               CASE WHEN state <> 'done' AND action IS NOT NULL AND due_on < $day THEN 'late' ELSE state END,
               expected_points::DOUBLE / 100, scenario, explained_on
        FROM explanations ORDER BY month_to DESC, month_from, department_id NULLS FIRST, goal, explanation_id""",
        {"day": period(cursor).as_of},
    ).fetchall()
    return [Explanation(*row) for row in rows]


def explanations(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Explanation]:
    """Those whose period ends in the scope's, of its departments and of what is below them or replaced by them.

    With no department chosen, everybody's and the municipality's own.
    """
    return [one for one in of_departments(cursor, scope) if scope.month_from <= one.month_to <= scope.month_to]


def of_departments(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Explanation]:
    """The same of every period."""
    within = _within(cursor, scope.departments, scope.organisation)
    return [one for one in every_explanation(cursor) if not scope.departments or one.department_id in within]


@kept
def _within(cursor: duckdb.DuckDBPyConnection, chosen: tuple[str, ...], organisation: str) -> frozenset[str | None]:
    """The ids of the departments chosen, those they have replaced, and all below them."""
    rows = cursor.execute(
        """SELECT lineage FROM lineage_of($chosen, $organisation) UNION ALL
        SELECT list(department_id) FROM department_dim, lineage_of($chosen, $organisation) WHERE list_has_any(path, lineage)""",
        {"chosen": list(chosen), "organisation": organisation},
    ).fetchall()
    return frozenset(key for (keys,) in rows for key in keys or ())
