"""What becomes of the goals by an import, worked out once for what is chosen: before it is made, or after where it is too much."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from data import AFTER_IMPORT, Choice, Database, GoalPreview, goal_lines
from ui import database, edits
from ui.imports.upload import Drop
from ui.text.html import join, tag
from ui.text.i18n import language

_PREVIEW = "_goals_preview"  # (drop, choices, version), and what became of them


def show_preview(drop: Drop, choices: Mapping[str, Choice]) -> None:
    """Say what becomes of the goals if this is imported."""
    lines = goal_lines(_preview(drop, choices), language())
    if lines:
        first, *goals = lines
        st.html(
            join((tag("p", first), tag("ul", *(tag("li", line) for line in goals), class_="notes") if goals else ""))
        )


def _preview(drop: Drop, choices: Mapping[str, Choice]) -> GoalPreview | None:
    """The preview of these choices; the reader waits for it where they are new, no longer than its time limit."""
    key = (drop.key, drop.mapped, dict(choices), database.version())
    held: tuple[Any, GoalPreview | None] | None = st.session_state.get(_PREVIEW)
    if held is None or held[0] != key:
        held = st.session_state[_PREVIEW] = (key, edits.measure_goals(drop.draft, choices))
    return held[1]


def after(before: Database) -> str:
    """What became of the goals since an earlier version, where that could not be said beforehand; "" otherwise."""
    held: tuple[Any, GoalPreview | None] | None = st.session_state.pop(_PREVIEW, None)
    if held is None or held[1] is not None:
        return ""
    preview = database.store().goals_since(before)
    return " ".join(("", *goal_lines(preview, language(), AFTER_IMPORT))) if preview else ""
