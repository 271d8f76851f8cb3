"""Signal or noise as a reader meets it: each sentence in each case, the band and the rings."""

import re
from datetime import date

import pytest

from analytics.metrics.scope import add_months
from analytics.statistics.control_charts import ControlChart
from tests.ui.components.variation_cases import FLOW, OCTOBER, STOCK, YEAR, judged, line_of, refused
from ui.charts.share_line import Month, share_line
from ui.components import variation
from ui.text import numbers

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("code", "found", "said"),
    [
        (FLOW, judged(0.7, 0.64, 0.78), "October 2026 is within the usual, 64–78%."),
        (FLOW, judged(0.7, 0.64, 0.78, None, "below", 7), "October 2026 is within the usual, 64–78%."),
        (STOCK, judged(0.652, 0.651, 0.6539), "October 2026 is within the usual, 65.1–65.4%."),
        (STOCK, judged(0.5, 0.5, 0.5), "October 2026 is the same as every month before: 50.0%."),
        (
            FLOW,
            judged(0.81, 0.64, 0.78, "above"),
            "October 2026 is higher than usual: 81% against 64–78%.",
        ),
        (
            FLOW,
            judged(0.52, 0.64, 0.78, "below"),
            "October 2026 is lower than usual: 52% against 64–78%.",
        ),
        (
            FLOW,
            judged(0.784, 0.64, 0.781, "above", "above", 9),
            "October 2026 is higher than usual: 78.4% against 64.0–78.1%.",
        ),
        (
            FLOW,
            judged(0.75, 0.64, 0.78, None, "above", 8),
            "Up to October 2026 the share has been above the usual 71% for 8 months in a row. That is hardly chance.",
        ),
        (
            FLOW,
            judged(0.7, 0.64, 0.78, None, "below", 11),
            "Up to October 2026 the share has been below the usual 71% for 11 months in a row. That is hardly chance.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "above", 8),
            "Up to October 2026 the rise has been larger than usual for 8 months in a row.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "below", 8),
            "Up to October 2026 the rise has been smaller than usual for 8 months in a row.",
        ),
    ],
)
def test_the_verdict_in_each_case(code: str, found: ControlChart, said: str) -> None:
    assert variation.verdict(code, found) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (ControlChart(None, refusal="unknown"), ""),
        (refused("few"), "October 2026 has fewer than 20. That is too few to see whether anything has changed."),
        (
            refused("short", 0),
            "We cannot say yet what is usual. 0 months before October 2026 can be compared, and 12 are needed.",
        ),
        (
            refused("short", 1),
            "We cannot say yet what is usual. 1 month before October 2026 can be compared, and 12 are needed.",
        ),
        (
            refused("short", 11),
            "We cannot say yet what is usual. 11 months before October 2026 can be compared, and 12 are needed.",
        ),
        (
            refused("reporting", 0, OCTOBER),
            "October 2026 cannot be compared with the months before. The part that is reported changed from 79% to 71%.",
        ),
        (
            refused("reporting", 0, date(2026, 3, 1)),  # of the months since then only the last counts twenty
            (
                "We cannot say what is usual. In March 2026 the part that is reported changed from 79% to 71%, "
                "and 1 month is too little to compare with."
            ),
        ),
        (
            refused("reporting", 7, date(2026, 3, 1)),
            (
                "We cannot say what is usual. In March 2026 the part that is reported changed from 79% to 71%, "
                "and 8 months are too few to compare with."
            ),
        ),
    ],
)
def test_why_it_cannot_be_told_in_each_case(found: ControlChart, said: str) -> None:
    assert variation.verdict(FLOW, found) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (line_of(25), ""),
        (line_of(25, 0), ""),  # it is told by itself
        (line_of(25, 12), ""),  # before the period
        (line_of(25, 0, 2), "Another unusual month: Aug 2026."),
        (line_of(25, 0, 2, 3, 11), "Other unusual months: Nov 2025, Jul 2026, Aug 2026."),
        (line_of(25, 0, 2, 3, 4, 11), "4 more months are unusual."),
        (line_of(25, 2), "Unusual month: Aug 2026."),
        (line_of(25, 2, 3), "Unusual months: Jul 2026, Aug 2026."),
        (line_of(25, 2, 3, 4, 11), "4 other months are unusual."),
    ],
)
def test_the_other_months_outside(found: ControlChart, said: str) -> None:
    assert variation._others(found, YEAR) == said


@pytest.mark.parametrize(
    ("code", "found", "said"),
    [
        (FLOW, refused("few"), ""),
        (FLOW, line_of(13), "Counted on the 12 months Oct 2025–Sept 2026."),
        (STOCK, line_of(25), "Counted on the 24 months Oct 2024–Sept 2026, as the change from month to month."),
    ],
)
def test_what_the_limits_come_from(code: str, found: ControlChart, said: str) -> None:
    assert variation._basis(code, found) == said


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.64, 0.78, "64–78%"), (0.0, 1.0, "0–100%"), (0.999, 1.0, "99–100%"), (0.5, 0.5, "50%")]
)
def test_a_span_is_written_with_one_unit(low: float, high: float, said: str) -> None:
    assert numbers.span(low, high) == said


def test_the_band_is_parted_where_there_are_no_limits_and_signals_have_rings() -> None:
    usual = [(0.2, 0.4), (0.2, 0.4), None, (0.3, 0.5)]
    rows = [Month(add_months(OCTOBER, i), 0.3, usual=band, signal=i == 3) for i, band in enumerate(usual)]
    drawn = str(share_line(rows, name="Goal", usual="usual"))
    bands = re.findall(r'class="usual" style="clip-path:polygon\(([^)]*)\)"', drawn)
    corners = [[tuple(map(float, point.replace("%", "").split())) for point in band.split(",")] for band in bands]
    assert [len(band) for band in corners] == [8, 4]  # four corners a month
    assert [(min(y for _x, y in band), max(y for _x, y in band)) for band in corners] == [
        (60, 80),
        (50, 70),
    ]  # from above
    assert re.findall(r'class="ring" style="([^"]*)"', drawn) == ["left:87.50%;top:70.00%"]
    assert "<b>30–50%</b><span>usual</span>" in drawn


def test_a_line_without_limits_has_no_band() -> None:
    rows = [Month(add_months(OCTOBER, i), 0.3) for i in range(3)]
    assert "usual" not in share_line(rows, name="Goal")
