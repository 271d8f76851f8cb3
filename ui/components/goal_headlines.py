"""The headline of a goal's page: what is left of the goal and where, true also when little is known or nothing is left."""

from collections.abc import Callable

from analytics.metrics.dimensions import service_names
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE
from ui import database
from ui.components import headlines
from ui.components.metric_views import one
from ui.text.i18n import _


def _met() -> dict[str, str]:
    return {
        "e_service_coverage": _("Every service has an e-service"),
        "digital_submission": _("Every case comes in through an e-service"),
        "digital_handling": _("Every case can be handled digitally all the way"),
    }


def _empty() -> dict[str, str]:
    return {
        "e_service_coverage": _("An e-service does not apply to any service here"),
        "digital_submission": _("No cases have come in"),
        "digital_handling": _("No cases have come in that could be handled digitally"),
    }


def _unknown() -> dict[str, str]:
    return {
        "e_service_coverage": _("It is not known which services have an e-service"),
        "digital_submission": _("Too little is reported to say how large a part of the cases is digital"),
        "digital_handling": _("Too little is reported to say how large a part of the cases can be handled digitally"),
    }


def goal(code: str, scope: Scope, most: Callable[[Scope], str]) -> str:
    """One sentence; `most(scope)` tells as a clause where most of it lies ("flest i Vård och omsorg"), or nothing."""
    row = one(code, scope)
    if row.state == "not_reported" and not one("services", scope).value:
        known = database.answer(service_names)
        return _("There are no services in what you have chosen") if known else _("No services are imported yet")
    if row.value is None:
        return (_empty() if row.state == "not_applicable" else _unknown())[code]
    left = headlines.gap(code, row)
    said = _met()[code] if left is None else headlines.sentence(left)
    if (row.coverage or 0) < MIN_COVERAGE:
        return _("{finding}, of what is known; less than half is").format(finding=said)
    where = most(scope) if left else ""
    return f"{said}, {where}" if where else said
