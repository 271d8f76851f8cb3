"""Which goals are to be explained, computed a second way on the example; and what has become of a goal since, by hand."""

from collections.abc import Callable
from datetime import date
from functools import cache
from math import sqrt
from pathlib import Path

import duckdb
import pytest

import data.sample
from analytics.metrics.scope import Scope
from analytics.priorities.deviations import GoalDeviation, actions, change_since, deviations
from analytics.registers.explanations import every_explanation
from data.store import Store
from tests.recompute import Share, Tables, load

PERIOD = Scope(date(2026, 1, 1), date(2026, 8, 1))
TOPS = ("", "BMF", "BUF", "KFF", "KSF", "RTJ", "SBK", "VOF")


@cache
def tables() -> Tables:
    return load(Path(data.sample.__file__).parent)


def fell(now: Share, then: Share, *, stock: bool) -> bool:
    """Whether a share fell by a point or more, by more than two standard errors, and not as less is reported."""
    if now.value is None or then.value is None or min(now.denominator, then.denominator) < 20:
        return False
    n, m = now.denominator, then.denominator
    pooled = (now.numerator + then.numerator) / (n + m)
    chance = 0 if stock else 2 * sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    known, before = now.coverage or 0, then.coverage or 0
    return now.value - then.value <= -max(chance, 0.01) and known >= 0.5 and abs(known - before) < 0.05


def is_due(goal: str, owner: str) -> bool:
    targets = [row for row in tables().rows["delmal"] if (row["mal"], row["verksamhet_id"]) == (goal, owner)]
    distance = tables().distance(goal, "2026-08", owner) if targets else None
    now, then = (tables().goal(goal, f"{year}-01", f"{year}-08", owner) for year in (2026, 2025))
    return (distance is not None and distance[0] <= -0.005) or fell(now, then, stock=goal == "1")


@pytest.mark.parametrize("goal", ["1", "2", "3"])
def test_what_is_to_be_explained_is_what_plain_loops_say(cursor: duckdb.DuckDBPyConnection, goal: str) -> None:
    found = deviations(cursor, PERIOD, int(goal))
    given = {
        row["verksamhet_id"]
        for row in tables().rows["forklaringar"]
        if row["mal"] == goal and "2026-01" <= row["till_manad"] <= "2026-08"
    }
    due = {owner for owner in TOPS if is_due(goal, owner)}
    assert bool(due) == (goal != "1") and {one.department_id or "" for one in found if one.is_due} == due
    assert {one.department_id or "" for one in found if one.is_missing} == due - given


def missing(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[GoalDeviation]:
    return [one for goal in (1, 2, 3) for one in deviations(cursor, scope, goal) if one.is_missing]


def test_the_story_of_the_example(cursor: duckdb.DuckDBPyConnection) -> None:
    """Two departments have explained, one has not, an action is late, and one is done and gave more than was expected."""
    (one,) = missing(cursor, PERIOD)
    assert (one.goal, one.department_id, [e.explanation_id for e in one.previous]) == (3, "BMF", ["F-01"])
    assert [e.state for e in actions(cursor, PERIOD)] == ["late", *["in_progress"] * 2, *["planned"] * 3, "done"]
    (done,) = one.previous
    change = change_since(cursor, done)
    assert change is not None and done.expected_points is not None and change > done.expected_points
    assert missing(cursor, Scope(date(2026, 1, 1), date(2026, 8, 1), audience="external")) == []


SERVICES = range(1, 26)
TABLES = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    + "".join(f"T{n};Tjänst {n};A;extern;2020-01-01\n" for n in SERVICES)
    + "N;Ny;A;extern;2026-10-01\nC;Liten;B;extern;2020-01-01\n",
    "e_services": "etjanst_id;namn;typ;plattform;lanserad\n"
    + "".join(f"E{n};Tjänst {n};e-tjänst;Open ePlatform;20{25 if n <= 10 else 26}-{9:02}-15\n" for n in range(1, 14))
    + "EN;Ny;e-tjänst;Open ePlatform;2026-10-01\n",
    "links": "tjanst_id;etjanst_id\n" + "".join(f"T{n};E{n}\n" for n in range(1, 14)) + "N;EN\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2025-01;telefon;1\nT1;2026-10;telefon;1\n",
    "explanations": "forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande\n"
    "F1;1;A;2026-05;2026-08;x\nF2;1;A;2026-10;2026-10;x\nF3;1;B;2026-05;2026-08;x\nF4;2;A;2025-01;2025-08;x\n",
}


def test_what_the_goal_has_changed_by_is_of_the_same_services(small_store: Callable[..., Store]) -> None:
    """Ten of 25 had an e-service, three more got one; a service that came with its own is not counted."""
    with small_store(TABLES).database().cursor() as cursor:
        changes = {one.explanation_id: change_since(cursor, one) for one in every_explanation(cursor)}
    assert changes.pop("F1") == pytest.approx(13 / 25 - 10 / 25)
    assert changes == {"F2": None, "F3": None, "F4": None}  # no month since; too few; no year before it
