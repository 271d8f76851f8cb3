"""What is in no register and what cannot all be true: what each means, what to do, and who should."""

from collections import Counter

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.metrics.dimensions import service_names
from analytics.metrics.scope import Scope
from analytics.quality import consistency
from analytics.quality.consistency import Contradiction, Unmatched
from analytics.quality.missing_reports import month_spans
from ui import database
from ui.components.tables import Table
from ui.frame import address
from ui.frame.cached_blocks import kept
from ui.frame.sitemap import open_service
from ui.text import html, labels, numbers
from ui.text.i18n import _, words


def every_unmatched() -> list[Unmatched]:
    """Every id that is in no register."""
    return database.answer(consistency.unmatched)


def every_contradiction(scope: Scope) -> list[Contradiction]:
    """Everything in the scope that cannot all be true."""
    return database.answer(consistency.contradictions, scope)


def unmatched(_scope: Scope) -> Table:
    """Every id that is in no register, whatever is chosen: what it means, what to do and who should."""
    found, means = every_unmatched(), _means()
    columns = {
        _("Id"): [u.id for u in found],
        _("Rows"): [u.rows for u in found],
        _("Table"): [_table(u.table) for u in found],
        _("Column"): [_header(u) for u in found],
        _("What to do"): [_place(u) for u in found],
        _("Who"): [_who((u.department_id,) if u.department_id else ()) for u in found],
        _("What it means"): [means[u.table, u.column] for u in found],
    }
    return Table(
        _("Ids that are in no register"),
        pd.DataFrame(columns),
        ("contradictions",),
        narrowed=_("The whole municipality, all months"),
        links=tuple(address.link("importera") for u in found),
        nothing=_("Every id is in its register."),
    )


def _table(code: str) -> str:
    return words(database.datasets()[code].title)


def _header(found: Unmatched) -> str:
    return next(c.header for c in database.datasets()[found.table].columns if c.code == found.column)


def _place(found: Unmatched) -> str:
    if found.register == found.table:
        return _("Add it to {register}, or correct it there").format(register=_table(found.register))
    told = {"register": _table(found.register), "table": _table(found.table)}
    return _("Add it to {register}, or correct it in {table}").format(**told)


def _who(departments: tuple[str, ...]) -> str:
    """Who should see to it: the head where it concerns one department, else the system manager."""
    if len(departments) == 1:
        return _("The head of {department}").format(department=labels.department(departments[0]))
    return _("The system manager")


def _means() -> dict[tuple[str, str], str]:
    """What an unknown id means, by table and column."""
    own = {
        ("departments", "parent_id"): _("The department stands by itself"),
        ("services", "department_id"): _("The service belongs to no department"),
        ("e_services", "department_id"): _("The e-service belongs to no department"),
        ("versions", "e_service_id"): _("The cases of that version belong to no e-service"),
        ("sightings", "e_service_id"): _("It is not known what it is"),
        ("links", "service_id"): _("The e-service is not counted for the service"),
        ("links", "e_service_id"): _("It is not known what the service offers"),
        ("handling_steps", "service_id"): _("The steps are not counted"),
        ("rules", "payer"): _("The costs that the rule places have no payer"),
        ("rules", "e_service_id"): _("The costs that the rule places are shown for no service"),
        ("costs", "e_service_id"): _("The cost is shown for no service"),
        ("cost_shares", "cost_id"): _("The share is not used"),
        ("budgets", "department_id"): _("The budget belongs to no department"),
        ("targets", "department_id"): _("The target belongs to no department"),
    }
    tables = {
        "exemptions": _("The exemption has no effect"),
        "cases": _("The cases belong to no department"),
        "case_counts": _("The cases belong to no department"),
        "costs": _("The cost may lack a payer"),
        "cost_shares": _("The cost may lack a payer"),
        "events": _("The event is not shown where it belongs"),
    }
    return {place: own.get(place) or tables[place[0]] for place in consistency.REFERENCES}


