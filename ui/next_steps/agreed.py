"""The actions that explanations of deviations agree on: what is late, what each was expected to give, and a calendar file."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.deviations import actions, change_since
from analytics.registers.explanations import Explanation
from ui import database
from ui.components import explanations, tables
from ui.components.calendar_file import Day, calendar_file
from ui.components.cells import Square, state_cell
from ui.components.tables import Marked, Table, amounts
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.text import labels, numbers
from ui.text.i18n import _

REMINDED = timedelta(days=14)  # before the day
SQUARES: dict[str, Square] = {"late": "pale", "in_progress": "grey-1", "planned": "unknown", "done": "digital"}


def heading(scope: Scope) -> str:
    """How many of the actions agreed on are late, or how many there are."""
    found = database.answer(actions, scope)
    late, done = (sum(one.state == state for one in found) for state in ("late", "done"))
    if late:
        return numbers.plural("{n} action agreed on is late", "{n} actions agreed on are late", late)
    if done == len(found):
        return _("Every action agreed on is done")
    return numbers.plural("{n} action is agreed on", "{n} actions are agreed on", len(found) - done)


def reading() -> str:
    """In which order they stand, and what the goal's change since is."""
    return _(
        "Late first. The goal since is how the department's goal has changed on the same services since the period that is"
        " explained: not all of it comes from the action."
    )


def table(scope: Scope) -> Table:
    """The actions, late ones first, each with what was expected of it and how the goal has changed since."""
    found = database.answer(actions, scope)
    changes = [database.answer(change_since, one) for one in found]
    states = [labels.label("action_status", one.state) for one in found]
    columns = {
        _("Action"): [one.action or "" for one in found],
        _("Status"): states,
        _("To be done by"): [one.due_on for one in found],
        _("Role"): [one.role or "" for one in found],
        _("Expected, points"): amounts([one.expected_points and 100 * one.expected_points for one in found]),
        _("The goal since, points"): amounts([None if change is None else 100 * change for change in changes]),
        _("Goal"): [one.goal for one in found],
        _("Department"): [_whose(one) for one in found],
        _("Period"): [numbers.months(one.month_from, one.month_to) for one in found],
        _("What happened"): [one.happened for one in found],
        _("Scenario"): [one.scenario or "" for one in found],
        _("Explanation"): [one.explanation_id for one in found],
    }
    under = _("Goal and department")
    columns[under] = [explanations.whose(one.goal, one.department_id) for one in found]
    marks = {
        _("Status"): Marked(
            "state", [state_cell(text, SQUARES[one.state]) for text, one in zip(states, found, strict=True)]
        )
    }
    return Table(
        _("Actions agreed on"),
        pd.DataFrame(columns),
        tuple(dict.fromkeys(GOALS[one.goal] for one in found)),
        1,
        links=tuple(address.link(f"mal-{one.goal}", department=one.department_id) for one in found),
        under=under,
        marks=marks,
    )


def _whose(one: Explanation) -> str:
    return labels.department(one.department_id) if one.department_id else _("the municipality")


def calendar(scope: Scope) -> bytes:
    """The days of the actions that are not done as iCalendar (RFC 5545), with a reminder two weeks before."""
    summary = _("To be done: {action} ({role})")
    days = [
        Day(one.explanation_id, one.due_on, summary.format(action=one.action, role=one.role or _whose(one)))
        for one in database.answer(actions, scope)
        if one.due_on and one.state != "done"
    ]
    return calendar_file("actions", days, REMINDED)


def draw(scope: Scope) -> None:
    """The finding, the actions, and the download of their days; nothing where no action is agreed on."""
    found = database.answer(actions, scope)
    if not found:
        return
    page.heading(cached(heading, scope), reading(), "agreed")
    tables.draw("agreed-table", table, scope)
    if any(one.due_on and one.state != "done" for one in found):
        st.download_button(
            _("Download the days to a calendar"), lambda: calendar(scope), "atgarder.ics", "text/calendar",
            key="agreed-calendar", on_click="ignore", type="tertiary",
        )  # fmt: skip
