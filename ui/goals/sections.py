"""The sections that the pages of the three goals share: the goal over time, and the departments side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from ui.components import chance, courses, department_rows, events, findings, forecast, inclusion, tables, variation
from ui.components.tables import Table
from ui.frame import page
from ui.frame.cached_blocks import cached, cached_block
from ui.text import numbers
from ui.text.i18n import _, escape_markdown


def over_time(code: str, scope: Scope) -> None:
    """Where the goal is heading; folded: whether its months vary more than usual, what happened, and the months in figures."""
    _outlook(code, scope)
    with st.expander(_("Is the latest month unusual?")):
        _usual(code, scope)
        tables.draw(f"months-{code}", courses.months, scope, (code,))


@cached_block
def _outlook(code: str, scope: Scope) -> None:
    page.heading(cached(forecast.finding, code, scope), forecast.how_to_read(code, scope))
    forecast.block(code, scope)


@cached_block
def _usual(code: str, scope: Scope) -> None:
    stock = metrics()[code].time == "stock"
    variation.block(code, scope)
    events.listed(scope, "" if stock else code, register=stock)


def departments(code: str, scope: Scope, audiences: bool = False) -> None:
    """What comes off the goal in each department, and where it stands beside what chance allows; with `audiences` those too."""
    page.heading(cached(findings.left, code, scope), chance.reading_of(code, scope))
    page.reading(cached(inclusion.departments, scope, (code,)))
    tables.draw(f"departments-{code}", department_rows.goal, scope, code)
    if audiences:
        tables.folded(f"audiences-{code}", department_rows.audiences, scope, code)


@dataclass(frozen=True)
class Fold:
    """A table behind its count, its name and what it holds; `build(scope, *arguments)` makes it."""

    key: str
    name: str
    detail: str
    build: Callable[..., Table]
    arguments: tuple[str, ...] = ()


def folded(scope: Scope, folds: Sequence[Fold]) -> None:
    """A list of tables, each a row with its count that opens; those that hold nothing are there with a 0."""
    with st.container(key="folded_list", gap=None):
        for fold in folds:
            n = numbers.count(len(cached(fold.build, scope, *fold.arguments)))
            with st.expander(f"**{n}** {escape_markdown(fold.name)} *{escape_markdown(fold.detail)}*"):
                tables.draw(fold.key, fold.build, scope, *fold.arguments)
