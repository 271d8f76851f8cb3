"""A counting week: the sheet that a desk tallies on, and the form that what was tallied is typed into."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from babel.dates import get_day_names
from markupsafe import Markup

from analytics.quality.counting_weeks import Desk, desks, plan, weeks_of
from ui import database, edits
from ui.edits import Rows
from ui.frame import choices, page
from ui.register import saving
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized, language

TABLE = "counted_weeks"
OFFICE_DAYS = range(5)
Held = Mapping[tuple[str, str], str]  # what is counted of the week, by service and channel


def draw() -> None:
    """The desk and the week that the address names, the form to fill in, and the sheet to print."""
    found = {desk.department_id: desk for desk in database.answer(desks, database.period().scope())}
    if not found:
        page.reading(_("Every channel is reported by the month, so no week need be counted."))
        return
    left, right = st.columns(2)
    with left:
        names = {code: labels.department(code) for code in found}
        desk = found[choices.selectbox(_("Who counts"), "desk", names, next(iter(names)))]
    with right:
        listed = _weeks(desk.department_id)
        monday = date.fromisoformat(choices.selectbox(_("Week"), "week", listed, next(reversed(listed))))
    if not edits.is_example() and monday <= database.period().as_of:
        _form(desk, monday)
    st.html(sheet(desk, monday))


def _weeks(department_id: str) -> dict[str, str]:
    """The weeks that can be counted: those of the plan, and others of this year that have begun; last the next of the plan."""
    today = database.period().as_of
    drawn = [
        week.monday for year in (today.year, today.year + 1) for week in database.answer(plan, year, department_id)
    ]
    begun = [monday for monday in database.answer(weeks_of, today.year) if monday <= today and monday not in drawn]
    following = min((monday for monday in drawn if monday + timedelta(6) >= today), default=drawn[-1])
    ordered = [*sorted(begun), *(monday for monday in drawn if monday != following), following]
    told = {monday: _("{week}, in the plan").format(week=numbers.week(monday)) for monday in drawn}
    return {monday.isoformat(): told.get(monday) or numbers.week(monday) for monday in ordered}


def _form(desk: Desk, monday: date) -> None:
    """A number for each service and channel; a blank one was not counted."""
    before = held(edits.current(TABLE), monday)
    ways = channels(desk)
    grid = pd.DataFrame(
        [
            [labels.service(service), *(before.get((service, word), "") for word in _words(ways))]
            for service in desk.services
        ],
        columns=[_("Service"), *map(_channel, ways)],
        dtype=str,
    )
    config = {name: st.column_config.TextColumn(validate=r"^\d*$") for name in map(_channel, ways)}
    key = f"_weeks_{desk.department_id}_{monday}_{database.version()}"
    page.reading(_("Write 0 where nothing came in. Leave blank what was not counted: that is not 0."))
    with st.form(key, border=False):
        after = st.data_editor(grid, hide_index=True, disabled=[_("Service")], column_config=config, key=f"{key}_grid")
        sent = saving.preview_button()
    if sent:
        cells = after[[_channel(way) for way in ways]].fillna("").astype(str).values.tolist()
        rows = changed(desk, monday, before, cells)
        header = [database.datasets()[TABLE].column(code).header for code in ("service_id", "channel", "week", "cases")]
        saving.propose(key, [Rows(TABLE, header, rows)] if rows else [])
    why = _("counting week {week}, {department}").format(
        week=numbers.week_number(monday), department=labels.department(desk.department_id)
    )
    saving.confirm(key, why)


def channels(desk: Desk) -> tuple[str, ...]:
    """Every channel that the desk counts for some service."""
    return tuple(dict.fromkeys(channel for each in desk.services.values() for channel in each))


def held(rows: Sequence[Mapping[str, str]], monday: date) -> Held:
    """What the rows say of the week, by service and channel as a file has it: any day of the week speaks for it."""
    days = {(monday + timedelta(days)).isoformat() for days in range(7)}
    return {(row["service_id"], row["channel"]): row["cases"] for row in rows if row["week"] in days}


def changed(desk: Desk, monday: date, before: Held, cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows for the table, of the numbers that are not as they were; blank ones say nothing."""
    return [
        [service, word, monday.isoformat(), cell.strip()]
        for service, row in zip(desk.services, cells, strict=True)
        for word, cell in zip(_words(channels(desk)), row, strict=True)
        if cell.strip() and before.get((service, word)) != cell.strip()
    ]


def _words(codes: Sequence[str]) -> list[str]:
    """The channels as a file has them."""
    words = {value.code: value.labels["sv"] for value in database.value_lists()["channel"]}
    return [words[code] for code in codes]


def _channel(code: str) -> str:
    return capitalized(labels.label("channel", code))


def sheet(desk: Desk, monday: date) -> Markup:
    """The sheet: a row a service, a column a channel, in each a box for the strokes of every office day."""
    names = get_day_names("short", "format", language())
    boxes = tag("div", *(tag("span", names[day]) for day in OFFICE_DAYS), class_="tally-days")
    ways = channels(desk)
    rows = (
        tag(
            "tr",
            tag("th", labels.service(service), scope="row"),
            *(tag("td", boxes if channel in own else numbers.MISSING) for channel in ways),
        )
        for service, own in desk.services.items()
    )
    title = _("Tally sheet: {department}, {week}").format(
        department=labels.department(desk.department_id), week=numbers.week(monday)
    )
    how = _(
        "One stroke for each case that comes in, on the day it comes. No names. Cases in the e-service are counted by themselves. "
        "When the week is over: add up each row, write 0 where nothing came in."
    )
    head = tag("tr", tag("th", _("Service"), scope="col"), *(tag("th", _channel(way), scope="col") for way in ways))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag(
        "section",
        tag("h3", title),
        tag("p", how, class_="reading"),
        table,
        class_="tally",
        tabindex="0",
        role="group",
        aria_label=title,
    )
