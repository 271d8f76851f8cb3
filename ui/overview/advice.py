"""What matters most right now, as sentences with a link each."""

from collections.abc import Callable

from analytics.insights.findings import REQUIRED_TABLES, Finding, findings
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from ui import database
from ui.components.metric_views import compared_words
from ui.frame import address, page, sitemap
from ui.frame.page import Advice
from ui.text import labels, numbers
from ui.text.i18n import _, words


def _department(finding: Finding) -> str:
    return labels.department(finding.values["department"])


def _n(finding: Finding, name: str) -> str:
    return numbers.count(finding.values[name])


def _not_told(finding: Finding, scope: Scope) -> Advice:
    if finding.values["table"] == "links":
        sentence = _("Goal 1 cannot be told until somebody says which e-service belongs to which service.")
        return Advice(sentence, _("Pair them"), address.link("koppla"))
    told = {
        "n": metrics()[str(finding.values["metric"])].goal,
        "table": words(database.datasets()[str(finding.values["table"])].title),
    }
    sentence = _("Goal {n} cannot be told for the period. Import the table {table}.").format(**told)
    return Advice(sentence, *page.to_import())


def _fell(finding: Finding, scope: Scope) -> Advice:
    metric = metrics()[str(finding.values["metric"])]
    told = {
        "goal": words(metric.title),
        "size": numbers.points(float(finding.values["points"]) / 100),
        "period": compared_words(scope),
    }
    sentence = _("{goal}: the share fell by {size} from {period}. See in which department.").format(**told)
    return Advice(sentence, _("See the departments"), "#departments")


def _stopped(finding: Finding, scope: Scope) -> Advice:
    told = {
        "before": numbers.percent(finding.values["before"]),
        "now": numbers.percent(finding.values["now"]),
        "period": compared_words(scope),
    }
    whose = finding.values["department"]
    if whose is None or whose in scope.departments:
        own = _("Less is reported: {now} of the service-months are complete, {before} {period}. Report the rest.")
        return Advice(own.format(**told), _("See which months"), address.link("mal-2", "reported"))
    sentence = _(
        "{department} reports less: {now} of its service-months are complete, {before} {period}. Ask for the rest."
    )
    link = address.link("mal-2", "reported", department=[str(whose)])
    return Advice(sentence.format(department=_department(finding), **told), _("See which months"), link)


def _outside(finding: Finding, scope: Scope) -> Advice:
    told = {
        "service": labels.service(finding.values["service"]),
        "outside": _n(finding, "outside"),
        "of": _n(finding, "of"),
        "size": numbers.points(float(finding.values["points"]) / 100, 1),
    }
    sentence = _(
        "{service} has the most cases outside e-services: {outside} of {of}. All of them digital would add {size}."
    )
    if scope.departments:
        sentence = _(
            "{service} has the most cases outside e-services: {outside} of {of}. All of them digital would add {size} to"
            " goal 2 here."
        )
    link = address.link(sitemap.SERVICE, service=str(finding.values["service"]))
    return Advice(sentence.format(**told), _("See the service"), link)


def _without(finding: Finding, scope: Scope) -> Advice:
    told = {"missing": _n(finding, "missing"), "of": _n(finding, "of")}
    if finding.values["department"] is None or finding.values["department"] in scope.departments:
        sentence = _("{missing} of {of} services lack an e-service.").format(**told)
        return Advice(sentence, _("See which"), address.link("mal-1", "lacking"))
    told |= {"department": _department(finding), "there": _n(finding, "there")}
    sentence = _("{missing} of {of} services lack an e-service, most of them in {department} ({there}).")
    link = address.link("mal-1", "lacking", department=[str(finding.values["department"])])
    return Advice(sentence.format(**told), _("See which"), link)


def _breaches(finding: Finding, scope: Scope) -> Advice:
    sentence = numbers.plural(
        "{n} e-service lies outside Open ePlatform without an exemption in force. Decide on one, or move it.",
        "{n} e-services lie outside Open ePlatform without an exemption in force. Decide on one each, or move them.",
        int(finding.values["count"]),
    )
    return Advice(sentence, _("See which"), address.link("mal-1", "breaches"))


def _unplaced(finding: Finding, scope: Scope) -> Advice:
    amount = numbers.money(finding.values["amount"])
    sentence = _("{amount} has no payer. Say who ordered it, or who benefits.").format(amount=amount)
    return Advice(sentence, _("See the postings"), address.link("kostnader", "unplaced"))


def _step(finding: Finding, scope: Scope) -> Advice:
    told = {
        "step": labels.label("step", str(finding.values["step"])),
        "missing": _n(finding, "missing"),
        "of": _n(finding, "of"),
    }
    sentence = _("The step {step} stops most services: it is not digital in {missing} of {of}.").format(**told)
    return Advice(sentence, _("See the services"), address.link("mal-3", "stopped"))


SAID: dict[str, Callable[[Finding, Scope], Advice]] = {
    **{f"not_told_{code}": _not_told for code in REQUIRED_TABLES},
    "fell": _fell,
    "stopped_reporting": _stopped,
    "outside_e_service": _outside,
    "without_e_service": _without,
    "breaches": _breaches,
    "unplaced_cost": _unplaced,
    "blocking_step": _step,
}


def most_important(scope: Scope, most: int = 3) -> list[Advice]:
    """What weighs most in the scope, one of each kind; fewer, or none, when nothing stands out."""
    seen: dict[str, Finding] = {}
    for finding in database.answer(findings, scope):
        seen.setdefault(finding.kind, finding)
    return [SAID[kind](finding, scope) for kind, finding in list(seen.items())[:most]]
