"""§§ 3.2, 5 and 6: other ways in, who answers for the services, what the departments have reported, and what is in process."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analytics.metrics.scope import Scope
from analytics.registers.e_services import e_services
from analytics.registers.guideline import (
    LAUNCHED,
    STAGES,
    are_needs_reported,
    in_process,
    open_needs,
    stage_dates,
    stage_days,
    unanswered,
)
from ui import database
from ui.components import tables
from ui.components.cells import bar_cells
from ui.components.metric_views import ask, one
from ui.components.tables import Marked, Table, percentage, service_table, whole_numbers
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.frame.sitemap import correction_link
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

BESIDE = (
    "cases",
    "digital_submission",
    "assisted_share",
    "abandonment",
)  # the metrics beside a service without another way in


@dataclass(frozen=True)
class Listing:
    """A list under its finding: anchor, finding, how to read it, what makes the table, folded or open, and what adds to it."""

    anchor: str
    heading: Callable[[Scope], str]
    reading: str
    build: Callable[[Scope], Table]
    folded: bool = False
    form: str = ""  # that adds to it, in the register
    adds: str = ""  # what that does


def draw(listing: Listing, scope: Scope) -> None:
    """The finding and its list; of a list that holds nothing only why, where the finding does not say it."""
    page.heading(cached(listing.heading, scope), listing.reading, listing.anchor)
    table = cached(listing.build, scope)
    if len(table):
        (tables.folded if listing.folded else tables.draw)(listing.anchor, listing.build, scope)
    elif table.nothing:
        page.reading(table.nothing)
    if listing.form:
        page.link_line(listing.adds, address.link("register", "form", do=listing.form))


def _unknown(metric: str, scope: Scope) -> str:
    """That nothing is known, where that is why a list holds nothing; else its heading says it."""
    return _("Nothing is reported yet") if one(metric, scope).value is None else ""


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
    """The services with an e-service and no other way in, those with most cases first; they lead to the form.

    With how digital each is, what staff typed in and what was given up.
    """
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
        _("Given up, %"): [percentage(known["abandonment"].get(key)) for key in ids],
    }
    title, nothing = _("Services without another way in"), _unknown("other_way_in", scope)
    links = tuple(correction_link("service", key) for key in ids)
    return service_table(title, ids, columns, ("other_way_in", *BESIDE), decimals=1, nothing=nothing, links=links)


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
    """The services that lack a department, contact role, legal demands or a review within two years. They lead to the form."""
    entries = database.answer(unanswered, scope)
    ids = [each.service_id for each in entries]
    columns = {
        _("Department"): labels.departments_of(scope, ids),
        _("What is lacking"): [
            ", ".join(labels.label("service_lacks", name) for name in each.lacks) for each in entries
        ],
        _("Last reviewed"): [each.reviewed_on for each in entries],
    }
    title, nothing = _("Services that nobody fully answers for"), _unknown("answered_for", scope)
    links = tuple(
        correction_link("move" if "department" in one.lacks else "service", one.service_id) for one in entries
    )
    return service_table(title, ids, columns, ("answered_for",), nothing=nothing, links=links)


def needs_heading(scope: Scope) -> str:
    """How many faults and needs are open, and how long half of those that were done took."""
    n, time = len(database.answer(open_needs, scope)), one("need_time", scope)
    if not database.answer(are_needs_reported):
        return _("No faults or needs are reported")
    open_ = numbers.plural("{n} fault or need is open", "{n} faults and needs are open", n)
    text = open_ if n else _("No fault or need is open")
    if time.value is None:
        return text
    days = numbers.plural("half were done within {n} day", "half were done within {n} days", round(float(time.value)))
    return f"{text}, {days}"


def needs(scope: Scope) -> Table:
    """The open faults and needs, the oldest first. They lead to the form."""
    entries = database.answer(open_needs, scope)
    columns = {
        _("What"): [each.title for each in entries],
        _("Kind"): [labels.label("need_kind", each.kind) for each in entries],
        _("Department"): [labels.department(each.department_id) for each in entries],
        _("Status"): [labels.label("need_state", each.state) for each in entries],
        _("Reported on"): [each.reported_on for each in entries],
        _("Days"): [each.days for each in entries],
        _("Service"): [labels.service(each.service_id) if each.service_id else "" for each in entries],
        _("Number"): [each.need_id for each in entries],
    }
    links = tuple(correction_link("need_change", each.need_id) for each in entries)
    marks = {_("Days"): Marked("bar", bar_cells([each.days for each in entries]))}
    nothing = "" if database.answer(are_needs_reported) else _("Faults and needs come from the table behov.")
    metrics = ("open_needs", "need_time")
    return Table(_("Open faults and needs"), pd.DataFrame(columns), metrics, links=links, nothing=nothing, marks=marks)


def process_heading(scope: Scope) -> str:
    """How many e-services are on their way, and how many were never followed up."""
    entries = database.answer(in_process, scope)
    late = sum(each.stage in LAUNCHED for each in entries)
    begun = len(entries) - late
    if not entries:
        known = one("followed_up", scope).value is not None
        return _("No e-service waits for a follow-up") if known else _("E-services in process")
    if not begun:
        return numbers.plural("{n} e-service waits for a follow-up", "{n} e-services wait for a follow-up", late)
    text = numbers.plural("{n} e-service is on its way", "{n} e-services are on their way", begun)
    waits = numbers.plural("{n} waits for a follow-up", "{n} wait for a follow-up", late)
    return f"{text}, {waits}" if late else text


def process_reading() -> str:
    """In which order they stand, and how long the e-services stayed in each stage, in the middle."""
    days = database.answer(stage_days)
    stays = [
        f"{labels.label('stage', stage)} {numbers.plural('{n} day', '{n} days', round(days[stage][0]))}"
        for stage in STAGES
        if stage in days
    ]
    order = _("§ 6. The longest in their stage first.")
    if not stays:
        return order
    return f"{order} " + _("So long half of the e-services stayed at most: {stages}.").format(stages=", ".join(stays))


def process(scope: Scope) -> Table:
    """The e-services that are begun, and those in use without a follow-up in two years, with the day of each stage.

    They lead to the form.
    """
    entries, register = database.answer(in_process, scope), database.answer(e_services)
    dates = database.answer(stage_dates)
    columns = {
        _("E-service"): [labels.e_service(each.e_service_id) for each in entries],
        _("Stage"): [labels.label("stage", each.stage) for each in entries],
        _("Since"): [each.since for each in entries],
        _("Days"): whole_numbers([each.days for each in entries]),
        _("Waits for"): [each.waiting_for or "" for each in entries],
        _("Planned launch"): [register[each.e_service_id].planned_on for each in entries],
        _("Followed up"): [register[each.e_service_id].followed_up_on for each in entries],
        **{
            capitalized(labels.label("stage", stage)): [dates.get(each.e_service_id, {}).get(stage) for each in entries]
            for stage in STAGES
        },
        _("E-service id"): [each.e_service_id for each in entries],
    }
    links = tuple(correction_link("e_service", each.e_service_id) for each in entries)
    marks = {_("Days"): Marked("bar", bar_cells([each.days for each in entries]))}
    title, nothing = _("E-services in process"), _unknown("followed_up", scope)
    return Table(title, pd.DataFrame(columns), ("followed_up",), links=links, nothing=nothing, marks=marks)


def listings() -> tuple[Listing, ...]:
    """The lists of the page, in the guideline's order, around the exemptions (§ 4) and before the criteria (§ 7)."""
    way = _("§ 3.2. Digital first, but nobody left out. 100% digital and no other way in breaks with that.")
    return (
        Listing("ways", ways_heading, way, ways, folded=True),
        Listing("answers", answers_heading, _("§ 5. Those that lack most first."), answers, folded=True),
        Listing(
            "needs", needs_heading, _("§ 5. The oldest first."), needs, form="need", adds=_("Report a fault or need")
        ),
        Listing(
            "process",
            process_heading,
            process_reading(),
            process,
            folded=True,
            form="stage",
            adds=_("State that an e-service came to a stage"),
        ),
    )
