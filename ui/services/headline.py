"""The finding of a service's page: its name, and what is left for it, with how much, or what is not known of it."""

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.registers.services import ServiceStatus
from ui.components import headlines, metric_views
from ui.services import matrix
from ui.text import labels, numbers
from ui.text.i18n import _


def headline(scope: Scope, service_id: str) -> str:
    """The finding: the service's name, and what is left for it."""
    name = labels.service(service_id)
    found = next(iter(matrix.statuses(scope)), None)
    if found is None:
        return _("{name} was not published at the end of the period").format(name=name)
    if found.bottleneck == "cases":
        gaps = (headlines.gap(GOALS[2], found.digital, brief=brief) for brief in (False, True))
        return headlines.fitting(*(_("{name}: {gap}").format(name=name, gap=gap) for gap in gaps))
    if found.bottleneck == "handling":
        told = {"name": name, "steps": metric_views.part_of(found.steps)}
        return _("{name}: only {steps} steps are digital").format(**told)
    if found.bottleneck == "unknown":
        return f"{name}: {_unknown(found)}"
    said = {
        "e_service": _("{name} has only a form") if found.class_ == "form_only" else _("{name} lacks an e-service"),
        "done": _("{name}: nothing is left to the three goals"),
        "not_applicable": _("{name} needs no e-service, by decision"),
    }[found.bottleneck].format(name=name)
    if found.bottleneck == "e_service" and found.cases.value:
        n = int(found.cases.value)
        return numbers.plural(
            "{finding}: {n} case in the period", "{finding}: {n} cases in the period", n, finding=said
        )
    return said


def _unknown(found: ServiceStatus) -> str:
    """What it is that is not known, as a clause."""
    steps = found.steps
    if found.class_ == "unknown":
        return _("nobody has said whether it has an e-service")
    if found.digital.value is None:
        return _("how its cases came in is not reported")
    if found.handling == "not_reported" and steps.population and steps.denominator:
        silent, every = int(steps.population) - int(steps.denominator), int(steps.population)
        return _("{part} steps are not reported").format(part=numbers.out_of(silent, every))
    if found.handling == "not_reported":
        return _("its steps are not reported")
    return _("not all of its months are reported")
