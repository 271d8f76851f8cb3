"""What is said while dropped files are read."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from ui.imports.upload import _report
    from ui.text.i18n import set_language

    set_language("sv")
    _report(st.progress(0.0), "antal_2026*.csv", 0.25)


def test_the_progress_names_the_file() -> None:
    (bar,) = AppTest.from_function(script).run().get("progress")
    assert (bar.proto.value, bar.proto.text) == (25, r"Läser antal_2026\*.csv …")
