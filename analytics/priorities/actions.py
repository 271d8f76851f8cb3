"""What can be done about a service's gap to a goal, and what prevents it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import duckdb

from analytics.metrics.measure import measure_columns
from analytics.metrics.scope import Scope, add_months
from analytics.metrics.served import kept
from analytics.registers.e_services import e_services, exemptions_in_force
from analytics.registers.service_history import STEPS
from analytics.registers.services import WITH_E_SERVICE

ActionCode = Literal["build", "form", "uptake", "find_out", "steps", "report", "exempt", "withdrawn", "done"]
NEEDS_E_SERVICE = ("build", "form")  # a new e-service is needed first
NO_ACTION = ("exempt", "withdrawn", "done")


@dataclass(frozen=True)
class Action:
    """What to do. `steps` are those not digital; `since` is the first month with an e-service, when that is in the period."""

    code: ActionCode
    steps: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True)
class ActionBasis:
    """What decides the action of each service: its state at the end of the period, by service id."""

    classes: dict[str, str]
    since: dict[str, date]
    exempt: frozenset[str]
    steps: dict[str, dict[str, tuple[str, ...]]]  # service → state → steps

    def action(self, goal: int, service_id: str) -> Action:
        """What can be done for a service about goal 1, 2 or 3; never an e-service that is decided not to be needed."""
        class_ = self.classes.get(service_id)
        if class_ is None:
            return Action("withdrawn")
        if goal == 3:
            return self._steps(service_id)
        if class_ in WITH_E_SERVICE:
            return Action("uptake", since=self.since.get(service_id))
        if class_ == "not_applicable" or service_id in self.exempt:
            return Action("exempt")
        return Action("find_out" if class_ == "unknown" else "form" if class_ == "form_only" else "build")

    def _steps(self, service_id: str) -> Action:
        states = self.steps.get(service_id, {})
        if not_digital := states.get("not_digital"):
            return Action("steps", not_digital)
        return Action("report" if states.get("not_reported") or not states else "done")


@kept
def action_basis(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> ActionBasis:
    """The state of the services in the scope at the end of the period."""
    return ActionBasis(classes(cursor, scope), _since(cursor, scope), _exempt(cursor, scope), _states(cursor, scope))


def classes(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, str]:
    """The class of every service in force at the end of the period."""
    found = measure_columns(cursor, "services", scope, "service", "class")
    rows = zip(found["service"].tolist(), found["class"].tolist(), (found["numerator"] > 0).tolist(), strict=True)
    return {service: class_ for service, class_, in_force in rows if in_force}


def _since(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, date]:
    """The month after the last one without an e-service, for the services that got one in the period."""
    found = measure_columns(cursor, "services", scope, "month", "service", "class")
    in_force = (found["numerator"] > 0).tolist()
    rows = zip(found["service"].tolist(), found["month"].tolist(), found["class"].tolist(), in_force, strict=True)
    without = {service: month for service, month, class_, here in rows if here and class_ not in WITH_E_SERVICE}
    return {service: add_months(month, 1) for service, month in without.items() if month < scope.month_to}


def _exempt(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> frozenset[str]:
    """The services decided to need no e-service, by an exemption of their own or of an e-service of theirs."""
    services_of = {key: e_service.services for key, e_service in e_services(cursor).items()}
    return frozenset(
        service
        for exemption in exemptions_in_force(cursor, scope.whole_organisation())
        if exemption.kind == "not_applicable"
        for service in (exemption.service_id, *services_of.get(str(exemption.e_service_id), ()))
        if service
    )


def _states(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, dict[str, tuple[str, ...]]]:
    """The steps of each service by state at the end of the period, in the order of `STEPS`."""
    by_service: dict[str, dict[str, tuple[str, ...]]] = {}
    found = measure_columns(cursor, "digital_steps", scope, "service", "state", "step")
    rows = zip(*(found[name].tolist() for name in ("service", "state", "step")), strict=True)
    for service, state, step in sorted(rows, key=lambda row: STEPS.index(row[2])):
        states = by_service.setdefault(service, {})
        states[state] = (*states.get(state, ()), step)
    return by_service
