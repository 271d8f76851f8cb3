"""Goal 3: which steps are digital where, the step that stops most cases, what enables them, and how cases are actually handled."""

import streamlit as st

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.registers.service_history import STEPS
from analytics.registers.services import service_statuses
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components import headlines, parts, ranking, trends
from ui.components.cells import bar_cells, steps_key
from ui.components.heatmap import Cell
from ui.components.metric_views import ask, one, part_of, share
from ui.components.ranking import Bar
from ui.components.service_cells import steps_cells
from ui.components.shares import share_text
from ui.components.stack import Part
from ui.components.tables import Marked, Table, service_table, whole_numbers
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _, ngettext

GOAL = GOALS[3]
HANDLED = ("automatic", "digital", "partial", "manual")


def _stopped(scope: Scope) -> list[tuple[str, Row]]:
    """The steps with the cases that each stops, most first; those that stop none are left out."""
    rows = {str(row.by["step"]): row for row in ask("stopped_cases", scope, "step")}
    found = [(step, rows[step]) for step in STEPS if step in rows and rows[step].numerator]
    return sorted(found, key=lambda pair: -float(pair[1].numerator or 0))


def _worst(scope: Scope) -> tuple[str, Row] | None:
    """The step that stops most cases; None where none does, or two stop as many."""
    found = _stopped(scope)
    tied = len(found) > 1 and found[0][1].numerator == found[1][1].numerator
    return found[0] if found and not tied else None


def headline(scope: Scope) -> str:
    """The finding of the page."""
    return headlines.goal(GOAL, scope, _where)


def _where(scope: Scope) -> str:
    worst = _worst(scope)
    return _("most often {step} remains").format(step=labels.label("step", worst[0])) if worst else ""


def handled_parts(scope: Scope) -> list[Part]:
    """The cases by whether they can be handled digitally; those that only archiving stops, where both are counted of the same."""
    row, but = one(GOAL, scope), one("digital_handling_but_archiving", scope)
    can, of = int(row.numerator or 0), int(row.denominator or 0)
    if row.value is None:
        return []
    archiving = int(but.numerator or 0) - can if but.denominator == row.denominator else 0
    unknown = round(of / row.counted) - of if row.counted else 0
    found: list[tuple[str, int, Role]] = [
        (_("can be handled digitally"), can, "digital"),
        (_("only archiving is not digital"), archiving, "digital_soft"),
        (
            _("more steps are not digital") if archiving else _("some step is not digital"),
            of - can - archiving,
            "grey_1",
        ),
        (_("not reported"), unknown, "unknown"),
    ]
    return [Part(name, n, numbers.count(n), role) for name, n, role in found if n > 0]


def handled_heading(scope: Scope) -> str:
    """How many cases archiving alone stops, or how many can be handled digitally."""
    row, but = one(GOAL, scope), one("digital_handling_but_archiving", scope)
    if row.value is None:
        return _("What can be handled digitally")
    gain = int(but.numerator or 0) - int(row.numerator or 0) if but.denominator == row.denominator else 0
    if gain and (row.denominator or 0) >= MIN_DENOMINATOR:
        share_of_it = numbers.percent(gain / int(row.denominator or 1))
        return _("For {share} of the cases only archiving is not digital").format(share=share_of_it)
    told = {"part": numbers.count(row.numerator), "of": numbers.count(row.denominator)}
    return ngettext(
        "{part} of {of} case can be handled digitally",
        "{part} of {of} cases can be handled digitally",
        int(row.denominator or 0),
    ).format(**told)


@cached_block
def handled(scope: Scope) -> None:
    """The cases by whether they can be handled digitally, now and before."""
    before = scope.compared()
    now, then = handled_parts(scope), handled_parts(before) if before else []
    if not now:
        page.reading(_("Nothing in the selection is reported yet."))
        return
    st.html(parts.compared(now, then, scope))


