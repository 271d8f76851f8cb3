"""What came of a change: its sentence, and links to where it shows. static/site.js gives it the focus when it comes."""

from collections.abc import Sequence

import streamlit as st

from ui.text.html import tag
from ui.text.i18n import escape_markdown


def draw(kind: str, sentence: str, links: Sequence[tuple[str, str]] = ()) -> None:
    """The sentence of a change that was made (kind "success") or not, and links: their words and addresses."""
    with st.container(key="receipt"):
        (st.success if kind == "success" else st.error)(escape_markdown(sentence))
        if links:
            st.html(
                tag(
                    "ul",
                    *(tag("li", tag("a", words, href=href, target="_self")) for words, href in links),
                    class_="notes",
                )
            )
