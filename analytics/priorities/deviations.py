"""Which goals deviate and are to be explained, whether they are, and what has become of a goal since."""

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.decomposition.cells import decompose_change
from analytics.forecast.model import YEAR, forecast_scope
from analytics.forecast.target_path import Deviation, has_targets
from analytics.forecast.target_status import target_status
from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months
from analytics.registers.explanations import Explanation, every_explanation, of_departments
from analytics.statistics.significance import MIN_DENOMINATOR, Change
from analytics.statistics.week_estimates import change_between

ORDER = ("late", "in_progress", "planned", "done")


@dataclass(frozen=True)
class GoalDeviation:
    """A goal of a department (None: the municipality) in a period: why it is to be explained, and what was said of it.

    `behind` is its distance from its own targets, `fall` its change since the comparison: None where it is not so.
    `previous` is what was said the last time before the period.
    """

    goal: int
    department_id: str | None
    behind: Deviation | None
    fall: Change | None
    explained: tuple[Explanation, ...]
    previous: tuple[Explanation, ...]

    @property
    def is_due(self) -> bool:
        """Whether it is to be explained: it is behind its own targets, or has fallen by more than chance allows."""
        return self.behind is not None or self.fall is not None

    @property
    def is_missing(self) -> bool:
        """Whether it is to be explained and is not."""
        return self.is_due and not self.explained


def deviations(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int) -> list[GoalDeviation]:
    """A goal (1–3) of the departments chosen, or of the municipality and every department at the top, in that order.

    None of a scope that is narrowed to services or an audience: nobody answers for such a part of a goal.
    """
    if scope.services or scope.audience:
        return []
    tops = (None, *(one.department_id for one in departments(cursor) if one.depth == 1))
    return [_deviation(cursor, scope, goal, one) for one in scope.departments or tops]


def _deviation(cursor: duckdb.DuckDBPyConnection, scope: Scope, goal: int, department: str | None) -> GoalDeviation:
    own = replace(scope, departments=(department,) if department else ())
    code = GOALS[goal]
    status = target_status(cursor, code, forecast_scope(own)) if has_targets(cursor, code, department) else None
    fall = _change(cursor, code, own)
    behind = status.deviation if status and status.deviation and status.deviation.is_behind else None
    of_it = [one for one in every_explanation(cursor) if (one.goal, one.department_id) == (goal, department)]
    earlier = [one for one in of_it if _is_earlier(one, scope)]
    return GoalDeviation(
        goal,
        department,
        behind,
        fall if fall and fall.is_fall else None,
        tuple(one for one in of_it if one.month_to <= scope.month_to and not _is_earlier(one, scope)),
        tuple(one for one in earlier if one.month_to == earlier[0].month_to),
    )


def _is_earlier(one: Explanation, scope: Scope) -> bool:
    """Whether it is of months before the scope, or of its first months alone: January to April explains no interim to August."""
    of_first = one.month_from == scope.month_from and one.month_to < scope.month_to
    return one.month_to < scope.month_from or of_first


def _change(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> Change | None:
    before = scope.compared()
    return change_between(cursor, code, scope, before) if before else None


def actions(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Explanation]:
    """What is done about deviations in the scope's departments, of every period: late first, done last, then by day."""
    acted = [one for one in of_departments(cursor, scope) if one.action]
    return sorted(acted, key=lambda one: (ORDER.index(one.state), one.due_on or date.max, one.explanation_id))


def change_since(cursor: duckdb.DuckDBPyConnection, one: Explanation) -> float | None:
    """How much the goal of its department has changed since its period ended (1 is 100 percentage points).

    Of the same services and months that are fully reported both times: over the twelve months that end with the period and the
    latest twelve, as a scenario's effect is of a whole year; a stock at the end of both. None before a month more is known,
    where a year is not known, and of fewer than twenty.
    """
    code, known = GOALS[one.goal], period(cursor)
    stock = metrics()[code].time == "stock"
    back = 0 if stock else 1 - YEAR
    first, last = (add_months(month, back) for month in (one.month_to, known.latest))
    if known.latest <= one.month_to or first < (known.first if stock else known.earliest):
        return None
    chosen = (one.department_id,) if one.department_id else ()
    then, now = Scope(first, one.month_to, chosen), Scope(last, known.latest, chosen)
    split = decompose_change(cursor, code, now, then)
    before, after = split.like_for_like if split else (None, None)
    if not before or not after or min(before.denominator, after.denominator) < MIN_DENOMINATOR:
        return None
    return (after.share or 0.0) - (before.share or 0.0)