def kinds_of() -> dict[str, tuple[str, str, str]]:
    """By kind of contradiction: what it is called, what it means, and what to do."""
    return {
        "counted_twice": (
            _("Counted in two ways, with different results"),
            _("The cases one by one are used, the monthly count is not."),
            _("Correct the one that is wrong."),
        ),
        "sunk": (
            _("Counts that have sunk in their source"),
            _("Old cases have probably been culled there. The higher count stays."),
            _("Import the file again and accept the lower counts, if they are right."),
        ),
        "no_e_service": (
            _("Cases through an e-service that is not there"),
            _("The cases count as digital, and the service as having no e-service."),
            _("Add the e-service and its link, or correct the channel."),
        ),
        "not_published": (
            _("Cases while the service was not published"),
            _("The cases are counted, the service is not."),
            _("Correct the dates of publication, or which service the cases belong to."),
        ),
        "not_needed": (
            _("An e-service where none is needed"),
            _("The service counts as having an e-service, whatever was decided."),
            _("End the exemption, or correct the link."),
        ),
        "automatic": (
            _("Handled automatically, though a step is not digital"),
            _("By what is said of the steps, that cannot be done."),
            _("Correct the steps, or how the cases were handled."),
        ),
        "shared": (
            _("An e-service that several services share"),
            _("Its cases belong to none of the services, and these are not fully reported."),
            _("Report each service's own cases through the e-service by month."),
        ),
        "totals": (
            _("The platform counts otherwise than what was imported"),
            _("The cases of some e-services are missing, or are counted twice."),
            _("Fetch or import the platform's cases for those months."),
        ),
        "no_service": (
            _("An e-service that belongs to no service"),
            _("It does not count in goal 1, and its cases belong to no department."),
            _("Link it to the service that it is for."),
        ),
        "shares": (
            _("Cost shares that do not make 100%"),
            _("Some or all of the cost has no payer."),
            _("Correct the shares so that they make 100%."),
        ),
    }


@kept
def kinds(scope: Scope) -> None:
    """The kinds of contradiction that there are, each with how many, what it means and what to do."""
    times = Counter(found.kind for found in every_contradiction(scope))
    told: list[Markup] = []
    for kind, (title, means, do) in kinds_of().items():
        if times[kind]:
            told += [html.tag("dt", f"{title} ({numbers.count(times[kind])})"), html.tag("dd", f"{means} {do}")]
    if told:
        st.html(html.tag("dl", *told, class_="facts"))


def contradictions(scope: Scope) -> Table:
    """What cannot all be true: of what, how, in which months, what to do and who should."""
    found, told = every_contradiction(scope), kinds_of()
    columns = {
        _("What it concerns"): [c.name for c in found],
        _("What does not add up"): [_said(c, told[c.kind][0]) for c in found],
        _("Which months"): [", ".join(numbers.months(*span) for span in month_spans(c.months)) for c in found],
        _("Who"): [_who(c.departments) for c in found],
        _("What to do"): [told[c.kind][2] for c in found],
        _("What it means"): [told[c.kind][1] for c in found],
        _("Id"): [c.subject for c in found],
    }
    return Table(
        _("What does not add up"),
        pd.DataFrame(columns),
        ("contradictions",),
        links=tuple(_leads(c) for c in found),
        nothing=_("Nothing has been found that does not add up."),
    )


def _said(found: Contradiction, kind: str) -> str:
    """What cannot all be true, with the numbers; `kind` is what the kind is called."""
    n = int(found.here or 0)
    if found.kind == "counted_twice":
        channels = ", ".join(labels.label("channel", code) for code in found.details)
        told = {"cases": numbers.count(n), "counts": numbers.count(found.there), "channels": channels}
        return _("{channels}: {cases} cases one by one, {counts} in the monthly count").format(**told)
    if found.kind == "totals":
        told = {"here": numbers.count(n), "there": numbers.count(found.there)}
        return _("{here} cases are imported, the platform counts {there}").format(**told)
    if found.kind == "sunk":
        told = {"kept": numbers.count(n), "later": numbers.count(found.there)}
        return _("{later} cases now, {kept} before").format(**told)
    if found.kind == "shares":
        return _("The shares make {share}").format(share=numbers.percent((found.here or 0) / 100, 2))
    if found.kind == "shared":
        told = {"services": ", ".join(labels.service(s) for s in found.services)}
        return _("Shared by {services}").format(**told)
    if found.kind == "not_needed":
        return _("Has an e-service, and exemption {ids}").format(ids=", ".join(found.details))
    return kind if found.here is None else f"{kind}: {numbers.count(n)}"


def _leads(found: Contradiction) -> str:
    """The page where more is seen of it."""
    if found.kind == "shares":
        return address.link("kostnader", "postings")
    known = [s for s in found.services if s in database.answer(service_names)]
    return open_service(known[0]) if known else address.link("importera")
