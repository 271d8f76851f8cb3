"""Words: every sentence a reader sees, in the language of the request. Message ids are English."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.database import translations

LANGUAGES = ("sv", "en")  # the first is the default
_MARKDOWN = re.compile(  # what Streamlit's Markdown acts on, and no more: a backslash is read out where a label is a name
    r"([\\`*\[\]{}|$~<>]|(?<![^\W_])_|_(?![^\W_])|:(?=\S)|(?<=\bwww)\.|-(?=[-<>])|(?<=[-<>])-|^\s*(?:[#+-]|[0-9]+[.)](?=\s)))",
    re.M,
)
_JOINER = "\u2060"  # seen and heard by nobody: an address is made a link after the backslashes are taken away
_spoken: ContextVar[str | None] = ContextVar("language", default=None)


def set_language(code: str) -> None:
    """Fix the language of this run; it is asked for a thousand times a page."""
    _spoken.set(code)


def language() -> str:
    """The reader's language, `sv` or `en`; Swedish outside a request."""
    if spoken := _spoken.get():
        return spoken
    if get_script_run_ctx(suppress_warning=True) is None:
        return LANGUAGES[0]
    chosen = st.query_params.get("lang")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak another language than the reader's for a while, such as that of a report."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str) -> str:
    """The message in the reader's language."""
    return translations(language()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for one or for many, by `n`; `numbers.plural` puts the number in."""
    return translations(language()).ngettext(one, many, n)


@cache
def load_words(path: Path) -> Mapping[str, Any]:
    """A catalogue of words in TOML, read once."""
    return tomllib.loads(path.read_text("utf-8"))


def words(pair: Mapping[str, str]) -> str:
    """The words in the reader's language from a catalogue's `{sv = …, en = …}`."""
    return pair[language()]


def escape_markdown(text: str) -> str:
    """Text from outside, such as a file's name, so that Streamlit's Markdown shows it as it is."""
    escaped = _MARKDOWN.sub(lambda hit: hit[1][:-1] + "\\" + hit[1][-1], text)
    return re.sub(r"\\(?=://)|(?<=\bwww)\\", _JOINER, escaped)


def capitalized(clause: str) -> str:
    """The text with its first letter upper case."""
    return clause[:1].upper() + clause[1:]
