"""Saving: what it would do, why and by whom, the import, what came of it, and undoing it."""

from collections.abc import Sequence

import streamlit as st

from ui import edits
from ui.components import receipts
from ui.edits import Outcome, Rows
from ui.frame import page
from ui.frame.sitemap import shown_on
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _, escape_markdown

PAGE = "register"
SHOWN = 3  # changed rows in the message
LISTED = 20  # in the preview
SAVED = "_register_saved"  # the tables of the latest saving
PROPOSED = "_register_proposed"  # of which form, its rows, and what importing them would do


def receipt() -> None:
    """What came of the latest saving or undo, once, with links to where it shows."""
    tables = st.session_state.pop(SAVED, ())
    if message := edits.take_message(PAGE):
        receipts.draw(*message, shown_on(tables))


def preview_button() -> bool:
    """Draw the button that ends a form; whether it was pressed."""
    return st.form_submit_button(_("Show what changes"), type="primary", disabled=edits.is_damaged())


def propose(key: str, tables: list[Rows], missing: Sequence[str] = ()) -> None:
    """Work out what importing a form's rows would do, and keep it until a form is sent again. What is `missing` must be there."""
    if missing:
        outcome = Outcome(_("Fill in: {fields}.").format(fields=", ".join(missing)))
    elif not tables:
        outcome = Outcome(_("Nothing is changed."))
    else:
        with st.spinner(_("Looking at what changes …")):
            outcome = edits.preview_tables(_file(""), tables, edits.now())
    st.session_state[PROPOSED] = (key, tables, outcome)


def confirm(key: str, why: str = "") -> None:
    """What the form that was sent would do to its rows and to the goals; under it why, by whom, and the button that does it.

    Why is not asked of a form that says it by itself.
    """
    form, tables, outcome = st.session_state.get(PROPOSED, ("", [], Outcome()))
    if form != key:
        return
    if outcome.problem:
        st.error(escape_markdown(outcome.problem))
        return
    _preview(outcome)
    left, right = st.columns(2)
    with left:
        reason = why or st.text_input(_("Why, for those who read the history"), max_chars=80, key=f"{key}_why")
    with left if why else right:
        edits.ask_role(PAGE)
    if st.button(_("Save"), type="primary", disabled=edits.is_damaged(), key=f"{key}_save"):
        save(tables, " ".join(reason.split()))


def _preview(outcome: Outcome) -> None:
    """The rows that change, old and new, how many are added, and what becomes of the goals."""
    lines = [*outcome.lines[:LISTED]]
    if (more := len(outcome.lines) - LISTED) > 0:
        lines.append(numbers.plural("{n} more row changes", "{n} more rows change", more))
    if outcome.new:
        lines.append(numbers.plural("{n} row is added", "{n} rows are added", outcome.new))
    head = _("This is what changes when you save:")
    page.reading(head, announced=" ".join((head, *lines)))
    goal_head, *goals = outcome.goals or (_("No goal is counted from this."),)
    st.html(join((_list(lines or [_("Nothing new")]), tag("p", goal_head), _list(goals))))


def _list(lines: Sequence[str]) -> object:
    return tag("ul", *(tag("li", line) for line in lines), class_="notes") if lines else ""


def _file(why: str) -> str:
    """The name of the import."""
    return _("The register: {why}.csv").format(why=why)


def save(tables: list[Rows], why: str) -> None:
    """Import the rows as one batch that the reason names, and draw the page anew, which says what was changed or what is wrong."""
    if not tables:
        edits.set_message(PAGE, "error", _("Nothing is changed."))
    elif not why:
        edits.set_message(PAGE, "error", _("Nothing is saved: say why."))
    else:
        with st.spinner(_("Saving …")):
            outcome = edits.import_tables(PAGE, _file(why), tables, edits.now())
        if outcome.problem:
            edits.set_message(PAGE, "error", outcome.problem)
        else:
            st.session_state.pop(PROPOSED, None)
            st.session_state[SAVED] = [one.table for one in tables]
            edits.set_message(PAGE, "success", described(outcome.lines, outcome.new))
    st.rerun()


def described(lines: tuple[str, ...], new: int) -> str:
    """What a saving changed, the first rows of it, and how many rows it added."""
    more = len(lines) - SHOWN
    rest = numbers.plural(" And {n} more row.", " And {n} more rows.", more) if more > 0 else ""
    changed = _("Saved: {lines}.").format(lines=" · ".join(lines[:SHOWN])) + rest if lines else ""
    added = numbers.plural("Saved: {n} new row.", "Saved: {n} new rows.", new) if new or not lines else ""
    return " ".join(filter(None, (changed, added)))


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
