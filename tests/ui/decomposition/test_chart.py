"""The parts of a change in words: what each means, who is in it, what the picture says, and what stands where there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from analytics.decomposition.causes import Cause, Kind
from tests.ui.decomposition.cases import ONE, SCOPE, THREE, TWO, UNKNOWN, moved
from ui.decomposition import chart, summary
from ui.decomposition import table as decomposition_table
from ui.decomposition.rounding import round_change
from ui.text import i18n

Show = Callable[[summary.ShareChange | None], None]
SEASON = "More or fewer of the cases came in months of the year when a larger part of them is digital."
COVERAGE = "Services, or months of them, that are counted in only one of the periods. That made nothing more digital."
CAME = "Services that are counted in only one of the two: published, withdrawn, not applicable or unknown."
WENT = "More or fewer of the cases went to services that are more digital than the rest."


@pytest.fixture(autouse=True)
def _english(register: None) -> None:
    i18n.set_language("en")


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """A function that makes the change the one that is told."""
    return lambda found: monkeypatch.setattr(summary, "load_change", lambda _code, _scope: found)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            ONE,
            {
                "The same services": "Services counted both times that gained or lost an e-service.",
                "Services in and out": CAME,
            },
        ),
        (
            TWO,
            {
                "The same services": "Services counted both times that got more or fewer of their cases digitally.",
                "Season": SEASON,
                "Moved cases": WENT,
                "What is counted": COVERAGE,
            },
        ),
        (
            THREE,
            {
                "The same services": "Services counted both times that could have more or fewer of their cases handled digitally.",
                "Season": SEASON,
                "Moved cases": WENT,
                "What is counted": COVERAGE,
            },
        ),
        (
            "digital_steps",
            {
                "The same services": "Services counted both times whose own share rose or fell.",
                "Season": "More or less of what is counted lies in months of the year with a larger share.",
                "Moved between services": "More or less of what is counted lies in services with a larger share than the rest.",
                "What is counted": COVERAGE,
            },
        ),
    ],
)
def test_what_each_part_is(code: str, said: dict[str, str]) -> None:
    assert {part.name: part.meaning for part in chart.parts(code)} == said


SAME = "The same services are counted in both periods."
STILL = "Without what moved or came and went, the share would have stood still."
PICTURES = [
    (
        "nothing at all",
        moved({"T1": (20, 100)}, {"T1": (20, 100)}),
        "The same services are counted as in the comparison, and none moved the share.",
    ),
    ("nothing came or went", moved({"T1": (20, 100)}, {"T1": (30, 100)}), SAME),
    (
        "came or went as digital as the rest",
        moved({"T1": (20, 100), "T2": (20, 100)}, {"T1": (30, 100)}),
        "What moved, came or went made no difference.",
    ),
    ("only what is counted", moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (20, 100)}), STILL),
    (
        "up",
        moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}),
        "Without what moved or came and went, the share would have risen by 10.0 percentage points.",
    ),
    (
        "down, one point",
        moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (19, 100)}),
        "Without what moved or came and went, the share would have fallen by 1.0 percentage point.",
    ),
]


@pytest.mark.parametrize(
    ("mix", "said"),
    [
        (0, SAME),  # another month is no movement
        (1, "Without what moved or came and went, the share would have risen by 9.0 percentage points."),
    ],
)
def test_season_neither_moved_nor_came(mix: int, said: str) -> None:
    points: dict[Kind, int] = {"rate": 8, "season": 1, "mix": mix}
    causes = [Cause(kind, Fraction(n, 100), ("T1",)) for kind, n in points.items() if n]
    told = round_change(0.5, 0.59 + mix / 100, causes, 1)
    assert chart._reading(TWO, told, came=False) == said


@pytest.mark.parametrize(("found", "said"), [case[1:] for case in PICTURES], ids=[case[0] for case in PICTURES])
def test_what_the_picture_says(found: summary.ShareChange, said: str, show: Show, heard: list[str]) -> None:
    show(found)
    chart.draw_waterfall(TWO, SCOPE)
    assert heard[-1] == said


@pytest.mark.parametrize(
    ("other", "way"), [(UNKNOWN, []), (moved({"T1": (20, 100)}, {"T1": (30, 100)}), ["Try the other comparison"])]
)
def test_without_a_change_there_may_be_another_comparison(
    other: summary.ShareChange, way: list[str], heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = {"last_year": UNKNOWN, "previous": other}
    monkeypatch.setattr(summary, "load_change", lambda _code, scope: by[scope.comparison])
    chart.draw_waterfall(TWO, SCOPE)
    assert heard == ["A change can be told only where both periods are known.", *way]


def test_few_have_no_picture(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (1, 3)}, {"T1": (2, 3)}))
    chart.draw_waterfall(TWO, SCOPE)
    assert heard == ["Fewer than twenty are counted. What each service did stands in the table."]


def test_who_each_part_is_made_of(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}))
    chart.draw_parts(TWO, SCOPE)
    own, season, mix, coverage = ([part.name, part.meaning] for part in chart.parts(TWO))
    assert heard == [
        *("+10.0 percentage points", own[0], own[1], "Bygglov +10.0"),
        *("0 percentage points", season[0], season[1], "Nothing."),
        *("0 percentage points", mix[0], mix[1], "Nothing."),
        *("+10.0 percentage points", coverage[0], coverage[1], "The reporting of Nyckel ended +10.0"),
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            moved({"T1": (20, 100)}, {"T1": (30, 100)}),
            "Most of it: the same services, +10.0 percentage points",
        ),
        (moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}), "What each part is made of"),
    ],
)
def test_the_largest_part_is_told_where_it_is_most_of_the_change(
    found: summary.ShareChange, said: str, show: Show
) -> None:
    show(found)
    assert chart.largest_part(TWO, SCOPE) == said


def test_season_is_not_known_where_the_months_are_others(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (20, 100)}, {"T1": (30, 100)}))
    chart.draw_parts(TWO, replace(SCOPE, comparison=date(2025, 3, 1)))
    said = "The periods have different months of the year, so season is not told from the same services."
    assert heard[4:7] == ["–", "Season", said]


def test_who_came_with_the_share_of_the_rest_made_no_difference(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (50, 100)}, {"T1": (60, 100), "T2": (60, 100)}, "published"))
    chart.draw_parts(TWO, SCOPE)
    assert heard[-1] == "What came or went made no difference."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (ONE, "What changed, by service: E-services"),
        (TWO, "What changed, by service: Digital cases"),
        (THREE, "What changed, by service: Digital case handling"),
    ],
)
def test_the_table_and_what_it_says_without_rows(code: str, said: str, show: Show) -> None:
    unmoved = moved({"T1": (20, 100)}, {"T1": (20, 100)})
    for found in (None, unmoved, replace(unmoved, split=None)):
        show(found)
        table = decomposition_table.table(SCOPE, code)
        assert (table.title, len(table), table.nothing) == (said, 0, "No service moved the share.")
