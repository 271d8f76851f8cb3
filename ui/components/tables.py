"""Tables that sort, search, download, and lead somewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import pandas as pd
import streamlit as st
from markupsafe import Markup
from pandas.api.extensions import ExtensionArray

from analytics.metrics.catalogue import computed, definitions
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.metrics.versions import definition_version
from ui import database
from ui.components import data_basis, downloads
from ui.components.cells import Cell, Kind, month_cell, number_cell, text_cell
from ui.components.exports import Export, Head
from ui.components.html_table import Column, html_table
from ui.components.metric_views import share
from ui.frame import page, practice
from ui.frame.cached_blocks import cached, cached_block
from ui.frame.sitemap import service_links
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, language, words
from ui.text.numbers import Number

P = ParamSpec("P")
S = TypeVar("S", bound=Scope | None)  # what the page is about: a scope, or nothing
WIDEST = 6  # columns on the page
LONGEST = 3000  # rows on the page
KEPT_ROWS = 1000  # a larger table is written anew each time, rather than kept for every choice


class Marked(NamedTuple):
    """The cells of a column that are more than their value, in the order of the rows; `head` is its heading on the page."""

    kind: Kind
    cells: Sequence[Cell]
    head: str = ""
    scale: Markup | None = None
    label: str = ""  # and on a phone, where it is shorter


@dataclass(frozen=True)
class Table:
    """Rows with the reader's headers. Counts are whole; other numbers are shown with `decimals`, and downloaded as they are.

    `title` says what it holds, in words that also name the download; `metrics` are the definitions behind the numbers;
    `narrowed` tells a choice that the scope does not hold; `links` are the addresses that the rows lead to, in order.
    The page shows the columns in `shown`, the file all of them.
    """

    title: str
    rows: pd.DataFrame
    metrics: tuple[str, ...] = ()
    decimals: int = 0
    narrowed: str = ""
    links: tuple[str, ...] = ()
    nothing: str = ""  # what is said when there are no rows
    shown: tuple[str, ...] = ()  # the columns on the page, the first names the rows; by default the first six
    under: str = ""  # the column that stands small under the names
    marks: Mapping[str, Marked] = field(default_factory=dict)  # columns whose cells are more than their value
    second: Mapping[str, str] = field(default_factory=dict)  # the quieter second line of a heading
    total: bool = False  # the last row is all of them together
    key: Markup | None = None  # what the marks mean, under the table
    how: str = ""  # how its numbers are counted, where it is folded under a picture of them

    def __len__(self) -> int:
        return len(self.rows)


def whole_numbers(values: Sequence[Number | None]) -> ExtensionArray:
    """A column of whole numbers in which one may be missing."""
    return pd.array([None if value is None else int(value) for value in values], "Int64")


def amounts(values: Sequence[Number | None]) -> list[float | None]:
    """A column of numbers with decimals in which one may be missing."""
    return [None if value is None else float(value) for value in values]


def months(values: Sequence[date]) -> ExtensionArray:
    """A column of months, which sort by time and are dates in a workbook."""
    return pd.array([pd.Period(value, "M") for value in values], pd.PeriodDtype("M"))


def service_table(
    title: str, ids: Sequence[str | None], columns: Mapping[str, object], metrics: tuple[str, ...] = (), **more: Any
) -> Table:
    """A table with a row a service, that leads to it: its name first and its id last, which stays in the file.

    `more` are other fields of `Table`; its `shown` are the columns beside the name, its `links` where else the rows lead.
    """
    names = {_("Service"): [labels.service(code) for code in ids]}
    rows = pd.DataFrame({**names, **columns, _("Service id"): [code or "" for code in ids]})
    shown = (_("Service"), *(more.pop("shown", None) or tuple(columns)[: WIDEST - 1]))
    links = more.pop("links", None) or service_links(ids)
    return Table(title, rows, metrics, links=links, shown=shown, **more)


Build = Callable[Concatenate[S, P], Table]


def draw(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    """The table that `build(scope, …)` makes, and under it the downloads. A missing value is "–"."""
    table = cached(build, scope, *args, **named)
    show = _show if len(table) <= KEPT_ROWS else _show.__wrapped__  # type: ignore[attr-defined]  # functools.wraps sets it
    show(key, build, scope, *args, **named)
    if len(table):
        export = cached(_export, key, build, scope, *args, **named)  # type: ignore[arg-type]  # generic in S and P
        downloads.draw(key, table.title, export)
        data_basis.definitions_of(*(code for code in table.metrics if code in computed()))


def folded(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    """The table folded together under its name, behind what tells the answer; if it is empty why, where it says so."""
    table = cached(build, scope, *args, **named)
    if not len(table):
        if table.nothing:
            page.reading(table.nothing)
        return
    with st.expander(_("Table: {title}").format(title=table.title)):
        page.reading(table.how)
        draw(key, build, scope, *args, **named)


@cached_block
def _show(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    table = cached(build, scope, *args, **named)
    if not len(table):
        page.reading(table.nothing or _("There is nothing to show."))
        return
    st.html(markup(key, table))


def markup(key: str, table: Table) -> Markup:
    """The table as HTML, with at most `LONGEST` rows; the rest are in the file."""
    shown = table.shown or tuple(map(str, table.rows.columns))[:WIDEST]
    rows = table.rows.head(LONGEST)
    columns = [_column(name, rows[name], table) for name in shown]
    small = [str(text) for text in rows[table.under]] if table.under else []
    cut = ""
    if len(table) > LONGEST:
        told = _("The first {n} of {all} rows are shown here. The file has them all.")
        counts = {"n": numbers.count(LONGEST), "all": numbers.count(len(table))}
        cut = tag("p", told.format(**counts), class_="reading")
    return html_table(key, table.title, columns, table.links, small, total=table.total) + (table.key or "") + cut


def _column(name: str, values: "pd.Series[Any]", table: Table) -> Column:
    """A column on the page: with the marks it is given, else written by its type."""
    second = table.second.get(name, "")
    if name in table.marks:
        marked = table.marks[name]
        return Column(marked.head or name, marked.cells[:LONGEST], marked.kind, second, marked.scale, marked.label)
    plain = [None if missing else value for value, missing in zip(values.tolist(), values.isna(), strict=True)]
    if pd.api.types.is_numeric_dtype(values.dtype):
        decimals = 0 if pd.api.types.is_integer_dtype(values.dtype) else table.decimals
        return Column(name, [number_cell(value, decimals) for value in plain], "number", second)
    if isinstance(values.dtype, pd.PeriodDtype):
        return Column(name, [month_cell(value and value.start_time.date()) for value in plain], "date", second)
    kind: Kind = "date" if pd.api.types.infer_dtype(values, skipna=True) == "date" else "text"
    return Column(name, [text_cell(value) for value in plain], kind, second)


def _export(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> Export:
    table = cached(build, scope, *args, **named)
    return Export(_head(table, scope), table.rows, language())


def _head(table: Table, scope: Scope | None) -> Head:
    """What the file says of itself."""
    head = [(_("Table"), table.title)]
    if scope:
        head.append((_("Selection"), " · ".join(filter(None, (page.describe_scope(scope), table.narrowed)))))
    head.append((_("Date"), f"{database.period().as_of}"))
    if mark := practice.mark():
        head.append((_("Note"), mark))
    for code in table.metrics:
        metric = definitions()[code]
        template = _("{title}: {formula} § {section}, version {version}.").format(
            title=words(metric.title),
            formula=words(metric.formula),
            section=metric.section,
            version=database.answer(definition_version, code),
        )
        head.append((_("Definition"), template))
    return head


def percentage(row: Row | None) -> float | None:
    """A share as 0–100; None where fewer than twenty are counted, or nothing is known."""
    if row is None or row.value is None or share(row).few:
        return None
    return 100 * float(row.value)
