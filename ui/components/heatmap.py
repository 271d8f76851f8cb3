"""Heat map: rows × columns of shares as a table, so that it reads, prints and is reached by keyboard. The unknown is hatched."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

LEVELS = (
    5  # shades; the text on each has a contrast of at least 4.5 in both themes (tests/ui/components/test_heatmap.py)
)


@dataclass(frozen=True)
class Cell:
    """A share with what it is of; None is not known, or there is nothing that could be: `text` then says what.

    `text` replaces the value in words; that of an empty cell is only read out.
    """

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    text: str = ""
    empty: bool = False


@dataclass(frozen=True)
class Line:
    """A row: its name, where a click on it leads, and a cell a column."""

    name: str
    cells: Sequence[Cell]
    href: str = ""


def nothing_to_report() -> Cell:
    """The empty cell where no service is to report anything."""
    return Cell(None, text=_("nothing is to be reported"), empty=True)


def level(value: float) -> int:
    """The shade of a share, from 0 (nothing) to LEVELS (all): only the whole is the darkest, only nothing is grey."""
    if value <= 0:
        return 0
    return LEVELS if value >= 1 else min(LEVELS - 1, 1 + int(value * (LEVELS - 1)))


def draw(corner: str, columns: Sequence[str], lines: Sequence[Line], caption: str) -> None:
    """The table; `corner` heads the names, `caption` says in a sentence what it holds."""
    head = tag("tr", tag("th", corner, scope="col"), *(tag("th", name, scope="col") for name in columns))
    body = [tag("tr", _name(line), *map(_cell, line.cells)) for line in lines]
    table = tag("table", tag("thead", head), tag("tbody", *body), class_="heat", aria_label=caption)
    region = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)
    aside = tag("p", _("Scroll sideways to see every column."), class_="reading narrow")
    st.html(tag("p", f"{caption}.", class_="reading") + aside + region)


def _name(line: Line) -> Markup:
    name = tag("a", line.name, href=line.href, target="_self") if line.href else line.name
    return tag("th", name, scope="row")


def _cell(cell: Cell) -> Markup:
    if cell.empty:
        return tag("td", tag("span", cell.text, class_="heard"), title=cell.text)
    if cell.value is None:
        return tag("td", cell.text or numbers.MISSING, class_="hatch", title=cell.text or _("not reported"))
    text = cell.text or numbers.share(cell.value, cell.numerator, cell.denominator)
    return tag("td", text, class_=f"heat-{level(cell.value)}")
