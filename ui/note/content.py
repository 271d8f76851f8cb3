"""The monthly note of a scope, made of the same functions as the pages: once, for whoever writes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analytics.metrics.catalogue import GOAL_CODES, GOALS, metrics
from analytics.metrics.measure import Row
from analytics.metrics.period import as_of
from analytics.metrics.scope import Scope, add_months
from ui import database
from ui.components import headlines, variation
from ui.components.metric_views import known, lowest_goal, one, part_of, share
from ui.components.shares import share_text
from ui.frame import address, filters, organisation, page, practice
from ui.next_steps import department
from ui.note import changes, late
from ui.note.model import Item, Note, Part
from ui.text import numbers
from ui.text.i18n import LANGUAGES, _, language, spoken, words

PATH = "manadsbrev"


def last_month() -> date:
    """The latest month that had ended on the day of the data: that of the note, when nobody has asked for another."""
    period = database.period()
    return period.latest if _has_ended(period.latest) else max(add_months(period.latest, -1), period.earliest)


def _has_ended(month: date) -> bool:
    """Whether the data are of a day after the month, or its last."""
    return database.period().as_of >= _last_day(month)


def _last_day(month: date) -> date:
    return date.fromordinal(add_months(month, 1).toordinal() - 1)


def year(scope: Scope) -> Scope:
    """The twelve months up to the scope's last, or as many as are reported, in today's organisation."""
    first, last = database.period().default(scope.month_to)
    return organisation.of_today(replace(scope, month_from=first, month_to=last, comparison="last_year"))


def note(scope: Scope) -> Note:
    """The note of the last month of a scope; nothing but why not, where the scope holds no service."""
    scope = year(scope)
    empty = page.has_no_services(scope)
    return Note(
        whose=page.describe_departments(scope),
        month=variation.month(scope.month_to),
        code=filters.month_code(scope.month_to),
        language=language(),
        finding=_without_services() if empty else changes.finding(scope),
        facts=_facts(scope),
        parts=() if empty else _parts(scope),
        href=link(scope),
    )


def note_of(department: str, code: str, month: date) -> Note:
    """The note of a department, or of the municipality (""), in a language, where no page is run; its links hold all three."""
    scope = year(Scope(month, month, (department,) if department else ()))
    with spoken(code), address.holding(held(scope, code)):
        return note(scope)


def held(scope: Scope, code: str) -> dict[str, str | Sequence[str]]:
    """The choices that every link of a note keeps, as a page has them in its address."""
    months = {"from": filters.month_code(scope.month_from), "to": filters.month_code(scope.month_to)}
    return {"department": scope.departments, "lang": code if code != LANGUAGES[0] else "", **months}


def link(scope: Scope) -> str:
    """The address of the page of the note, relative to the dashboard."""
    months = {"from_": filters.month_code(scope.month_from), "to": filters.month_code(scope.month_to)}
    return address.link(PATH, department=list(scope.departments), **months)


def _without_services() -> str:
    text = headlines.without_services()
    return text[:1].lower() + text[1:]


def _parts(scope: Scope) -> tuple[Part, ...]:
    return changes.part(scope), _gap(scope), late.part(scope, _day(scope.month_to)), _action(scope)


def _day(month: date) -> date:
    """The day on which it is asked what is late: that of the data for the latest month, else the last of the month."""
    period = database.period()
    return period.as_of if month >= last_month() else database.answer(as_of, month)


def _facts(scope: Scope) -> tuple[str, ...]:
    """What the figures are of, and what a reader must know of them."""
    return tuple(
        filter(
            None,
            (
                filters.audiences()[scope.audience] if scope.audience else "",
                *(filters.chosen_codes(scope) if scope.services else ()),
                page.data_up_to(),
                "" if _has_ended(scope.month_to) else _("the month has not ended"),
                _("counts from 1 to 4 are not shown") if database.period().protected else "",
                practice.mark(),
            ),
        )
    )


def _gap(scope: Scope) -> Part:
    """The goal furthest from being met over the year: what is left of it, its share, and how much of it is known."""
    goal, heading = lowest_goal(scope), _("The largest gap")
    rows = {code: one(code, scope) for code in GOAL_CODES}
    row = rows[GOALS[goal]]
    if row.value == 1:
        rest = _("Nothing is left of what is reported, but not all is reported")
        return Part(heading, sentences=(f"{headlines.met(rows) or rest}.",))
    title = headlines.goal(GOALS[goal], scope, lambda _scope: "")
    name = words(metrics()[GOALS[goal]].title)
    href = address.link(f"mal-{goal}")
    return Part(heading, (Item(title, _measured(GOALS[goal], row, scope), _("See {page}").format(page=name), href),))


def _measured(code: str, row: Row, scope: Scope) -> str:
    """The share with its counts and months, and what it rests on."""
    basis = known(metrics()[code], row)
    if row.value is None:
        return f"{basis}." if basis else ""
    span = numbers.months(scope.month_from, scope.month_to)
    value = share_text(share(row))
    counted = "" if share(row).few else f" ({part_of(row)})"
    told = f"{words(metrics()[code].title)}, {span}: {value}{counted}."
    return f"{told} {basis}." if basis else told


def _action(scope: Scope) -> Part:
    """What to do first: the first step that is not to report what is missing, which is told as late."""
    reports = department.to_report(scope)
    steps = [each for each in department.advice(scope) if each not in reports]
    heading = _("To do first")
    if not steps:
        return Part(heading, sentences=(_("Report what is missing. Then it can be seen what to do."),))
    first = steps[0]
    if not first.title:
        return Part(heading, (), (first.sentence,))
    return Part(heading, (Item(first.title, first.sentence, first.link, first.href),))
