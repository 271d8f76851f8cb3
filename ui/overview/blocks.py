"""The overview's blocks: where each department stands, who pays, and the table behind."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import trends
from ui.components.metric_views import ask
from ui.components.tables import Table, percentage, whole_numbers
from ui.frame import address, page
from ui.frame.cached_blocks import cached_block
from ui.text import labels
from ui.text.i18n import _, words
from ui.text.numbers import Number


@cached_block
def side_by_side(scope: Scope) -> None:
    """The departments side by side, a picture for each goal."""
    _columns(trends.departments, scope)


def _columns(draw: Callable[[str, Scope], None], scope: Scope) -> None:
    """A picture of each goal under its name."""
    for column, code in zip(st.columns(len(GOAL_CODES), gap="medium"), GOAL_CODES, strict=True):
        with column:
            page.subheading(words(metrics()[code].title))
            draw(code, scope)


def table(scope: Scope) -> Table:
    """Every branch with the three goals: value in per cent (blank where fewer than twenty are counted) and counts."""
    by_goal = {code: {row.by["branch"]: row for row in ask(code, scope, "branch")} for code in GOAL_CODES}
    branches = list(dict.fromkeys(branch for rows in by_goal.values() for branch in rows))
    columns: dict[str, object] = {_("Department"): [labels.department(branch) for branch in branches]}
    for code, rows in by_goal.items():
        columns |= _goal_columns(code, rows, branches)
    links = [trends.narrowed(branch, scope) or address.link_here() for branch in branches]
    title = _("The three goals by department")
    return Table(title, pd.DataFrame(columns), GOAL_CODES, decimals=1, links=tuple(links))


def _goal_columns(code: str, rows: Mapping[object, Row], branches: list[object]) -> dict[str, object]:
    """A goal as three columns: the share, what it counts, and of how many."""
    title, found = words(metrics()[code].title), [rows.get(branch) for branch in branches]
    return {
        _("{goal}, %").format(goal=title): [percentage(row) for row in found],
        _("{goal}, number").format(goal=title): whole_numbers([_counted(row) for row in found]),
        _("{goal}, of").format(goal=title): whole_numbers([(row and row.denominator) or None for row in found]),
    }


def _counted(row: Row | None) -> Number | None:
    return row.numerator if row and row.denominator else None
