"""One service: its e-services, its handling steps and its exemptions."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.registers.e_services import EService, Exemption, e_services, exemptions

STEPS = ("intake", "registration", "completion", "preparation", "decision", "dispatch", "archiving")


@dataclass(frozen=True)
class StepState:
    """The state of a handling step at the end of a month. `since` is the first day of that state, where known."""

    step: str
    state: str
    enabler: str | None
    since: date | None


def steps(cursor: duckdb.DuckDBPyConnection, service_id: str, month: date) -> list[StepState]:
    """The steps of a service at the end of a month, in the order of handling; none when it is not in force."""
    rows = cursor.execute(
        """SELECT t.step, t.state, t.enabler, max(h.valid_from)
        FROM step_months t
        JOIN months m USING (month)
        LEFT JOIN handling_steps h ON h.service_id = t.service_id AND h.step = t.step AND h.valid_from <= m.as_of
        WHERE t.service_id = ? AND t.month = ? GROUP BY ALL""",
        [service_id, month],
    ).fetchall()
    return sorted((StepState(*row) for row in rows), key=lambda step: STEPS.index(step.step))


def e_services_of(cursor: duckdb.DuckDBPyConnection, service_id: str) -> list[EService]:
    """The e-services, links and forms of a service, the newest first; those without a date last."""
    result = [e for e in e_services(cursor).values() if service_id in e.services]
    return sorted(result, key=lambda e: e.live_from or date.min, reverse=True)


def exemptions_of(cursor: duckdb.DuckDBPyConnection, service_id: str) -> list[Exemption]:
    """The exemptions of a service or of its e-services, the latest decision first."""
    e_service_ids = {e.e_service_id for e in e_services_of(cursor, service_id)}
    return [x for x in exemptions(cursor).values() if x.service_id == service_id or x.e_service_id in e_service_ids]
