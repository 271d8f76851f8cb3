"""What becomes unusual is news once; a part is told only when it goes further than chance takes any of them."""

from collections.abc import Callable, Iterator
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import duckdb
import pytest

from analytics.insights import month_changes
from analytics.insights.month_changes import month_review
from analytics.metrics.scope import Scope, add_months
from data.store import Store
from tests.conftest import TODAY
from tests.ui.note.cases import ALFA, ALL, BETA, COVERS, MONTHS, OCTOBER, counts, month, tables

CASES = "digital_submission"


@pytest.fixture(scope="module")
def cases(small_stores: Callable[..., Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on the two departments."""
    with Store(small_stores(tables(), COVERS, TODAY) / "store").database().cursor() as cursor:
        yield cursor


def digital(service: str) -> list[int]:
    """How many of a hundred cases a month are digital, as they stand in the file."""
    rows = [row.split(";") for row in counts().splitlines()]
    return [int(row[3]) for row in rows if row[0] == service and row[2] == "e-tjänst"]


def deviation(values: list[int]) -> float:
    """How many standard deviations the last month lies from the 24 before it, by a p'-chart of a hundred cases a month."""
    shares = [value / 100 for value in values[-25:]]
    centre = sum(shares[:-1]) / 24
    error = sqrt(centre * (1 - centre) / 100)
    scores = [(share - centre) / error for share in shares[:-1]]
    ranges = [abs(a - b) for a, b in zip(scores, scores[1:], strict=False)]
    return (shares[-1] - centre) / error / max(1.0, sum(ranges) / len(ranges) / 1.128)


def test_what_becomes_unusual_is_new_in_the_month_that_it_begins(cases: duckdb.DuckDBPyConnection) -> None:
    found = month_review(cases, ALL)
    (whole,) = found.new
    assert (whole.metric, whole.department_id, whole.mostly, whole.point.outside) == (CASES, None, "A", "above")
    assert found.lasting == () and found.judged == (CASES,)
    assert {code: chart.refusal for code, chart in found.refused} == {
        "e_service_coverage": "few", "digital_handling": "unknown", "abandonment": "unknown",
    }  # fmt: skip
    assert whole.change == pytest.approx((96 + digital("T2")[-1] - digital("T1")[-2] - digital("T2")[-2]) / 200)
    before = month_review(cases, month(1))
    assert before.new == before.lasting == () and before.judged == (CASES,)


def test_a_department_is_judged_by_itself(cases: duckdb.DuckDBPyConnection) -> None:
    (own,) = month_review(cases, ALFA).new
    assert own.department_id is None and own.point.value == 0.96
    assert 3 * (own.point.value - own.point.centre) / (own.point.centre - own.point.lower) == pytest.approx(
        deviation(digital("T1"))
    )
    assert month_review(cases, BETA).new == () and abs(deviation(digital("T2"))) < 3


def test_the_more_parts_are_looked_at_the_further_one_has_to_go() -> None:
    """All together give a false alarm as seldom as one chart does."""
    assert month_changes._limit(1) == 3
    for n in (2, 7, 30):
        each = 2 * NormalDist().cdf(-month_changes._limit(n))
        assert n * each == pytest.approx(2 * NormalDist().cdf(-3))


@pytest.mark.parametrize(("last", "told"), [(63, []), (76, []), (77, ["A"])])
def test_a_part_is_told_where_the_whole_stands_still(
    small_stores: Callable[..., Path], last: int, told: list[str]
) -> None:
    """Beta falls as Alfa rises: the whole is as it was. 76 is 3.1 standard deviations away; two parts need 3.2."""
    rows = tables(last=last)["case_counts"]
    fallen = 50 + (len(MONTHS) - 1) % 2
    theirs = fallen - (last - 61)
    rows = rows.replace(f"T2;2026-10;e-tjänst;{fallen}", f"T2;2026-10;e-tjänst;{theirs}")
    rows = rows.replace(f"T2;2026-10;telefon;{100 - fallen}", f"T2;2026-10;telefon;{100 - theirs}")
    with Store(small_stores(tables() | {"case_counts": rows}, COVERS, TODAY) / "store").database().cursor() as cursor:
        found = month_review(cursor, ALL)
    assert [one.department_id for one in found.new if one.department_id == "A"] == told
    assert all(one.department_id for one in found.new)


def test_before_anything_can_be_compared_nothing_is_judged(cases: duckdb.DuckDBPyConnection) -> None:
    found = month_review(cases, Scope(MONTHS[0], MONTHS[3]))
    assert found.judged == () and dict(found.refused)[CASES].refusal == "short"
    assert month_review(cases, Scope(OCTOBER, add_months(OCTOBER, 1))).judged == ()  # of which nothing is known
