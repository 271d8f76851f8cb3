"""Saving: why and by whom, the import, what came of it, and undoing it."""

import streamlit as st

from ui import edits
from ui.edits import Rows
from ui.frame import page
from ui.text import numbers
from ui.text.i18n import _, escape_markdown

PAGE = "register"
SHOWN = 3  # changed rows in the message


def ask_why(key: str) -> str:
    """Draw the input of the reason, which names the import, and that of the role."""
    left, right = st.columns(2)
    with left:
        why = st.text_input(_("Why, for those who read the history"), max_chars=80, key=f"{key}_why")
    with right:
        edits.ask_role(PAGE)
    return " ".join(why.split())


def save(tables: list[Rows], why: str) -> None:
    """Import the rows as one batch that the reason names, and draw the page anew, which says what was changed or what is wrong."""
    if not tables:
        edits.set_message(PAGE, "error", _("Nothing is saved: nothing was changed."))
    elif not why:
        edits.set_message(PAGE, "error", _("Nothing is saved: say why."))
    else:
        with st.spinner(_("Saving …")):
            outcome = edits.import_tables(PAGE, _("The register: {why}.csv").format(why=why), tables, edits.now())
        if outcome.problem:
            edits.set_message(PAGE, "error", outcome.problem)
        else:
            edits.set_message(PAGE, "success", described(outcome.lines, sum(len(one.rows) for one in tables)))
    st.rerun()


def described(lines: tuple[str, ...], rows: int) -> str:
    """What a saving changed, the first rows of it, or how many rows it added."""
    if not lines:
        return numbers.plural("Saved: {n} row.", "Saved: {n} rows.", rows)
    more = len(lines) - SHOWN
    rest = numbers.plural(" And {n} more row.", " And {n} more rows.", more) if more > 0 else ""
    return _("Saved: {lines}.").format(lines=" · ".join(lines[:SHOWN])) + rest


def undo() -> None:
    """The latest saving, with a button to undo it."""
    batch = edits.latest_import(None, "The register: {why}.csv")
    if batch is None or not batch.at:
        return
    named = batch.file.removesuffix(".csv")
    with st.container(horizontal=True, vertical_alignment="center", key="register_undo"):
        told = _("Latest: {file}, {day}, {who}.").format(file=named, day=numbers.day(batch.at.date()), who=batch.who)
        page.reading(told)
        if st.button(_("Undo the latest"), key="_register_undo"):
            edits.undo(
                PAGE,
                batch,
                _("{file} is undone. You can restore it on the page Import.").format(file=escape_markdown(named)),
            )
            st.rerun()
