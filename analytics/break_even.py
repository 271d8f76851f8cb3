"""Break-even of an e-service: the digital share at which two parallel ways of working cost no more than one."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from analytics.query import measure
from analytics.scope import Scope, shift
from analytics.unit_costs import unit_costs

YEAR = 12


@dataclass(frozen=True)
class Assumptions:
    """What nobody has counted: minutes a case in each way of working, kronor an hour, the e-service's cost a year."""

    minutes_digital: Decimal
    minutes_other: Decimal
    hourly: Decimal
    yearly: Decimal


@dataclass(frozen=True)
class Known:
    """What is reported of a service over twelve months: cases of all channels a year, and the digital part (0–1).

    The cases, a whole number, are those of the fully reported months, made a year; None when no month is. Where all that is
    known of the twelve is more, `at_least`, they are that.
    """

    cases: Decimal | None
    share: Decimal | None
    months: int
    at_least: bool = False


@dataclass(frozen=True)
class BreakEven:
    """`share` is the digital share at which it pays (0–1); None when it pays at none. Kronor a year saved: now, and at 100 %."""

    share: Decimal | None
    saved_now: Decimal | None
    saved_at_most: Decimal


def without(cases: Decimal, a: Assumptions) -> Decimal:
    """Kronor a year when every case is handled the other way."""
    return cases * a.minutes_other * a.hourly / 60


def with_it(cases: Decimal, share: Decimal, a: Assumptions) -> Decimal:
    """Kronor a year with the e-service beside the other way, at this digital share."""
    minutes = share * a.minutes_digital + (1 - share) * a.minutes_other
    return a.yearly + cases * minutes * a.hourly / 60


def break_even(cases: Decimal, now: Decimal | None, a: Assumptions) -> BreakEven:
    """The digital share from which the e-service costs no more than being without it, and what it saves."""
    gain = cases * (a.minutes_other - a.minutes_digital) * a.hourly / 60  # kronor a year, were every case digital
    share = None
    if gain > 0:
        share = max(a.yearly, Decimal(0)) / gain
    return BreakEven(
        share=share if share is not None and share <= 1 else None,
        saved_now=None if now is None else now * gain - a.yearly,
        saved_at_most=gain - a.yearly,
    )


def known(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Known:
    """What is reported over the twelve months up to the period's last."""
    last_year = replace(scope, month_from=shift(scope.month_to, 1 - YEAR))
    months = sum(row.value is not None for row in measure(cursor, "fully_reported_cases", last_year, "month"))
    row = measure(cursor, "digital_submission", last_year)[0]
    if not months or row.denominator is None:
        return Known(None, None, 0)
    share = Decimal(row.numerator or 0) / Decimal(row.denominator) if row.denominator else None
    scaled = (Decimal(row.denominator) * YEAR / months).quantize(Decimal(1), ROUND_HALF_UP)
    counted = Decimal(measure(cursor, "cases", last_year)[0].value or 0)
    return Known(max(scaled, counted), share, months, counted > scaled)


def usual_cost(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Decimal | None:
    """What an e-service costs a year when the platform's cost is shared alike, in whole hundreds; None when it is not known."""
    whole = replace(scope, departments=(), audience=None, services=(), month_from=scope.month_to)
    cost = unit_costs(cursor, whole)[-1].per_e_service
    return None if cost is None else max(Decimal(0), round(cost / 100) * Decimal(100))
