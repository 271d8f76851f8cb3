"""The rules as they are being changed. They live in the reader's session until they are saved, as an import like any other."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from analytics.rules.model import Rule, RuleSet, rule_sets, rules
from ui import database, edits
from ui.edits import Rows
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _

DRAFT, TRIED = "_rules_draft", "_rules_tried"
PAGE = RULES = "rules"


def saved() -> tuple[Rule, ...]:
    """The rules in use."""
    return database.answer(rules)


def sets() -> tuple[RuleSet, ...]:
    """Every rule set that was saved, the latest first."""
    return database.answer(rule_sets)


def draft() -> tuple[Rule, ...]:
    """The rules as edited on the page."""
    held: tuple[Rule, ...] | None = st.session_state.get(DRAFT)
    return saved() if held is None else held


def is_changed() -> bool:
    """Whether the draft differs from the saved rules."""
    return draft() != saved()


def replace_draft(changing: Sequence[Rule]) -> None:
    """Store these rules as the draft, and run the page again."""
    st.session_state[DRAFT] = tuple(changing)
    st.rerun()


def discard() -> None:
    """Drop the draft."""
    for key in (DRAFT, TRIED):
        st.session_state.pop(key, None)


def is_tried() -> bool:
    """Whether this draft has been tried on the current data."""
    return st.session_state.get(TRIED) == (draft(), database.version())


def mark_tried() -> None:
    """Record that this draft has been tried on the current data."""
    st.session_state[TRIED] = (draft(), database.version())


def show_outcome() -> None:
    """Show the outcome of the latest saving, once."""
    edits.show_message(PAGE)


def save() -> None:
    """Import the draft as a rule set, and run the page again."""
    with st.spinner(_("Saving the rules …")):
        problem = _import(draft())
    if problem:
        edits.set_message(PAGE, "error", problem)
    else:
        discard()
        edits.set_message(PAGE, "success", _("The rules are saved, and every page uses them from now on."))
    st.rerun()


def _import(made: Sequence[Rule]) -> str:
    """Import the rules; returns what went wrong, or ""."""
    now = edits.now()
    rows = [_row(_code(now), position, rule) for position, rule in enumerate(made, 1)]
    name = _("Rules {day}.csv").format(day=f"{now:%Y-%m-%d}")
    return edits.import_tables(PAGE, name, [Rows(RULES, [c.header for c in _columns()], rows)], now).problem


def _code(now: datetime) -> str:
    """The id of a new rule set. The last in order is in use, whatever a file has called its own."""
    code, latest = now.isoformat(timespec="seconds"), next((one.rule_set for one in sets()), "")
    return code if code > latest else f"{latest} {code}"


def _row(rule_set: str, position: int, rule: Rule) -> list[str]:
    kinds = {value.code: value.labels["sv"] for value in database.value_lists()["cost_type"]}
    told = {"rule_set": rule_set, "position": str(position), "cost_type": kinds[rule.cost_type]}
    return [told.get(column.code) or getattr(rule, column.code, None) or "" for column in _columns()]


def _columns() -> Sequence[database.Column]:
    return database.datasets()[RULES].columns


def ask_who() -> None:
    """Input for the role stated in the list of imports."""
    edits.ask_role(PAGE)


def undo() -> None:
    """The latest saving, with a button to undo it."""
    batch = edits.latest_import(RULES, "Rules {day}.csv")
    if batch is None or not batch.at:
        return
    told = {"moment": numbers.moment(batch.at), "who": batch.who}
    st.html(tag("p", _("Saved {moment}, {who}.").format(**told)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="rules_undo"):
        ask_who()
        if st.button(_("Undo the latest saving"), key="_rules_undo"):
            said = _("The rules from before are in use again. What was undone can be restored on the page Import.")
            if edits.undo(PAGE, batch, said):
                discard()
            st.rerun()
