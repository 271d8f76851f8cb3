"""The events of a period: noted events, launches, closings, exemptions, and months in which the coverage changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, cast

import duckdb

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import departments, lineage
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope, add_months
from analytics.registers import e_services
from analytics.registers.services import WITH_E_SERVICE
from analytics.statistics.significance import MIN_COVERAGE_CHANGE, MIN_DENOMINATOR, Change
from analytics.statistics.week_estimates import change_between

COMPARED_MONTHS = 3  # months after an event that are compared with the same months a year before
Kind = Literal["own", "reporting", "launched", "closed", "exempt", "not_applicable"]
ORDER = (
    "own",
    "reporting",
    "launched",
    "closed",
    "exempt",
    "not_applicable",
)  # in order of priority where there is little room


@dataclass(frozen=True)
class Event:
    """Something that happened on a day.

    `title` is the text of a noted event, and the e-service's name of a launch or closing. `cases` are those of its services in
    the period; `coverage_before` and `coverage_after` (0–1) are those of a change of reporting. `goal` is the only goal that
    a noted event may have affected; None is any.
    """

    day: date
    kind: Kind
    title: str = ""
    services: tuple[str, ...] = ()
    department: str | None = None
    e_service: str | None = None
    cases: int = 0
    coverage_before: float = 0.0
    coverage_after: float = 0.0
    goal: int | None = None

    @property
    def weight(self) -> tuple[int, int, int]:
        """The sort key: the smallest is shown first."""
        return ORDER.index(self.kind), -self.cases, -self.day.toordinal()


@dataclass(frozen=True)
class BeforeAfter:
    """A metric in the months after an event, and in the same months a year before; `change` is None when it is not significant.

    `is_new` is whether no service had an e-service in the months before: then nothing could come in through one.
    """

    scope: Scope
    now: Row
    then: Row
    change: Change | None
    is_new: bool = False


# One row per service and span of months in the period in which it has one department and place in the tree.
_PLACES = """SELECT s.service_id, w.department_id, d.path AS department_path, d.board, s.audience, $month_to AS month,
       greatest(w.month_from, d.month_from) AS first, least(w.month_to, d.month_to) AS last
    FROM services s JOIN service_departments w ON w.service_id = s.service_id
    LEFT JOIN department_spans d ON d.department_id = w.department_id
          AND d.month_from <= w.month_to AND d.month_to >= w.month_from"""


class _ScopeMembers:
    """The services and departments in a scope."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, scope: Scope) -> None:
        self.scope = scope
        self.paths = {d.department_id: d.path for d in departments(cursor)}
        self.departments = {*scope.departments, *(under for _chosen, under in lineage(cursor, scope))}
        filters = frozenset({"department", "audience", "service"})
        where, bound = scope.condition(filters, stock=False)
        rows = cursor.execute(
            f"SELECT service_id, department_id, first, last FROM {scope.organised(f'({_PLACES})', filters)} WHERE {where}",
            bound,
        ).fetchall()
        self.owners = {row[1] for row in rows}
        self.spans: dict[str, list[tuple[date, date]]] = {}  # when each service is in the scope
        for service, _department, first, last in rows:
            self.spans.setdefault(service, []).append((first, last))

    def touches(self, department: str | None) -> bool:
        """Whether an event of a department, and all below it, concerns the scope; None is all departments."""
        path, chosen = self.paths.get(str(department), (str(department),)), self.departments
        chosen_departments = self.owners if self.scope.services else chosen
        above = any(department in self.paths.get(one, (one,)) for one in chosen_departments)
        below = not self.scope.services and (not chosen or bool(set(path) & chosen))
        return department is None or above or below

    def owns(self, department: str | None) -> bool:
        """Whether an e-service of the department, which belongs to no service, is of the scope."""
        path, chosen = self.paths.get(str(department), ()), self.scope
        within = not chosen.departments or bool(set(path) & self.departments)
        return bool(path) and within and not chosen.services and chosen.audience is None

    def narrowed(self, whose: tuple[str, ...], day: date) -> tuple[str, ...]:
        """Those of the services that the scope holds on a day."""
        return tuple(one for one in whose if any(first <= day <= last for first, last in self.spans.get(one, ())))


def events(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Event]:
    """The events of the scope in its period, by day. Of what was noted, the register's own event of that month is left out."""
    members = _ScopeMembers(cursor, scope)
    own = list(_own(cursor, members))
    noted = {(e.day.replace(day=1), key) for e in own for key in (e.e_service, *e.services) if key}
    registered = [*_e_services(cursor, members), *_exemptions(cursor, members)]
    unnoted = [e for e in registered if not {(e.day.replace(day=1), key) for key in (e.e_service, *e.services)} & noted]
    received = {row.by["service"]: int(row.value or 0) for row in measure(cursor, "cases", scope, "service")}
    weighed = [replace(e, cases=sum(received.get(key, 0) for key in e.services)) for e in (*own, *unnoted)]
    as_of = period(cursor).as_of  # future events have not happened yet
    within = [e for e in weighed if scope.month_from <= e.day.replace(day=1) <= scope.month_to and e.day <= as_of]
    return sorted([*within, *_reporting(cursor, scope)], key=lambda e: (e.day, e.weight, e.title, str(e.e_service)))


