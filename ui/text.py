"""Words: every sentence a reader sees, in the language of the request. Message ids are English."""

from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

LANGUAGES = ("sv", "en")  # the first is the default
LOCALES = Path(__file__).parents[1] / "locales"
_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def speak(code: str) -> None:
    """Fix the language of this run; it is asked for a thousand times a page."""
    _spoken.set(code)


def language() -> str:
    """The reader's language, `sv` or `en`; Swedish outside a request."""
    if spoken := _spoken.get():
        return spoken
    if get_script_run_ctx(suppress_warning=True) is None:
        return LANGUAGES[0]
    chosen = st.session_state["lang"] if "lang" in st.session_state else st.query_params.get("lang")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


@cache
def translations(code: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory; English has none, its words are the ids."""
    with suppress(FileNotFoundError), (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale=code))
        compiled.seek(0)
        return GNUTranslations(compiled)
    return NullTranslations()


def _(message: str) -> str:
    """The message in the reader's language."""
    return translations(language()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for one or for many, by `n`; put the number in with `.format(n=…)`."""
    return translations(language()).ngettext(one, many, n)


def words(pair: Mapping[str, str]) -> str:
    """The words in the reader's language from a catalogue's `{sv = …, en = …}`."""
    return pair[language()]
