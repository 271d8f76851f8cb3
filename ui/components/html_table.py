"""A table as HTML: its names are links, and static/tables.js sorts it, searches it and turns its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from ui.components.cells import Cell, Kind
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

FIRST, AT_ONCE, PER_PAGE = 10, 100, 50  # rows shown at first; at most, without pages; on a page
MARKS = ("share", "steps", "dots")  # where there are such cells, a phone shows a labelled row for each
NUMERIC = ("number", "bar", "share", "steps", "dots", "left", "coverage")


@dataclass(frozen=True)
class Column:
    """A column: its heading, with a quieter second line or a scale under it, and its cells."""

    name: str
    cells: Sequence[Cell]
    kind: Kind = "text"
    under: str = ""
    scale: Markup | None = None
    label: str = ""  # the heading on a phone, where it is shorter


def html_table(
    key: str, title: str, columns: Sequence[Column], links: Sequence[str], small: Sequence[str], *, total: bool = False
) -> Markup:
    """The table; the first column names the rows, which lead to their `links`, with the `small` text under each name.

    With `total` the last row is all of them together, and stays last.
    """
    n = len(columns[0].cells)
    rows = [
        tag("tr", _name(columns[0].cells[row], links[row] if links else "", small[row] if small else ""), *cells)
        for row, cells in enumerate(_cells(columns[1:], n))
    ]
    foot = tag("tfoot", rows.pop()) if total else ""
    head = tag("thead", tag("tr", *map(_head, columns)))
    body = tag("table", tag("caption", title), head, tag("tbody", *rows), foot, style=_labels(columns))
    search, more = (_search(), _more(len(rows))) if len(rows) > FIRST else ("", "")
    lines = "lines" if not any(column.kind in MARKS for column in columns) else "labels"
    words = {
        "data_hits": _("{n} of {all} rows"),
        "data_none": _("No row holds “{words}”"),
        "data_span": _("Rows {first}–{last} of {all}"),
    }
    sizes = {"data_first": FIRST, "data_at_once": AT_ONCE, "data_page": PER_PAGE}
    return tag("div", search, body, more, id=f"table-{key}", class_=f"datatable {lines}", **words, **sizes)


def _head(column: Column) -> Markup:
    second = tag("small", column.under) if column.under else ""
    button = tag("button", tag("span", column.name), second, type="button")
    scale, number = column.scale or "", column.kind in NUMERIC
    return tag("th", button, scale, scope="col", class_=column.kind, data_number=number)


def _name(cell: Cell, href: str, small: str) -> Markup:
    """The name of a row: a link to one of our own pages, or to a page of the web, which opens beside."""
    content: object = cell.content
    if href and urlsplit(href).scheme in ("http", "https"):
        content = tag("a", content, href=href, target="_blank", rel="noopener")
    elif href and not urlsplit(href).scheme:
        content = tag("a", content, href=href, target="_self")
    return tag("th", content, tag("small", small) if small else "", scope="row", data_v=cell.sort)


def _cells(columns: Sequence[Column], n: int) -> list[list[Markup]]:
    """The cells of each row after its name."""
    return [
        [tag("td", column.cells[row].content, class_=column.kind, data_v=column.cells[row].sort) for column in columns]
        for row in range(n)
    ]


def _labels(columns: Sequence[Column]) -> str:
    """The headings for a phone, where each cell says its own, as strings of the stylesheet."""
    quoted = (
        (column.label or column.name).replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") for column in columns
    )
    return ";".join(f"--c{place}:'{name}'" for place, name in enumerate(quoted, 1))


def _search() -> Markup:
    return tag(
        "p",
        tag("label", tag("span", _("Search the table")), tag("input", type="search", autocomplete="off")),
        tag("span", role="status"),
        class_="table-search",
    )


def _more(n: int) -> Markup:
    """The buttons under a table of more rows than stand at first."""
    every = _("Show all {n}").format(n=numbers.count(n))
    fewer = _("Show the first {n}").format(n=numbers.count(FIRST))
    turn = (("back", _("The rows before")), ("on", _("The next rows")))
    return tag(
        "p",
        tag("button", every, type="button", class_="more", data_fewer=fewer, data_every=every),
        join(tag("button", label, type="button", class_=name, hidden=True) for name, label in turn),
        class_="table-more",
    )
