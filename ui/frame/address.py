"""The address of a page: the only place where choices are kept, as codes; and links that keep them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlencode

import streamlit as st

from analytics.registers.services import CODINGS
from ui.database import PRACTICE
from ui.text.i18n import LANGUAGES, set_language

PARAMETERS = (
    "department", "audience", *CODINGS, "from", "to", "comparison", "rules", "organisation", "as_of", "lang", PRACTICE,
)  # fmt: skip
Choices = dict[str, str | Sequence[str] | None]
_held: ContextVar[Choices | None] = ContextVar("held", default=None)


def read_language() -> str:
    """The language that the address names; from here on `ui.text.i18n.language()` knows."""
    language = read_one("lang", LANGUAGES, LANGUAGES[0])
    set_language(language)
    return language


def read_one(key: str, options: Collection[str], default: str) -> str:
    """The code of a parameter that has one value. What is not among the options is the default."""
    value = st.query_params.get(key)
    return value if value is not None and value in options else default


def read_many(key: str, options: Collection[str]) -> tuple[str, ...]:
    """The codes of a parameter that may have several values: those that are among the options."""
    return tuple(dict.fromkeys(value for value in st.query_params.get_all(key) if value in options))


def hold(choices: Mapping[str, str | Sequence[str]]) -> None:
    """Keep the parameters, by their codes, for this run; every link uses them."""
    _held.set({key: value for key in PARAMETERS if (value := choices.get(key))})


@contextmanager
def holding(choices: Mapping[str, str | Sequence[str]]) -> Iterator[None]:
    """Keep these for a while instead, where there is no run of a page: links are then those of a page with these choices."""
    token = _held.set(None)
    try:
        hold(choices)
        yield
    finally:
        _held.reset(token)


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


def link_same_page(page: str, **changes: str | Sequence[str] | None) -> str:
    """The relative address of the current page with all of its parameters, its own too, changed as given."""
    own = {key: st.query_params.get_all(key) for key in st.query_params if key not in PARAMETERS}
    query = _query(own | changes)
    return (page or "./") + (f"?{query}" if query else "")


def home() -> str:
    """Where the pages are, as this reader's browser has them: "https://server/path/"; "" where nobody says so."""
    url = (st.context.url or "").partition("?")[0]
    return url[: url.rfind("/") + 1]


def _query(changes: Mapping[str, str | Sequence[str] | None]) -> str:
    named = {key.rstrip("_"): value for key, value in changes.items()}
    return urlencode([(key, value) for key, value in ((_held.get() or {}) | named).items() if value], doseq=True)
