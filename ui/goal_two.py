"""Goal 2: the channels over time, the services with most cases outside e-services, and who has not reported which months."""

from collections import defaultdict

import pandas as pd
import streamlit as st

from analytics.catalogue import GOALS, metrics
from analytics.gaps import Gap, gaps, spans
from analytics.query import Row
from analytics.scope import Scope, shift
from ui import cards, events, goal_headline, goals, heat, names, numbers, page, pictures, store, theme, why
from ui.charts.frame import draw
from ui.charts.ranking import Bar, ranking
from ui.goals import ask, one
from ui.kept import kept
from ui.overview import percentage
from ui.pictures import Shade
from ui.sitemap import open_service
from ui.tables import Table
from ui.text import _, ngettext, words
from ui.theme import Role

GOAL = GOALS[2]
MOST = 10  # services in the picture
ASSISTED, REST = "assisted", "rest"
NAMED: tuple[tuple[str, Role], ...] = (
    ("phone", "grey_1"),
    ("form", "grey_4"),
    ("email", "grey_2"),
)  # dark and light by turns


def _part(row: Row) -> str:
    """Which part of the picture a row belongs to: the channels that are few share one."""
    channel = str(row.by["channel"])
    if channel == "e_service":
        return ASSISTED if row.by["assisted"] else channel
    return channel if channel in dict(NAMED) or channel == "unknown" else REST


def _shades() -> list[Shade]:
    named: list[Shade] = [(code, names.label("channel", code), role) for code, role in NAMED]
    return [
        ("e_service", names.label("channel", "e_service"), "digital"),
        (ASSISTED, _("assisted"), "digital_soft"),
        *named,
        (REST, _("other channels"), "pale"),
        ("unknown", names.label("channel", "unknown"), "unknown"),
    ]


def channels(scope: Scope) -> None:
    """How the cases came in, month by month; every case that is reported."""
    values: dict[tuple[object, object], float] = defaultdict(float)
    for row in ask("cases", scope, "month", "channel", "assisted"):
        if row.value is not None:
            values[row.by["month"], _part(row)] += float(row.value)
    partly = [row.by["month"] for row in ask("reporting", scope, "month") if row.value == 0 and row.denominator]
    pictures.over_time("channels", _shades(), values, scope, marked=True, partly=partly)
    if any(month in partly for month, _part in values):
        page.reading(_("Hatched months: not every channel is reported for any service."))
    shown, counted = sum(values.values()), one(GOAL, scope).denominator or 0
    if shown > counted:
        told = {"shown": numbers.count(shown), "counted": numbers.count(counted)}
        page.reading(
            _(
                "The picture has all {shown} cases; the goal counts the {counted} where every channel is reported."
            ).format(**told)
        )
    events.listed(scope, GOAL)


def headline(scope: Scope) -> str:
    """The finding of the page."""
    return goal_headline.goal(GOAL, scope, _where)


def _where(scope: Scope) -> str:
    rows = ask("fully_reported_cases", scope, "channel")
    others = {row.by["channel"]: float(row.value or 0) for row in rows if row.by["channel"] != "e_service"}
    top = max(others, key=lambda channel: others[channel], default=None)
    if top in (None, "unknown", "other") or not others[top] or list(others.values()).count(others[top]) > 1:
        return ""
    return _("most often by {channel}").format(channel=names.label("channel", top))


