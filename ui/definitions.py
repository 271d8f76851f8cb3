"""The definitions page's blocks: every measure in words, the glossary, and the data dictionary."""

from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from analytics.metrics.catalogue import Computed, Metric, definitions
from analytics.metrics.versions import definition_version
from ui import database
from ui.database import Column, Dataset
from ui.text import labels
from ui.text.html import definition_list, join, tag
from ui.text.i18n import _, load_words, words

GLOSSARY = Path(__file__).with_name("glossary.toml")


def _grain(metric: Metric) -> tuple[str, str]:
    """When a metric is measured, and what it is counted in."""
    summed = _("summed over the period") if metric.kind in ("share", "sum") else _("over the period")
    return _("on the last day of the period") if metric.time == "stock" else summed, words(metric.fact.grain)


def _measure(definition: Metric | Computed) -> Markup:
    notes = (
        f"§ {definition.section}",
        labels.label("unit", definition.unit),
        *(_grain(definition) if isinstance(definition, Metric) else ()),
        _("version {version}").format(version=database.answer(definition_version, definition.code)),
    )
    return tag(
        "section",
        tag("h3", words(definition.title), id=definition.code),
        tag("p", words(definition.definition)),
        tag("p", tag("strong", _("How it is counted")), " ", words(definition.formula)),
        tag("p", tag("small", " · ".join(notes))),
        class_="measure",
    )


def _group(definition: Metric | Computed) -> str:
    """The heading that a definition stands under: its goal, all goals, costs, or the data."""
    if definition.goal:
        return _("Goal {n}").format(n=definition.goal)
    named = {"8": _("Costs"), "5": _("The data")}
    return named.get(definition.section, _("All three goals"))


def measures() -> None:
    """Every number in words, under the goal or section of the guideline that it serves."""
    groups: dict[str, list[Metric | Computed]] = {}
    for definition in definitions().values():
        groups.setdefault(_group(definition), []).append(definition)
    for title, group in groups.items():
        st.html(tag("h2", title) + tag("div", *map(_measure, group), class_="measures"))


def glossary() -> None:
    """The words of the guideline."""
    for group in load_words(GLOSSARY).values():
        terms = [(words(t["term"]), words(t["meaning"])) for t in group["terms"].values()]
        st.html(tag("h3", words(group["title"])) + definition_list(terms, "facts"))


def _notes(column: Column) -> Iterator[str]:
    """What is to know of a column besides its help."""
    allowed = ", ".join(words(value.labels) for value in column.values) if column.type == "enum" else ""
    kind = labels.label("column_type", column.type)
    yield f"{kind}: {allowed}" if allowed else kind
    if column.states:
        yield _("or {states}").format(states=", ".join(words(state.labels) for state in column.states))
    if column.required:
        yield _("required")
    if column.key:
        yield _("part of the key")
    if column.default:
        yield _("blank means {value}").format(value=column.default)


def _column(column: Column) -> Markup:
    notes = tag("small", " · ".join(_notes(column)))
    return join((tag("dt", column.header), tag("dd", words(column.help), tag("br"), notes)))


def _table(table: Dataset) -> Markup:
    summary = tag("summary", tag("strong", words(table.title)), f" – {words(table.grain)}")
    columns = tag("dl", *map(_column, table.columns), class_="facts")
    return tag("details", summary, tag("p", words(table.help)), columns, id=f"table-{table.code}", class_="table")


def tables() -> None:
    """The data dictionary: every input table, each of which opens."""
    st.html(join(_table(table) for table in database.datasets().values()))
