"""The waterfall: each part begins where the last one ended, and a cut axis cannot mislead."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markup import sizes, texts
from ui.charts.waterfall import End, Step, alt, waterfall

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=5)


def drawn(levels: list[float]) -> str:
    """The picture through these levels."""
    steps = [Step(f"Del {i}", b - a, "+1", "unknown") for i, (a, b) in enumerate(zip(levels, levels[1:], strict=False))]
    return str(waterfall(End("då", levels[0], "a"), steps, End("nu", levels[-1], "b")))


def axis(markup: str) -> tuple[float, float]:
    """The ends that the axis says that it has."""
    said = re.search(r'class="levels">(.*?)</span></span>', markup)
    assert said
    low, high = texts(said[1] + "</span>", "span")
    return float(low[:-2]) / 100, float(high[:-2]) / 100


@given(SHARES)
def test_all_of_it_lies_within_an_axis_with_both_ends_marked(levels: list[float]) -> None:
    low, high = axis(drawn(levels))
    assert low - 0.006 <= min(levels) and max(levels) <= high + 0.006
    assert all(-0.01 <= place <= 100.01 for place in sizes(drawn(levels), "left"))


@given(SHARES)
def test_a_share_is_a_dot_and_each_bar_begins_where_the_last_one_ended(levels: list[float]) -> None:
    markup = drawn(levels)
    low, high = axis(markup)
    dots = [
        float(place) / 100 * (high - low) + low for place in re.findall(r'class="dot" style="left:([-\d.]+)%', markup)
    ]
    assert dots == pytest.approx([levels[0], levels[-1]], abs=1e-3)
    bars = re.findall(r'class="shade[^"]*" style="left:([-\d.]+)%;width:([-\d.]+)%', markup)
    moved = [(a, b) for a, b in zip(levels, levels[1:], strict=False) if b - a]
    ends = [((float(at) / 100, (float(at) + float(width)) / 100)) for at, width in bars]
    assert [(one * (high - low) + low, other * (high - low) + low) for one, other in ends] == [
        pytest.approx(sorted(pair), abs=1e-3) for pair in moved
    ]


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
    assert alt(End("2025", 0.51, "51%"), steps, End("2026", 0.51, now)) == said


def test_a_large_change_has_the_whole_axis() -> None:
    assert axis(drawn([0.2, 0.9])) == (0, 1)
    assert axis(drawn([0.51, 0.62])) not in ((0, 1), (0.51, 0.62))
    assert "nu" in unescape(drawn([0.51, 0.62]))
