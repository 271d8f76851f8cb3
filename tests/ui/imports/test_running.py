"""An import while it is made: it is shown until it is done, cancelled by its button, and told in the end."""

import time
from threading import Event

from streamlit.testing.v1 import AppTest

from ui.imports.running import Cancelled, Running

WAITED = 10.0  # seconds at most for what takes none


def script() -> None:
    import streamlit as st

    from ui.imports import running
    from ui.text.i18n import set_language

    def work(report: running.Report) -> str:
        report("build", 0.5)
        return "det som blev"

    set_language("sv")
    if "said" in st.session_state:
        st.write(st.session_state["said"])
    elif st.button("Börja"):
        running.start(
            "Importerar …",
            work,
            lambda outcome: st.session_state.update(said=outcome.result()),
        )


def test_what_came_of_it_is_told_when_it_is_done() -> None:
    app = AppTest.from_function(script, default_timeout=30).run()
    app.button[0].click().run()
    assert [each.value for each in app.markdown] == ["det som blev"]
    assert not app.exception


def test_a_cancelled_one_ends_where_it_next_reports() -> None:
    begun, ended = Event(), Event()

    def work(report: object) -> None:
        begun.set()
        while True:
            time.sleep(0.01)
            report("write", 0.1)  # type: ignore[operator]

    running = Running("Importerar …", work, lambda outcome: ended.set())
    assert begun.wait(WAITED)
    assert not running._outcome.done()
    running._is_cancelled.set()
    assert isinstance(running._outcome.exception(WAITED), Cancelled)
    assert not ended.is_set(), "told where a page is drawn, not in the thread"
