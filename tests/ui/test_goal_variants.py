"""The goals by other definitions: the adopted one first, the difference to it, and what the address asks for."""

import re
from datetime import date

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from analytics.metrics.catalogue import GOALS, metrics, variants
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from data.store import Store
from tests.reader import Look, words
from ui.goals.variants import heading, table

SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
PAGE = "pages/goals/digital_cases.py"
GUIDELINE = {  # what a follow-up asks of each goal
    1: {"e_service_coverage_all"},
    2: {f"digital_submission_{way}" for way in ("median", "mean", "with_assisted", "with_email", "without_phone")},
    3: {"digital_handling_but_archiving", "digital_handling_services", "digital_steps"},
}


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_has_its_adopted_definition_and_the_others(goal: int) -> None:
    adopted, *others = variants(goal)
    assert adopted == GOALS[goal] and not metrics()[adopted].variant
    assert set(others) == GUIDELINE[goal]
    assert all(metrics()[code].unit == "share" for code in others)


def test_each_way_of_goal_2_is_what_a_dumb_sum_says(cursor: duckdb.DuckDBPyConnection) -> None:
    rows = cursor.execute(
        """SELECT service_id, channel, assisted, sum(cases)::BIGINT FROM case_months
        WHERE cases > 0 AND fully_reported AND month BETWEEN '2025-11-01' AND '2026-10-01' GROUP BY ALL"""
    ).fetchall()
    value = {code: measure(cursor, code, SCOPE)[0].value for code in variants(2)}
    every = sum(n for *_, n in rows)
    own = sum(n for _, channel, assisted, n in rows if channel == "e_service" and not assisted)
    typed = sum(n for _, channel, assisted, n in rows if channel == "e_service" and assisted)
    by = {way: sum(n for _, channel, _, n in rows if channel == way) for way in ("email", "phone")}
    assert typed and by["email"] and by["phone"]
    assert value["digital_submission"] == pytest.approx(own / every)
    assert value["digital_submission_with_assisted"] == pytest.approx((own + typed) / every)
    assert value["digital_submission_with_email"] == pytest.approx((own + by["email"]) / every)
    assert value["digital_submission_without_phone"] == pytest.approx(own / (every - by["phone"]))
    shares: dict[str, list[int]] = {}
    for service, channel, assisted, n in rows:
        whole = shares.setdefault(service, [0, 0])
        whole[0] += n if channel == "e_service" and not assisted else 0
        whole[1] += n
    each = [part / of for part, of in shares.values() if of]
    assert value["digital_submission_mean"] == pytest.approx(sum(each) / len(each))


def test_the_table_on_the_page_marks_the_adopted_one(store: Store, look: Look) -> None:
    page = look(store, PAGE)
    told = words(page)
    assert any(re.fullmatch(r"Räknat på andra sätt vore målet \d+–\d+\s%", each.label) for each in page.expander)
    first = told.index("Så räknas målet")
    assert first < told.index("Den mittersta tjänsten (medianen)") < told.index("E-post räknas som digitalt")
    assert "beslutad" in told[first : told.index("Den mittersta tjänsten (medianen)")]


def test_an_address_opens_one_of_them_month_by_month(store: Store, look: Look) -> None:
    plain, page = (look(store, PAGE, **asked) for asked in ({}, {"definition": "digital_submission_with_email"}))
    definition = metrics()["digital_submission_with_email"].definition["sv"]
    assert definition in words(page) and definition not in words(plain)
    assert is_open(page) and not is_open(plain)
    for other in ("digital_submission", "cost"):
        assert not is_open(look(store, PAGE, definition=other))


def is_open(page: AppTest) -> bool:
    (fold,) = (each for each in page.expander if each.label.startswith("Räknat på andra sätt"))
    return bool(fold.proto.expanded)


@pytest.mark.usefixtures("swedish")
class TestTheTable:
    """Where nothing is known, and where few are counted, no difference is said."""

    @pytest.mark.usefixtures("register")
    def test_nothing_known(self) -> None:
        assert heading(SCOPE, 2) == "Andra sätt att räkna målet"
        shown = table(SCOPE, 2)
        assert list(shown.rows["Skillnad, procentenheter"].isna()) == [True] * len(variants(2))
        assert list(shown.rows["Sätt att räkna"])[0] == "Så räknas målet"
        assert list(shown.rows["Räknat på"])[0] == ""
        assert list(shown.rows["Andel, %"].isna()) == [True] * len(variants(2))
        assert list(shown.rows["Rapporterat, %"].fillna(0)) == [0] * len(variants(2))
        assert shown.title == "Målet med andra definitioner"

    @pytest.mark.usefixtures("on_example")
    def test_few(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Shares of fewer than twenty are counts: neither the heading nor a difference makes points of them."""
        of = {row.by["department"]: row.denominator for row in measure(cursor, GOALS[1], SCOPE, "department")}
        few = next(str(code) for code, n in of.items() if n and n < 10)
        scope = Scope(SCOPE.month_from, SCOPE.month_to, (few,))
        assert heading(scope, 1) == "Andra sätt att räkna målet"
        assert list(table(scope, 1).rows["Skillnad, procentenheter"].isna()) == [True] * len(variants(1))
