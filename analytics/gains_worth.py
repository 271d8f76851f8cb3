"""What closing a gap is worth in kronor a year: the handling time saved, less what a new e-service costs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Literal

import duckdb

from analytics.break_even import Assumptions, Known, known_each, last_year
from analytics.change import FEW
from analytics.gains_todo import NEW, NOTHING, Way
from analytics.query import measure
from analytics.scope import Scope
from analytics.services import WITH_E_SERVICE

LIKE = 3  # services of a department that it takes for a median of its own
Untold = Literal["", "handling", "nothing", "find_out", "reporting", "few", "uptake"]
UNKNOWN = Known(None, None, 0)


@dataclass(frozen=True)
class Worth:
    """Kronor a year; None is not told, and `untold` says why. `uptake` is the digital share reckoned with (0–1).

    `year` is what is known of the service over twelve months; `reported` is whether that is every month of the twelve.
    """

    year: Known
    reported: bool = False
    kronor: Decimal | None = None
    uptake: Decimal | None = None
    untold: Untold = ""


@dataclass(frozen=True)
class Worths:
    """What it takes to tell: the services' last twelve months, whether all of them are reported, and the median uptakes."""

    years: Mapping[str, Known]
    reported: frozenset[str]
    uptakes: Mapping[str | None, Decimal]  # department → median; None: all services

    def worth(self, goal: int, service_id: str, department: str | None, way: Way, assumed: Assumptions) -> Worth:
        """What closing the service's gap to the goal is worth."""
        year, reported = self.years.get(service_id, UNKNOWN), service_id in self.reported
        untold = self._untold(goal, service_id, year, way)
        if untold:
            return Worth(year, reported, untold=untold)
        uptake = Decimal(1) if goal == 2 else self.uptakes.get(department, self.uptakes.get(None))
        if uptake is None:
            return Worth(year, reported, untold="uptake")
        assert year.cases is not None and year.share is not None
        now = year.share if goal == 2 else Decimal(0)  # what lacks an e-service has no digital cases any more
        moved = year.cases * (uptake - now)
        each = (assumed.minutes_other - assumed.minutes_digital) * assumed.hourly / 60
        return Worth(year, reported, moved * each - (assumed.yearly if way.todo in NEW else 0), uptake)

    def _untold(self, goal: int, service_id: str, year: Known, way: Way) -> Untold:
        if goal == 3:
            return "handling"  # no minutes are known of a step
        if way.todo in NOTHING:
            return "nothing"
        if way.todo == "find_out":
            return "find_out"
        if service_id not in self.reported:
            return "reporting"
        return "few" if year.cases is None or year.cases < FEW or year.share is None else ""


def worths(cursor: duckdb.DuckDBPyConnection, scope: Scope, classes: Mapping[str, str]) -> Worths:
    """Over the twelve months up to the period's last; the medians are those of the whole municipality's services."""
    rows = measure(cursor, "reporting", last_year(scope), "service")
    reported = frozenset(str(row.by["service"]) for row in rows if row.denominator and row.numerator == row.denominator)
    whole = replace(scope, departments=(), services=())
    return Worths(known_each(cursor, scope), reported, uptakes(cursor, whole, classes))


def uptakes(cursor: duckdb.DuckDBPyConnection, scope: Scope, classes: Mapping[str, str]) -> dict[str | None, Decimal]:
    """The median digital share over twelve months of the services with an e-service, by department; under None of all.

    Services with fewer than twenty cases do not count, and a department with fewer than three has no median of its own.
    """
    shares: dict[str | None, list[Decimal]] = {}
    for row in measure(cursor, "digital_submission", last_year(scope), "service", "department"):
        if classes.get(str(row.by["service"])) in WITH_E_SERVICE and (row.denominator or 0) >= FEW:
            share = Decimal(row.numerator or 0) / Decimal(row.denominator or 1)
            department = row.by["department"]
            for key in (None, str(department)):
                shares.setdefault(key, []).append(share)
    return {key: median(found) for key, found in shares.items() if key is None or len(found) >= LIKE}