@kept
def standing(scope: Scope) -> None:
    """The goal's card beside the channels month by month."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        cards.draw([goals.goal(GOAL, scope)])
        why.line(GOAL, scope)
    with right:
        page.subheading(_("How the cases came in, month by month"))
        channels(scope)


@kept
def beside(scope: Scope) -> None:
    """What stands beside the goal: the median service, assisted cases, and how much is reported."""
    codes = ("digital_submission_median", "assisted_share", "reporting")
    cards.draw([goals.figure(code, scope, words(metrics()[code].definition)) for code in codes])


def _outside(scope: Scope) -> list[Row]:
    """The services with cases outside e-services, most first."""
    rows = [row for row in ask(GOAL, scope, "service") if row.by["service"] is not None and row.denominator]
    left = [row for row in rows if (row.denominator or 0) > (row.numerator or 0)]
    return sorted(left, key=lambda row: (_left(row), str(row.by["service"])), reverse=True)


def _left(row: Row) -> int:
    return int(row.denominator or 0) - int(row.numerator or 0)


@kept
def most_outside(scope: Scope) -> None:
    """The services with the most cases outside e-services; a name leads to the service."""
    rows = _outside(scope)[:MOST]
    if not rows:
        page.reading(_("No service is known to have cases outside e-services."))
        return
    bars = [Bar(names.service(r.by["service"]), _left(r), "grey_2", open_service(str(r.by["service"]))) for r in rows]
    figure = ranking(bars, theme.palette(), say=numbers.count)
    draw(figure, "outside")
    total = _left(one(GOAL, scope))
    said = ngettext(
        "It stands for {share} of all cases outside e-services.",
        "These {n} stand for {share} of all cases outside e-services.",
        len(rows),
    )
    page.reading(said.format(n=numbers.count(len(rows)), share=numbers.percent(sum(map(_left, rows)) / total)))


def outside(scope: Scope) -> Table:
    """Every service with cases outside e-services: how many, of how many, and the digital part."""
    rows = _outside(scope)
    assisted = {row.by["service"]: row.numerator for row in ask("assisted_share", scope, "service")}
    register = {row.by["service"]: row.by["department"] for row in ask(GOAL, scope, "service", "department")}
    columns = {
        _("Service"): [names.service(row.by["service"]) for row in rows],
        _("Department"): [names.department(register[row.by["service"]]) for row in rows],
        _("Outside e-services"): [_left(row) for row in rows],
        _("of cases"): [int(row.denominator or 0) for row in rows],
        _("Digital, %"): [percentage(row) for row in rows],
        _("Assisted"): pd.array([assisted.get(row.by["service"]) for row in rows], "Int64"),
        _("Service id"): [str(row.by["service"]) for row in rows],
    }
    return Table(
        _("Cases outside e-services, by service"),
        pd.DataFrame(columns),
        (GOAL, "assisted_share"),
        decimals=1,
        links=tuple(open_service(str(row.by["service"])) for row in rows),
        nothing=_("No service is known to have cases outside e-services."),
    )


@kept
def reported(scope: Scope) -> None:
    """How much is reported, department by department and month by month."""
    rows = {(row.by["branch"], row.by["month"]): row for row in ask("reporting", scope, "branch", "month")}
    months = [shift(scope.month_from, i) for i in range(scope.months)]
    branches = list(dict.fromkeys(branch for branch, _month in rows if branch is not None))
    lines = [
        heat.Line(
            names.department(branch),
            [_reported_cell(rows.get((branch, month))) for month in months],
            pictures.narrowed(branch, scope),
        )
        for branch in branches
    ]
    title = _("Fully reported service-months by department and month")
    if lines:
        heat.draw(_("Department"), [numbers.month(month) for month in months], lines, title)
    else:
        page.reading(_("Nothing is reported yet"))


def _reported_cell(row: Row | None) -> heat.Cell:
    """Of so many services, how many are reported: here a few are no sample, but all there are."""
    if row is None or row.value is None:
        return heat.Cell(None)
    return heat.Cell(float(row.value), said=numbers.percent(row.value))


def missing(scope: Scope) -> Table:
    """The services with months that are not fully reported: which months, and which channels lack a figure."""
    found: list[Gap] = store.answer(gaps, scope)
    columns = {
        _("Service"): [names.service(gap.service_id) for gap in found],
        _("Department"): [names.department(gap.department_id) for gap in found],
        _("Months missing"): [len(gap.months) for gap in found],
        _("Which months"): [_spans(gap) for gap in found],
        _("What is missing"): [_lacking(gap) for gap in found],
        _("Service id"): [gap.service_id for gap in found],
    }
    return Table(
        _("Months that are not fully reported, by service"),
        pd.DataFrame(columns),
        ("reporting",),
        links=tuple(open_service(gap.service_id) for gap in found),
        nothing=_("No month is missing."),
    )


def _spans(gap: Gap) -> str:
    return ", ".join(numbers.months(*span) for span in spans(gap.months))


def _lacking(gap: Gap) -> str:
    if gap.channels:
        return ", ".join(names.label("channel", code) for code in gap.channels)
    return _("only the e-service is reported, or several services share it")
