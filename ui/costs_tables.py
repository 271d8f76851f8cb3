"""Tables behind a picture that already tells the answer: there when asked for."""

import streamlit as st

from analytics.scope import Scope
from ui import tables
from ui.kept import remembered
from ui.text import _


def folded(key: str, build: tables.Build[Scope, []], scope: Scope) -> None:
    """The table that `build(scope)` makes, folded together under its name."""
    with st.expander(_("Table: {title}").format(title=remembered(build, scope).title)):
        tables.draw(key, build, scope)
