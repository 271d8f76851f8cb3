"""Who differs by more than chance: the sentence is right in each case."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import streamlit as st

from analytics.metrics.scope import Scope
from analytics.statistics.confidence import Funnel, funnel_point
from data.store import Store
from ui.components import chance

pytestmark = pytest.mark.usefixtures("english")
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
        (of(FEW, FEW), "All have fewer than 20, so they are not compared."),
        (
            of(IN, FEW),
            (
                "Only 1 department has at least 20, and it does not differ more from the average, 50%, than "
                "chance can give. 1 has fewer than 20 and is not compared."
            ),
        ),
        (
            of(IN, IN, FEW, FEW),
            (
                "None of the 2 departments with at least 20 differs more from the average, 50%, than chance can "
                "give. 2 have fewer than 20 and are not compared."
            ),
        ),
        (
            of(HIGH, FEW),
            (
                "Only 1 department has at least 20, and it differs more from the average, 50%, than chance can "
                "give. Higher: AA. 1 has fewer than 20 and is not compared."
            ),
        ),
        (
            of(HIGH, LOW),
            "All 2 departments differ more from the average, 50%, than chance can give. Higher: AA. Lower: BB.",
        ),
        (
            of(LOW, IN),
            (
                "1 of 2 departments differs more from the average, 50%, than chance can give. Lower: AA. For the "
                "other the difference may be chance."
            ),
        ),
        (
            of(HIGH, HIGH, IN, IN),
            (
                "2 of 4 departments differ more from the average, 50%, than chance can give. Higher: AA and BB. For "
                "the other 2 the difference may be chance."
            ),
        ),
        (
            of(LOW, IN, coverage=0.3),
            (
                "1 of 2 departments differs more from the average, 50%, than chance can give. Lower: AA. For the "
                "other the difference may be chance. For AA less than half is reported, so this may change."
            ),
        ),
        (
            of(*[LOW] * 6, IN),
            (
                "6 of 7 departments differ more from the average, 50%, than chance can give. Lower: AA, BB, CC, "
                "DD, and 2 more. For the other the difference may be chance."
            ),
        ),
    ],
)
def test_the_sentence_in_each_case(shown: Funnel, said: str) -> None:
    assert chance.reading(shown) == said


@pytest.mark.usefixtures("_named")
def test_the_band_is_explained_before_who_lies_outside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scope, found = Scope(date(2025, 11, 1), date(2026, 10, 1)), of(HIGH, LOW)
    monkeypatch.setattr(chance, "load_funnel", lambda _code, _scope: found)
    band = "The grey area shows how large differences chance can give with so many cases."
    assert chance.reading_of("digital_submission", scope) == f"{band} {chance.reading(found)}"
    exact = (
        "All services are counted, so the shares are exact. "
        "The grey area shows how large differences chance can give when the services are this few."
    )
    assert chance.reading_of("e_service_coverage", scope) == f"{exact} {chance.reading(found)}"
    assert chance.reading_of("digital_handling", scope) == ""
    monkeypatch.setattr(chance, "load_funnel", lambda _code, _scope: None)
    assert chance.reading_of("digital_submission", scope) == ""
