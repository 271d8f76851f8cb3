"""Caches of drawn blocks and of values: nothing is queried or built again while the same is shown.

What a block draws depends on its arguments, the version of the data, the language, the theme and the choices that its links
carry. Those are the key; a new import, a new theme or another filter is another key. Blocks with widgets cannot be kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st
from markupsafe import Markup

from ui import database
from ui.frame import address
from ui.frame.theme import palette
from ui.text.i18n import language

P = ParamSpec("P")
T = TypeVar("T")
KEPT = 1024  # blocks of some 20 kB; the oldest goes first


def _key(function: Callable[..., object], *args: object) -> str:
    """The cache key as one string, which Streamlit hashes fastest."""
    texts = (_name(arg) if callable(arg) else repr(arg) for arg in args)
    return "\x1f".join(
        (_name(function), *texts, str(database.version()), language(), palette().name, address.current_query())
    )


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _replay(key: str, _block: Callable[[], None]) -> None:
    _block()


def cached_block(block: Callable[P, None]) -> Callable[P, None]:
    """Decorator for a function that draws without widgets: later runs replay its elements from the cache."""

    @wraps(block)
    def draw(*args: P.args, **named: P.kwargs) -> None:
        _replay(_key(block, *args, *named.items()), lambda: block(*args, **named))

    return draw


def cached(make: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """The result of `make(*args)`, cached by arguments, data, language, theme and address. Never change it."""
    return database.cached(_key(make, *args, *named.items()), lambda: make(*args, **named))


def draw_for_address(path: str, make: Callable[[], Markup]) -> None:
    """Draw a part of a page that depends on its path and its whole address, made once for the data, the language and the theme."""
    asked = tuple((key, *st.query_params.get_all(key)) for key in st.query_params)
    key = (_name(make), path, asked, database.version(), database.known_on(), language(), palette().name)
    st.html(database.cached(key, lambda: str(make())))
