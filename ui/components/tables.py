"""Tables that sort, search, download, and lead somewhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import pyarrow as pa
import streamlit as st
from pandas.api.extensions import ExtensionArray
from streamlit.elements.lib.column_types import ColumnConfig

from analytics.metrics.catalogue import computed, definitions
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.metrics.versions import definition_version
from ui import database
from ui.components import data_basis
from ui.components.exports import Export, Head
from ui.components.metric_views import share
from ui.frame import page
from ui.frame.cached_blocks import cached, cached_block
from ui.frame.sitemap import service_link
from ui.text import labels, numbers
from ui.text.i18n import _, language, words
from ui.text.numbers import Number

P = ParamSpec("P")
S = TypeVar("S", bound=Scope | None)  # what the page is about: a scope, or nothing
WIDE, NAME = 6, 280  # with more columns than these the first, a name, is this many pixels wide
KEPT_ROWS = 1000  # a larger table is written anew each time, rather than kept for every choice
OPEN = "_open"  # the column of links; it never leaves the screen


@dataclass(frozen=True)
class Table:
    """Rows with the reader's headers. Counts are whole; other numbers are shown with `decimals`, and downloaded as they are.

    `title` says what it holds, in words that also name the download; `metrics` are the definitions behind the numbers;
    `narrowed` tells a choice that the scope does not hold; `links` are the addresses that the rows lead to, in order.
    """

    title: str
    rows: pd.DataFrame
    metrics: tuple[str, ...] = ()
    decimals: int = 0
    narrowed: str = ""
    links: tuple[str, ...] = ()
    nothing: str = ""  # what is said when there are no rows

    def __len__(self) -> int:
        return len(self.rows)


def whole_numbers(values: Sequence[Number | None]) -> ExtensionArray:
    """A column of whole numbers in which one may be missing."""
    return pd.array([None if value is None else int(value) for value in values], "Int64")


def amounts(values: Sequence[Number | None]) -> list[float | None]:
    """A column of numbers with decimals in which one may be missing."""
    return [None if value is None else float(value) for value in values]


def service_table(
    title: str, ids: Sequence[str | None], columns: Mapping[str, object], metrics: tuple[str, ...] = (), **more: Any
) -> Table:
    """A table with a row a service, that leads to it: its name first and its id last; `more` are other fields of `Table`."""
    names = {_("Service"): [labels.service(code) for code in ids]}
    rows = pd.DataFrame({**names, **columns, _("Service id"): [code or "" for code in ids]})
    return Table(title, rows, metrics, links=tuple(map(service_link, ids)), **more)


Build = Callable[Concatenate[S, P], Table]


def draw(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    """The table that `build(scope, …)` makes, and under it the downloads. A missing value is "–"."""
    table = cached(build, scope, *args, **named)
    show = _show if len(table) <= KEPT_ROWS else _show.__wrapped__  # type: ignore[attr-defined]  # functools.wraps sets it
    show(key, build, scope, *args, **named)
    if len(table):
        export = cached(_export, key, build, scope, *args, **named)  # type: ignore[arg-type]  # generic in S and P
        _downloads(key, table, export)
        data_basis.definitions_of(*(code for code in table.metrics if code in computed()))


def folded(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    """The table folded together under its name, behind a picture or a sentence that tells the answer."""
    table = cached(build, scope, *args, **named)
    if not len(table):
        page.reading(table.nothing)
        return
    with st.expander(_("Table: {title}").format(title=table.title)):
        draw(key, build, scope, *args, **named)


@cached_block
def _show(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> None:
    table = cached(build, scope, *args, **named)
    if not len(table):
        page.reading(table.nothing or _("There is nothing to show."))
        return
    rows = table.rows.round(table.decimals)  # Streamlit would cut further decimals off
    visible = rows.assign(**{OPEN: table.links}) if table.links else rows
    order = [OPEN, *table.rows.columns] if table.links else list(table.rows.columns)
    st.dataframe(
        pa.Table.from_pandas(visible, preserve_index=False),
        column_order=order,
        column_config=_columns(table),
        placeholder=numbers.MISSING,
        key=key,
        alt=_alt(table),
    )


def _alt(table: Table) -> str:
    return f"{table.title}, " + numbers.plural("{n} row", "{n} rows", len(table)) + "."


def _columns(table: Table) -> dict[str, ColumnConfig | str | None]:
    """How each column is written, by its type."""
    configured: dict[str, ColumnConfig | str | None] = {}
    for name, kind in table.rows.dtypes.items():
        if pd.api.types.is_integer_dtype(kind):
            configured[str(name)] = st.column_config.NumberColumn(format="localized", step=1)
        elif pd.api.types.is_float_dtype(kind):
            configured[str(name)] = st.column_config.NumberColumn(format="localized", step=10**-table.decimals)
        elif _holds_dates(table.rows[name]):
            configured[str(name)] = st.column_config.DateColumn(format="YYYY-MM-DD")
    names = list(table.rows.columns)
    if len(names) > WIDE and str(names[0]) not in configured:
        configured[str(names[0])] = st.column_config.TextColumn(width=NAME)
    if table.links:
        configured[OPEN] = st.column_config.LinkColumn("", display_text=_("Open"), width="small")
    return configured


def _holds_dates(column: "pd.Series[Any]") -> bool:
    return pd.api.types.infer_dtype(column, skipna=True) == "date"


def _export(key: str, build: Build[S, P], scope: S, *args: P.args, **named: P.kwargs) -> Export:
    table = cached(build, scope, *args, **named)
    return Export(_head(table, scope), table.rows, language())


def _head(table: Table, scope: Scope | None) -> Head:
    """What the file says of itself."""
    head = [(_("Table"), table.title)]
    if scope:
        head.append((_("Selection"), " · ".join(filter(None, (page.describe_scope(scope), table.narrowed)))))
    head.append((_("As of"), f"{database.period().as_of}"))
    if database.database().example:
        head.append((_("Note"), _("Example data – invented figures")))
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


def _downloads(key: str, table: Table, export: Export) -> None:
    """Two quiet buttons; the file is made when one is pressed."""
    name = re.sub(r"[^\w]+", "-", table.title.lower()).strip("-")
    kinds = (("csv", _("Download CSV"), export.csv, "text/csv"), ("xlsx", _("Download Excel"), export.workbook, XLSX))
    with st.container(horizontal=True, key=f"downloads-{key}"):
        for ending, label, make, kind in kinds:
            st.download_button(
                label,
                make,
                f"{name}.{ending}",
                kind,
                key=f"{key}-{ending}",
                on_click="ignore",
                type="tertiary",
                help=None,
            )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def percentage(row: Row | None) -> float | None:
    """A share as 0–100; None where fewer than twenty are counted, or nothing is known."""
    if row is None or row.value is None or share(row).few:
        return None
    return 100 * float(row.value)
