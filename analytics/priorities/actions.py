"""What can be done about a service's gap to a goal, and what stands in its way."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from analytics.registers.e_services import e_services, exemptions_in_force
from analytics.registers.service_history import STEPS
from analytics.registers.services import WITH_E_SERVICE

ActionCode = Literal["build", "form", "uptake", "find_out", "steps", "report", "exempt", "gone", "done"]
NEEDS_E_SERVICE = ("build", "form")  # an e-service has to be made first
NO_ACTION = ("exempt", "gone", "done")  # there is nothing to do


@dataclass(frozen=True)
class Action:
    """What to do. `steps` are those that are not digital; `since` is the month its e-service came, when that is in the period."""

    code: ActionCode
    steps: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class ServiceStatuses:
    """What is known of every service at the end of the period; `action` tells what follows from it."""

    classes: dict[str, str]
    since: dict[str, date]
    exempt: frozenset[str]
    steps: dict[str, dict[str, tuple[str, ...]]]  # service → state → steps

    def action(self, goal: int, service_id: str) -> Action:
        """What can be done for this service about this goal; an e-service that was decided against is never asked for."""
        class_ = self.classes.get(service_id)
        if class_ is None:
            return Action("gone")
        if goal == 3:
            return self._steps(service_id)
        if class_ in WITH_E_SERVICE:
            return Action("uptake", since=self.since.get(service_id))
        if class_ == "not_applicable" or service_id in self.exempt:
            return Action("exempt")
        return Action("find_out" if class_ == "unknown" else "form" if class_ == "form_only" else "build")

    def _steps(self, service_id: str) -> Action:
        states = self.steps.get(service_id, {})
        if found := states.get("not_digital"):
            return Action("steps", found)
        return Action("report" if states.get("not_reported") or not states else "done")


def service_statuses(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> ServiceStatuses:
    """What is known of the services in the scope."""
    return ServiceStatuses(
        classes(cursor, scope), _since(cursor, scope), _exempt(cursor, scope), _states(cursor, scope)
    )


def classes(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    """The class of every service in force at the end of the period."""
    rows = measure(cursor, "services", scope, "service", "class")
    return {str(row.by["service"]): str(row.by["class"]) for row in rows if row.value}


def _since(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, date]:
    """The month in the period after the last in which a service had no e-service, for those that had none."""
    without: dict[str, date] = {}
    for row in measure(cursor, "services", scope, "service", "class", "month"):
        month = row.by["month"]
        assert isinstance(month, date)
        if row.value and row.by["class"] not in WITH_E_SERVICE:
            without[str(row.by["service"])] = max(month, without.get(str(row.by["service"]), month))
    return {key: add_months(month, 1) for key, month in without.items() if month < scope.month_to}


def _exempt(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> frozenset[str]:
    """The services that are decided to need no e-service, by themselves or by an e-service of theirs."""
    whole = replace(scope, departments=(), audience=None, services=())
    belong = {key: one.services for key, one in e_services(cursor).items()}
    return frozenset(
        service
        for found in exemptions_in_force(cursor, whole)
        if found.kind == "not_applicable"
        for service in (found.service_id, *belong.get(str(found.e_service_id), ()))
        if service
    )


def _states(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, dict[str, tuple[str, ...]]]:
    """The steps of each service by state at the end of the period, in the order of the handling."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = measure(cursor, "digital_steps", scope, "service", "state", "step")
    for row in sorted(rows, key=lambda row: STEPS.index(str(row.by["step"]))):
        states = found.setdefault(str(row.by["service"]), {})
        states[str(row.by["state"])] = (*states.get(str(row.by["state"]), ()), str(row.by["step"]))
    return found
