"""§ 7: how well the e-services meet the six criteria, what the data say beside it, and whose accessibility is not tested."""

import pandas as pd

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.e_services import EService, e_services
from analytics.registers.evidence import Evidence, evidence, untested
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components import trends
from ui.components.heatmap import Cell
from ui.components.metric_views import ask, one, share
from ui.components.shares import share_text
from ui.components.tables import Table, amounts
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.guideline.lists import Listing
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

EVIDENCE_METRICS = ("criteria_met", "abandonment", "satisfaction", "lead_time_median")


def heading(scope: Scope) -> str:
    """Which criterion is met least often, or how many are met."""
    row = one("criteria_met", scope)
    rows = [each for each in ask("criteria_met", scope, "criterion") if each.value is not None]
    if row.value is None:
        return _("No e-service is assessed by the six criteria")
    least = sorted(rows, key=lambda each: float(each.value or 0))
    if row.value == 1 or len(least) < 2 or least[0].value == least[1].value:
        return _("{share} of the criteria assessed are met").format(share=share_text(share(row)))
    name = labels.label("criterion", least[0].by["criterion"])
    return _("Least often met is ”{criterion}”: {share}").format(criterion=name, share=share_text(share(least[0])))


@cached_block
def by_department(scope: Scope) -> None:
    """Heat map of the criteria met by department."""
    rows = [each for each in ask("criteria_met", scope, "branch", "criterion") if each.by["branch"] is not None]
    if not any(each.denominator for each in rows):
        return
    title = _("Criteria met of those assessed, by department")
    trends.heat_by_department("criterion", rows, labels.labels_of("criterion"), _cell, scope, title)


def _cell(row: Row) -> Cell:
    if row.value is None:
        return Cell(None, text=_("not assessed"))
    return Cell(float(row.value), int(row.numerator or 0), int(row.denominator or 0))


def beside(scope: Scope) -> Table:
    """A row a live e-service: for each criterion the latest assessment, and what the data say by themselves."""
    entries = database.answer(evidence, scope)
    columns = {
        capitalized(name): [_told(entry, criterion) for entry in entries]
        for criterion, name in labels.labels_of("criterion").items()
    }
    times = [entry.lead_time for entry in entries]
    rows = {
        _("E-service"): [entry.e_service.name for entry in entries],
        **columns,
        _("Days, half of the cases"): amounts([row.value if row and _enough(row) else None for row in times]),
        _("E-service id"): [entry.e_service.e_service_id for entry in entries],
    }
    links = tuple(_leads(entry.e_service) for entry in entries)
    title, shown = _("The six criteria and what the data say, by e-service"), (_("E-service"), *columns)
    return Table(title, pd.DataFrame(rows), EVIDENCE_METRICS, links=links, shown=shown)


def _told(entry: Evidence, criterion: str) -> str:
    """The assessment, if there is one, and the evidence."""
    state = labels.label("criterion_state", entry.states[criterion]) if criterion in entry.states else ""
    return capitalized("; ".join(filter(None, (state, EVIDENCE[criterion](entry)))))


def _findable(entry: Evidence) -> str:
    return labels.label("web_presence", entry.web) if entry.web else ""


def _usable(entry: Evidence) -> str:
    left, liked = entry.abandonment, entry.satisfaction
    parts = [
        _("{share} give up").format(share=numbers.percent(left.value)) if left and _enough(left) else "",
        _("grade {grade} of 5").format(grade=numbers.number(liked.value)) if liked and _enough(liked) else "",
    ]
    return ", ".join(filter(None, parts))


def _secure(entry: Evidence) -> str:
    login, signing = entry.e_service.login, entry.e_service.signing
    logged = "" if login is None else labels.label("login_needed", login)
    return ", ".join(filter(None, (logged, _("is signed") if signing else "")))


def _lawful(entry: Evidence) -> str:
    laws = ", ".join(entry.legal_demands)
    return _("legal demands: {laws}").format(laws=laws) if laws else ""


def _transparent(entry: Evidence) -> str:
    shown = entry.e_service.status_shown
    return "" if shown is None else _("the status is shown") if shown else _("the status is not shown")


def _contact(entry: Evidence) -> str:
    if entry.contacts is None:
        return ""
    n = round(entry.contacts)
    return numbers.plural("{n} contact per hundred cases", "{n} contacts per hundred cases", n)


EVIDENCE = {
    "findable": _findable,
    "usable": _usable,
    "secure": _secure,
    "lawful": _lawful,
    "transparent": _transparent,
    "contact": _contact,
}


def _enough(row: Row) -> bool:
    return row.value is not None and (row.denominator or 0) >= MIN_DENOMINATOR


def _leads(one_: EService) -> str:
    return service_link(one_.services[0]) if one_.services else address.link("koppla")


def accessibility_heading(scope: Scope) -> str:
    """Of how many e-services no accessibility test of the last three years is known."""
    row = one("accessibility_tested", scope)
    n = int(row.denominator or 0) - int(row.numerator or 0)
    if not row.denominator:
        return _("Accessibility tests")
    if not n:
        return _("Every e-service was tested for accessibility in the last three years")
    return numbers.plural(
        "Of {n} e-service no accessibility test of the last three years is known",
        "Of {n} e-services no accessibility test of the last three years is known",
        n,
    )


def accessibility(scope: Scope) -> Table:
    """The e-services without a test in three years, those never tested first, and when the others were."""
    entries, register = database.answer(untested, scope), database.answer(e_services)
    columns = {
        _("E-service"): [labels.e_service(entry.e_service_id) for entry in entries],
        _("Tested on"): [entry.tested_on for entry in entries],
        _("Outcome"): [labels.label("criterion_state", entry.outcome) if entry.outcome else "" for entry in entries],
        _("Platform"): [register[entry.e_service_id].platform or "" for entry in entries],
        _("E-service id"): [entry.e_service_id for entry in entries],
    }
    links = tuple(_leads(register[entry.e_service_id]) for entry in entries)
    title = _("E-services without an accessibility test in three years")
    return Table(title, pd.DataFrame(columns), ("accessibility_tested",), links=links)


def accessibility_listing() -> Listing:
    """The list of what was not tested, under its finding."""
    source = _(
        "§ 7. What the act on accessibility of digital public service demands is tested against EN 301 549. "
        "That a test is three years old at most is our limit."
    )
    return Listing("accessibility", accessibility_heading, source, accessibility, folded=True)