def service_events(cursor: duckdb.DuckDBPyConnection, service_id: str) -> list[tuple[date, str]]:
    """The day and title of each noted event of a service, its e-services, its departments or everybody, latest first."""
    known = period(cursor)
    noted = _own(cursor, _ScopeMembers(cursor, Scope(known.first, known.last, services=(service_id,))))
    return sorted({(event.day, event.title) for event in noted}, key=lambda pair: (-pair[0].toordinal(), pair[1]))


def _own(cursor: duckdb.DuckDBPyConnection, members: _ScopeMembers) -> Iterator[Event]:
    serves = {key: one.services for key, one in e_services.e_services(cursor).items()}
    rows = cursor.execute(
        "SELECT DISTINCT date, title, department_id, service_id, e_service_id, goal FROM events ORDER BY ALL"
    ).fetchall()
    for day, title, department, service, e_service, code in rows:
        goal = int(code) if code else None
        affected = (service,) if service else serves.get(e_service, ())
        if affected and members.narrowed(affected, day):
            yield Event(day, "own", title, members.narrowed(affected, day), None, e_service, goal=goal)
        elif not affected and (department or not (service or e_service)) and members.touches(department):
            yield Event(day, "own", title, (), department, e_service, goal=goal)


def _e_services(cursor: duckdb.DuckDBPyConnection, members: _ScopeMembers) -> Iterator[Event]:
    owners: Mapping[str, str | None] = dict(
        cursor.execute("SELECT e_service_id, department_id FROM e_services").fetchall()
    )
    for one in e_services.e_services(cursor).values():
        owner, days = owners[one.e_service_id], {"launched": one.live_from, "closed": one.live_to}
        unpaired = not one.services and members.owns(owner)
        for kind, day in days.items():
            affected = members.narrowed(one.services, day) if day else ()
            if day and one.kind != "form" and (affected or unpaired):
                yield Event(day, cast(Kind, kind), one.name, affected, None if affected else owner, one.e_service_id)


def _exemptions(cursor: duckdb.DuckDBPyConnection, members: _ScopeMembers) -> Iterator[Event]:
    register = e_services.e_services(cursor)
    for one in e_services.exemptions(cursor).values():
        e_service = register.get(str(one.e_service_id))
        whose = (one.service_id,) if one.service_id else e_service.services if e_service else ()
        affected = members.narrowed(whose, one.decided_on)
        if affected:
            kind: Kind = "not_applicable" if one.kind == "not_applicable" else "exempt"
            yield Event(one.decided_on, kind, "", affected, None, one.e_service_id)


def _reporting(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Event]:
    """The months in which coverage changed by `MIN_COVERAGE_CHANGE` or more; not to or from nothing."""
    wider = replace(scope, month_from=add_months(scope.month_from, -1), comparison=None)
    for then, now in pairwise(measure(cursor, "reporting", wider, "month")):
        before, after, month = then.value, now.value, now.by["month"]
        if before and after and abs(float(after) - float(before)) >= MIN_COVERAGE_CHANGE and isinstance(month, date):
            yield Event(month, "reporting", coverage_before=float(before), coverage_after=float(after))


def before_and_after(
    cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope, event: Event, months: int = COMPARED_MONTHS
) -> BeforeAfter | None:
    """The metric where the event happened, in the whole months after it and in the same months a year before.

    None where those months have not passed, where either is unknown or of fewer than twenty, for a change of reporting, and
    for an event that concerns another goal.
    """
    if event.kind == "reporting" or event.goal not in (None, metrics()[metric].goal):
        return None
    start = add_months((event.day - timedelta(1)).replace(day=1), 1)  # the first whole month from the day on
    after = replace(
        _where(scope, event), month_from=start, month_to=add_months(start, months - 1), comparison="last_year"
    )
    earlier, known = after.compared(), period(cursor)
    if after.month_to > known.latest or earlier is None or earlier.month_from < known.first:
        return None
    now, then = measure(cursor, metric, after)[0], measure(cursor, metric, earlier)[0]
    if now.value is None or then.value is None or min(now.denominator or 0, then.denominator or 0) < MIN_DENOMINATOR:
        return None
    had = measure(cursor, "services", earlier, "class") if metrics()[metric].goal == 2 else []
    is_new = bool(had) and not any(row.value and row.by["class"] in WITH_E_SERVICE for row in had)
    return BeforeAfter(after, now, then, change_between(cursor, metric, after, earlier), is_new)


def _where(scope: Scope, event: Event) -> Scope:
    """The part of the scope that the event concerns."""
    if event.services:
        return replace(scope, services=event.services)
    below = event.department and event.department not in scope.departments and not scope.services
    chosen = (event.department,) if below and not scope.departments else scope.departments
    return replace(scope, departments=tuple(str(one) for one in chosen))
