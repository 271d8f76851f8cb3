"""Practising: a copy of one's own with the example data, in which everything works. The way in, the mark, the ways out."""

import streamlit as st

from ui import database
from ui.frame import address
from ui.text.html import join, tag
from ui.text.i18n import _, escape_markdown, language

OWN, SHOWN = "_practice", "_store"  # the session's copy, and the one whose pages it has drawn; "" is none


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
        st.session_state.clear()
    st.session_state[OWN], st.session_state[SHOWN] = own, now


def offer() -> None:
    """The button that opens a copy of one's own; in one where all is undone, how to go on."""
    if not database.practice_name():
        told = _(
            "Practise on a copy of your own of the example data: there you can import, undo, pair and write rules, and the real"
            " figures do not change."
        )
    elif database.database().example:
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
    """On every page of a practice copy: what it is, the way out, and the button that throws it away."""
    if not database.practice_name():
        return
    told = _(
        "You practise on a copy of your own of the example data. The real figures do not change, and only those who have the"
        " address of this page see the copy."
    )
    leave = tag("a", _("Leave the practice"), href=_outside(path), target="_self", class_="unbroken")
    with st.container(key="practice", horizontal=True, vertical_alignment="center"):
        st.html(tag("p", join((tag("strong", name()), told, leave), " ")), width="content")
        is_discarded = st.button(_("Throw everything away"), key="_practice_discard")
    if is_discarded:
        try:
            database.practice_copies().discard(database.practice_name())
        except database.StoreError as error:
            st.error(escape_markdown(error.sentence(language())))
        else:
            _go_to("")


def _outside(path: str) -> str:
    """The address of a page of the served store. Filters are left behind: they may name what it does not have."""
    return address.link(path, **{key: None for key in address.PARAMETERS if key != "lang"})


def _go_to(copy: str) -> None:
    """This page of a copy, or of the served store (""), in the same language."""
    kept = {"lang": st.query_params.get("lang"), database.PRACTICE: copy}
    st.query_params.from_dict({key: value for key, value in kept.items() if value})
    st.rerun()
