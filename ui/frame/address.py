"""The address of a page: which choices it holds, as codes, and links that keep them.

Streamlit writes what a bound widget *shows* into the address. Here the address holds codes, so each parameter has a
bound widget that shows codes and is hidden (`.st-key-address` in the stylesheet); the filter bar's widgets follow it.
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from urllib.parse import urlencode

import streamlit as st

from ui.text.i18n import LANGUAGES, set_language

PARAMETERS = ("department", "audience", "from", "to", "comparison", "rules", "organisation", "lang")
REQUESTED_PAGE = "_going"  # the page that a widget has asked for
Choices = dict[str, str | Sequence[str] | None]
_held: ContextVar[Choices | None] = ContextVar("held", default=None)


def request_page(page: str, **choices: str) -> None:
    """From a widget's callback: request that the page in this file is opened, with these parameters besides the current ones."""
    st.session_state[REQUESTED_PAGE] = page, choices


def open_requested_page() -> None:
    """Open the page that a widget's callback requested, if any."""
    if going := st.session_state.pop(REQUESTED_PAGE, None):
        page, choices = going
        st.switch_page(page, query_params=choices)


def draw_language() -> None:
    """Bind `lang`; from here on `ui.text.i18n.language()` knows."""
    with st.container(key="address_language"):
        set_language(draw_one("lang", LANGUAGES, LANGUAGES[0]))


def draw_one(key: str, options: Sequence[str], default: str) -> str:
    """Bind a parameter that has one value; returns its code. What is not among the options is dropped."""
    chosen = st.selectbox(key, options, index=list(options).index(default), key=key, bind="query-params")
    return chosen if chosen in options else default


def draw_many(key: str, options: Sequence[str]) -> tuple[str, ...]:
    """Bind a parameter that may have several values; returns their codes."""
    return tuple(st.multiselect(key, options, key=key, bind="query-params"))


def freeze() -> None:
    """Read the parameters once for this run; every link uses them."""
    _held.set({key: value for key in PARAMETERS if (value := st.query_params.get_all(key))})


def current_query() -> str:
    """The query string of the parameters that every link keeps."""
    return urlencode(_held.get() or {}, doseq=True)


def link(page: str = "", anchor: str = "", /, **changes: str | Sequence[str] | None) -> str:
    """The relative address of a page with the current parameters, changed as given: None removes one, `from_` is `from`."""
    query = _query(changes)
    return (page or "./") + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def link_here(anchor: str = "", /, **changes: str | Sequence[str] | None) -> str:
    """The relative address of this page with the current parameters, changed as given."""
    return f"?{_query(changes)}" + (f"#{anchor}" if anchor else "")


def link_same_page(page: str, **changes: str | None) -> str:
    """The relative address of the current page with all of its parameters, its own too, changed as given."""
    own: Choices = {key: st.query_params.get_all(key) for key in st.query_params}
    query = urlencode([(key, value) for key, value in (own | changes).items() if value], doseq=True)
    return (page or "./") + (f"?{query}" if query else "")


def _query(changes: Mapping[str, str | Sequence[str] | None]) -> str:
    named = {key.rstrip("_"): value for key, value in changes.items()}
    return urlencode([(key, value) for key, value in ((_held.get() or {}) | named).items() if value], doseq=True)
