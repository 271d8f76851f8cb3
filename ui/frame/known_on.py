"""What was known on an earlier day (`?as_of=2026-03-01`): the version that a run of a page sees, and what is said of it."""

from datetime import date

import streamlit as st
from markupsafe import Markup

from ui import database
from ui.frame import address, page
from ui.frame.sitemap import PageSpec
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, language

KEY = "as_of"
LONGEST = 20  # of what is repeated of an address


def pin() -> str:
    """Use the version that the address asks for; where that is none, the newest: then why, as a sentence."""
    asked = st.query_params.get(KEY, "")
    day = _day(asked)
    refusal = _("“{text}” is no day. Write it as 2026-03-01.").format(text=asked[:LONGEST]) if asked and not day else ""
    try:
        database.pin_version(day)
    except database.StoreError as error:
        if day is None:
            raise
        refusal = error.sentence(language())
        database.pin_version()
    return refusal


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if day.isoformat() == written else None


def banner(path: str) -> Markup:
    """That the figures are those of an earlier day, with the way back; nothing for those of today."""
    day = database.known_on()
    if day is None:
        return Markup()
    return tag(
        "p",
        _("This is what was known on {day}.").format(day=numbers.day(day)),
        " ",
        tag("a", _to_today(), href=address.link_same_page(path, **{KEY: None}), target="_self"),
        class_="known-on",
        role="status",
    )


def refusal(spec: PageSpec) -> str:
    """Why a page cannot show an earlier day, where one is asked for."""
    return (
        _("The figures are changed on this page, so it shows only today's.")
        if spec.edits and database.known_on()
        else ""
    )


def draw_refusal(sentence: str, spec: PageSpec) -> None:
    """What stands in the place of a page that cannot show the day: why, and the way to today's."""
    page.frame(_("That day cannot be shown"))
    page.empty(sentence, _to_today(), address.link_same_page(spec.path, **{KEY: None}))


def _to_today() -> str:
    return _("Show what is known today")
