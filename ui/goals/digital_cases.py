"""Goal 2: the channels over time, the services with most cases outside e-services, and who has not reported which months."""

import streamlit as st

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope, month_range
from analytics.quality.missing_reports import ReportingGap, reporting_gaps
from ui import database
from ui.components import data_basis, figures, headlines, inclusion, metric_views, trends
from ui.components.cells import bar_cells, share_cell
from ui.components.heatmap import Cell, nothing_to_report
from ui.components.metric_views import ask, one, share
from ui.components.shares import share_text
from ui.components.tables import Marked, Table, percentage, service_table, whole_numbers
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.text import labels, numbers
from ui.text.i18n import _

GOAL = GOALS[2]
MOST = 3  # services that a heading counts


def headline(scope: Scope) -> str:
    """The finding of the page."""
    return headlines.goal(GOAL, scope, _where)


def _where(scope: Scope) -> str:
    rows = ask("fully_reported_cases", scope, "channel")
    others = {row.by["channel"]: float(row.value or 0) for row in rows if row.by["channel"] != "e_service"}
    top = max(others, key=lambda channel: others[channel], default=None)
    if top in (None, "unknown", "other") or not others[top] or list(others.values()).count(others[top]) > 1:
        return ""
    return _("most often by {channel}").format(channel=labels.label("channel", top))


@cached_block
def related_figures(scope: Scope) -> None:
    """How much is reported, folded."""
    codes = ("reporting",)
    with st.expander(_("More about the goal")):
        figures.draw(
            [metric_views.figure(code, scope, metric_views.known(metrics()[code], one(code, scope))) for code in codes]
        )


@cached_block
def beside(scope: Scope) -> None:
    """Beside the goal of 100 %: the other way in that remains, what staff typed in, what was given up; where its row has it not."""
    if one(GOAL, scope).value != 1:
        page.reading(inclusion.beside(scope))
    data_basis.definitions_of(*inclusion.METRICS)


def _outside(scope: Scope) -> list[Row]:
    """The services with cases outside e-services, most first."""
    rows = [row for row in ask(GOAL, scope, "service") if row.by["service"] is not None and row.denominator]
    left = [row for row in rows if (row.denominator or 0) > (row.numerator or 0)]
    return sorted(left, key=lambda row: (_left(row), str(row.by["service"])), reverse=True)


def _left(row: Row) -> int:
    return int(row.denominator or 0) - int(row.numerator or 0)


def outside_heading(scope: Scope) -> str:
    """How much of all cases outside e-services the largest services stand for."""
    rows = _outside(scope)
    n = min(MOST, len(rows))
    if not n or n == len(rows):
        return _("Cases in another way than an e-service")
    part = numbers.percent(sum(map(_left, rows[:n])) / sum(map(_left, rows)))
    return numbers.plural(
        "{n} service stands for {share} of the cases that came in another way",
        "{n} services stand for {share} of the cases that came in another way",
        n,
        share=part,
    )


def outside(scope: Scope) -> Table:
    """Every service with cases outside e-services: how many, of how many, and the digital part."""
    rows = _outside(scope)
    assisted = {row.by["service"]: row.numerator for row in ask("assisted_share", scope, "service")}
    weeks = metric_views.from_weeks("fully_reported_cases", scope, "service")
    columns = {
        _("Department"): labels.departments_of(scope, [row.by["service"] for row in rows]),
        _("Another way"): [_left(row) for row in rows],
        _("of cases"): [int(row.denominator or 0) for row in rows],
        _("Digital, %"): [percentage(row) for row in rows],
        _("Typed in by staff"): whole_numbers([assisted.get(row.by["service"]) for row in rows]),
        _("From counting weeks"): whole_numbers([weeks.get(row.by["service"]) for row in rows]),
    }
    title, ids = _("Cases in another way than an e-service, by service"), [str(row.by["service"]) for row in rows]
    nothing = _("We know of no cases that came in another way than an e-service.")
    marks = {
        _("Another way"): Marked("bar", bar_cells([_left(row) for row in rows])),
        _("Digital, %"): Marked("share", [share_cell(share(row)) for row in rows]),
    }
    shown = (_("Department"), _("Another way"), _("Digital, %"), _("Typed in by staff"))
    more = {"decimals": 1, "nothing": nothing, "shown": shown, "marks": marks}
    return service_table(title, ids, columns, (GOAL, "assisted_share"), **more)


def reported_heading(scope: Scope) -> str:
    """How much is fully reported."""
    row = one("reporting", scope)
    if row.value is None:
        return _("What has been reported")
    if share(row).few:
        return _("{part} months are fully reported, counted per service").format(part=share_text(share(row)))
    return _("{share} of the services' months are fully reported").format(share=share_text(share(row)))


@cached_block
def reporting(scope: Scope) -> None:
    """Heat map of the share of fully reported service-months by department and month."""
    rows = [row for row in ask("reporting", scope, "branch", "month") if row.by["branch"] is not None]
    months = {month: numbers.month(month) for month in month_range(scope.month_from, scope.month_to)}
    title = _("Share of services fully reported, by department and month")
    trends.heat_by_department("month", rows, months, _reported_cell, scope, title, nothing_to_report())


def _reported_cell(row: Row) -> Cell:
    """Of so many services, how many are reported: here a few are no sample, but all there are."""
    return nothing_to_report() if row.value is None else Cell(float(row.value), text=numbers.percent(row.value))


def missing(scope: Scope) -> Table:
    """The services with months that are not fully reported: which months, and which channels lack a figure."""
    found = database.answer(reporting_gaps, scope)
    columns = {
        _("Department"): [labels.department(gap.department_id) for gap in found],
        _("Months missing"): [len(gap.months) for gap in found],
        _("Which months"): [numbers.month_list(gap.months) for gap in found],
        _("What is missing"): [_lacking(gap) for gap in found],
    }
    title, ids = _("Months that are not fully reported, by service"), [gap.service_id for gap in found]
    marks = {_("Months missing"): Marked("bar", bar_cells([len(gap.months) for gap in found]))}
    more = {"nothing": _("No month is missing."), "marks": marks}
    return service_table(title, ids, columns, ("reporting", "missing_reports"), **more)


def _lacking(gap: ReportingGap) -> str:
    if gap.channels:
        return ", ".join(labels.label("channel", code) for code in gap.channels)
    return _("no other channel than the e-service is reported, or several services share it")
