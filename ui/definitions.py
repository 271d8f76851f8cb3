"""The definitions page's blocks: every measure in words, the glossary, and the data dictionary."""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, pairwise

import streamlit as st
from markupsafe import Markup

from analytics.metrics.catalogue import Computed, Metric, definitions
from analytics.metrics.versions import definition_version
from ui import database
from ui.database import Column, Dataset
from ui.frame import page
from ui.text import labels, numbers
from ui.text.glossary import Entry, word_groups
from ui.text.html import join, tag
from ui.text.i18n import _, words

COLUMNS = 3  # beside each other on a wide screen
Group = tuple[str, Sequence[Markup]]  # a heading, or none, and its entries


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
    return _entry(
        words(definition.title),
        tag("p", words(definition.definition)),
        tag("p", tag("strong", _("How it is counted")), " ", words(definition.formula)),
        tag("p", tag("small", " · ".join(notes))),
        id=definition.code,
    )


def _entry(title: str, *inside: Markup, id: str | None = None) -> Markup:
    """A row of the index, which opens; an address that ends in its id opens it too (chrome.js)."""
    return tag("details", tag("summary", title), tag("div", *inside), id=id, class_="entry")


def _index(groups: Sequence[Group]) -> None:
    """Entries under their headings, in columns that are read downwards: all names are seen at once, each opens in its place."""
    columns = (tag("div", *map(_section, column)) for column in columns_of(groups))
    st.html(tag("div", *columns, class_="index"))


def _section(group: Group) -> Markup:
    title, entries = group
    return tag("section", tag("h3", title) if title else "", *entries)


def columns_of(groups: Sequence[Group]) -> list[Sequence[Group]]:
    """The groups in order, cut into columns so that the tallest is as short as can be."""

    def cut(places: Sequence[int]) -> list[Sequence[Group]]:
        ends = [0, *places, len(groups)]
        return [groups[start:end] for start, end in pairwise(ends)]

    def tallest(columns: list[Sequence[Group]]) -> int:
        return max(sum(len(entries) + bool(title) for title, entries in column) for column in columns)

    places = combinations_with_replacement(range(len(groups) + 1), COLUMNS - 1)
    return min(map(cut, places), key=tallest)


def _group(definition: Metric | Computed) -> str:
    """The heading that a definition stands under: its goal, all goals, costs, or the data."""
    if definition.goal:
        return _("Goal {n}").format(n=definition.goal)
    if isinstance(definition, Metric) and definition.section in "4567":
        return _("Responsibility, process and design")
    named = {"3.1": _("Benefit"), "8": _("Costs"), "5": _("The data")}
    return named.get(definition.section, _("All three goals"))


def measures() -> None:
    """Every number in words, under the goal or section of the guideline that it serves."""
    page.heading(numbers.plural("{n} measure", "{n} measures", len(definitions())), anchor="measures")
    groups: dict[str, list[Markup]] = {}
    for definition in definitions().values():
        groups.setdefault(_group(definition), []).append(_measure(definition))
    _index([*groups.items()])


def glossary() -> None:
    """The words of the guideline, and ours."""
    terms = [(title, [*map(_term, entries)]) for title, entries in word_groups()]
    page.heading(numbers.plural("{n} word", "{n} words", sum(len(group) for _title, group in terms)), anchor="words")
    _index(terms)


def _term(entry: Entry) -> Markup:
    return _entry(entry.term, tag("p", entry.meaning), id=f"word-{entry.code}")


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
    return join(
        (
            tag("dt", words(column.title), " ", tag("code", column.header)),
            tag("dd", words(column.help), tag("br"), notes),
        )
    )


def _table(table: Dataset) -> Markup:
    columns = tag("dl", *map(_column, table.columns))
    return _entry(
        words(table.title),
        tag("p", words(table.grain), ". ", words(table.help)),
        columns,
        id=f"table-{table.code}",
    )


def tables() -> None:
    """The data dictionary: every input table, column by column."""
    every = database.datasets().values()
    title = numbers.plural("{n} table that can be imported", "{n} tables that can be imported", len(every))
    page.heading(title, anchor="tables")
    _index([("", [_table(table)]) for table in every])
