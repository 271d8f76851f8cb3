"""The funnel: only those outside are named, no name meets another, and the sentence is right in each case."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import plotly.graph_objects as go
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from analytics.metrics.scope import Scope
from analytics.statistics.confidence import Funnel, funnel_point
from data.store import Store
from ui.charts.base import LINE
from ui.charts.funnel import PLOT, Dot
from ui.charts.funnel import funnel as draw
from ui.components import funnel
from ui.frame.theme import palettes

PALETTE = palettes()["dark"]
pytestmark = pytest.mark.usefixtures("english")
LONG = "Kollektivtrafikmyndigheten i Region Västmanland med samhällsbyggnadsutskottet"
DOTS = some.builds(
    lambda name, part, whole, outside: Dot(name, min(part, whole) / whole, min(part, whole), whole, outside),
    some.sampled_from(["Kommunstyrelsens förvaltning", "Samhällsbyggnadskontoret", "Vård och omsorg", "IT", LONG])
    | some.text(max_size=40),
    some.integers(0, 5000),
    some.integers(1, 5000),
    some.sampled_from([True, False, None]),
)


@given(some.lists(DOTS, min_size=2, max_size=14), some.floats(0.01, 0.99))
def test_no_name_meets_another(dots: list[Dot], whole: float) -> None:
    figure = json.loads(go.Figure(draw(dots, whole, PALETTE, counted="Cases", alt="Said.").spec).to_json())
    notes = sorted(figure["layout"]["annotations"], key=lambda note: note["y"])
    half = [(note["text"].count("<br>") + 1) * LINE / PLOT * 50 for note in notes]
    for i in range(1, len(notes)):
        assert notes[i]["y"] - notes[i - 1]["y"] >= half[i] + half[i - 1] - 1e-6
    assert all(note["y"] <= 100 for note in notes)
    assert len(notes) <= 1 + sum(dot.outside is True for dot in dots)


def test_only_those_outside_are_named_and_those_of_few_are_hollow() -> None:
    dots = [Dot("Inside", 0.5, 50, 100, False), Dot("Outside", 0.9, 90, 100, True), Dot("Few", 1.0, 3, 3, None)]
    spec = draw(dots, 0.5, PALETTE, counted="Cases", alt="Said.").spec
    assert [note["text"] for note in spec["layout"]["annotations"]] == ["<b>50%</b> the whole", "Outside <b>90%</b>"]
    marker = spec["data"][-1]["marker"]
    assert marker["color"] == [PALETTE.grey_2, PALETTE.digital, PALETTE.background]
    assert [said.split("<br>")[1] for said in spec["data"][-1]["hovertext"]] == [
        "50% (50 of 100)",
        "90% (90 of 100)",
        "3 of 3",
    ]


def test_the_band_narrows_with_more_cases_and_a_name_from_outside_is_escaped() -> None:
    dots = [Dot("<b>", 0.9, 18, 20, True), Dot("B", 0.5, 500, 1000, False)]
    figure = draw(dots, 0.5, PALETTE, counted="Cases", alt="Said.").spec
    band = figure["data"][0]
    half = len(band["x"]) // 2
    widths = [upper - lower for upper, lower in zip(band["y"][:half], band["y"][half:][::-1], strict=True)]
    assert widths == sorted(widths, reverse=True) and all(0 <= y <= 100 for y in band["y"])
    assert "&lt;b&gt;" in figure["layout"]["annotations"][-1]["text"]


# ---- the sentence

NAMES = "verksamhet_id;namn\n" + "".join(f"{code};{code * 2}\n" for code in "ABCDEFG")


@pytest.fixture
def _named(monkeypatch: pytest.MonkeyPatch, small_store: Callable[..., Store]) -> Iterator[None]:
    monkeypatch.setenv("DASHBOARD_STORE", str(small_store({"departments": NAMES}).folder))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def of(*counts: tuple[int, int], coverage: float = 1.0) -> Funnel:
    """Departments A, B … beside a whole of a half."""
    return Funnel(
        0.5,
        tuple(
            funnel_point(who, part, whole, 0.5, coverage) for who, (part, whole) in zip("ABCDEFG", counts, strict=False)
        ),
    )


FEW, IN, HIGH, LOW = (3, 3), (52, 100), (90, 100), (5, 100)


@pytest.mark.usefixtures("_named")
@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (of(FEW, FEW), "Each has fewer than twenty, so they are not compared."),
        (
            of(IN, FEW),
            "Only 1 department has at least twenty, and it does not differ from the whole, 50%, more than chance can do. "
            "1 has fewer than twenty and is not compared.",
        ),
        (
            of(IN, IN, FEW, FEW),
            "Not one of the 2 departments with at least twenty differs from the whole, 50%, more than chance can do. "
            "2 have fewer than twenty and are not compared.",
        ),
        (
            of(HIGH, FEW),
            "Only 1 department has at least twenty, and it differs from the whole, 50%, by more than chance can do. Above: AA. "
            "1 has fewer than twenty and is not compared.",
        ),
        (
            of(HIGH, LOW),
            "All 2 departments differ from the whole, 50%, by more than chance can do. Above: AA. Below: BB.",
        ),
        (
            of(LOW, IN),
            "1 of 2 departments differs from the whole, 50%, by more than chance can do. Below: AA. The other may be chance.",
        ),
        (
            of(HIGH, HIGH, IN, IN),
            "2 of 4 departments differ from the whole, 50%, by more than chance can do. Above: AA, BB. The other 2 may be chance.",
        ),
        (
            of(LOW, IN, coverage=0.3),
            "1 of 2 departments differs from the whole, 50%, by more than chance can do. Below: AA. The other may be chance. "
            "Less than half is reported for AA: what is missing may change that.",
        ),
        (
            of(*[LOW] * 6, IN),
            "6 of 7 departments differ from the whole, 50%, by more than chance can do. "
            "Below: AA, BB, CC, DD, 2 more. The other may be chance.",
        ),
    ],
)
def test_the_sentence_in_each_case(shown: Funnel, said: str) -> None:
    assert funnel.reading("digital_submission", shown) == said


@pytest.mark.usefixtures("_named")
@pytest.mark.parametrize(
    ("code", "how"),
    [
        (
            "e_service_coverage",
            "Every service is counted, so the shares are exact. The band is how far chance alone would spread departments"
            " of so few services. Hollow: fewer than twenty.",
        ),
        (
            "digital_submission",
            "The band is how far chance alone would spread departments of so many cases. Hollow: fewer than twenty.",
        ),
    ],
)
def test_what_stands_under_the_picture(code: str, how: str, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(funnel, "load_funnel", lambda _code, _scope: of(HIGH, LOW))
    funnel.block(code, Scope(date(2025, 11, 1), date(2026, 10, 1)))
    assert heard[:3] == ["The departments, and what chance can do", funnel.reading(code, of(HIGH, LOW)), how]
    assert heard[3] == "How it is counted"


def test_nothing_stands_where_there_are_not_two(heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(funnel, "load_funnel", lambda _code, _scope: None)
    funnel.block("digital_submission", Scope(date(2025, 11, 1), date(2026, 10, 1)))
    assert heard == []
