"""Rows that can be acted on: what a row is about in cells, then its buttons. Hairlines between them, and no boxes.

For what HTML cannot do: a button of Streamlit's in each row. Rows that only lead somewhere are a table.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from ui.text.html import join, tag

WIDTHS = (7, 3)  # of a row's cells and of its buttons; style.css sets them by the list's key


@contextmanager
def listed(key: str, headers: Sequence[str] = ()) -> Iterator[None]:
    """A list of rows, with a line above it, and over the cells their headers where there are any."""
    with st.container(key=f"rows_{key}", gap=None):
        if headers:
            left, _right = st.columns(WIDTHS)
            left.html(_cells(headers, "cells heads"))
        yield


def row(cells: Sequence[object]) -> DeltaGenerator:
    """Draw a row of these cells; returns where its buttons go."""
    left, right = st.columns(WIDTHS, vertical_alignment="center")
    left.html(_cells(cells))
    return right.container(horizontal=True, horizontal_alignment="right", gap="small")


def lines(first: object, *rest: object, is_name: bool = True) -> Markup:
    """A cell: what it is (in bold, when it names the row), and under it what is to know of it. What is blank is left out."""
    return join((tag("strong" if is_name else "b", first), *(tag("small", line) for line in rest if line)))


def _cells(cells: Sequence[object], class_: str = "cells") -> Markup:
    return tag("div", *(tag("div", cell) for cell in cells), class_=class_)
