"""The cost over time: month by month, per digital case, per e-service. Compared with itself, never between services."""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.costs.unit_costs import UnitCost, unit_costs
from analytics.metrics.scope import Scope
from ui import database
from ui.charts.amount_line import amount_line
from ui.charts.event_marks import Mark
from ui.components import events, tables
from ui.components.metric_views import ask
from ui.components.tables import Table
from ui.costs import summary
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

ALIKE = Decimal("0.02")  # a change of less is about the same


def load_unit_costs(scope: Scope) -> list[UnitCost]:
    """Each month of the period, with the twelve that end there."""
    return database.answer(unit_costs, scope)


def kronor(value: float | Decimal | None) -> str:
    """A unit cost: with öre below a hundred kronor."""
    if value is None or not -100 < value < 100 or value == 0:
        return numbers.money(value)
    return _("SEK {number}").format(number=numbers.number(value, 2))


def method(scope: Scope) -> str:
    """How it is counted, in words, and what it must not be used for."""
    if len(scope.departments) > 1:
        said = _(
            "The chosen departments' own other costs over twelve months ÷ their digital cases (e-services) in them."
            " What the system owner pays for all is not in it."
        )
    elif scope.departments:
        said = _(
            "The department's own other costs over twelve months ÷ its digital cases (e-services) in them."
            " What the system owner pays for all is not in it."
        )
    else:
        said = _("The platform's fixed and variable cost over twelve months ÷ the digital cases (e-services) in them.")
    each = _("E-services are counted one by one, also where a service has several.")
    return " ".join((said, each, _("Compare over time only, not between services, since services differ.")))


def finding(scope: Scope) -> str:
    """What a digital case costs now, and how far that is from the first month; the plain heading where no month is known."""
    known = [(row.month, row.per_case) for row in load_unit_costs(scope) if row.per_case is not None]
    if not known:
        return _("Over time")
    (first, then), (last, now) = known[0], known[-1]
    told = {"now": kronor(now), "month": numbers.month(first), "size": kronor(abs(now - then))}
    alone, alike, less, more = _own_findings() if scope.departments else _findings()
    if first == last or not then:
        return alone.format(**told)
    if abs(now - then) < ALIKE * abs(then) or kronor(now) == kronor(then):
        return alike.format(**told)
    return (less if now < then else more).format(**told)


def _findings() -> tuple[str, str, str, str]:
    """What the platform costs per digital case: alone, about as before, less, and more."""
    return (
        _("A digital case costs {now}"),
        _("A digital case costs {now}, about as in {month}"),
        _("A digital case costs {now}, {size} less than in {month}"),
        _("A digital case costs {now}, {size} more than in {month}"),
    )


def _own_findings() -> tuple[str, str, str, str]:
    """The same of chosen departments, whose own costs are another sum than the platform's."""
    return (
        _("Own costs per digital case: {now}"),
        _("Own costs per digital case: {now}, about as in {month}"),
        _("Own costs per digital case: {now}, {size} less than in {month}"),
        _("Own costs per digital case: {now}, {size} more than in {month}"),
    )


def reading(scope: Scope) -> str:
    """What the lines are; blank where there is none."""
    told = _("Cost per digital case and per e-service. Each point shows the last twelve months.")
    if scope.departments:
        told = _("Own other costs per digital case and per e-service. Each point shows the last twelve months.")
    return told if any(row.per_case is not None for row in load_unit_costs(scope)) else ""


@cached_block
def block(scope: Scope) -> None:
    """Side by side: the cost month by month, what a digital case costs, what an e-service costs."""
    if not ask("cost", scope, "month"):
        page.reading(_("No costs are booked in the selection."))
        return
    marks = events.marks(scope, register=True)
    shown = [(_("Month by month"), summary.monthly_line(scope, marks)), *charts(scope, marks)]
    figures = (tag("figure", tag("h3", title), line) for title, line in shown)
    st.html(tag("div", *figures, class_="small-lines"))
    if len(shown) == 1:
        page.reading(_("A cost per case takes twelve months of costs and digital cases."))
    events.listed(scope, register=True)


def charts(scope: Scope, marks: Sequence[Mark] = ()) -> list[tuple[str, Markup]]:
    """A line per digital case and one per e-service, each with its title; none where no month is known."""
    rows = load_unit_costs(scope)
    per_case, per_e_service = _("Per digital case"), _("Per e-service on the platform")
    if scope.departments:
        per_case, per_e_service = _("Own costs per digital case"), _("Own costs per e-service on the platform")
    courses = (
        (per_case, [(row.month, row.per_case) for row in rows]),
        (per_e_service, [(row.month, row.per_e_service) for row in rows]),
    )
    known = [(title, course) for title, course in courses if any(value is not None for _month, value in course)]
    return [(title, amount_line(course, name=title, say=kronor, marks=marks)) for title, course in known]


def columns(rows: Sequence[UnitCost]) -> dict[str, object]:
    """Of each month: the cost of the twelve that end there, their digital cases, and what one costs."""
    return {
        _("Month"): tables.months([row.month for row in rows]),
        _("Cost of twelve months, SEK"): [_number(row.cost) for row in rows],
        _("Digital cases"): pd.array([row.cases for row in rows], "Int64"),
        _("Per digital case, SEK"): [_number(row.per_case) for row in rows],
    }


def table(scope: Scope) -> Table:
    """A row a month: the same, with what each month cost, the e-services, and what one of them costs."""
    rows, monthly, each = load_unit_costs(scope), _("Cost, SEK"), _("Per e-service, SEK")
    booked = {row.by["month"]: row.value for row in ask("cost", scope, "month")}
    shared = columns(rows)
    more = {
        monthly: tables.amounts([booked.get(row.month) for row in rows]),
        each: [_number(row.per_e_service) for row in rows],
        _("E-services"): pd.array([row.e_services for row in rows], "Int64"),
    }
    month, *others = shared
    title = _("Cost per digital case and per e-service")
    return Table(
        _("Own other costs per digital case and per e-service") if scope.departments else title,
        pd.DataFrame(shared | more),
        ("cost", "cost_per_digital_case", "cost_per_e_service"),
        decimals=2,
        shown=(month, monthly, *others, each),
        how=method(scope),
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 2)
