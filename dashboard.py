"""The entry: language, navigation, header, the page, and the last resort when our own code fails."""

import logging
from pathlib import Path
from traceback import format_tb
from uuid import uuid4

import streamlit as st

from ui import database, slides
from ui.frame import address, browser, filters, glossary, header, known_on, page, practice, sitemap, uploads
from ui.text import labels
from ui.text.html import mark_as_swedish
from ui.text.i18n import LANGUAGES, language

HERE = Path(__file__).parent
LOG = logging.getLogger("dashboard")


def show() -> None:
    """Draw the frame and run the page, all of it on one version of the data."""
    browser.draw_own()
    address.read_language()
    practice.keep_apart()
    refusal = known_on.pin()
    if language() != LANGUAGES[0]:
        mark_as_swedish(labels.data_names())
    pages = sitemap.pages(HERE)
    chosen = st.navigation(list(pages), position="hidden")
    spec = pages[chosen]
    choice = filters.read(spec.filters)
    st.set_page_config(page_title=header.title(spec, choice.scope, practice.name() or header.name()))
    uploads.claim(())
    if slides.is_asked_for() and not refusal:
        slides.draw(spec.path, choice)
        return
    header.draw(list(pages.values()), spec, choice)
    practice.bar(spec.path)
    page.faults()
    if refusal := refusal or known_on.refusal(spec):
        known_on.draw_refusal(refusal, spec)
    else:
        chosen.run()
    page.footer(chosen.url_path, slides.link())
    glossary.draw()


def recover(error: Exception) -> None:
    """Run the page again when the file of the database was damaged and is rebuilt, else say what is wrong."""
    try:
        if database.is_replaced_after(error):
            st.rerun()
    except database.StoreError as unavailable:
        error = unavailable
    if isinstance(error, database.PracticeGone):
        page.no_practice(error.sentence(language()))
    elif isinstance(error, database.StoreError):
        page.unavailable(error.sentence(language()))
    else:
        fail(error)


def fail(error: Exception) -> None:
    """Log where it went wrong under an id, and say one calm sentence. The log leaves the message out: it may hold data."""
    number = uuid4().hex[:8]
    LOG.error("failure %s: %s at\n%s", number, type(error).__name__, "".join(format_tb(error.__traceback__)))
    page.failure(number)


st.set_page_config(page_icon=str(HERE / "ui/frame/static/icon.png"), layout="wide", initial_sidebar_state="collapsed")
try:
    show()
except Exception as error:  # noqa: BLE001 - the last resort: whatever our code did, the reader gets a sentence
    recover(error)
