"""The waterfall: each part begins where the last one ended, and a cut axis cannot mislead."""

import json
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.waterfall import End, Step, waterfall
from ui.frame.theme import palettes
from ui.text import numbers

PALETTE = palettes()["light"]
SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=5)


def drawn(levels: list[float]) -> dict[str, Any]:
    """The figure through these levels, as Plotly reads it."""
    steps = [Step(f"Del {i}", b - a, "+1", "unknown") for i, (a, b) in enumerate(zip(levels, levels[1:], strict=False))]
    ends = (End("då", levels[0], "a"), End("nu", levels[-1], "b"))
    return json.loads(go.Figure(waterfall(ends[0], steps, ends[1], PALETTE).spec).to_json())


@given(SHARES)
def test_all_of_it_lies_within_an_axis_with_both_ends_marked(levels: list[float]) -> None:
    figure = drawn(levels)
    axis = figure["layout"]["xaxis"]
    low, high = axis["range"]
    assert low <= 100 * min(levels) and 100 * max(levels) <= high
    marks = axis["tickvals"]
    assert max(low, 0) <= marks[0] < marks[-1] <= min(high, 100)
    assert axis["ticktext"][0] and axis["ticktext"][-1]


@given(SHARES)
def test_a_share_is_a_mark_and_no_bar_so_that_a_cut_axis_has_no_length_to_misread(levels: list[float]) -> None:
    figure = drawn(levels)
    marks = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    assert [mark["x"][0] for mark in marks] == pytest.approx([100 * levels[0], 100 * levels[-1]])
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert len(bars) == sum(a != b for a, b in zip(levels, levels[1:], strict=False))
    for bar in bars:
        assert any(bar["base"][0] == pytest.approx(100 * level) for level in levels)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("points", "now", "said"),
    [
        (["+9"], "60%", "From 51% (2025) to 60% (2026), in percentage points: Part 1 +9."),
        (["+9", "−2"], "58%", "From 51% (2025) to 58% (2026), in percentage points: Part 1 +9, Part 2 −2."),
        (["0"], "51%", "From 51% (2025) to 51% (2026), in percentage points: Part 1 0."),
    ],
)
def test_the_picture_in_words(points: list[str], now: str, said: str) -> None:
    steps = [Step(f"Part {i}", 0.0, one) for i, one in enumerate(points, 1)]
    assert waterfall(End("2025", 0.51, "51%"), steps, End("2026", 0.51, now), PALETTE).alt == said


def test_a_large_change_has_the_whole_axis() -> None:
    assert drawn([0.2, 0.9])["layout"]["xaxis"]["ticktext"][-1].replace("\u00a0", " ") == "100 %"
    axis = drawn([0.51, 0.62])["layout"]["xaxis"]
    assert [numbers.percent(mark / 100) for mark in axis["tickvals"]] == axis["ticktext"] != ["0 %", "100 %"]
