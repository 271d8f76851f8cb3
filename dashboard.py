"""The entry: language, navigation, filter bar, the page, and the last resort when our own code fails."""

import logging
from pathlib import Path
from traceback import format_tb
from uuid import uuid4

import streamlit as st

from ui import address, chrome, filters, page, store, theme
from ui.text import _

HERE = Path(__file__).parent
LOG = logging.getLogger("dashboard")


def navigation() -> tuple[st.Page, bool]:
    """The page that the address names, and whether the filters apply to it."""
    follow_up = [
        st.Page(HERE / "pages/follow_up/overview.py", title=_("Overview"), default=True),
        st.Page(HERE / "pages/follow_up/costs.py", title=_("Costs"), url_path="kostnader"),
    ]
    sources = [
        st.Page(HERE / "pages/sources/import_files.py", title=_("Import"), url_path="importera"),
        st.Page(HERE / "pages/sources/definitions.py", title=_("Definitions"), url_path="definitioner"),
    ]
    chosen = st.navigation(follow_up + sources, position="top")
    return chosen, chosen in follow_up


def show() -> None:
    """Draw the frame and run the page, all of it on one version of the data."""
    store.pin()
    theme.apply_style()
    address.draw_language()
    chosen, filtered = navigation()
    st.set_page_config(page_title=f"{chosen.title} – " + _("E-services"))
    chrome.speak()
    filters.draw(shown=filtered)
    chosen.run()
    page.footer(chosen.url_path)


def fail(error: Exception) -> None:
    """Log where it went wrong under an id, and say one calm sentence. The log leaves the message out: it may hold data."""
    number = uuid4().hex[:8]
    LOG.error("failure %s: %s at\n%s", number, type(error).__name__, "".join(format_tb(error.__traceback__)))
    page.apology(number)


st.set_page_config(page_icon=str(HERE / "ui/static/icon.png"), layout="wide", initial_sidebar_state="auto")
try:
    show()
except Exception as error:  # noqa: BLE001 - the last resort: whatever our code did, the reader gets a sentence
    fail(error)
