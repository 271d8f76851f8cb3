"""What is beyond normal variation in one month, of a scope and of its parts, and what of it is new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from math import inf
from statistics import NormalDist

import duckdb

from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, add_months, month_range
from analytics.statistics.control_charts import MAX_BASELINE, ControlChart, ControlPoint, control_chart, evaluate

WATCHED = (*GOAL_CODES, "abandonment")  # the shares that are looked at every month
LIMIT = 3.0  # standard deviations from the centre line to the limits of a chart
FALSE_ALARM = 2 * NormalDist().cdf(-LIMIT)  # how often chance alone takes a month beyond them


@dataclass(frozen=True)
class MonthChange:
    """A metric whose month is a signal, of a part of the scope (its department) or of all of it (None).

    `change` is that since the month before (1 is 100 percentage points), None where that month is not known. `mostly`: of a
    change of the whole, the part that moved the same way and weighs most in it.
    """

    metric: str
    department_id: str | None
    chart: ControlChart
    change: float | None
    mostly: str | None = None

    @property
    def point(self) -> ControlPoint:
        """The month and its limits."""
        return self.chart.points[-1]


@dataclass(frozen=True)
class MonthReview:
    """The month of a scope: what has become unusual in it, what was so the month before too, and which metrics cannot be judged.

    `refused` has the chart of each of these, which says why. `judged` are the metrics whose month could be told from chance.
    """

    new: tuple[MonthChange, ...]
    lasting: tuple[MonthChange, ...]
    judged: tuple[str, ...]
    refused: tuple[tuple[str, ControlChart], ...]


@dataclass(frozen=True)
class _Part:
    """A part that moved, with its weight in the whole: how many of what is counted lie beyond what is usual."""

    change: MonthChange
    weight: float


def month_review(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> MonthReview:
    """What is beyond normal variation in the last month of the scope; new things first of the whole, then of its parts.

    A signal is new unless the month before was one on the same side; a stock's is of the change in the month, and always new.
    A part is told only when it goes so far that chance takes none of all the parts there more often than it would one chart.
    """
    month = replace(scope, month_from=scope.month_to, comparison=None)
    charts = {code: control_chart(cursor, code, month) for code in WATCHED}
    charts = {code: replace(chart, month=scope.month_to) for code, chart in charts.items()}
    signals = {code: chart for code, chart in charts.items() if chart.latest and chart.latest.signal}
    parts = {code: list(_parts(cursor, code, month)) for code in WATCHED}
    limit = _limit(sum(map(len, parts.values())))
    moved = {code: list(_beyond(cursor, code, month, parts[code], limit)) for code in WATCHED}
    new: list[MonthChange] = []
    lasting: list[MonthChange] = []
    for code, chart in signals.items():
        is_new = _is_new(cursor, code, month, chart)
        (new if is_new else lasting).append(whole := _whole(code, chart, moved[code]))
        moved[code] = [one for one in moved[code] if not _is_within(one.change, whole, is_new)]
    rest = [one for each in moved.values() for one in each if _is_new_part(cursor, one.change, month)]
    new.sort(key=lambda one: -_distance(one.chart))
    rest.sort(key=lambda one: -_distance(one.change.chart))
    return MonthReview(
        (*new, *(one.change for one in rest)),
        tuple(lasting),
        tuple(code for code, chart in charts.items() if chart.points),
        tuple((code, chart) for code, chart in charts.items() if not chart.points),
    )


def _parts(cursor: duckdb.DuckDBPyConnection, code: str, month: Scope) -> Iterator[tuple[str, ControlChart, Row]]:
    """The parts of the scope whose month can be judged: each department, its chart, and its row of the month."""
    first = add_months(month.month_to, -MAX_BASELINE)
    found = measure(cursor, code, replace(month, month_from=first), "branch", "month")
    for department, group in groupby(found, key=lambda row: row.by["branch"]):
        rows = {row.by["month"]: row for row in group}
        last = rows.get(month.month_to)
        if department is None or last is None or last.value is None:
            continue
        months = (each for each in month_range(first, month.month_to) if each in rows)
        if (chart := evaluate(metrics()[code], [rows[each] for each in months])).points:
            yield department, chart, last


def _beyond(
    cursor: duckdb.DuckDBPyConnection,
    code: str,
    month: Scope,
    parts: Sequence[tuple[str, ControlChart, Row]],
    limit: float,
) -> Iterator[_Part]:
    """The parts beyond so many standard deviations, also by the department's own chart, which knows what weeks leave open."""
    for department, chart, row in parts:
        if _distance(chart) > limit:
            own = replace(month, departments=(department,))
            known = chart if department in month.departments else control_chart(cursor, code, own)
            if known.points and _distance(known) > limit:
                yield _part(code, department, known, row)


def _limit(charts: int) -> float:
    """How many standard deviations a part has to go, where so many are looked at (Bonferroni)."""
    return -NormalDist().inv_cdf(FALSE_ALARM / charts / 2) if charts > 1 else LIMIT


def _distance(chart: ControlChart) -> float:
    """How far the month lies from the centre line, in standard deviations; 0 where it is within the limits, which may be cut."""
    point = chart.points[-1]
    if not point.outside:
        return 0.0
    limit = max(point.upper - point.centre, point.centre - point.lower)
    return LIMIT * abs(point.value - point.centre) / limit if limit else inf


def _part(code: str, department: str, chart: ControlChart, row: Row) -> _Part:
    point = chart.points[-1]
    weight = abs(point.value - point.centre) * float(row.denominator or 0)
    return _Part(MonthChange(code, department, chart, _since(chart)), weight)


def _whole(code: str, chart: ControlChart, moved: Sequence[_Part]) -> MonthChange:
    same = [one for one in moved if one.change.point.side == chart.points[-1].side]
    most = max(same, key=lambda one: one.weight, default=None)
    return MonthChange(code, None, chart, _since(chart), most.change.department_id if most else None)


def _is_within(part: MonthChange, whole: MonthChange, is_new: bool) -> bool:
    """Whether a part's change is told with that of the whole: all that goes the same way when it is new, else what it mostly is."""
    return part.department_id == whole.mostly or (is_new and part.point.side == whole.point.side)


def _since(chart: ControlChart) -> float | None:
    """The change since the month before; None where that is not among those compared."""
    if len(chart.points) < 2 or add_months(chart.points[-2].month, 1) != chart.points[-1].month:
        return None
    return chart.points[-1].value - chart.points[-2].value


def _is_new(cursor: duckdb.DuckDBPyConnection, code: str, month: Scope, chart: ControlChart) -> bool:
    now = chart.points[-1]
    if metrics()[code].time == "stock" and now.outside:
        return True
    earlier: date = add_months(month.month_to, -1)
    before = control_chart(cursor, code, replace(month, month_from=earlier, month_to=earlier)).latest
    return before is None or not before.signal or before.side != now.side


def _is_new_part(cursor: duckdb.DuckDBPyConnection, change: MonthChange, month: Scope) -> bool:
    """The same of a part, whose department has a chart of its own."""
    own = replace(month, departments=(str(change.department_id),))
    return _is_new(cursor, change.metric, own, change.chart)
