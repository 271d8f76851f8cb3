"""The services of a scope: their register entries, their status on the three goals, and their bottleneck."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.catalogue import facts
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.metrics.served import read_once

WITH_E_SERVICE = ("e_service", "e_service_elsewhere")
BOTTLENECKS = (
    "e_service",
    "cases",
    "handling",
    "unknown",
    "done",
    "not_applicable",
)  # in order of priority
CODINGS = ("sdg_code", "process_code", "life_event")  # the columns whose codes services can be chosen by
BY_SERVICE = (
    "cases",
    "digital_submission",
    "digital_steps",
    "digital_handling_services",
    "lead_time_median",
    "reporting",
)


@dataclass(frozen=True)
class Service:
    """A service's entry in the register."""

    service_id: str
    name: str
    department_id: str
    audience: str
    active: bool | None
    area: str | None
    url: str | None
    published_from: date | None
    published_to: date | None
    process_code: str | None
    sdg_code: str | None
    life_event: str | None
    other_way: str | None


@dataclass(frozen=True)
class ServiceStatus:
    """The status of a service in force at the end of the period on the three goals.

    `handling` is the state of its steps taken together; `bottleneck` is where most of its cases stop, one of `BOTTLENECKS`.
    """

    service_id: str
    class_: str
    cases: Row
    digital: Row
    steps: Row
    handling: str
    lead_time: Row
    reporting: Row
    bottleneck: str


@read_once
def services(cursor: duckdb.DuckDBPyConnection) -> dict[str, Service]:
    """Every service in the register, by id, in Swedish order of names."""
    rows = cursor.execute(
        """SELECT service_id, name, department_id, audience, active, area, url, published_from, published_to, process_code,
            sdg_code, life_event, other_way
        FROM services ORDER BY name COLLATE sv, service_id"""
    ).fetchall()
    return {row[0]: Service(*row) for row in rows}


@read_once
def coded_services(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, tuple[str, ...]]]:
    """The services that have each code, by the column of `CODINGS` and by the code, in order; a cell may hold several codes."""
    columns = ", ".join(CODINGS)
    rows = cursor.execute(
        f"""SELECT coding, code, list(DISTINCT service_id ORDER BY service_id) FROM (
            SELECT service_id, coding, trim(unnest(string_split(codes, ','))) AS code
            FROM services UNPIVOT (codes FOR coding IN ({columns}))
        ) WHERE code <> '' GROUP BY ALL ORDER BY coding, code COLLATE sv"""
    ).fetchall()
    return {name: {code: tuple(ids) for coding, code, ids in rows if coding == name} for name in CODINGS}


def departments_of(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    """The department of each service in the scope, in the last month of the period in which it has one there."""
    filters = facts()["service_months"].filters
    where, bound = scope.condition(filters, stock=False)
    rows = cursor.execute(
        f"SELECT service_id, arg_max(department_id, month) FROM {scope.organised('service_months', filters)}"
        f" WHERE {where} AND service_id IS NOT NULL AND department_id IS NOT NULL GROUP BY ALL",
        bound,
    ).fetchall()
    return dict(rows)


def handling_state(row: Row | None) -> str:
    """The state of a service's steps taken together, from its row of `digital_handling_services`; None is not reported."""
    if row is None:
        return "not_reported"
    return row.state if row.value is None else "digital" if row.value else "not_digital"


def bottleneck(class_: str, digital: Row, handling: str) -> str:
    """The step where most of a service's cases stop on the way published → e-service → digital case → digital handling.

    Without an e-service, all stop there. With one, the cases that came in some other way stop at `cases`, and those that
    came digitally at `handling` when some step is not digital. The larger part decides, unless what is unknown could change it.
    """
    if class_ == "not_applicable":
        return "not_applicable"
    if class_ not in WITH_E_SERVICE:
        return "unknown" if class_ == "unknown" else "e_service"
    if digital.value is None and digital.state not in ("not_applicable", "zero"):
        return "unknown"
    through = 1.0 if digital.value is None else float(digital.value)
    outside = 1 - through
    if handling == "not_reported":
        return "cases" if outside >= through else "unknown"
    at_handling = through if handling == "not_digital" else 0.0
    if not outside and not at_handling:
        return "done" if digital.all_known else "unknown"
    return "handling" if at_handling > outside else "cases"


def service_statuses(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[ServiceStatus]:
    """Every service in force at the end of the period, in Swedish order of names."""
    rows = {code: {row.by["service"]: row for row in measure(cursor, code, scope, "service")} for code in BY_SERVICE}
    by_class = measure(cursor, "services", scope, "service", "class")
    classes = {row.by["service"]: str(row.by["class"]) for row in by_class if row.value}
    return [_status(key, classes[key], rows) for key in services(cursor) if key in classes]


def _status(service_id: str, class_: str, rows: dict[str, dict[object, Row]]) -> ServiceStatus:
    unknown = Row({"service": service_id}, None, None, None, None, None, "not_reported")
    cases, digital, steps, whole, lead_time, reporting = (rows[code].get(service_id, unknown) for code in BY_SERVICE)
    handling = handling_state(whole)
    return ServiceStatus(
        service_id, class_, cases, digital, steps, handling, lead_time, reporting, bottleneck(class_, digital, handling)
    )
