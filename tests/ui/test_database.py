"""Answers of a version: each made once in the process, from columns that go when the version does."""

import ast
import gc
import threading
from pathlib import Path
from weakref import ref

import pytest

import analytics
from analytics.insights.findings import findings
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.dimensions import departments
from analytics.metrics.measure import measure
from ui import database


@pytest.mark.usefixtures("on_example")
def test_what_findings_ask_is_remembered() -> None:
    scope = database.period().scope()
    assert database.answer(findings, scope)
    for code in GOAL_CODES:
        assert measure(database.cursor(), code, scope) is measure(database.cursor(), code, scope)
        assert database.answer(measure, code, scope) is measure(database.cursor(), code, scope)


@pytest.mark.usefixtures("on_example")
def test_a_long_answer_is_counted_anew() -> None:
    scope = database.period().scope()
    by = "service", "channel", "month"
    first, second = (measure(database.cursor(), "cases", scope, *by) for _ in range(2))
    assert len(first) > database.REMEMBERED_ROWS
    assert first == second and first is not second


@pytest.mark.usefixtures("on_example")
def test_columns_go_with_their_version() -> None:
    with database.cursor() as asked:
        assert measure(asked, "cases", database.period().scope())
    columns = ref(database._held(database.database()).columns)
    assert (held := columns()) is not None and held.bytes > 0
    del held, asked
    database.store().close()
    gc.collect()
    assert columns() is None


@pytest.mark.usefixtures("on_example")
def test_a_new_version_s_columns_are_made_beside_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    warm = threading.Event()
    warm.set()
    monkeypatch.setattr(database, "_WARM", warm)
    scope = database.period().scope()
    meanwhile = measure(database.cursor(), "digital_submission", scope)
    for thread in threading.enumerate():
        if thread.name == database.LOADING:
            thread.join()
    with database.database().cursor() as sql:
        assert measure(sql, "digital_submission", scope) == meanwhile
    assert database._held(database.database()).columns.bytes > 0


@pytest.mark.usefixtures("on_example")
def test_a_register_is_read_once_for_a_version() -> None:
    first = departments(database.cursor())
    database._answers.clear()
    assert departments(database.cursor()) is first
    with database.database().cursor() as bare:
        assert departments(bare) == first and departments(bare) is not first


def test_what_is_read_once_is_asked_about_by_names_alone() -> None:
    """Else nobody could say how many answers are held."""
    asked = []
    for file in Path(analytics.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and "read_once" in map(ast.unparse, node.decorator_list):
                asked += [(node.name, ast.unparse(arg.annotation or arg)) for arg in node.args.args[1:]]
    assert asked == [("_source", "str")]
