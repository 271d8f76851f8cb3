"""The periods that a municipality follows up in, as links that fill a form's first and last month."""

import streamlit as st
from markupsafe import Markup

from ui import database
from ui.frame import address
from ui.frame.filter_row import follow_up_name
from ui.frame.filters import month_code
from ui.text.html import join, tag
from ui.text.i18n import _

MONTHS = ("month_from", "month_to")


def draw(path: str) -> None:
    """The links, those of the newest year first; the one that stands in the form is no link."""
    held = tuple(st.query_params.get(name, "") for name in MONTHS)
    links = [_link(path, name, span, held) for name, span in spans().items()]
    st.html(tag("p", _("Period"), ": ", join(links, " · "), class_="quiet"))


def spans() -> dict[str, tuple[str, str]]:
    """The months of each period by its name."""
    last = tuple(map(month_code, database.period().default()))
    named = {_("The last twelve months"): (last[0], last[1])}
    return named | {
        follow_up_name(one): (month_code(one.month_from), month_code(one.month_to))
        for one in database.period().follow_ups()
    }


def _link(path: str, name: str, span: tuple[str, str], held: tuple[str, ...]) -> Markup:
    if span == held:
        return tag("strong", name)
    href = address.link_same_page(path, **dict(zip(MONTHS, span, strict=True)))
    return tag("a", name, href=f"{href}#form", target="_self")