@cached_block
def steps_by_department(scope: Scope) -> None:
    """Heat map of the digital steps by department, folded."""
    with st.expander(_("Digital steps, department by department")):
        _steps_by_department(scope)


def _steps_by_department(scope: Scope) -> None:
    caption = _("Services where the step is digital, of those that have the step and have reported it")
    steps = {step: labels.label("step", step) for step in STEPS}
    rows = ask("digital_steps", scope, "branch", "step")
    trends.heat_by_department("step", rows, steps, _step_cell, scope, caption)


def _step_cell(row: Row) -> Cell:
    if row.value is None:
        off = row.state == "not_applicable"
        return Cell(None, text=labels.label("state", "not_applicable"), empty=True) if off else Cell(None)
    return Cell(float(row.value), int(row.numerator or 0), int(row.denominator or 0))


@cached_block
def blocking_steps(scope: Scope) -> None:
    """The steps by number of cases each blocks, and what enables digital steps."""
    left, right = st.columns(2, gap="medium")
    with left:
        page.subheading(_("Cases where the step is not digital"))
        _stopping(scope)
    with right:
        page.subheading(_("What has made steps digital"))
        _enablers(scope)


def stopping_heading(scope: Scope) -> str:
    """The step that stops most cases."""
    worst = _worst(scope)
    if worst is None:
        return _("Steps that are not digital, and what helps")
    step, row = worst
    told = {
        "step": labels.label("step", step),
        "share": numbers.percent(float(row.numerator or 0) / float(row.denominator or 1)),
    }
    return _("The step {step} is not digital for {share} of the cases").format(**told)


def _stopping(scope: Scope) -> None:
    found = _stopped(scope)
    if not found:
        page.reading(_("We know of no step that is not digital."))
        return
    bars = [
        Bar(labels.label("step", step), float(row.numerator or 0), numbers.count(row.numerator)) for step, row in found
    ]
    step, row = found[0]
    told = {"step": labels.label("step", step), "n": numbers.count(row.numerator), "of": numbers.count(row.denominator)}
    said = ngettext(
        "The step {step} is not digital for {n} of {of} case. One case can have several such steps.",
        "The step {step} is not digital for {n} of {of} cases. One case can have several such steps.",
        int(row.denominator or 0),
    ).format(**told)
    st.html(ranking.draw(bars, said))
    page.reading(said)


def _enablers(scope: Scope) -> None:
    rows = [row for row in ask("digital_steps", scope, "enabler") if row.numerator]
    rows.sort(key=lambda row: (not row.by["enabler"], -float(row.numerator or 0)))
    if not rows:
        page.reading(_("We know of no digital step."))
        return
    bars = [
        Bar(
            labels.label("enabler", row.by["enabler"]) if row.by["enabler"] else _("solution not stated"),
            float(row.numerator or 0),
            numbers.count(row.numerator),
            role="digital" if row.by["enabler"] else "grey_2",
        )
        for row in rows
    ]
    said = _("Digital steps by solution, on the last day of the period.")
    st.html(ranking.draw(bars, said))
    page.reading(said)


@cached_block
def actual_handling(scope: Scope) -> None:
    """How cases were actually handled, where that is known."""
    rows = parts.sums("cases", "handling", scope)
    if not rows.keys() - {None}:
        page.reading(
            _(
                "We do not know how the cases were handled. It is stated in the column handlaggning of the table "
                "arenden."
            )
        )
        return
    roles: tuple[Role, ...] = ("digital", "digital_soft", "grey_1", "grey_2")
    shades = [(code, labels.label("handling", code), role) for code, role in zip(HANDLED, roles, strict=True)]
    parts.draw([*shades, (None, _("not reported"), "unknown")], rows, {}, scope)
    row = one("actual_digital_handling", scope)
    page.reading(
        _("Of the cases whose handling is known, {share} were handled automatically or digitally.").format(
            share=share_text(share(row))
        )
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
    nothing = _("Every step of every service is digital or not needed.")
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
