"""The rows that a file changes: twenty at a time, more on demand, and what changes by another row is only said."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from data import ChangedRow
from ui.imports import changes

ROWS = [ChangedRow("services", (("tjanst_id", f"T{n}"),), n, f"Tjänst T{n}: namn A → B") for n in range(1, 46)]
ROWS.append(ChangedRow("services", (("tjanst_id", "T99"),), None, "Tjänst T99: flyttas"))


def script() -> None:
    """A page with the changes of one file."""
    from types import SimpleNamespace

    import streamlit as st

    from ui.imports import changes

    table = SimpleNamespace(changes=())
    file = SimpleNamespace(name="tjanster.csv", tables=[table], changes=range(46), change_count=46)
    st.session_state["left_out"] = changes.ask(file, 0)  # type: ignore[arg-type]  # what it reads of a draft


def test_more_rows_are_shown_on_demand_and_those_unticked_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "changed_rows", lambda *_: ROWS)
    app = AppTest.from_function(script).run()
    assert len(app.checkbox) == changes.AT_A_TIME and app.session_state["left_out"] == frozenset()
    app.checkbox[3].uncheck().run()
    assert app.session_state["left_out"] == {(0, 4)}
    app.button[0].click().run()
    assert len(app.checkbox) == 2 * changes.AT_A_TIME and app.session_state["left_out"] == {(0, 4)}
    app.button[0].click().run()
    assert len(app.checkbox) == 45 and not app.button
    assert any("T99: flyttas" in str(each.proto.body) for each in app.get("html"))
    assert not app.exception


def test_nothing_changes() -> None:
    file = SimpleNamespace(name="a.csv", tables=[], changes=(), change_count=0)
    assert changes.ask(file, 0) == frozenset()  # type: ignore[arg-type]  # what it reads of a draft
