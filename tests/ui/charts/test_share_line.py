"""A line in HTML: its numbers stand in the markup, unknown months are hatched gaps, and labels do not meet."""

import re
from datetime import date
from html import unescape
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.scope import add_months
from tests.markup import sizes, texts
from ui.charts.event_marks import Mark
from ui.charts.share_line import APART, HEIGHT, Month, ribbon, share_line
from ui.text import numbers

SHARES = st.none() | st.floats(0, 1)
MONTHS = [add_months(date(2025, 11, 1), i) for i in range(12)]
CORNER = re.compile(r"calc\(([-\d.]+)% \+ ([-\d.]+)px\) calc\(([-\d.]+)% \+ ([-\d.]+)px\)")


def corners(outline: str) -> list[tuple[float, ...]]:
    """The corners of a polygon: across in per cent and pixels, down in per cent and pixels."""
    return [tuple(map(float, found)) for found in CORNER.findall(outline)]


def drawn_points(markup: str, name: str) -> list[tuple[float, float]]:
    """Where a line runs, in per cent of the plot from the left and from below."""
    points = []
    for lone, style in re.findall(rf'<i class="(lone )?{name}" style="([^"]*)"', markup):
        if lone:
            points.append((sizes(style, "left")[0], 100 - sizes(style, "top")[0]))
        else:
            found = corners(style)
            points += [(x, 100 - y) for x, _dx, y, _dy in found[: len(found) // 2]]
    return points


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=36))
def test_lines_have_their_months_and_leave_unknown_ones_out(values: list[tuple[float | None, float | None]]) -> None:
    rows = [Month(add_months(date(2023, 1, 1), i), now, before) for i, (now, before) in enumerate(values)]
    drawn = str(share_line(rows, name="Mål", before="året före"))
    for name, column in (("now", 0), ("before", 1)):
        known = [(i, pair[column]) for i, pair in enumerate(values)]
        expected = [((i + 0.5) / len(rows) * 100, 100 * v) for i, v in known if v is not None]
        assert drawn_points(drawn, name) == pytest.approx([pytest.approx(p, abs=0.011) for p in expected])
    hatched = re.findall(r'<i title="[^"]*"( class="hatch")?>', drawn)
    assert [bool(one) for one in hatched] == [now is None for now, _before in values]


@given(st.lists(st.floats(0, 100), min_size=2, max_size=24), st.floats(100, 900))
def test_a_line_is_as_thick_everywhere_as_it_is_wide(values: list[float], width: float) -> None:
    points = [((i + 0.5) / len(values) * 100, value) for i, value in enumerate(values)]
    found = corners(ribbon(points, 1.5, width))
    over, under = found[: len(points)], found[len(points) :][::-1]
    for (_x, dx, _y, dy), (_x2, dx2, _y2, dy2) in zip(over, under, strict=True):
        assert (
            2 * 1.5 - 0.03 <= hypot(dx - dx2, dy - dy2) <= 2 * 2 * 1.5 + 0.03
        )  # a corner reaches further, not without end


def test_the_ends_are_labelled_and_the_hover_has_the_numbers() -> None:
    rows = [Month(month, 0.5 + i / 100, 0.4, "12 av 15" if i == 11 else "") for i, month in enumerate(MONTHS)]
    drawn = str(share_line(rows, name="Digitala ärenden", before="året före"))
    ends = re.findall(r'class="end (\w+)" style="[^"]*"><b>([^<]*)</b><span>([^<]*)', drawn)
    assert ends == [("before", numbers.percent(0.4), "året före"), ("now", "12 av 15", "okt 2026")]
    assert unescape(re.findall(r'<i title="([^"]*)"', drawn)[0]) == "nov 2025: 50\u00a0%, året före 40\u00a0%"
    assert re.search(r'class="ends"><span>nov 2025</span><span>okt 2026</span>', drawn)
    assert re.findall(r'aria-label="([^"]*)"', drawn)[0].startswith("Digitala ärenden: ")


@given(st.tuples(*[st.floats(0, 1)] * 2))
def test_two_labels_never_meet(values: tuple[float, float]) -> None:
    now, before = values
    drawn = str(share_line([Month(month, now, before) for month in MONTHS], name="Mål", before="året före"))
    tops = [float(top) for top in re.findall(r'class="end \w+" style="top:([-\d.]+)%"', drawn)]
    assert abs(tops[0] - tops[1]) * HEIGHT / 100 >= APART - 0.05
    assert (tops[1] <= tops[0]) == (now >= before)


def test_a_line_that_stopped_is_labelled_with_its_month() -> None:
    drawn = str(share_line([Month(MONTHS[0], 0.2), Month(MONTHS[1], None)], name="Mål"))
    assert re.findall(r'class="end now"[^>]*><b>[^<]*</b><span>([^<]*)', drawn) == ["nov 2025"]


def test_events_are_numbers_on_the_baseline_under_their_months() -> None:
    rows = [Month(month, 0.5) for month in MONTHS]
    drawn = str(share_line(rows, name="Mål", marks=[Mark(MONTHS[4], 1), Mark(MONTHS[6], 2), Mark(date(2020, 1, 1), 3)]))
    assert re.findall(r'class="event" style="left:([\d.]+)%">(\d)', drawn) == [("37.50", "1"), ("54.17", "2")]


def test_no_months_draw_nothing_and_names_are_escaped() -> None:
    assert str(share_line([], name="Mål")) == ""
    drawn = share_line([Month(MONTHS[0], 0.5, 0.4, "<script>", "<script>")], name="<script>", before="<script>")
    assert "<script>" not in drawn
    assert texts(str(drawn), "b") == ["<script>", "<script>"]
