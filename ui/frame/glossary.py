"""Words of the glossary explained where they stand: static/glossary.js makes the first of each on a page a button that opens it.

What it needs is drawn once a page: the words with their meanings, hidden, and the one box that shows a meaning.
"""

import streamlit as st
from markupsafe import Markup

from ui.frame import address
from ui.frame.cached_blocks import cached
from ui.text.glossary import Entry, explained_words
from ui.text.html import tag
from ui.text.i18n import _

BOX = "explained"


def draw() -> None:
    """Bring the words, and the box."""
    st.html(cached(_words_and_box))


def _words_and_box() -> Markup:
    listed = tag("ul", *map(_word, explained_words()), class_="glossary", hidden=True)
    box = tag(
        "div", popover=True, id=BOX, class_="panel", tabindex="-1", role="dialog", aria_label=_("What the word means")
    )
    return listed + box


def _word(entry: Entry) -> Markup:
    link = tag("a", _("All words"), href=address.link("definitioner", f"word-{entry.code}"), target="_self")
    meaning = tag("p", tag("strong", entry.term), tag("br"), entry.meaning)
    return tag("li", meaning, tag("p", link), id=entry.code, data_forms=entry.forms)
