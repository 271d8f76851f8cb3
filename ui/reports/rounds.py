"""The reporting round that is open: who is ready, what each department lacks, and reminders to send."""

from urllib.parse import quote, urlencode

import pandas as pd
import streamlit as st

from analytics.metrics.scope import Scope
from analytics.priorities.rounds import Round, Standing, rounds, standings
from ui import database
from ui.components import tables
from ui.components.tables import Table, whole_numbers
from ui.frame import address, filters, page
from ui.frame.cached_blocks import cached
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

LACKING = "datakvalitet"  # the page of what is not reported


def opened() -> Round | None:
    """The latest round; None where there is none, or the report of its period is frozen since it was opened."""
    latest = next(iter(database.answer(rounds)), None)
    if latest is None:
        return None
    span = filters.month_code(latest.month_from), filters.month_code(latest.month_to)
    frozen = (one for one in database.store().reports() if one.at and one.at.date() >= latest.opened_on)
    return None if any(one.months == span and not one.departments for one in frozen) else latest


def block(scope: Scope) -> None:
    """The round that is open; the way to open one where none is."""
    one = opened()
    if one is None:
        months = {"month_from": filters.month_code(scope.month_from), "month_to": filters.month_code(scope.month_to)}
        page.link_line(_("Open a reporting round"), address.link("register", "form", do="round", **months))
        return
    found = database.answer(standings, one, scope)
    page.heading(headline(one, found), reading(one, found), "round")
    if one.scope(scope) != scope:
        page.link_line(_("Choose the round's period"), _period_link(one))
    if found:
        tables.draw("round", table, scope, one)
        mark = address.link("register", "form", do="ready", round_id=one.round_id)
        page.link_line(_("Mark a department as ready"), mark)
        _reminders(one, [each for each in found if each.ready_on is None])


def _period_link(one: Round) -> str:
    """The page with what the round's report is of: its period, and the whole organisation."""
    months = {"from_": filters.month_code(one.month_from), "to": filters.month_code(one.month_to)}
    nothing = dict.fromkeys(("department", "audience", *filters.codings()))
    return address.link("rapporter", "freeze", **months, **nothing)


def headline(one: Round, found: list[Standing]) -> str:
    """How many departments are ready, as a finding."""
    ready = sum(1 for each in found if each.ready_on)
    period = capitalized(numbers.months(one.month_from, one.month_to))
    if found and ready == len(found):
        return _("{period}: every department is ready").format(period=period)
    told = {"period": period, "n": numbers.count(ready), "all": numbers.count(len(found))}
    return _("{period}: {n} of {all} departments are ready").format(**told)


def reading(one: Round, found: list[Standing]) -> str:
    """By when, and what comes next."""
    due = _("They were to be ready by {day}.") if _is_late(one) else _("They are to be ready by {day}.")
    parts = [due.format(day=numbers.day(one.due_on))] if one.due_on else []
    if found and all(each.ready_on for each in found):
        parts.append(_("Freeze the report of the period below to close the round."))
    return " ".join(parts)


def _is_late(one: Round) -> bool:
    return one.due_on is not None and one.due_on < database.period().as_of


def table(scope: Scope, one: Round) -> Table:
    """What each department lacks, and whom the round waits for; a row leads to what is missing."""
    found = database.answer(standings, one, scope)
    columns = {
        _("Department"): [labels.department(each.department_id) for each in found],
        _("Months not fully reported"): whole_numbers([each.missing for each in found]),
        _("Not explained"): whole_numbers([each.unexplained for each in found]),
        _("Ready"): [each.ready_on for each in found],
        _("Waits for"): [waits_for(each) for each in found],
    }
    links = tuple(
        address.link(
            LACKING,
            "reported",
            department=[each.department_id],
            from_=filters.month_code(one.month_from),
            to=filters.month_code(one.month_to),
        )
        for each in found
    )
    return Table(_("The departments in the round"), pd.DataFrame(columns), ("reporting",), links=links)


def waits_for(each: Standing) -> str:
    """What the round waits for from a department."""
    if each.ready_on:
        return _("nothing")
    if each.missing:
        return _("what is missing")
    return _("an explanation") if each.unexplained else _("that it marks itself ready")


def _reminders(one: Round, late: list[Standing]) -> None:
    """A text for each department that is not ready, to copy or to open as a mail."""
    if not late:
        return
    with st.expander(cached(_reminder_title, len(late))):
        for each in late:
            text = reminder(one, each)
            page.subheading(labels.department(each.department_id))
            st.code(text, language=None, wrap_lines=True)
            page.link_line(_("Open as a mail"), mail(text))


def _reminder_title(n: int) -> str:
    return numbers.plural("{n} reminder to copy or mail", "{n} reminders to copy or mail", n)


def mail(text: str) -> str:
    """The address that opens a mail of the text, its first line the subject; to whom is left to who sends it."""
    subject, _end, body = text.partition("\n")
    return f"mailto:?subject={quote(subject)}&body={quote(body.replace(chr(10), chr(13) + chr(10)))}"


def reminder(one: Round, each: Standing) -> str:
    """What to write to a department: the period, what it lacks, and by when."""
    period = numbers.months(one.month_from, one.month_to)
    lines = [
        _("Follow-up of e-services, {period}: {department}").format(
            period=period, department=labels.department(each.department_id)
        )
    ]
    if each.missing:
        lines.append(
            numbers.plural(
                "{n} month is not fully reported, counted per service.",
                "{n} months are not fully reported, counted per service.",
                each.missing,
            )
        )
    if each.unexplained:
        lines.append(
            numbers.plural("{n} deviation is not explained", "{n} deviations are not explained", each.unexplained) + "."
        )
    if one.due_on:
        lines.append(
            _("Send in what is missing and mark yourselves ready by {day}.").format(day=numbers.day(one.due_on))
        )
    if home := address.home():
        of = {"department": each.department_id, "from": filters.month_code(one.month_from)}
        lines.append(f"{home}{LACKING}?{urlencode(of | {'to': filters.month_code(one.month_to)})}#reported")
    return "\n".join(lines)
