"""Signal or noise as a reader meets it: each sentence in each case, the band and the rings."""

import json
from collections.abc import Iterator
from datetime import date

import plotly.graph_objects as go
import pytest

from analytics.scope import shift
from analytics.signals import Point, Refusal, Side, Signals
from ui import numbers, signals, text
from ui.charts.line import Month, line
from ui.theme import palettes

OCTOBER = date(2026, 10, 1)
FLOW, STOCK = "digital_submission", "e_service_coverage"
PALETTE = palettes()["light"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    token = text._spoken.set("en")
    yield
    text._spoken.reset(token)


def judged(
    value: float, lower: float, upper: float, outside: Side | None = None, side: Side | None = None, run: int = 0
) -> Signals:
    point = Point(OCTOBER, value, (lower + upper) / 2, lower, upper, outside, side, run)
    return Signals(OCTOBER, (point,), known=24)


@pytest.mark.parametrize(
    ("code", "found", "said"),
    [
        (FLOW, judged(0.7, 0.64, 0.78), "October 2026 lies within the usual variation, 64–78%."),
        (FLOW, judged(0.7, 0.64, 0.78, None, "below", 7), "October 2026 lies within the usual variation, 64–78%."),
        (STOCK, judged(0.652, 0.651, 0.6539), "October 2026 lies within the usual variation, 65.1–65.4%."),
        (STOCK, judged(0.5, 0.5, 0.5), "October 2026 is as every month before it: 50.0%."),
        (
            FLOW,
            judged(0.81, 0.64, 0.78, "above"),
            "October 2026 lies above the usual variation: 81%, where 64–78% is usual.",
        ),
        (
            FLOW,
            judged(0.52, 0.64, 0.78, "below"),
            "October 2026 lies below the usual variation: 52%, where 64–78% is usual.",
        ),
        (
            FLOW,
            judged(0.784, 0.64, 0.781, "above", "above", 9),
            "October 2026 lies above the usual variation: 78.4%, where 64.0–78.1% is usual.",
        ),
        (
            FLOW,
            judged(0.75, 0.64, 0.78, None, "above", 8),
            "8 months in a row, up to October 2026, lie above what is usual, 71%: that is hardly chance.",
        ),
        (
            FLOW,
            judged(0.7, 0.64, 0.78, None, "below", 11),
            "11 months in a row, up to October 2026, lie below what is usual, 71%: that is hardly chance.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "above", 8),
            "8 months in a row, up to October 2026, have risen more than is usual.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "below", 8),
            "8 months in a row, up to October 2026, have risen less than is usual.",
        ),
    ],
)
def test_the_verdict_in_each_case(code: str, found: Signals, said: str) -> None:
    assert signals.verdict(code, found) == said


def refused(why: Refusal, known: int = 0, since: date | None = None) -> Signals:
    return Signals(OCTOBER, (), why, known, since, 0.79, 0.71)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Signals(None, refused="unknown"), ""),
        (refused("few"), "October 2026 counts fewer than twenty: too few to tell a signal from chance."),
        (
            refused("short", 0),
            "What is usual cannot be told yet: 0 months are known before October 2026, and 12 are needed.",
        ),
        (
            refused("short", 1),
            "What is usual cannot be told yet: 1 month is known before October 2026, and 12 are needed.",
        ),
        (
            refused("short", 11),
            "What is usual cannot be told yet: 11 months are known before October 2026, and 12 are needed.",
        ),
        (
            refused("reporting", 0, OCTOBER),
            "October 2026 cannot be compared with the months before it: what is reported went from 79% to 71%.",
        ),
        (
            refused("reporting", 7, date(2026, 3, 1)),
            "What is usual cannot be told: in March 2026 what is reported went from 79% to 71%, and 8 months are too few.",
        ),
    ],
)
def test_why_it_cannot_be_told_in_each_case(found: Signals, said: str) -> None:
    assert signals.verdict(FLOW, found) == said


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.64, 0.78, "64–78%"), (0.0, 1.0, "0–100%"), (0.999, 1.0, "99–100%"), (0.5, 0.5, "50%")]
)
def test_a_span_is_written_with_one_unit(low: float, high: float, said: str) -> None:
    assert numbers.span(low, high) == said


def test_the_band_is_parted_where_there_are_no_limits_and_signals_have_rings() -> None:
    usual = [(0.2, 0.4), (0.2, 0.4), None, (0.3, 0.5)]
    rows = [Month(shift(OCTOBER, i), 0.3, usual=band, signal=i == 3) for i, band in enumerate(usual)]
    figure = line(rows, PALETTE, name="Goal", now="now", usual="usual")
    drawn = json.loads(go.Figure(figure.spec).to_json())["data"]
    bands = [trace for trace in drawn if trace.get("fill") == "toself"]
    assert [len(band["x"]) for band in bands] == [8, 4]  # four corners a month
    assert [(min(band["y"]), max(band["y"])) for band in bands] == [(20, 40), (30, 50)]
    (ring,) = [trace for trace in drawn if trace.get("mode") == "markers"]
    assert (ring["x"], ring["y"], ring["marker"]["line"]["color"]) == (["2027-01-01"], [30.0], PALETTE.accent)
    assert any(note["text"] == "<b>30–50%</b><br>usual" for note in figure.spec["layout"]["annotations"])


def test_a_line_without_limits_is_as_it_was() -> None:
    rows = [Month(shift(OCTOBER, i), 0.3) for i in range(3)]
    assert [trace["type"] for trace in line(rows, PALETTE, name="Goal", now="now").spec["data"]] == ["bar", "scatter"]
