"""Practising: a copy of one's own with the example data, in which everything works. The way in, the mark, the ways out."""

import streamlit as st

from ui import database
from ui.frame import address
from ui.text.html import join, tag
from ui.text.i18n import _, escape_markdown, language

OWN, SHOWN = "_practice", "_store"  # the session's copy, and the one whose pages it has drawn; "" is none
ASKED, GONE = (
    "_practice_asked",
    "_practice_gone",
)  # whether it is asked to throw the copy away, and whether that is just done


def name() -> str:
    """What stands in the browser's tab instead of the dashboard's name; "" outside practice."""
    return _("Practice") if database.practice_name() else ""


def mark() -> str:
    """The words that tell figures from the real ones; "" where these are shown."""
    if database.practice_name():
        return _("Practice – not the real figures")
    return _("Example data – invented figures") if database.database().example else ""


def keep_apart() -> None:
    """Forget what the session holds of another store than the one that the address names: files, drafts, messages."""
    now = database.practice_name()
    own = now or st.session_state.get(OWN)
    if st.session_state.get(SHOWN, now) != now:
        is_gone = st.session_state.get(GONE, False)
        st.session_state.clear()
        st.session_state[GONE] = is_gone
    st.session_state[OWN], st.session_state[SHOWN] = own, now


def offer() -> None:
    """The button that opens a copy of one's own; in one where all is undone, how to go on."""
    is_example = database.database().example
    if not database.practice_name():
        told = _(
            "Practise on a copy of your own of the example data: there you can import, undo, pair and write rules, and the real"
            " figures do not change."
        )
        if is_example:
            told = " ".join((_("The example data itself cannot be changed."), told))
    elif is_example:
        told = _("Every import of the practice is undone. Restore one on the page Import to go on.")
    else:
        return
    with st.container(key="practice_offer", horizontal=True, vertical_alignment="center"):
        st.html(tag("p", told), width="content")
        is_asked = not database.practice_name() and st.button(_("Practise"), key="_practise")
    if is_asked:
        _enter()


def _enter() -> None:
    copies, own = database.practice_copies(), st.session_state.get(OWN) or ""
    try:
        try:
            copies.open(own)
        except database.PracticeGone:
            with st.spinner(_("Making your copy …")):
                own = copies.create(_("Example data"))
    except database.StoreError as error:
        st.error(escape_markdown(error.sentence(language())))
        return
    _go_to(own)


def bar(path: str) -> None:
    """On every page of a practice copy: what it is, the way out, and the button that throws it away; once, that it is gone."""
    if not database.practice_name():
        if st.session_state.pop(GONE, False):
            st.success(_("The practice is thrown away. What everybody sees is as it was."))
        return
    told = _(
        "You practise on a copy of your own of the example data. The real figures do not change, and only those who have the"
        " address of this page see the copy."
    )
    leave = tag("a", _("Leave the practice"), href=_outside(path), target="_self", class_="unbroken")
    with st.container(key="practice", horizontal=True, vertical_alignment="center"):
        st.html(tag("p", join((tag("strong", name()), told, leave), " ")), width="content")
        if st.button(_("Throw everything away"), key="_practice_discard"):
            st.session_state[ASKED] = True
    if st.session_state.get(ASKED):
        _confirm()


def _confirm() -> None:
    """Ask whether the copy is thrown away: nothing brings it back."""
    st.warning(_("All that you have done in the practice is lost, and cannot be restored."))
    with st.container(horizontal=True):
        is_discarded = st.button(_("Throw it away all the same"), key="_practice_confirmed")
        if st.button(_("Keep the practice"), key="_practice_kept"):
            del st.session_state[ASKED]
            st.rerun()
    if is_discarded:
        try:
            database.practice_copies().discard(database.practice_name())
        except database.StoreError as error:
            st.error(escape_markdown(error.sentence(language())))
        else:
            st.session_state[GONE] = True
            _go_to("")


def _outside(path: str) -> str:
    """The address of a page of the served store. Filters are left behind: they may name what it does not have."""
    return address.link(path, **{key: None for key in address.PARAMETERS if key != "lang"})


def _go_to(copy: str) -> None:
    """This page of a copy, or of the served store (""), in the same language."""
    kept = {"lang": st.query_params.get("lang"), database.PRACTICE: copy}
    st.query_params.from_dict({key: value for key, value in kept.items() if value})
    st.rerun()
