"""Pictures: rows in, a figure out that Plotly takes, with a true sentence."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.scope import add_months
from ui.charts.base import Figure, space_out, wrap
from ui.charts.dumbbell import Dot, dumbbell
from ui.charts.ranked_bars import Bar, ranked_bars
from ui.frame.theme import palettes
from ui.text import numbers

LONG = "Kollektivtrafikmyndigheten i Region Västmanland med samhällsbyggnadsutskottet"
SHARES = st.none() | st.floats(0, 1)
PALETTE = palettes()["light"]
MONTHS = [add_months(date(2025, 11, 1), i) for i in range(12)]


def valid(figure: Figure) -> dict[str, Any]:
    """The figure as Plotly reads it; what it does not know it refuses."""
    assert figure.alt.strip()
    return json.loads(go.Figure(figure.spec).to_json())


def text(figure: Figure) -> str:
    return (
        " ".join(a["text"] for a in figure.spec["layout"]["annotations"])
        .replace("- ", "")
        .replace("-<br>", "")
        .replace("<br>", " ")
    )


@given(
    st.lists(st.builds(Dot, st.text(max_size=60), SHARES, SHARES, st.integers(0, 50), st.integers(1, 50)), max_size=15)
)
def test_dots_take_any_rows(rows: list[Dot]) -> None:
    figure = valid(dumbbell(rows, PALETTE))
    drawn = [y for trace in figure["data"] if trace.get("marker", {}).get("size") == 14 for y in trace.get("y", [])]
    assert len(drawn) == sum(row.now is not None for row in rows)


def test_no_name_is_cut() -> None:
    figure = dumbbell([Dot(LONG, 0.5, 0.4, 50, 100)], PALETTE)
    assert LONG.replace(" ", "") in text(figure).replace(" ", "")
    bars = ranked_bars([Bar(LONG, 1.0)], PALETTE, say=numbers.money)
    assert LONG.replace(" ", "") in text(bars).replace(" ", "")


def test_the_unknown_is_hatched_and_never_a_dot_at_zero() -> None:
    figure = valid(dumbbell([Dot("A", None), Dot("B", 0.0, None, 0, 40)], PALETTE))
    hatched = next(trace for trace in figure["data"] if trace["type"] == "bar")
    assert len(hatched["y"]) == 1
    assert hatched["marker"]["pattern"]["shape"] == "/"
    assert "1 är inte känd" in dumbbell([Dot("A", None), Dot("B", 0.0, None, 0, 40)], PALETTE).alt


def test_the_reading_ranks_only_those_with_enough() -> None:
    rows = [Dot("Få", 1.0, None, 3, 3), Dot("Hög", 0.8, None, 80, 100), Dot("Låg", 0.2, None, 20, 100)]
    alt = dumbbell(rows, PALETTE).alt.replace("\u00a0", " ")
    assert alt == "Av de fyllda prickarna är Hög högst med 80 % och Låg lägst med 20 %."
    assert dumbbell(rows[1:], PALETTE).alt.replace("\u00a0", " ") == "Högst är Hög med 80 %, lägst Låg med 20 %."
    some = [Dot("A", 1.0, None, 60, 60, all_known=False), Dot("B", 0.5, None, 30, 60)]
    assert dumbbell(some, PALETTE).alt.endswith("lägst B med 50\u00a0%. Allt är inte känt för 1 av dem.")
    assert dumbbell(some[:1], PALETTE).alt == "A: 100\u00a0%, av det som är känt."
    same = dumbbell([Dot("A", 0.0, None, 0, 50), Dot("B", 0.0, None, 0, 50)], PALETTE).alt
    assert same.replace("\u00a0", " ") == "Alla har 0 %."


@given(st.lists(st.decimals(-1_000_000, 1_000_000, places=2), max_size=8))
def test_a_ranking_takes_credits(amounts: list[Decimal]) -> None:
    figure = valid(ranked_bars([Bar(str(i), a) for i, a in enumerate(amounts)], PALETTE, say=numbers.money))
    low, high = figure["layout"]["xaxis"]["range"]
    assert low <= min([0, *map(float, amounts)])
    assert high >= max([0, *map(float, amounts)])


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(1, 30))
def test_labels_are_spread_within_bounds_and_in_order(places: list[float], gap: float) -> None:
    moved = space_out(places, gap)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    room = min(gap, 100 / max(1, len(places) - 1))
    ordered = [moved[i] for i in sorted(range(len(places)), key=lambda i: places[i])]
    assert all(b - a >= room - 1e-6 for a, b in zip(ordered, ordered[1:], strict=False))


@given(st.text(max_size=80))
def test_a_name_from_outside_is_escaped(name: str) -> None:
    assert "<" not in wrap(name).replace("<br>", "")


@pytest.mark.parametrize("href", ["", '?department=A&x="><script>'])
def test_a_name_that_leads_somewhere_is_a_link_and_its_point_too(href: str) -> None:
    for figure in (
        dumbbell([Dot("A", 0.5, None, 50, 100, href)], PALETTE),
        ranked_bars([Bar("A", 1.0, "grey_2", href)], PALETTE, say=numbers.money),
    ):
        assert [trace["customdata"] for trace in figure.spec["data"] if trace.get("customdata")][-1] == [href]
        assert ("<a href=" in text(figure)) == bool(href)
        assert "<script>" not in text(figure)
        valid(figure)
