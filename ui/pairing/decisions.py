"""Pairs become an import like any other, undone like any other. Who pairs and what happened lives in the reader's session."""

from collections.abc import Sequence

import streamlit as st

from ui import edits
from ui.edits import Rows
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, ngettext

PAGE, ROUND = "pair", "_pair_round"
LINKS = "links"
HEADER = ("tjanst_id", "etjanst_id", "hor_ihop")
Pair = tuple[str, str]  # a service, an e-service


def show_outcome() -> None:
    """Show the outcome of the latest pairing, once."""
    edits.show_message(PAGE)


def ask_who() -> None:
    """Input for the role stated in the list of imports."""
    edits.ask_role(PAGE)


def decide(pairs: Sequence[Pair], *, belong: bool, said: str) -> None:
    """Import these pairs as belonging together, or as not; then draw the page anew, which tells `said`."""
    with st.spinner(_("Saving the pairs …")):
        problem = _import(pairs, belong)
    if problem:
        edits.set_message(PAGE, "error", problem)
    else:
        edits.set_message(PAGE, "success", said)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _import(pairs: Sequence[Pair], belong: bool) -> str:
    """Import the pairs; returns what went wrong, or ""."""
    rows = [(*pair, "ja" if belong else "nej") for pair in pairs]
    return edits.import_tables(PAGE, _file_name(len(pairs), belong), [Rows(LINKS, HEADER, rows)], edits.now()).problem


def _file_name(n: int, belong: bool) -> str:
    yes = ngettext("Pair {n} pair.csv", "Pair {n} pairs.csv", n)
    no = ngettext("Not a pair, {n}.csv", "Not pairs, {n}.csv", n)
    return (yes if belong else no).format(n=n)


def undo() -> None:
    """The latest pairing, with a button to undo it."""
    batch = edits.latest_import(LINKS, "Pair {n} pair.csv", "Not a pair, {n}.csv", "Not pairs, {n}.csv")
    if batch is None or not batch.at:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="pair_undo"):
        told = {"file": batch.file.removesuffix(".csv"), "day": numbers.day(batch.at.date()), "who": batch.who}
        st.html(tag("p", _("Latest: {file}, {day}, {who}.").format(**told)), width="content")
        if st.button(_("Undo the latest"), key="_pair_undo"):
            said = _("{file} is undone. You can restore it on the page Import.").format(file=told["file"])
            edits.undo(PAGE, batch, said)
            st.rerun()
