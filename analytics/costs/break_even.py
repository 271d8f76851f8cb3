"""Break-even of an e-service: the digital share at which two parallel ways of working cost no more than one."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import numpy as np

from analytics.costs.unit_costs import service_costs, unit_costs
from analytics.metrics.measure import Number, Row, measure
from analytics.metrics.scope import Scope, add_months
from analytics.metrics.service_months import service_months

MONTHS_PER_YEAR = 12
MINUTES_DIGITAL, MINUTES_OTHER, HOURLY, YEARLY = 10, 25, 450, 12_000  # assumed until the reader changes them


@dataclass(frozen=True)
class Assumptions:
    """Assumed values: handling minutes per case (digital, other), SEK per hour, the e-service's cost in SEK per year."""

    minutes_digital: Decimal
    minutes_other: Decimal
    hourly: Decimal
    yearly: Decimal

    def handling_cost(self, minutes: Decimal) -> Decimal:
        """The cost in SEK of `minutes` of handling."""
        return minutes * self.hourly / 60

    def handling_saved(self, cases: Decimal) -> Decimal:
        """SEK saved when `cases` are handled digitally instead of the other way; negative when that takes longer."""
        return self.handling_cost(cases * (self.minutes_other - self.minutes_digital))


@dataclass(frozen=True)
class AnnualVolume:
    """What is reported over twelve months: cases of all channels a year, and the digital share (0–1).

    `cases` is a whole number: those of the `months` fully reported months scaled to a year; None when no month is. Where
    the cases known in the twelve months are more, `cases` is that number and `at_least` is true.
    """

    cases: Decimal | None
    digital_share: Decimal | None
    months: int
    at_least: bool = False

    @property
    def whole_year(self) -> bool:
        """Whether all twelve months are fully reported."""
        return self.months == MONTHS_PER_YEAR


UNKNOWN_VOLUME = AnnualVolume(None, None, 0)


@dataclass(frozen=True)
class BreakEven:
    """The digital share (0–1) from which an e-service pays, None when it never does; SEK saved a year: now, and at 100 %."""

    share: Decimal | None
    saved_now: Decimal | None
    saved_at_most: Decimal


def cost_without(cases: Decimal, a: Assumptions) -> Decimal:
    """SEK a year when no case is digital and there is no e-service."""
    return a.handling_cost(cases * a.minutes_other)


def cost_with(cases: Decimal, share: Decimal, a: Assumptions) -> Decimal:
    """SEK a year with the e-service, at digital share `share` (0–1)."""
    minutes = share * a.minutes_digital + (1 - share) * a.minutes_other
    return a.yearly + a.handling_cost(cases * minutes)


def break_even(cases: Decimal, now: Decimal | None, a: Assumptions) -> BreakEven:
    """The digital share from which the e-service costs no more than being without it, and SEK saved at share `now`."""
    gain = a.handling_saved(cases)  # SEK a year if every case were digital
    share = None
    if gain > 0:
        share = max(a.yearly, Decimal(0)) / gain
    return BreakEven(
        share=share if share is not None and share <= 1 else None,
        saved_now=None if now is None else now * gain - a.yearly,
        saved_at_most=gain - a.yearly,
    )


def annual_volume(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> AnnualVolume:
    """The reported volume of the whole scope over the twelve months up to the period's last."""
    year = last_year(scope)
    months = sum(row.value is not None for row in measure(cursor, "fully_reported_cases", year, "month"))
    return _volume(measure(cursor, "digital_submission", year)[0], months, measure(cursor, "cases", year)[0].value)


def annual_volumes(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, AnnualVolume]:
    """The reported volume of each service in the scope by id, in three queries for all of them."""
    year = last_year(scope)
    reported = service_months(cursor, "fully_reported_cases", year)
    known = (~np.isnan(reported.numerator)).sum(axis=1).tolist()
    months = dict(zip(reported.services, known, strict=True))
    counted = {row.by["service"]: row.value for row in measure(cursor, "cases", year, "service")}
    rows = {row.by["service"]: row for row in measure(cursor, "digital_submission", year, "service")}
    return {
        str(key): _volume(row, months.get(key, 0), counted.get(key)) for key, row in rows.items() if key is not None
    }


def last_year(scope: Scope) -> Scope:
    """The twelve months up to the period's last."""
    return replace(scope, month_from=add_months(scope.month_to, 1 - MONTHS_PER_YEAR))


def _volume(row: Row, months: int, counted: Number | None) -> AnnualVolume:
    if not months or row.denominator is None:
        return UNKNOWN_VOLUME
    share = Decimal(row.numerator or 0) / Decimal(row.denominator) if row.denominator else None
    scaled = (Decimal(row.denominator) * MONTHS_PER_YEAR / months).quantize(Decimal(1), ROUND_HALF_UP)
    known = Decimal(counted or 0)
    return AnnualVolume(max(scaled, known), share, months, known > scaled)


def default_assumptions(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Assumptions:
    """The assumptions until the reader changes them; the yearly cost is the service's own or a rule of thumb."""
    stated = [own_yearly_cost(cursor, scope), typical_yearly_cost(cursor, scope), Decimal(YEARLY)]
    yearly = next(cost for cost in stated if cost is not None)
    return Assumptions(Decimal(MINUTES_DIGITAL), Decimal(MINUTES_OTHER), Decimal(HOURLY), yearly)


def own_yearly_cost(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Decimal | None:
    """SEK booked on the e-services of the one chosen service in twelve months; None when nothing is, or they are shared."""
    if len(scope.services) != 1:
        return None
    result = service_costs(cursor, replace(scope, month_from=scope.month_to), scope.services[0])
    cost = result.months[-1].cost if result.months and result.services == scope.services else None
    return None if not cost else max(Decimal(0), cost.quantize(Decimal(1)))


def typical_yearly_cost(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Decimal | None:
    """SEK a year per e-service when the platform's cost is divided equally, in whole hundreds; None when not known."""
    month = replace(scope.whole_organisation(), month_from=scope.month_to)
    cost = unit_costs(cursor, month)[-1].per_e_service
    return None if cost is None else max(Decimal(0), round(cost / 100) * Decimal(100))
