"""Plain figures: a row of facts, each a number with its words, without boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ui.components.data_basis import DataBasis, data_basis
from ui.text import numbers
from ui.text.html import tag


@dataclass(frozen=True)
class Figure:
    """One number with its words; the value is ready text."""

    title: str
    value: str
    detail: str = ""
    href: str = ""
    data_basis: DataBasis | None = None
    is_problem: bool = False


def problem(title: str, n: int, detail: str, href: str) -> Figure:
    """How many there are of what there should be none of; leads to the list of them."""
    return Figure(title, numbers.count(n), detail, href, is_problem=n > 0)


def figure(one: Figure) -> Markup:
    """A figure in a definition list: its title, the number, what it is of, and the trust strip."""
    title = tag("a", one.title, href=one.href, target="_self") if one.href else one.title
    return tag(
        "div",
        tag("dt", title),
        tag("dd", one.value, class_="figure-value eyes" if one.is_problem else "figure-value"),
        tag("dd", one.detail) if one.detail else "",
        tag("dd", data_basis(one.data_basis)) if one.data_basis else "",
    )


def draw(figures: Sequence[Figure]) -> None:
    """A row of figures, as many abreast as there is room for; one column on a phone."""
    st.html(tag("dl", *map(figure, figures), class_="figures"))
