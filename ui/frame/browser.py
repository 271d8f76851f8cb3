"""Streamlit's own words in Swedish, and the page's language: what Streamlit has no setting for."""

import hashlib
from functools import cache
from pathlib import Path

import streamlit as st

from ui.frame.theme import palette
from ui.text.html import tag
from ui.text.i18n import language

SCRIPT = Path(__file__).parents[2] / "static" / "chrome.js"  # Streamlit serves the folder as app/static


@cache
def version() -> str:
    """Changes when the script does, so that no browser keeps an old one."""
    return hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:8]


def set_language() -> None:
    """Tell the browser the page's language, and keep Streamlit's own words in it. A file, never text from outside."""
    source = f"app/static/{SCRIPT.name}?v={version()}&lang={language()}&theme={palette().name}"
    with st.container(key="chrome"):
        st.button("redraw", key="redraw")  # hidden; the script presses it when the theme has changed
        st.html(tag("script", src=source), unsafe_allow_javascript=True)
