"""The address of a page: which choices it holds, as codes, and links that keep them.

Streamlit writes what a bound widget *shows* into the address. Here the address holds codes, so each parameter has a
bound widget that shows codes and is hidden (`.st-key-address` in the stylesheet); the filter bar's widgets follow it.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from ui.text import LANGUAGES, speak

PARAMETERS = ("department", "audience", "from", "to", "comparison", "lang")


def draw_language() -> None:
    """Bind `lang`; from here on `ui.text.language()` knows."""
    with st.container(key="address_language"):
        speak(draw_one("lang", LANGUAGES, LANGUAGES[0]))


def draw_one(key: str, options: Sequence[str], default: str) -> str:
    """Bind a parameter that has one value; returns its code. What is not among the options is dropped."""
    chosen = st.selectbox(key, options, index=list(options).index(default), key=key, bind="query-params")
    return chosen if chosen in options else default


def draw_many(key: str, options: Sequence[str]) -> tuple[str, ...]:
    """Bind a parameter that may have several values; returns their codes."""
    return tuple(st.multiselect(key, options, key=key, bind="query-params"))


def link(page: str = "", anchor: str = "", /, **changes: str | Sequence[str] | None) -> str:
    """The relative address of a page, keeping the choices, changed as given (None takes one away, `from_` is from)."""
    named = {key.rstrip("_"): value for key, value in changes.items()}
    held: dict[str, str | Sequence[str] | None] = {key: st.query_params.get_all(key) for key in PARAMETERS}
    query = urlencode([(key, value) for key, value in (held | named).items() if value], doseq=True)
    return (page or "./") + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
