"""What a scenario costs and saves a year, with the assumptions of the break-even."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import duckdb

from analytics.costs.break_even import (
    UNKNOWN_VOLUME,
    AnnualVolume,
    Assumptions,
    BreakEven,
    annual_volumes,
    break_even,
    fully_reported_services,
)
from analytics.metrics.scope import Scope
from analytics.scenario.model import ServiceEffect


@dataclass(frozen=True)
class ServiceSavings:
    """Kronor a year for one service: the new e-service's cost, the handling saved, and when an e-service pays.

    `saved` is what the cases that come in digitally instead save in handling; None when that is not known. Digital steps
    are not in it: nobody has said what they save. `before` is None where there is no e-service before.
    """

    service_id: str
    cost: Decimal
    saved: Decimal | None
    before: BreakEven | None = None
    after: BreakEven | None = None


def savings(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, parts: tuple[ServiceEffect, ...], assumed: Assumptions
) -> tuple[ServiceSavings, ...]:
    """What the changes of each service cost and save in a whole year after them."""
    years, whole = annual_volumes(cursor, scope), fully_reported_services(cursor, scope)
    return tuple(
        _worth(
            part, years.get(part.service_id, UNKNOWN_VOLUME) if part.service_id in whole else UNKNOWN_VOLUME, assumed
        )
        for part in parts
    )


def _worth(part: ServiceEffect, year: AnnualVolume, assumed: Assumptions) -> ServiceSavings:
    """What is not fully reported for the year is not known: a part of a year says little of the rest."""
    cost = assumed.yearly if part.new else Decimal(0)
    if part.kinds == ("steps",) or "nothing_like_it" in part.notes:
        return ServiceSavings(part.service_id, cost, None)
    cases = year.cases
    if cases is None or part.before is None or part.after is None:
        return ServiceSavings(part.service_id, cost, Decimal(0) if cases == 0 else None)
    now, then = (break_even(cases, _decimal(share), assumed) for share in (part.before, part.after))
    assert now.saved_now is not None and then.saved_now is not None  # both shares are known
    lacks = part.new or "no_e_service" in part.notes
    return ServiceSavings(
        service_id=part.service_id,
        cost=cost,
        saved=then.saved_now - now.saved_now,
        before=None if lacks else now,
        after=None if "no_e_service" in part.notes else then,
    )


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
