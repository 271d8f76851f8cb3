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


def test_no_name_is_cut() -> None:
    bars = ranked_bars([Bar(LONG, 1.0)], PALETTE, say=numbers.money)
    assert LONG.replace(" ", "") in text(bars).replace(" ", "")


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
    figure = ranked_bars([Bar("A", 1.0, "grey_2", href)], PALETTE, say=numbers.money)
    assert [trace["customdata"] for trace in figure.spec["data"] if trace.get("customdata")][-1] == [href]
    assert ("<a href=" in text(figure)) == bool(href)
    assert "<script>" not in text(figure)
    valid(figure)
