"""The page Why, and its sentence on the pages of the goals."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from pathlib import Path

import pytest
import streamlit as st

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.scope import Scope
from data.store import Store
from tests.reader import Look, head, words
from ui.decomposition import chart, reason, summary, table
from ui.text import i18n, labels

WHY = "pages/follow_up/why.py"
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))
CARE = "Vård och omsorg no longer reports 6 services in full"


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html)).replace("\u00a0", " ")


def test_care_stopped_reporting_is_the_finding(store: Store, look: Look) -> None:
    """The known truth of the example: nearly half of goal 2's rise is that most of Vård och omsorg fell silent in March 2026."""
    app = look(store, WHY, goal="2", lang="en")
    said = plain(words(app))
    assert "Digital cases: +6 percentage points, counted on the same services" in said  # as the goal's row says
    assert "With changed reporting: +11. About half of it: the same services got a larger part" in said
    assert f"{CARE} +5.0" in " ".join(said.split())
    assert app.selectbox(key="_goal").options == [
        "The goal that has changed most",
        "Goal 1: E-services",
        "Goal 2: Digital cases",
        "Goal 3: Digital case handling",
        "E-services, all services included",
        "Cases typed in by staff",
        "Fully reported",
        "Services handled digitally in every step",
        "Digital steps",
        "Cases that were handled digitally",
    ]
    assert "stand beside" not in said and re.search(
        r"[+−]\d+\.\d\d", said
    )  # points with their signs, and no counts promised
    march = look(store, WHY, goal="2", lang="en", **{"from": "2026-03", "to": "2026-03"})
    assert f"Most of it: {CARE}" in plain(words(march))
    alone = look(store, WHY, goal="1", lang="en", department="BMF")
    assert "counted on the same services" not in plain(words(alone))


def test_the_waterfall_ends_where_the_share_is(store: Store, look: Look) -> None:
    app = look(store, WHY, goal="2", lang="en")
    (picture,) = re.findall(r'<ol class="waterfall">(.*?)</ol>', words(app))
    start, end = (float(at) for at in re.findall(r'class="dot" style="left:([\d.]+)%', picture))
    level = start
    for at, width in re.findall(r'class="shade[^"]*" style="left:([\d.]+)%;width:([\d.]+)%', picture):
        low, high = float(at), float(at) + float(width)
        assert level == pytest.approx(low, abs=0.02) or level == pytest.approx(high, abs=0.02)
        level = high if level == pytest.approx(low, abs=0.02) else low
    assert level == pytest.approx(end, abs=0.05)


def test_each_goal_has_its_sentence_with_a_way_to_the_page(store: Store, look: Look) -> None:
    links = re.findall(r'href="varfor\?([^"]*)"', words(look(store, "pages/follow_up/overview.py", department="BUF")))
    period = "from=2025-11&amp;to=2026-10"
    links_said = [f"department=BUF&amp;{period}&amp;goal={n}" for n in (2, 3)]  # goal 1 stands still: no more to say
    assert links == links_said
    for n, name in ((1, "e_services"), (2, "digital_cases"), (3, "digital_handling")):
        said = words(look(store, f"pages/goals/{name}.py"))
        assert re.findall(r'href="varfor\?([^"]*)"', said) == [f"{period}&amp;goal={n}"]


@pytest.mark.parametrize(
    "choice", [{}, {"department": "VOF"}, {"from": "2023-06", "to": "2023-08"}, {"department": "RTJ"}]
)
@pytest.mark.parametrize("goal", ["1", "2", "3", "9"])
def test_it_stands_where_much_little_or_nothing_is_known(
    store: Store, look: Look, goal: str, choice: dict[str, str]
) -> None:
    app = look(store, WHY, goal=goal, **choice)
    if choice.get("from"):
        assert "comparison=previous" in words(app)


@pytest.fixture
def example_shown(monkeypatch: pytest.MonkeyPatch, example: Path) -> Iterator[None]:
    """The example is what the dashboard shows."""
    monkeypatch.setenv("DASHBOARD_STORE", str(example))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


SCOPES = [
    YEAR,
    replace(YEAR, departments=("BUF",)),
    replace(YEAR, departments=("BMF",)),
    replace(YEAR, audience="internal"),
    Scope(date(2026, 5, 1), date(2026, 10, 1), comparison="previous"),
    Scope(date(2026, 9, 1), date(2026, 9, 1), comparison="previous"),
]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_size_of_a_change_is_that_of_the_row(example_shown: None, scope: Scope) -> None:
    """The row has the size of the sentence on the page that it leads to: the difference of what is written."""
    for code in GOAL_CODES:
        found, before = summary.load_change(code, scope), scope.compared()
        assert found and before
        if found.split and not found.few and found.written.change:
            whole = [
                Decimal(str(float(row.value or 0) * 100)).quantize(Decimal(1), ROUND_HALF_UP)
                for row in (found.now, found.then)
            ]
            if not found.written.decimals:
                assert found.written.change == whole[0] - whole[1]
            assert sum(found.written.units) == found.written.change
            change = reason.describe(code, scope)
            said = f"{change.size} {change.reason}" if change else ""
            assert not found.sure or found.written.points in said or reason.signed_of(found.written) in said


def test_every_share_and_any_two_periods(store: Store, look: Look) -> None:
    """The other shares are told as the goals are, against as many months from any month."""
    i18n.set_language("en")
    told = labels.labels_of("share_in_sentence")
    i18n._spoken.set(None)
    for code, share in told.items():
        app = look(store, WHY, lang="en", goal=chart.address_key(code), comparison="2024-03")
        said = plain(words(app))
        assert "compared with Mar 2024–Feb 2025" in said
        clauses = (share, "it is uncertain whether", "counted on the same services the whole")
        assert any(clause in " ".join(said.lower().split()) for clause in clauses)


def test_a_comparison_that_is_not_known_to_its_end_is_last_year(store: Store, look: Look) -> None:
    for month in ("2026-03", "2025-11", "1999-01"):
        app = look(store, WHY, lang="en", comparison=month)
        assert "compared with Nov 2024–Oct 2025" in plain(words(app))
        assert "<span>against the year before</span>" in head(app)


EVERY = [*labels.labels_of("share_in_sentence")]


def test_the_table_has_every_point(example_shown: None) -> None:
    """What the services have sums to the change, and each column to its part; the small shares are blank."""
    for code in EVERY:
        found = summary.load_change(code, YEAR)
        assert found and found.split
        rows = table.table(YEAR, code).rows
        every = [name for name in rows.columns if name.endswith("procentenheter")] or [
            name for name in rows.columns if name.endswith("points")
        ]
        whole = float(100 * found.split.change)
        assert rows[every[0]].sum() == pytest.approx(whole)
        assert rows[every[1:]].sum().sum() == pytest.approx(whole)
        assert len(table.table(YEAR, code).links) == len(rows)
