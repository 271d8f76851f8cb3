"""The departments side by side: what is drawn is what is counted, and the rows say it in words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import streamlit as st

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from data.store import Store
from tests.reader import lines
from ui.components import chance, department_rows
from ui.components.cells import coverage_cell, left_cells
from ui.components.dots import Dot, dot_cell, scale
from ui.components.shares import Share
from ui.components.tables import markup

SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1), comparison="last_year")
WHOLE = Share(0.62, 620, 1000)


@pytest.fixture(autouse=True)
def _example(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[None]:
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def places(html: object) -> dict[str, tuple[float, float | None]]:
    """Where each mark stands, in per cent, and how wide it is."""
    found = re.findall(r'<i class="([\w ]+)" style="left:([\d.]+)%(?:;width:([\d.]+)%)?"', str(html))
    return {name: (float(left), float(width) if width else None) for name, left, width in found}


def test_a_dot_stands_where_it_is_with_its_tail_its_band_and_the_line() -> None:
    html = dot_cell(Dot(Share(0.703, 703, 1000), Share(0.602, 602, 1000), (0.5, 0.75), counted=True), WHOLE).content
    assert places(html) == {"dot": (70.3, None), "tail": (60.2, 10.1), "band": (50, 25), "ref": (62, None)}
    assert " ".join(lines(str(html))) == "70 % 703 av 1 000".replace(" ", " ")
    assert 'aria-label="jämförelseperioden: 60\u00a0%, slumpen kan ge 50–75\u00a0%"' in str(html)
    back = dot_cell(Dot(Share(0.5, 50, 100), Share(0.6, 60, 100)), WHOLE).content
    assert places(back)["tail back"] == (50, 10)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (Share(0.7, 70, 100), Share(0.69, 69, 100)),  # less than two points
        (Share(0.7, 70, 100), None),
        (Share(0.7, 70, 100), Share(0.5, 5, 10)),
        (Share(5 / 6, 5, 6), Share(0.5, 50, 100)),
    ],
)
def test_little_movement_and_few_counted_have_no_tail(now: Share, before: Share | None) -> None:
    html = dot_cell(Dot(now, before), WHOLE).content
    assert "tail" not in str(html) and 'aria-hidden="true"' in str(html)
    assert ("dot few" in places(html)) == now.few
    assert ("5 av 6" in str(html)) == now.few


def test_the_unknown_is_hatched_and_never_a_dot_at_zero() -> None:
    cell = dot_cell(Dot(Share(None, state="not_reported")), WHOLE)
    assert set(places(cell.content)) == {"ref"} and "hatch" in str(cell.content) and cell.sort == ""
    assert "Ej rapporterat" in str(cell.content)
    assert places(dot_cell(Dot(Share(0.0, 0, 40)), WHOLE).content)["dot"] == (0, None)


def test_the_head_of_a_column_says_the_value_of_the_line() -> None:
    assert lines(str(scale(WHOLE))) == ["0", "62 %", "100"]
    assert lines(str(scale(Share(0.05, 5, 100)))) == ["5 %", "100"]  # they would meet
    assert lines(str(scale(Share(0.97, 97, 100)))) == ["0", "97 %"]
    assert lines(str(scale(Share(None)))) == ["0", "100"]


def test_what_is_left_and_what_is_reported_are_as_long_as_they_say() -> None:
    cells = left_cells([15, 3, 0, None])
    assert [re.findall(r"width:([\d.]+)%", str(cell.content)) for cell in cells] == [["100"], ["20"], ["0"], []]
    assert [" ".join(lines(str(cell.content))) for cell in cells] == ["15", "3", "0", "–"]
    html = str(coverage_cell(0.33, low=True).content)
    assert "width:33%" in html and 'class="low"' in html and "hatch" in html
    whole = str(coverage_cell(1.0, low=False).content)
    assert "width:100%" in whole and "hatch" not in whole


def cells_of(html: str, name: str) -> list[str]:
    """The cells of the row of that name."""
    row = next(part for part in html.split("<tr>") if re.search(rf'<th scope="row"[^>]*>(<a[^>]*>)?{name}', part))
    return re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)


def test_the_overview_shows_what_is_measured(store: Store) -> None:
    html = str(markup("k", department_rows.overview(SCOPE)))
    with store.database().cursor() as cursor:
        every = {code: {r.by["branch"]: r for r in measure(cursor, code, SCOPE, "branch")} for code in GOAL_CODES}
        totals = [measure(cursor, code, SCOPE)[0] for code in GOAL_CODES]
    assert html.count('<th scope="row"') == len(every[GOAL_CODES[0]]) + 1
    for name, code in (("Vård och omsorg", "VOF"), ("Barn och utbildning", "BUF")):
        for cell, goal in zip(cells_of(html, name), GOAL_CODES, strict=False):
            row: Row = every[goal][code]
            drawn = places(cell)
            assert drawn.get("dot", drawn.get("dot few"))[0] == pytest.approx(100 * float(row.value or 0), abs=0.01)  # type: ignore[index]  # a miss fails the test
    for cell, row in zip(cells_of(html, "Hela kommunen"), totals, strict=False):
        assert places(cell)["dot"][0] == places(cell)["ref"][0] == pytest.approx(100 * float(row.value or 0), abs=0.01)
    assert html.index("Hela kommunen") > html.index("<tfoot>")
    assert 'href="tjanster?' in html and "department=VOF" in html


@pytest.mark.parametrize("code", GOAL_CODES)
def test_a_goal_shows_most_left_first_and_all_of_it_adds_up(code: str, store: Store) -> None:
    table = department_rows.goal(SCOPE, code)
    left = list(table.rows[department_rows.left_title(code)])
    *departments, whole = left
    assert departments == sorted(departments, reverse=True) and sum(departments) == whole
    with store.database().cursor() as cursor:
        total = measure(cursor, code, SCOPE)[0]
    assert whole == int(total.denominator or 0) - int(total.numerator or 0)
    html = str(markup("k", table))
    assert html.count('class="band"') == (len(departments) if chance.applies_to(code) else 0)


def test_one_unit_alone_has_no_row_of_all() -> None:
    table = department_rows.overview(Scope(SCOPE.month_from, SCOPE.month_to, departments=("PLAN",)))
    assert not table.total and len(table) == 1 and table.links == ("",)


def test_residents_beside_employees() -> None:
    table = department_rows.audiences(SCOPE, GOAL_CODES[0])
    assert len(table) == 2 and all("audience=" in link for link in table.links)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("narrowed", "said"),
    [
        ({}, "The whole municipality"),
        ({"services": ("T-001",)}, "The whole selection"),
        ({"departments": ("BUF",), "audience": "external"}, "The whole selection"),
        ({"departments": ("BUF", "VOF")}, "The whole selection"),
    ],
)
def test_all_together_are_what_is_chosen(narrowed: dict[str, Any], said: str) -> None:
    assert department_rows.whole_name(replace(SCOPE, **narrowed)) == said
