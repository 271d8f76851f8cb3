"""How the e-services are used and liked, where people give up, and why they make contact."""

from collections.abc import Sequence

import pandas as pd

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.benefit import ContactRate, Use, contact_rates, use
from analytics.registers.e_services import e_services
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components.cells import bar_cells
from ui.components.metric_views import ask, one, share
from ui.components.shares import share_text
from ui.components.tables import Marked, Table, amounts, months, percentage, service_table, whole_numbers
from ui.frame import address
from ui.frame.sitemap import service_link
from ui.text import labels, numbers
from ui.text.i18n import _


def heading(scope: Scope) -> str:
    """The grade and how many give up."""
    liked, left = one("satisfaction", scope), one("abandonment", scope)
    grade = _("The residents give {grade} of 5").format(grade=numbers.number(liked.value)) if _enough(liked) else ""
    part = (
        _("{share} of the cases begun are given up").format(share=share_text(share(left)))
        if left.value is not None
        else ""
    )
    return ", ".join(filter(None, (grade, part))) or _("How the e-services are used")


def _enough(row: Row) -> bool:
    return row.value is not None and (row.denominator or 0) >= MIN_DENOMINATOR


def reading(scope: Scope) -> str:
    """How many answered."""
    liked = one("satisfaction", scope)
    if not liked.denominator or not liked.population:
        return _("Satisfaction and abandoned cases come from the table anvandning.")
    counts = {
        "n": numbers.count(liked.denominator),
        "share": numbers.percent(float(liked.denominator) / float(liked.population)),
    }
    return _("{n} answers, {share} of those who sent in. Where most gave up stands first.").format(**counts)


def table(scope: Scope) -> Table:
    """A row an e-service: grade, answers and response rate, how many give up, and the worst step."""
    entries, register = database.answer(use, scope), database.answer(e_services)
    liked = [one.satisfaction for one in entries]
    gave_up = [one.abandonment.numerator if one.abandonment else None for one in entries]
    columns = {
        _("E-service"): [labels.e_service(one.e_service_id) for one in entries],
        _("Given up"): whole_numbers(gave_up),
        _("Given up, %"): [percentage(one.abandonment) for one in entries],
        _("Where most"): [_worst(one) for one in entries],
        _("Grade 1–5"): amounts([row.value if row and _enough(row) else None for row in liked]),
        _("Answers"): whole_numbers([row.denominator if row else None for row in liked]),
        _("Answered, %"): amounts([_rate(row) for row in liked]),
        _("E-service id"): [one.e_service_id for one in entries],
    }
    links = tuple(
        service_link(register[one.e_service_id].services[0])
        if one.e_service_id in register and register[one.e_service_id].services
        else address.link("koppla")
        for one in entries
    )
    marks = {_("Given up"): Marked("bar", bar_cells(gave_up))}
    return Table(_("Satisfaction and abandoned cases, by e-service"), pd.DataFrame(columns), ("satisfaction", "abandonment"), 1,
                 links=links, marks=marks, nothing=_("Nothing of this is reported in the table anvandning."))  # fmt: skip


def _worst(used: Use) -> str:
    return f"{used.worst_step} ({numbers.out_of(used.worst, used.stopped)})" if used.worst_step else ""


def _rate(row: Row | None) -> float | None:
    return 100 * float(row.denominator) / float(row.population) if row and row.denominator and row.population else None


def by_month(scope: Scope) -> Table:
    """A row a month: the grade of that month's answers, and how many gave up."""
    liked, left = (ask(code, scope, "month") for code in ("satisfaction", "abandonment"))
    columns = {
        _("Month"): months([row.by["month"] for row in liked]),
        _("Grade 1–5"): amounts([row.value if _enough(row) else None for row in liked]),
        _("Answers"): whole_numbers([row.denominator for row in liked]),
        _("Answered, %"): amounts([_rate(row) for row in liked]),
        _("Given up, %"): [percentage(row) for row in left],
        _("Begun"): whole_numbers([row.denominator for row in left]),
    }
    known = any(row.value is not None for row in (*liked, *left))
    return Table(_("Satisfaction and abandoned cases, month by month"), pd.DataFrame(columns) if known else pd.DataFrame(),
                 ("satisfaction", "abandonment"), 1)  # fmt: skip


def contacts_heading(scope: Scope) -> str:
    """How many contacts there are per hundred cases, and how many of them ask where the case is."""
    entries = database.answer(contact_rates, scope)
    cases = sum(each.cases for each in entries)
    if not cases:
        return _("Why residents make contact")
    every, chasing = (100 * sum(getattr(each, name) for each in entries) / cases for name in ("contacts", "chasing"))
    return _("{n} contacts per 100 cases, {chasing} of them ask where the case is").format(
        n=numbers.count(every), chasing=numbers.count(chasing)
    )


def contacts(scope: Scope) -> Table:
    """A row a service: contacts per hundred cases, those that chase apart, most first."""
    entries = database.answer(contact_rates, scope)
    ids = [str(each.key) for each in entries]
    rates = [each.per_100 for each in entries]
    columns = {
        _("Department"): labels.departments_of(scope, ids),
        _("Contacts per 100 cases"): amounts(rates),
        _("Of them where the case is"): amounts([each.chasing_per_100 for each in entries]),
        _("Contacts"): [each.contacts for each in entries],
        _("Cases"): [each.cases for each in entries],
    }
    marks = {_("Contacts per 100 cases"): Marked("bar", bar_cells(rates))}
    nothing = _("No contacts are reported in the table kontakter, or none of services with cases.")
    return service_table(
        _("Contacts, by service"),
        ids,
        columns,
        ("contacts_per_100", "contacts"),
        decimals=0,
        marks=marks,
        nothing=nothing,
    )


def contact_months(scope: Scope) -> Table:
    """A row a month: contacts per hundred cases, those that chase apart."""
    entries = database.answer(contact_rates, scope, "month")
    return _rates(_("Contacts, month by month"), _("Month"), months([one.key for one in entries]), entries)


def contact_channels(scope: Scope) -> Table:
    """A row a channel: contacts per hundred cases, those that chase apart."""
    entries = database.answer(contact_rates, scope, "channel")
    names = [labels.label("channel", str(one.key)) for one in entries]
    return _rates(_("Contacts, by channel"), _("Channel"), names, entries)


def _rates(title: str, of: str, names: object, entries: Sequence[ContactRate]) -> Table:
    columns = {
        of: names,
        _("Contacts per 100 cases"): amounts([one.per_100 for one in entries]),
        _("Of them where the case is"): amounts([one.chasing_per_100 for one in entries]),
        _("Contacts"): [one.contacts for one in entries],
        _("Cases"): [one.cases for one in entries],
    }
    return Table(title, pd.DataFrame(columns), ("contacts_per_100", "contacts"), 1)


def reasons(scope: Scope) -> Table:
    """How many contacts there were of each reason."""
    rows = [row for row in ask("contacts", scope, "reason") if row.value]
    rows.sort(key=lambda row: -float(row.value or 0))
    every = sum(float(row.value or 0) for row in rows)
    columns = {
        _("Reason for the contact"): [labels.label("contact_reason", row.by["reason"]) for row in rows],
        _("Contacts"): [int(row.value or 0) for row in rows],
        _("Share, %"): [100 * float(row.value or 0) / every for row in rows],
    }
    return Table(_("Why residents make contact"), pd.DataFrame(columns), ("contacts",), 1)
