"""What a reader chooses on a page alone, in Streamlit's own widgets: the address holds it, as codes, and is the only state.

A widget shows what the address holds, and its callback puts what was chosen there: a new entry in the history, so Back works.
Streamlit's own binding would write the words that a widget shows, and replace the entry.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.frame import address
from ui.text.html import tag
from ui.text.i18n import _

NONE = "*"  # of a choice that only a page has: no id is written so


def widget(key: str, value: object, default: object = None) -> dict[str, Any]:
    """The arguments of a widget that shows a parameter's value, and puts another into the address; the default is left out."""
    name = f"_{key}"
    if name not in st.session_state or st.session_state[name] != value:
        st.session_state[name] = value
    return {"key": name, "on_change": _write, "args": (key, default)}


def _write(key: str, default: object) -> None:
    value = st.session_state[f"_{key}"]
    if value in (default, None, "", []):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value if isinstance(value, list) else str(value)


def choose(label: str, key: str, options: Mapping[str, str], all_label: str) -> str | None:
    """A choice that only this page has: the code chosen, or None. `all_label` is the word for that."""
    named = {NONE: all_label, **options}
    requested = st.query_params.get(key)
    if requested and requested not in named:
        left_out = _("“{code}” cannot be chosen here and is not used.").format(code=requested)
        st.html(tag("p", left_out, class_="notice"))
    chosen = selectbox(label, key, named, NONE)
    return None if chosen == NONE else chosen


def selectbox(label: str, key: str, options: Mapping[str, str], default: str) -> str:
    """A select box of the options, names by code; returns the code that the address holds."""
    chosen = address.read_one(key, options, default)
    st.selectbox(label, list(options), format_func=options.__getitem__, **widget(key, chosen, default))
    return chosen


def multiselect(
    label: str, key: str, options: Mapping[str, str], held: Mapping[str, str], placeholder: str
) -> tuple[str, ...]:
    """A search among the options, names by code; returns the codes that the address holds, which `held` names too."""
    chosen = address.read_many(key, held)
    every = list(dict.fromkeys([*options, *chosen]))
    name = {**held, **options}.__getitem__
    more = widget(key, list(chosen))
    st.multiselect(label, every, format_func=name, placeholder=placeholder, disabled=not every, wrap=True, **more)
    return chosen


def number(
    label: str, key: str, most: int, default: int | None, step: int, placeholder: str | None = None
) -> int | None:
    """A whole number from 0 to `most`; returns the one that the address holds, the default where it holds none."""
    written = st.query_params.get(key, "")
    value = int(written) if written.isascii() and written.isdigit() and int(written) <= most else default
    shown = None if value is None else min(value, most)  # a default may be beyond what can be asked for
    st.number_input(label, 0, most, None, step, placeholder=placeholder, **widget(key, shown, default))
    return value


def text(label: str, key: str, longest: int) -> str:
    """A short text; returns the one that the address holds."""
    value = st.query_params.get(key, "")[:longest]
    st.text_input(label, max_chars=longest, **widget(key, value))
    return value
