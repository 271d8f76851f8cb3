"""§§ 5–7: who answers for the services, what the departments have reported, what is in process, and the six criteria."""

import pandas as pd

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.e_services import e_services
from analytics.registers.guideline import LAUNCHED, STAGES, in_process, open_needs, stage_days, unanswered
from ui import database
from ui.components import trends
from ui.components.cells import bar_cells
from ui.components.heatmap import Cell
from ui.components.metric_views import ask, one, share
from ui.components.shares import share_text
from ui.components.tables import Marked, Table, percentage, service_table, whole_numbers
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.text import labels, numbers
from ui.text.i18n import _

BESIDE = ("cases", "digital_submission", "assisted_share")  # what is told of a service without another way in


def ways_heading(scope: Scope) -> str:
    """In how many services no other way in than the e-service is known."""
    row = one("other_way_in", scope)
    n = int(row.denominator or 0) - int(row.numerator or 0)
    if row.value is None:
        return _("Other ways in than the e-service")
    if not n:
        return _("Every service with an e-service has another way in too")
    return numbers.plural(
        "In {n} service no other way in than the e-service is known",
        "In {n} services no other way in than the e-service is known",
        n,
    )


def ways(scope: Scope) -> Table:
    """The services with an e-service and no other way in, those with most cases first: how digital, and how much staff typed in."""
    rows = ask("other_way_in", scope, "service")
    ids = [str(row.by["service"]) for row in rows if row.denominator and not row.numerator]
    known = {code: {row.by["service"]: row for row in ask(code, scope, "service")} for code in BESIDE}
    cases = [known["cases"][key].value if key in known["cases"] else None for key in ids]
    order = sorted(range(len(ids)), key=lambda i: -float(cases[i] or 0))
    ids, cases = [ids[i] for i in order], [cases[i] for i in order]
    columns = {
        _("Department"): labels.departments_of(scope, ids),
        _("Cases"): whole_numbers(cases),
        _("Digital, %"): [percentage(known["digital_submission"].get(key)) for key in ids],
        _("Typed in by staff, %"): [percentage(known["assisted_share"].get(key)) for key in ids],
    }
    title, nothing = _("Services without another way in"), _("Every service with an e-service has another way in too.")
    return service_table(title, ids, columns, ("other_way_in", *BESIDE), decimals=1, nothing=nothing)


def answers_heading(scope: Scope) -> str:
    """How many services nobody fully answers for."""
    n, row = len(database.answer(unanswered, scope)), one("answered_for", scope)
    if row.value is None:
        return _("Who answers for the services")
    if not n:
        return _("Somebody answers for every service")
    return numbers.plural(
        "{n} service lacks what the guideline wants stated", "{n} services lack what the guideline wants stated", n
    )


def answers(scope: Scope) -> Table:
    """The services that lack a department, contact role, legal demands or a review within two years."""
    found = database.answer(unanswered, scope)
    ids = [each.service_id for each in found]
    columns = {
        _("Department"): labels.departments_of(scope, ids),
        _("What is lacking"): [", ".join(labels.label("service_lacks", name) for name in each.lacks) for each in found],
        _("Last reviewed"): [each.reviewed_on for each in found],
    }
    nothing = _(
        "Every service in force has a department, a contact role, its legal demands and a review within two years."
    )
    return service_table(_("Services that nobody fully answers for"), ids, columns, ("answered_for",), nothing=nothing)


def needs_heading(scope: Scope) -> str:
    """How many faults and needs are open, and how long half of those that were done took."""
    n, time = len(database.answer(open_needs, scope)), one("need_time", scope)
    told = (
        numbers.plural("{n} fault or need is open", "{n} faults and needs are open", n)
        if n
        else _("No fault or need is open")
    )
    if time.value is None:
        return told
    days = numbers.plural("half were done within {n} day", "half were done within {n} days", round(float(time.value)))
    return f"{told}, {days}"


def needs(scope: Scope) -> Table:
    """The open faults and needs, the oldest first."""
    found = database.answer(open_needs, scope)
    columns = {
        _("What"): [each.title for each in found],
        _("Kind"): [labels.label("need_kind", each.kind) for each in found],
        _("Department"): [labels.department(each.department_id) for each in found],
        _("Status"): [labels.label("need_state", each.state) for each in found],
        _("Reported on"): [each.reported_on for each in found],
        _("Days"): [each.days for each in found],
        _("Service"): [labels.service(each.service_id) if each.service_id else "" for each in found],
        _("Number"): [each.need_id for each in found],
    }
    links = tuple(
        service_link(each.service_id) if each.service_id else address.link("tjanster", department=each.department_id)
        for each in found
    )
    marks = {_("Days"): Marked("bar", bar_cells([each.days for each in found]))}
    nothing = _("No fault or need that is open has been reported in the table behov.")
    return Table(
        _("Open faults and needs"),
        pd.DataFrame(columns),
        ("open_needs", "need_time"),
        links=links,
        nothing=nothing,
        marks=marks,
    )


def process_heading(scope: Scope) -> str:
    """How many e-services are on their way, and how many were never followed up."""
    found = database.answer(in_process, scope)
    late = sum(each.stage in LAUNCHED for each in found)
    begun = len(found) - late
    told = numbers.plural("{n} e-service is on its way", "{n} e-services are on their way", begun) if begun else ""
    if not late:
        return told or _("No e-service waits for a follow-up")
    waits = numbers.plural("{n} waits for a follow-up", "{n} wait for a follow-up", late)
    return (
        f"{told}, {waits}"
        if told
        else numbers.plural("{n} e-service waits for a follow-up", "{n} e-services wait for a follow-up", late)
    )


def process_reading() -> str:
    """How long the e-services stayed in each stage, in the middle."""
    days = database.answer(stage_days)
    told = [
        f"{labels.label('stage', stage)} {numbers.plural('{n} day', '{n} days', round(days[stage][0]))}"
        for stage in STAGES
        if stage in days
    ]
    return _("So long half of the e-services stayed at most: {stages}.").format(stages=", ".join(told)) if told else ""


def process(scope: Scope) -> Table:
    """The e-services that are begun, and those in use without a follow-up in two years."""
    found, register = database.answer(in_process, scope), database.answer(e_services)
    columns = {
        _("E-service"): [labels.e_service(each.e_service_id) for each in found],
        _("Stage"): [labels.label("stage", each.stage) for each in found],
        _("Since"): [each.since for each in found],
        _("Days"): whole_numbers([each.days for each in found]),
        _("Waits for"): [each.waiting_for or "" for each in found],
        _("Followed up"): [register[each.e_service_id].followed_up_on for each in found],
        _("E-service id"): [each.e_service_id for each in found],
    }
    links = tuple(
        service_link(register[each.e_service_id].services[0])
        if register[each.e_service_id].services
        else address.link("koppla")
        for each in found
    )
    marks = {_("Days"): Marked("bar", bar_cells([each.days for each in found]))}
    nothing = _("No e-service is on its way, and each in use has been followed up within two years.")
    return Table(
        _("E-services in process"), pd.DataFrame(columns), ("followed_up",), links=links, nothing=nothing, marks=marks
    )


def criteria_heading(scope: Scope) -> str:
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
def criteria(scope: Scope) -> None:
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
