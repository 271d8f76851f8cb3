"""Streamlit's own words in Swedish, and the page's language: what Streamlit has no setting for."""

import hashlib
from functools import cache
from pathlib import Path

import streamlit as st

from ui.frame.theme import palette
from ui.text.html import join, tag
from ui.text.i18n import language

STATIC = Path(__file__).parents[2] / "static"  # Streamlit serves the folder as app/static
SCRIPTS = ("chrome.js", "tables.js")


@cache
def version(script: str) -> str:
    """Changes when the script does, so that no browser keeps an old one."""
    return hashlib.sha256((STATIC / script).read_bytes()).hexdigest()[:8]


def set_language() -> None:
    """Tell the browser the page's language, and keep Streamlit's own words in it. A file, never text from outside."""
    choices = f"lang={language()}&theme={palette().name}"
    sources = (f"app/static/{script}?v={version(script)}&{choices}" for script in SCRIPTS)
    with st.container(key="chrome"):
        st.button("redraw", key="redraw")  # hidden; the script presses it when the theme has changed
        st.html(join(tag("script", src=source) for source in sources), unsafe_allow_javascript=True)
