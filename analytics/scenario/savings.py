"""SEK a year that a scenario costs and saves, with the assumptions of the break-even."""

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
)
from analytics.metrics.scope import Scope
from analytics.scenario.model import ServiceEffect


@dataclass(frozen=True)
class ServiceSavings:
    """SEK a year for one service: the new e-service's cost, the handling saved, and its break-even before and after.

    `saved` is the handling saved by the cases that become digital; None when not known. Digital steps are not in it: their
    minutes are not known. `before` and `after` are None where there is no e-service.
    """

    service_id: str
    cost: Decimal
    saved: Decimal | None
    before: BreakEven | None = None
    after: BreakEven | None = None


def savings(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, effects: tuple[ServiceEffect, ...], assumptions: Assumptions
) -> tuple[ServiceSavings, ...]:
    """The cost and savings of each service in a whole year after the changes."""
    volumes = {key: volume for key, volume in annual_volumes(cursor, scope).items() if volume.whole_year}
    return tuple(_savings(one, volumes.get(one.service_id, UNKNOWN_VOLUME), assumptions) for one in effects)


def _savings(effect: ServiceEffect, year: AnnualVolume, assumptions: Assumptions) -> ServiceSavings:
    """The cost and savings of one service; an unknown volume gives unknown savings."""
    cost = assumptions.yearly if effect.new else Decimal(0)
    if effect.kinds == ("steps",) or "no_peers" in effect.notes:
        return ServiceSavings(effect.service_id, cost, None)
    cases = year.cases
    if cases is None or effect.before is None or effect.after is None:
        return ServiceSavings(effect.service_id, cost, Decimal(0) if cases == 0 else None)
    now, then = (break_even(cases, _decimal(share), assumptions) for share in (effect.before, effect.after))
    assert now.saved_now is not None and then.saved_now is not None  # both shares are known
    without_before = effect.new or "no_e_service" in effect.notes
    return ServiceSavings(
        service_id=effect.service_id,
        cost=cost,
        saved=then.saved_now - now.saved_now,
        before=None if without_before else now,
        after=None if "no_e_service" in effect.notes else then,
    )


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)
