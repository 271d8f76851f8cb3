"""Goal 3: which steps are digital where, the step that stops most cases, what enables them, and how cases are actually handled."""

import streamlit as st

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.service_history import STEPS
from analytics.registers.services import service_statuses
from ui import database
from ui.charts.base import draw
from ui.charts.ranked_bars import Bar, ranked_bars
from ui.components import figures, headlines, metric_views, trends
from ui.components.cells import bar_cells, steps_key
from ui.components.heatmap import Cell
from ui.components.metric_views import ask, one, part_of, share
from ui.components.service_cells import steps_cells
from ui.components.shares import share_text
from ui.components.tables import Marked, Table, service_table, whole_numbers
from ui.decomposition import goals
from ui.frame import page, theme
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _

GOAL = GOALS[3]
HANDLED = ("automatic", "digital", "partial", "manual")


def _stopped(scope: Scope) -> list[tuple[str, Row]]:
    """The steps with the cases that each stops, most first; those that stop none are left out."""
    rows = {str(row.by["step"]): row for row in ask("stopped_cases", scope, "step")}
    found = [(step, rows[step]) for step in STEPS if step in rows and rows[step].numerator]
    return sorted(found, key=lambda pair: -float(pair[1].numerator or 0))


def headline(scope: Scope) -> str:
    """The finding of the page."""
    return headlines.goal(GOAL, scope, _where)


def _where(scope: Scope) -> str:
    found = _stopped(scope)
    if not found or (len(found) > 1 and found[0][1].numerator == found[1][1].numerator):
        return ""
    return _("and {step} stops the most").format(step=labels.label("step", found[0][0]))


@cached_block
def status(scope: Scope) -> None:
    """The goal's row, and the digital steps by department."""
    goals.draw_goal(GOAL, scope)
    page.subheading(_("Digital steps, department by department"))
    caption = _("Services where the step is digital, of those where it applies and is reported")
    steps = {step: labels.label("step", step) for step in STEPS}
    rows = ask("digital_steps", scope, "branch", "step")
    trends.heat_by_department("step", rows, steps, _step_cell, scope, caption)


def _step_cell(row: Row) -> Cell:
    if row.value is None:
        return Cell(None, text=_("n/a") if row.state == "not_applicable" else "")
    return Cell(float(row.value), int(row.numerator or 0), int(row.denominator or 0))


@cached_block
def blocking_steps(scope: Scope) -> None:
    """The steps by number of cases each blocks, and what enables digital steps."""
    left, right = st.columns(2, gap="medium")
    with left:
        page.subheading(_("Which step stops the most cases"))
        _stopping(scope)
    with right:
        page.subheading(_("What makes steps digital"))
        _enablers(scope)


def _stopping(scope: Scope) -> None:
    found = _stopped(scope)
    if not found:
        page.reading(_("No step is known to stop any case."))
        return
    bars = [Bar(labels.label("step", step), row.numerator) for step, row in found]
    draw(ranked_bars(bars, theme.palette(), say=numbers.count), "stopping")
    step, row = found[0]
    told = {"step": labels.label("step", step), "n": numbers.count(row.numerator), "of": numbers.count(row.denominator)}
    page.reading(
        _("The step {step} is not digital for {n} of {of} cases. A case can be stopped by several steps.").format(
            **told
        )
    )


def _enablers(scope: Scope) -> None:
    rows = [row for row in ask("digital_steps", scope, "enabler") if row.numerator]
    rows.sort(key=lambda row: -float(row.numerator or 0))
    if not rows:
        page.reading(_("No step is known to be digital."))
        return
    bars = [Bar(labels.label("enabler", r.by["enabler"]), r.numerator, "digital") for r in rows if r.by["enabler"]]
    bars += [Bar(_("nothing in particular"), r.numerator, "grey_4") for r in rows if not r.by["enabler"]]
    draw(ranked_bars(bars, theme.palette(), say=numbers.count), "enablers")
    page.reading(_("Digital steps by what enables them, on the last day of the period."))


@cached_block
def related_figures(scope: Scope) -> None:
    """Services, steps, and actual handling."""
    codes = ("digital_handling_but_archiving", "digital_handling_services", "digital_steps", "actual_digital_handling")
    figures.draw(
        [metric_views.figure(code, scope, metric_views.known(metrics()[code], one(code, scope))) for code in codes]
    )


@cached_block
def actual_handling(scope: Scope) -> None:
    """How cases were actually handled, where that is known."""
    rows = {row.by["handling"]: row.value for row in ask("cases", scope, "handling") if row.value}
    known = [(code, rows[code]) for code in HANDLED if code in rows]
    if not known:
        page.reading(
            _("It is not known how any case was handled. The column handlaggning in the table arenden tells it.")
        )
        return
    roles: dict[str, Role] = {"automatic": "digital", "digital": "digital_soft"}
    bars = [Bar(labels.label("handling", code), value, roles.get(str(code), "grey_2")) for code, value in known]
    if None in rows:
        bars.append(Bar(_("not known"), rows[None], "unknown"))
    draw(ranked_bars(bars, theme.palette(), say=numbers.count), "actual")
    row = one("actual_digital_handling", scope)
    page.reading(
        _("{share} of the cases known were handled automatically or digitally.").format(share=share_text(share(row)))
    )


def blocked_services(scope: Scope) -> Table:
    """The services with a step that is not digital, most cases first, with the steps that stop them."""
    found = [s for s in database.answer(service_statuses, scope) if s.handling in ("not_digital", "not_reported")]
    found.sort(key=lambda s: -float(s.cases.value or 0))
    steps = _by_service(scope)
    columns = {
        _("Department"): labels.departments_of(scope, [s.service_id for s in found]),
        _("Cases"): whole_numbers([s.cases.value for s in found]),
        _("Digital steps"): [part_of(s.steps) for s in found],
        _("Not digital"): [_listed(steps.get((s.service_id, "not_digital"), [])) for s in found],
        _("Not reported"): [_listed(steps.get((s.service_id, "not_reported"), [])) for s in found],
    }
    title = _("Services with steps that are not digital, or not reported")
    nothing = _("Every step of every service is digital, or does not apply.")
    marks = {
        _("Cases"): Marked("bar", bar_cells([s.cases.value for s in found])),
        _("Digital steps"): Marked("steps", steps_cells(scope, found)),
    }
    shown = (_("Department"), _("Cases"), _("Digital steps"), _("Not digital"))
    ids, more = [s.service_id for s in found], {"nothing": nothing, "shown": shown, "marks": marks, "key": steps_key()}
    return service_table(title, ids, columns, ("digital_steps", "cases"), **more)


def _by_service(scope: Scope) -> dict[tuple[object, object], list[str]]:
    """The steps of each service in each state at the end of the period."""
    found: dict[tuple[object, object], list[str]] = {}
    for row in ask("digital_steps", scope, "service", "state", "step"):
        found.setdefault((row.by["service"], row.by["state"]), []).append(str(row.by["step"]))
    return found


def _listed(steps: list[str]) -> str:
    return ", ".join(labels.label("step", step) for step in sorted(steps, key=STEPS.index))
