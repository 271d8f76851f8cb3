"""An import or a fetch while it is made: how far it is, and a button that cancels it.

It belongs to the session and not to a run of the page: Streamlit ends a run whenever something on the page is touched.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Any

import streamlit as st

from data import stage_label
from ui.text.i18n import _, escape_markdown, language

LOOK_SECONDS = 0.1
_RUNNING = "_running"
Report = Callable[[str, float], None]


class Cancelled(Exception):
    """The importer has pressed the button."""


class Running:
    """Work in a thread of its own, which goes on when its importer leaves. `end` is called with what came of it."""

    def __init__(self, label: str, work: Callable[[Report], Any], end: Callable[[Future[Any]], None]) -> None:
        self._label, self._work, self._end = label, work, end
        self._stage, self._share, self._is_cancelled = "", 0.0, Event()
        self._outcome: Future[Any] = Future()
        Thread(target=self._run).start()

    def _run(self) -> None:
        try:
            self._outcome.set_result(self._work(self._report))
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is asked for
            self._outcome.set_exception(error)

    def _report(self, stage: str, share: float) -> None:
        self._stage, self._share = stage, share
        if self._is_cancelled.is_set():
            raise Cancelled

    def follow(self) -> None:
        """Show how far it is until it is done; then tell what came of it, and draw the page anew."""
        with st.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, self._label)
            st.button(_("Cancel"), key="_cancel", on_click=self._is_cancelled.set)
        while not self._outcome.done():
            what = escape_markdown(stage_label(self._stage, language()))
            bar.progress(min(1.0, max(0.0, self._share)), f"{self._label} {what}".rstrip())
            Event().wait(LOOK_SECONDS)
        del st.session_state[_RUNNING]
        self._end(self._outcome)
        st.rerun()


def start(label: str, work: Callable[[Report], Any], end: Callable[[Future[Any]], None]) -> None:
    """Have work done, and show how far it is. `work` is called in another thread, `end` in a run of the page."""
    st.session_state[_RUNNING] = Running(label, work, end)
    follow()


def follow() -> None:
    """Show what runs in this session, if anything does, until it is done."""
    running: Running | None = st.session_state.get(_RUNNING)
    if running:
        running.follow()
