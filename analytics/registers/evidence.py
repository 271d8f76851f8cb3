"""What the data say by themselves of the e-services, beside the six criteria of § 7, and whose accessibility is not tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.registers.benefit import contact_rates, use
from analytics.registers.e_services import EService, e_services
from analytics.registers.guideline import answers
from analytics.registers.web_readings import web_pages, website_readings

OFFERS = ("e_service", "both")  # what a page leads to, where that is an e-service


@dataclass(frozen=True)
class Evidence:
    """What is known of a live e-service, by what it speaks for; None is not known.

    `states`: the latest assessment of each criterion. `web`: "linked" where a page of the website as last read leads to it, "page"
    where only its service has a page, else "no_page". `contacts`: per hundred cases of its service, and `lead_time` of its cases.
    """

    e_service: EService
    states: Mapping[str, str]
    web: str | None
    abandonment: Row | None
    satisfaction: Row | None
    legal_demands: tuple[str, ...]
    contacts: float | None
    lead_time: Row | None


@dataclass(frozen=True)
class Untested:
    """A live e-service without an accessibility test in three years: when it was tested last, and what that found."""

    e_service_id: str
    tested_on: date | None
    outcome: str | None


def evidence(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Evidence]:
    """The e-services live at the end of the period, in Swedish order of names; use, contacts and lead time are of the period."""
    live = {row.by["e_service"] for row in measure(cursor, "accessibility_tested", scope, "e_service")}
    states: dict[object, dict[str, str]] = {}
    for row in measure(cursor, "criteria_met", scope, "e_service", "criterion", "state"):
        if row.by["state"]:
            states.setdefault(row.by["e_service"], {})[str(row.by["criterion"])] = str(row.by["state"])
    used = {one.e_service_id: one for one in use(cursor, scope)}
    rates = {one.key: one.per_100 for one in contact_rates(cursor, scope)}
    times = {row.by["service"]: row for row in measure(cursor, "lead_time_median", scope, "service")}
    demands, web = answers(cursor), _web(cursor)
    result = []
    for key, one in e_services(cursor).items():
        if key in live:
            told, alone = used.get(key), one.services[0] if len(one.services) == 1 else None
            laws = {law for service in one.services if service in demands and (law := demands[service][2])}
            liked, left = (told.satisfaction, told.abandonment) if told else (None, None)
            result.append(Evidence(
                one, states.get(key, {}), None if web is None else web.get(key, "no_page"), left, liked,
                tuple(sorted(laws)), rates.get(str(alone)), times.get(alone) if alone else None,
            ))  # fmt: skip
    return result


def _web(cursor: duckdb.DuckDBPyConnection) -> dict[str, str] | None:
    """The e-services that a website as last read leads to, or that have a service with a page; None where none was read."""
    if not website_readings(cursor):
        return None
    own: dict[str, list[str]] = {}
    for key, one in e_services(cursor).items():
        for service in one.services:
            own.setdefault(service, []).append(key)
    found: dict[str, str] = {}
    for page in web_pages(cursor):
        for key in (key for service in page.services for key in own.get(service, [])):
            found[key] = "linked" if page.leads_to in OFFERS else found.get(key, "page")
        found |= dict.fromkeys(page.e_services, "linked")
    return found


def untested(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Untested]:
    """The e-services that the metric `accessibility_tested` does not count, those never tested first, then the oldest test."""
    rows = measure(cursor, "accessibility_tested", scope, "e_service")
    late = {row.by["e_service"] for row in rows if row.denominator and not row.numerator}
    result = [
        Untested(key, one.accessibility_tested_on, one.accessibility_outcome)
        for key, one in e_services(cursor).items()
        if key in late
    ]
    return sorted(result, key=lambda one: one.tested_on or date.min)
