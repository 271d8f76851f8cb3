"""What chance does to a share of few: Wilson's interval, and departments beside the limits of chance.

Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22:209-212. Funnel plots:
Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24:1185-1202. A share
lies outside the limits exactly when its Wilson interval, with the same z, leaves the whole's share out.
"""

from dataclasses import dataclass
from math import sqrt

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR

Z_95 = 1.959963984540054  # standard errors: 95 times in a hundred
Z_FUNNEL = 3.0  # 997 times in a thousand: many are compared at once
LARGE_DENOMINATOR = 200  # from here on a share of cases is told without its interval


def wilson(numerator: float, denominator: float, z: float = Z_95) -> tuple[float, float]:
    """Between which shares the one behind `numerator` of `denominator` lies."""
    if denominator <= 0:
        return 0.0, 1.0
    share, spread = numerator / denominator, z * z / denominator
    middle = (share + spread / 2) / (1 + spread)
    reach = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def limits(share: float, denominator: float, z: float = Z_FUNNEL) -> tuple[float, float]:
    """Between which shares chance alone keeps `denominator` cases where the whole has this share."""
    reach = z * sqrt(share * (1 - share) / denominator)
    return max(0.0, share - reach), min(1.0, share + reach)


@dataclass(frozen=True)
class FunnelPoint:
    """A department beside the whole. `side`: 1 above what chance allows, -1 below, 0 within, None where it is not compared."""

    who: object
    numerator: int
    denominator: int
    value: float
    side: int | None
    thin: bool  # less than half of it is reported

    @property
    def few(self) -> bool:
        """Whether so few are counted that it is not compared."""
        return self.denominator < MIN_DENOMINATOR


@dataclass(frozen=True)
class Funnel:
    """The whole's share, and those that make it up, the largest first."""

    whole: float
    places: tuple[FunnelPoint, ...]

    @property
    def compared(self) -> tuple[FunnelPoint, ...]:
        """Those that count enough to be compared."""
        return tuple(place for place in self.places if not place.few)


def funnel_point(who: object, numerator: int, denominator: int, whole: float, coverage: float) -> FunnelPoint:
    """One beside the whole."""
    value = numerator / denominator
    low, high = limits(whole, denominator)
    side = int(value > high + 1e-12) - int(value < low - 1e-12)
    return FunnelPoint(
        who, numerator, denominator, value, None if denominator < MIN_DENOMINATOR else side, coverage < MIN_COVERAGE
    )


def funnel(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope, by: str = "branch") -> Funnel | None:
    """Each branch of the scope beside the whole; None where the whole is not known, or there are not two to compare."""
    total = measure(cursor, metric, scope)[0]
    rows = [row for row in measure(cursor, metric, scope, by) if row.denominator]
    if total.value is None or (total.denominator or 0) < MIN_DENOMINATOR or len(rows) < 2:
        return None
    whole = float(total.value)
    found = [
        funnel_point(row.by[by], int(row.numerator or 0), int(row.denominator or 0), whole, row.coverage or 0.0)
        for row in rows
    ]
    return Funnel(whole, tuple(sorted(found, key=lambda place: (-place.denominator, str(place.who)))))
