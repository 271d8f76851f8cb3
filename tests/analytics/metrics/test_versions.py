"""The version of a number changes with its definition, the SQL of what it reads and the code behind it, and with nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from analytics.metrics import versions
from analytics.metrics.catalogue import definitions, facts, metrics
from analytics.metrics.versions import definition_version
from data.build import database as building
from data.store import Store
from tests.conftest import NOW

READING = {
    "service_months",
    "case_months",
    "channel_months",
    "step_cases",
    "case_times",
}  # facts with the digital cases


def all_versions(cursor: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    return {code: definition_version(cursor, code) for code in definitions()}


def test_a_digital_case_defined_otherwise_gives_goal_2_another_version(
    cursor: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digital = "channel = 'e_service' AND NOT assisted"
    views = building.VIEWS.read_text("utf-8")
    assert digital in views
    (tmp_path / "views.sql").write_text(views.replace(digital, "channel = 'e_service'"), "utf-8")
    monkeypatch.setattr(building, "VIEWS", tmp_path / "views.sql")
    store = Store(tmp_path / "store")
    store.build(NOW)
    before = all_versions(cursor)
    with store.database().cursor() as other:
        after = all_versions(other)
    changed = {code for code in definitions() if before[code] != after[code]}
    assert changed & metrics().keys() == {code for code, metric in metrics().items() if metric.fact.code in READING}
    assert {"digital_submission", "digital_submission_median", "change_rate"} <= changed
    assert not changed & {"cost", "exemptions", "guideline_breaches", "digital_steps", "reconciliation"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("numerator", "1"),
        ("not_applicable", "true"),
        ("suppressed", "true"),
        ("bounds", True),
        ("fact", replace(facts()["service_months"], filters=frozenset({"department"}))),
    ],
)
def test_each_field_that_decides_a_number_counts(
    cursor: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, field: str, value: object
) -> None:
    before = all_versions(cursor)
    goal = metrics()["digital_submission"]
    changed = {**metrics(), goal.code: replace(goal, **{field: value})}  # type: ignore[arg-type] # a field by its name
    monkeypatch.setattr(versions, "definitions", lambda: {**definitions(), **changed})
    versions._version.cache_clear()
    after = all_versions(cursor)
    versions._version.cache_clear()
    assert before["digital_submission"] != after["digital_submission"]
    assert before["digital_submission_median"] != after["digital_submission_median"]
    assert before["cases"] == after["cases"]


def test_the_words_of_a_definition_are_not_the_number(
    cursor: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = definition_version(cursor, "cost")
    monkeypatch.setattr(versions, "definitions", lambda: {"cost": replace(metrics()["cost"], title={"sv": "Pengar"})})
    versions._version.cache_clear()
    assert definition_version(cursor, "cost") == before
    versions._version.cache_clear()


def test_an_unknown_code_is_refused(cursor: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyError):
        definition_version(cursor, "no_such_number")
