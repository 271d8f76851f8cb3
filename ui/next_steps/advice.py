"""What matters most right now, each as an action: of a choice of departments their steps, of the whole what stands out."""

from collections.abc import Callable

from analytics.insights.findings import REQUIRED_TABLES, Finding, findings
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from ui import database
from ui.components.actions import Action
from ui.components.metric_views import compared_words
from ui.frame import address, page, sitemap
from ui.next_steps import department
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext, words


def _department(finding: Finding) -> str:
    return labels.department(finding.values["department"])


def _n(finding: Finding, name: str) -> str:
    return numbers.count(finding.values[name])


def _not_told(finding: Finding, scope: Scope) -> Action:
    n = metrics()[str(finding.values["metric"])].goal
    title = _("Goal {n} cannot be measured").format(n=n)
    if finding.values["table"] == "links":
        sentence = _("Nobody has said which e-service belongs to which service.")
        return Action(title, sentence, _("Pair services and e-services"), address.link("koppla"), needs_eyes=True)
    table = words(database.datasets()[str(finding.values["table"])].title)
    sentence = _("The table {table} is not imported for the period.").format(table=table)
    return Action(title, sentence, *page.to_import(), needs_eyes=True)


def _fell(finding: Finding, scope: Scope) -> Action:
    goal = words(metrics()[str(finding.values["metric"])].title)
    told = {"size": numbers.points(float(finding.values["points"]) / 100), "period": compared_words(scope)}
    title, sentence = _("{goal}: the share is falling").format(goal=goal), _("{size} lower than {period}.")
    return Action(title, sentence.format(**told), _("See the departments"), "#departments", needs_eyes=True)


def _stopped(finding: Finding, scope: Scope) -> Action:
    told = {
        "before": numbers.percent(finding.values["before"]),
        "now": numbers.percent(finding.values["now"]),
        "period": compared_words(scope),
    }
    sentence = _("{now} of the services' months are fully reported, against {before} {period}.").format(**told)
    whose, link = finding.values["department"], _("See which months are missing")
    if whose is None or scope.departments == (whose,):
        return Action(_("Less is reported"), sentence, link, address.link("datakvalitet", "reported"), needs_eyes=True)
    title = _("Figures are missing from {department}").format(department=_department(finding))
    href = address.link("datakvalitet", "reported", department=[str(whose)])
    return Action(title, sentence, link, href, needs_eyes=True)


def _outside(finding: Finding, scope: Scope) -> Action:
    told = {
        "service": labels.service(finding.values["service"]),
        "outside": _n(finding, "outside"),
        "of": _n(finding, "of"),
        "size": numbers.points(float(finding.values["points"]) / 100, 1),
    }
    sentence = _("{service}: {outside} of {of} cases. Had all been digital, the share would have been {size} higher.")
    link = address.link(sitemap.SERVICE, service=str(finding.values["service"]))
    return Action(_("Most cases in another way than an e-service"), sentence.format(**told), _("See the service"), link)


def _without(finding: Finding, scope: Scope) -> Action:
    missing = int(finding.values["missing"])
    title = numbers.plural("{n} service lacks an e-service", "{n} services lack an e-service", missing)
    link = numbers.plural("See that service", "See the {n} services", missing)
    href = address.link("mal-1", "lacking")
    department = finding.values["department"]
    if department is None or scope.departments == (department,):
        return Action(title, _of_services(finding), link, href)
    told = {"department": _department(finding), "there": _n(finding, "there")}
    where = _most(missing, int(finding.values["there"])).format(**told)
    return Action(title, f"{_of_services(finding)} {where}", link, href)


def _of_services(finding: Finding) -> str:
    of = int(finding.values["of"])
    return ngettext("Of {of} service in all.", "Of {of} services in all.", of).format(of=numbers.count(of))


def _most(missing: int, there: int) -> str:
    """Where most of them are; the only one, a half or all of them by its word."""
    if there == missing:
        return ngettext("It is in {department}.", "All of them are in {department}.", missing)
    if 2 * there == missing:
        return _("Half of them are in {department}.")
    return _("Most of all in {department}: {there}.")


def _breaches(finding: Finding, scope: Scope) -> Action:
    n = int(finding.values["count"])
    title = numbers.plural("{n} e-service lies outside Open ePlatform", "{n} e-services lie outside Open ePlatform", n)
    sentence = numbers.plural(
        "It has no valid exemption. Decide on an exemption, or move it.",
        "They have no valid exemption. Decide on exemptions, or move them.",
        n,
    )
    link = numbers.plural("See the e-service", "See the {n} e-services", n)
    return Action(title, sentence, link, address.link("mal-1", "breaches"), needs_eyes=True)


def _unplaced(finding: Finding, scope: Scope) -> Action:
    title = _("{amount} has no payer").format(amount=numbers.money(finding.values["amount"]))
    sentence = _("Say who ordered it, or who benefits.")
    return Action(title, sentence, _("See the postings"), address.link("kostnader", "unplaced"), needs_eyes=True)


def _step(finding: Finding, scope: Scope) -> Action:
    step = labels.label("step", str(finding.values["step"]))
    title = _("The step {step} is the one most often not digital").format(step=step)
    sentence = ngettext("In {missing} of {of} service.", "In {missing} of {of} services.", int(finding.values["of"]))
    sentence = sentence.format(missing=_n(finding, "missing"), of=_n(finding, "of"))
    return Action(title, sentence, _("See which services"), address.link("mal-3", "stopped"))


SAID: dict[str, Callable[[Finding, Scope], Action]] = {
    **{f"not_told_{code}": _not_told for code in REQUIRED_TABLES},
    "fell": _fell,
    "stopped_reporting": _stopped,
    "outside_e_service": _outside,
    "without_e_service": _without,
    "breaches": _breaches,
    "unplaced_cost": _unplaced,
    "blocking_step": _step,
}


def most_important(scope: Scope, most: int = 3) -> list[Action]:
    """What weighs most in the scope, one of each kind; for departments, what they have to do. None when nothing stands out."""
    if scope.departments and (own := department.todo(scope)):
        return own[:most]
    seen: dict[str, Finding] = {}
    for finding in database.answer(findings, scope):
        seen.setdefault(finding.kind, finding)
    return [SAID[kind](finding, scope) for kind, finding in list(seen.items())[:most]]
