"""Sections that are a table each, under a heading that says the finding; those that hold nothing share one line that opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from analytics.metrics.scope import Scope
from ui.components import tables
from ui.components.tables import Table
from ui.frame import page
from ui.frame.cached_blocks import cached
from ui.text import numbers
from ui.text.html import definition_list, join, tag


@dataclass(frozen=True)
class Section:
    """A table with its heading. `key` is the table's and the anchor of its heading; `title` makes the finding from the rows."""

    key: str
    title: Callable[[Table], str]
    build: Callable[[Scope], Table]
    reading: str = ""
    lead: Callable[[Scope], None] | None = None  # what stands between the heading and the table
    folded: bool = False  # only the finding is seen at first


def draw(scope: Scope, sections: Sequence[Section], *, say_empty: bool = True) -> None:
    """The sections that hold something; under them those that are folded, and a line for those that hold nothing."""
    made = [(section, cached(section.build, scope)) for section in sections]
    empty = [(section.key, table) for section, table in made if not len(table)]
    held = [(section, table) for section, table in made if len(table)]
    for section, table in held:
        if not section.folded:
            page.heading(section.title(table), section.reading, section.key)
            _inside(section, scope)
    with st.container(key="folded_sections", gap=None):
        for section, table in held:
            if section.folded:
                with st.expander(section.title(table)):
                    page.reading(section.reading)
                    _inside(section, scope)
        if empty and say_empty:
            st.html(nothing_in(empty))


def _inside(section: Section, scope: Scope) -> None:
    if section.lead:
        section.lead(scope)
    tables.draw(section.key, section.build, scope)


def nothing_in(empty: Sequence[tuple[str, Table]]) -> Markup:
    """One line for all tables without rows, each under its anchor: what it would hold, and what it means that it does not."""
    summary = numbers.plural("{n} list is empty", "{n} lists are empty", len(empty))
    rows = ((join((tag("span", id=key), table.title, " (0)")), table.nothing) for key, table in empty)
    return tag("details", tag("summary", summary), tag("div", definition_list(rows)), class_="entry nothing")
