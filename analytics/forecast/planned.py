"""Goal 1 as it would be when the e-services under development are launched on their planned days: a scenario, never a forecast."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope
from analytics.registers.e_services import e_services
from analytics.registers.guideline import BEGUN, in_process

GOAL = "e_service_coverage"


@dataclass(frozen=True)
class Planned:
    """What goal 1 becomes with the e-services that are begun, have a planned day to come, and serve a service that lacks one.

    `numerator` of `denominator` services on `day`, the last of the planned days (None where there are none), when `launches`
    e-services are launched. `undated`: how many begun e-services serve a service that lacks one, without a planned day to come.
    """

    numerator: int
    denominator: int
    launches: int
    day: date | None
    undated: int


def planned(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Planned | None:
    """Goal 1 with what is under development, in the scope; None where goal 1 is not known or nothing begun would lift it.

    It assumes that every such e-service is launched on its day, that no other is launched or closed, and that as many services
    are counted as at the end of the period. A service that two of them serve is lifted once.
    """
    rows = measure(cursor, GOAL, scope, "service")
    lacking = {str(row.by["service"]) for row in rows if row.denominator and not row.numerator}
    register, today = e_services(cursor), period(cursor).as_of
    begun = [register[one.e_service_id] for one in in_process(cursor, scope) if one.stage in BEGUN]
    lifting = [one for one in begun if lacking & set(one.services)]
    dated = [(one, one.planned_on) for one in lifting if one.planned_on and one.planned_on > today]
    if not lifting:
        return None
    lifted = lacking & {service for one, _day in dated for service in one.services}
    numerator = sum(int(row.numerator or 0) for row in rows) + len(lifted)
    last = max((day for _one, day in dated), default=None)
    of = sum(int(row.denominator or 0) for row in rows)
    return Planned(numerator, of, len(dated), last, len(lifting) - len(dated))
