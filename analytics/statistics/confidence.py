"""Confidence intervals of shares: Wilson's interval, and departments in a funnel plot.

Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22:209-212. Funnel plots:
Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24:1185-1202. A share
lies outside the funnel limits exactly when its Wilson interval, with the same z, excludes the overall share. The interval
is that of statsmodels' `proportion_confint`, whose import takes seconds and would delay the first page.
"""

from dataclasses import dataclass, replace
from math import hypot, sqrt

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR
from analytics.statistics.week_estimates import errors_by

Z_95 = 1.959963984540054  # standard errors of a 95 % interval
Z_FUNNEL = 3.0  # standard errors of the funnel limits (99.7 %): many departments are compared at once
LARGE_DENOMINATOR = 200  # from this denominator on a share is shown without its interval


def wilson(numerator: float, denominator: float, z: float = Z_95) -> tuple[float, float]:
    """Wilson's confidence interval (lower, upper) of the share `numerator / denominator`; (0, 1) of nothing."""
    if denominator <= 0:
        return 0.0, 1.0
    share, spread = numerator / denominator, z * z / denominator
    centre = (share + spread / 2) / (1 + spread)
    half_width = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, min(share, centre - half_width)), min(1.0, max(share, centre + half_width))


def limits(share: float, denominator: float, z: float = Z_FUNNEL) -> tuple[float, float]:
    """Funnel limits (lower, upper) around an overall share for a department with so many cases."""
    half_width = z * sqrt(share * (1 - share) / denominator)
    return max(0.0, share - half_width), min(1.0, share + half_width)


@dataclass(frozen=True)
class FunnelPoint:
    """A department in a funnel plot. `side`: 1 above the limits, -1 below, 0 within, None when it is not compared."""

    key: object
    numerator: int
    denominator: int
    value: float
    side: int | None
    low_coverage: bool  # less than half of its service-months are reported

    @property
    def too_few(self) -> bool:
        """Whether the denominator is too small to compare."""
        return self.denominator < MIN_DENOMINATOR


@dataclass(frozen=True)
class Funnel:
    """The overall share, and the departments that make it up, the largest first."""

    share: float
    points: tuple[FunnelPoint, ...]

    @property
    def comparable(self) -> tuple[FunnelPoint, ...]:
        """The departments that are large enough to compare."""
        return tuple(point for point in self.points if not point.too_few)


def funnel_point(
    who: object, numerator: int, denominator: int, whole: float, coverage: float, error: float = 0.0
) -> FunnelPoint:
    """A department against the overall share `whole`; `error` is half the width of its interval for other reasons than chance."""
    value = numerator / denominator
    low, high = limits(whole, denominator)
    distance = hypot(high - whole, error), hypot(whole - low, error)
    side = int(value > whole + distance[0] + 1e-12) - int(value < whole - distance[1] - 1e-12)
    return FunnelPoint(
        who, numerator, denominator, value, None if denominator < MIN_DENOMINATOR else side, coverage < MIN_COVERAGE
    )


def funnel(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope, by: str = "branch") -> Funnel | None:
    """The branches of the scope in a funnel plot; None when the overall share is unknown or there are fewer than two branches."""
    total = measure(cursor, metric, scope)[0]
    rows = [row for row in measure(cursor, metric, scope, by) if row.denominator]
    if total.value is None or (total.denominator or 0) < MIN_DENOMINATOR or len(rows) < 2:
        return None
    whole = float(total.value)
    weeks = errors_by(cursor, metric, {key: replace(scope, departments=(key,)) for row in rows if (key := row.by[by])})
    points = [
        funnel_point(
            row.by[by],
            int(row.numerator or 0),
            int(row.denominator or 0),
            whole,
            row.coverage or 0.0,
            weeks.get(row.by[by], 0.0),
        )
        for row in rows
    ]
    return Funnel(whole, tuple(sorted(points, key=lambda point: (-point.denominator, str(point.key)))))
