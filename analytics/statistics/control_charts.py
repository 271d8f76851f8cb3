"""Signal or noise: is the latest month beyond what the months before it usually vary by?

A share of cases has Laney's p'-chart: limits as wide as chance makes them for so many cases, widened by how much the
months differ beyond that. A sum or a median has the XmR chart, and a stock the XmR chart of its change in the month.
Laney (2002), Improved control charts for attributes, Quality Engineering 14:531-537. Wheeler (1993), Understanding
variation: 2.66 is three standard deviations from the mean moving range, 3 / 1.128.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import inf, sqrt
from statistics import fmean, median
from typing import Literal

import duckdb

from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope, add_months
from analytics.statistics.significance import MIN_COVERAGE_CHANGE, MIN_DENOMINATOR

MIN_BASELINE = 12  # known months before the latest, at least
MAX_BASELINE = 24  # months before the latest that are looked at
RUN_LENGTH = 8  # months in a row on one side of the centre
D2 = 1.128  # the mean range of two is this many standard deviations
TOLERANCE = 1e-9  # closer than this is equal

Side = Literal["above", "below"]
Refusal = Literal["unknown", "few", "reporting", "short"]


@dataclass(frozen=True)
class ControlPoint:
    """A month with the limits that hold for it. `outside`: beyond them; `run`: so many in a row on this side of the centre."""

    month: date
    value: float
    centre: float
    lower: float
    upper: float
    outside: Side | None = None
    side: Side | None = None  # of the centre
    run: int = 0

    @property
    def signal(self) -> Literal["outside", "run"] | None:
        """Which rule the month breaks, if any."""
        return "outside" if self.outside else "run" if self.run >= RUN_LENGTH else None


@dataclass(frozen=True)
class ControlChart:
    """The months that can be compared with the latest, with it last; or why that cannot be told.

    `month` is the latest known; `known` how many comparable months there are before it. `since` is the month in which
    what is reported changed, from `before` to `after` (coverage, 0-1), where that is why.
    """

    month: date | None
    points: tuple[ControlPoint, ...] = ()
    refused: Refusal | None = None
    known: int = 0
    since: date | None = None
    before: float = 0.0
    after: float = 0.0

    @property
    def latest(self) -> ControlPoint | None:
        """The month that is judged."""
        return self.points[-1] if self.points else None

    @property
    def baseline(self) -> tuple[date, date]:
        """The first and the last of the months that the limits come from."""
        return self.points[0].month, self.points[-2].month


def control_chart(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope) -> ControlChart:
    """The latest known month of the scope beside the months before it, also those before the scope begins."""
    within = measure(cursor, metric, scope, "month")
    latest = max((row.by["month"] for row in within if row.value is not None), default=None)
    if not isinstance(latest, date):
        return ControlChart(None, refused="unknown")
    wider = replace(scope, month_from=add_months(latest, -MAX_BASELINE), month_to=latest, comparison=None)
    return evaluate(metrics()[metric], measure(cursor, metric, wider, "month"))


def evaluate(metric: Metric, rows: Sequence[Row]) -> ControlChart:
    """Rows by month, in order; the last is the one to judge."""
    month, known = _month(rows[-1]), [row for row in rows if row.value is not None]
    if _few(rows[-1]):
        return ControlChart(month, refused="few")
    start = reporting_change_start(known)
    told = {"since": _month(known[start]), "before": _usual(known[:start]), "after": known[start].coverage or 0.0}
    alike = [row for row in known[start:] if not _few(row)]
    if len(alike) <= MIN_BASELINE:
        enough = len([row for row in known if not _few(row)]) > MIN_BASELINE
        changed = told if start and enough else {}
        return ControlChart(month, (), "reporting" if changed else "short", len(alike) - 1, **changed)  # type: ignore[arg-type]
    return ControlChart(month, _points(metric, alike), known=len(alike) - 1)


def _month(row: Row) -> date:
    month = row.by["month"]
    assert isinstance(month, date)
    return month


def _few(row: Row) -> bool:
    return row.denominator is not None and row.denominator < MIN_DENOMINATOR


def _usual(rows: Sequence[Row]) -> float:
    """The coverage that was usual in the last of these months."""
    return median([row.coverage or 0.0 for row in rows[-MIN_BASELINE:]] or [0.0])


def reporting_change_start(rows: Sequence[Row]) -> int:
    """Where the latest change of what is reported begins: each month from there lies far from what was usual before it,
    and from the same month a year before."""
    start = 0
    while later := next((i for i in range(start + 1, len(rows)) if _stays_away(rows[start:i], rows[i:])), 0):
        start = later
    return start


def _stays_away(before: Sequence[Row], after: Sequence[Row]) -> bool:
    usual, then = _usual(before), {_month(row): row.coverage or 0.0 for row in before}
    away = [
        (row.coverage or 0.0) - told for row in after for told in (usual, then.get(add_months(_month(row), -12), usual))
    ]
    return min(away) >= MIN_COVERAGE_CHANGE or max(away) <= -MIN_COVERAGE_CHANGE


def _points(metric: Metric, rows: Sequence[Row]) -> tuple[ControlPoint, ...]:
    values = [float(row.value or 0) for row in rows]
    if metric.time == "stock":
        centres, reach = _changes(values)
    else:
        centres, reach = _laney(rows) if metric.kind == "share" else _xmr(values)
    low, high = (0.0 if min(values) >= 0 else -inf), (1.0 if metric.unit == "share" else inf)
    points: list[ControlPoint] = []
    for row, value, centre, far in zip(rows, values, centres, reach, strict=True):
        lower, upper = max(low, centre - far), min(high, centre + far)
        beyond, side = _side(value, lower, upper), _side(value, centre, centre)
        point = ControlPoint(_month(row), value, centre, lower, upper, beyond, side)
        points.append(replace(point, run=_run(points[-1] if points else None, point)))
    return tuple(points)


Limits = tuple[list[float], list[float]]  # for each month: the centre, and how far from it the limits lie


def _laney(rows: Sequence[Row]) -> Limits:
    """Around the share of all months but the last; never closer than chance alone makes them."""
    base = rows[:-1]
    centre = sum(float(row.numerator or 0) for row in base) / sum(float(row.denominator or 0) for row in base)
    errors = [sqrt(centre * (1 - centre) / float(row.denominator or 1)) for row in rows]
    scores = [(float(row.value or 0) - centre) / error for row, error in zip(base, errors, strict=False) if error]
    wider = max(1.0, _deviation(scores))
    return [centre] * len(rows), [3 * wider * error for error in errors]


def _xmr(values: Sequence[float]) -> Limits:
    """Around the mean of all months but the last."""
    return [fmean(values[:-1])] * len(values), [3 * _deviation(values[:-1])] * len(values)


def _changes(values: Sequence[float]) -> Limits:
    """XmR of a stock's change from month to month: around the month before and the median change, which most months is none.

    The level itself is no chance: it holds what was there, and would lie outside for ever after a single launch.
    """
    changes = [b - a for a, b in pairwise(values)]
    usual, reach = median(changes[:-1]), 3 * _deviation(changes[:-1])
    return [values[0], *(value + usual for value in values[:-1])], [reach] * len(values)


def _deviation(values: Sequence[float]) -> float:
    """The standard deviation, from how much each differs from the one before."""
    return fmean(abs(b - a) for a, b in pairwise(values)) / D2 if len(values) > 1 else 0.0


def _side(value: float, lower: float, upper: float) -> Side | None:
    near = TOLERANCE * max(1.0, abs(value))
    return "above" if value > upper + near else "below" if value < lower - near else None


def _run(before: ControlPoint | None, now: ControlPoint) -> int:
    """How many months in a row lie on this side; a month that is not known ends the row."""
    if now.side is None:
        return 0
    follows = before is not None and before.side == now.side and add_months(before.month, 1) == now.month
    return 1 + (before.run if before and follows else 0)
