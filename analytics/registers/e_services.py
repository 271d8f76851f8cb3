"""The registers behind goal 1: e-services, exemptions, breaches of § 4, and changes of the denominator."""

from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.dimensions import departments
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.metrics.served import read_once
from analytics.registers.services import services


@dataclass(frozen=True)
class EService:
    """The register entry of an e-service, link or form, and the services it belongs to."""

    e_service_id: str
    name: str
    kind: str
    platform: str | None
    live_from: date | None
    live_to: date | None
    login: str | None
    signing: bool | None
    payment: bool | None
    temporary: bool | None
    stage: str | None
    followed_up_on: date | None
    status_shown: bool | None
    accessibility_tested_on: date | None
    accessibility_outcome: str | None
    planned_on: date | None
    services: tuple[str, ...]


@dataclass(frozen=True)
class Exemption:
    """A decided exemption; it is for a service or for an e-service."""

    exemption_id: str
    kind: str
    reason: str | None
    service_id: str | None
    e_service_id: str | None
    decided_on: date
    valid_to: date | None
    risk_analysis_on: date | None
    risk_outcome: str | None
    document_number: str | None
    decided_by: str | None
    review_on: date | None


@dataclass(frozen=True)
class DenominatorChange:
    """A service that joined or left the denominator of goal 1: the cause, the day when known, and the decided reason.

    Of one that moved the reason is the name of the department that it moved from or to.
    """

    service_id: str
    joined: bool
    cause: str  # published | applicable | known | moved_in; unpublished | not_applicable | unknown | moved_out
    changed_on: date | None = None
    reason: str | None = None


@read_once
def e_services(cursor: duckdb.DuckDBPyConnection) -> dict[str, EService]:
    """Every e-service, link and form, by id, in Swedish order of names."""
    rows = cursor.execute(
        """SELECT e_service_id, name, kind, platform, live_from, live_to, login, signing, payment, temporary, stage, followed_up_on,
               status_shown, accessibility_tested_on, accessibility_outcome, planned_on,
               list(service_id ORDER BY service_id) FILTER (service_id IS NOT NULL)
        FROM e_services LEFT JOIN links USING (e_service_id)
        GROUP BY ALL ORDER BY name COLLATE sv, e_service_id"""
    ).fetchall()
    return {row[0]: EService(*(*row[:-1], tuple(row[-1] or ()))) for row in rows}


@read_once
def exemptions(cursor: duckdb.DuckDBPyConnection) -> dict[str, Exemption]:
    """Every exemption, by id, the latest decision first."""
    rows = cursor.execute(
        """SELECT exemption_id, kind, reason, service_id, e_service_id, decided_on, valid_to, risk_analysis_on,
               risk_outcome, document_number, decided_by, review_on
        FROM exemptions ORDER BY decided_on DESC, exemption_id"""
    ).fetchall()
    return {row[0]: Exemption(*row) for row in rows}


def breaches(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[EService]:
    """The e-services that the metric `guideline_breaches` counts at the end of the period."""
    counted = {row.by["e_service"] for row in measure(cursor, "guideline_breaches", scope, "e_service") if row.value}
    return [e_service for key, e_service in e_services(cursor).items() if key in counted]


def temporary_elsewhere(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[EService]:
    """The e-services outside the platform that are for a limited period only, so that no exemption is asked of them (§ 4)."""
    filters = facts()["e_service_months"].filters
    where, bound = scope.condition(filters, stock=True)
    rows = cursor.execute(
        f"SELECT e_service_id FROM {scope.organised('e_service_months', filters)} WHERE {where} AND temporary AND NOT on_platform",
        bound,
    ).fetchall()
    found = {key for (key,) in rows}
    return [e_service for key, e_service in e_services(cursor).items() if key in found]


def exemptions_in_force(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Exemption]:
    """The exemptions that the metric `exemptions` counts at the end of the period."""
    counted = {row.by["exemption"] for row in measure(cursor, "exemptions", scope, "exemption") if row.value}
    return [exemption for key, exemption in exemptions(cursor).items() if key in counted]


def denominator_changes(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[DenominatorChange]:
    """The services in the denominator of goal 1 now but not in the comparison, or the reverse; none without a comparison."""
    before = scope.compared()
    if before is None:
        return []
    now, then = _classes(cursor, scope), _classes(cursor, before)
    counted, earlier = ({key for key, class_ in classes.items() if _in_denominator(class_)} for classes in (now, then))
    register, services_of = services(cursor), {key: one.services for key, one in e_services(cursor).items()}
    decisions = {
        service: exemption
        for exemption in exemptions_in_force(cursor, scope)
        if exemption.kind == "not_applicable"
        for service in (exemption.service_id, *services_of.get(str(exemption.e_service_id), ()))
    }
    elsewhere, elsewhere_then = _elsewhere(cursor, scope), _elsewhere(cursor, before)
    changes = []
    for key in (key for key in register if key in earlier ^ counted):
        if key in earlier and key not in now and key in elsewhere:
            changes.append(DenominatorChange(key, False, "moved_out", reason=elsewhere[key]))
        elif key in earlier:
            changes.append(_left(key, now.get(key), register[key].published_to, decisions.get(key)))
        elif key not in then and key in elsewhere_then:
            changes.append(DenominatorChange(key, True, "moved_in", reason=elsewhere_then[key]))
        else:
            changes.append(_joined(key, then.get(key), register[key].published_from))
    return sorted(changes, key=lambda move: move.joined)


def _classes(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    """The class of each service in force at the end of the period."""
    rows = measure(cursor, "services", scope, "service", "class")
    return {str(row.by["service"]): str(row.by["class"]) for row in rows if row.value}


def _elsewhere(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    """The department's name of each service in force at the end of the period, where departments are chosen."""
    if not scope.departments:
        return {}
    names = {one.department_id: one.name for one in departments(cursor)}
    rows = measure(cursor, "services", replace(scope, departments=()), "service", "department")
    return {str(row.by["service"]): names.get(str(row.by["department"]), "") for row in rows if row.value}


def _in_denominator(class_: str) -> bool:
    return class_ not in ("not_applicable", "unknown")


def _left(key: str, class_: str | None, published_to: date | None, decision: Exemption | None) -> DenominatorChange:
    if class_ is None:
        return DenominatorChange(key, False, "unpublished", published_to)
    if class_ == "not_applicable":
        return (
            DenominatorChange(key, False, class_, decision.decided_on, decision.reason)
            if decision
            else DenominatorChange(key, False, class_)
        )
    return DenominatorChange(key, False, "unknown")


def _joined(key: str, class_: str | None, published_from: date | None) -> DenominatorChange:
    if class_ is None:
        return DenominatorChange(key, True, "published", published_from)
    return DenominatorChange(key, True, "applicable" if class_ == "not_applicable" else "known")
