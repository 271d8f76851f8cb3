"""The parts of a change in words: what each means, who is in it, what the picture says, and what stands where there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analytics.decomposition.effects import Cause, Kind
from tests.ui.decomposition.cases import ONE, SCOPE, THREE, TWO, UNKNOWN, moved
from ui.decomposition import chart, summary
from ui.decomposition import table as decomposition_table
from ui.decomposition.rounding import round_change
from ui.text import i18n

Show = Callable[[summary.ShareChange | None], None]
SEASON = "More or fewer of the cases came in months of the year when a larger part of them is digital."
COVERAGE = "Services or months that count in only one period. That made nothing more or less digital."
CAME = (
    "Services that count in only one period: published or withdrawn, or the goal does not apply, or there are"
    " no figures."
)
WENT = "The cases are spread differently: more or fewer go to the most digital services."


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
                "Change in the same services": "Services counted in both periods that have gained an e-service or no"
                " longer have one.",
                "Services in and out": CAME,
            },
        ),
        (
            TWO,
            {
                "Change in the same services": "Services counted in both periods that got a larger or smaller share of"
                " their cases digitally.",
                "Season": SEASON,
                "Changed mix": WENT,
                "Changed coverage": COVERAGE,
            },
        ),
        (
            THREE,
            {
                "Change in the same services": "Services counted in both periods where a larger or smaller share of the"
                " cases could be handled digitally.",
                "Season": SEASON,
                "Changed mix": WENT,
                "Changed coverage": COVERAGE,
            },
        ),
        (
            "digital_steps",
            {
                "Change in the same services": "Services counted in both periods whose own share rose or fell.",
                "Season": "More or less of what is counted lies in months of the year with a larger share.",
                "Changed mix of services": "What is counted is spread differently: more or less of it is in the"
                " services with the highest share.",
                "Changed coverage": COVERAGE,
            },
        ),
    ],
)
def test_what_each_part_is(code: str, said: dict[str, str]) -> None:
    assert {part.name: part.meaning for part in chart.parts(code)} == said


SAME = "The same services are counted in both periods."
STILL = "Counted on the services and months that are in both periods the share is unchanged."
PICTURES = [
    (
        "nothing at all",
        moved({"T1": (20, 100)}, {"T1": (20, 100)}),
        "The same services are counted in both periods, and none changed the share.",
    ),
    ("nothing came or went", moved({"T1": (20, 100)}, {"T1": (30, 100)}), SAME),
    (
        "came or went as digital as the rest",
        moved({"T1": (20, 100), "T2": (20, 100)}, {"T1": (30, 100)}),
        "Changed mix and changed coverage made no difference.",
    ),
    ("only what is counted", moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (20, 100)}), STILL),
    (
        "up",
        moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}),
        "Counted on the services and months that are in both periods the share rose by 10.0 percentage points.",
    ),
    (
        "down, one point",
        moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (19, 100)}),
        "Counted on the services and months that are in both periods the share fell by 1.0 percentage point.",
    ),
]


@pytest.mark.parametrize(
    ("rate", "mix", "said"),
    [
        (8, 0, SAME),  # another month is no movement
        (8, 1, "With the mix unchanged the share rose by 9.0 percentage points."),
        (-1, 1, "With the mix unchanged the share is unchanged."),
        (-3, 1, "With the mix unchanged the share fell by 2.0 percentage points."),
    ],
)
def test_season_neither_moved_nor_came(rate: int, mix: int, said: str) -> None:
    points: dict[Kind, int] = {"rate": rate, "season": 1, "mix": mix}
    causes = [Cause(kind, n / 100, ("T1",)) for kind, n in points.items() if n]
    told = round_change(0.5, 0.51 + (rate + mix) / 100, causes, 1)
    assert chart._reading(TWO, told, came=False) == said


@pytest.mark.parametrize(
    ("same", "came", "said"),
    [
        (10, -1, "In the same services the share rose by 10.0 percentage points."),
        (-9, -1, "In the same services the share fell by 9.0 percentage points."),
        (0, 5, "In the same services the share is unchanged."),
        (10, 0, "Services in and out made no difference."),
    ],
)
def test_where_all_weigh_the_same(same: int, came: int, said: str) -> None:
    """Goal 1 has no mix, so how the same services changed is told as it is."""
    points: dict[Kind, int] = {"rate": same, "published": came}
    causes = [Cause(kind, n / 100, ("T1",)) for kind, n in points.items() if n]
    told = round_change(0.5, 0.5 + (same + came) / 100, causes, 1)
    assert chart._reading(ONE, told, came=True) == said


@pytest.mark.parametrize(("found", "said"), [case[1:] for case in PICTURES], ids=[case[0] for case in PICTURES])
def test_what_the_picture_says(found: summary.ShareChange, said: str, show: Show, heard: list[str]) -> None:
    show(found)
    chart.draw_waterfall(TWO, SCOPE)
    assert heard[-1] == said


@pytest.mark.parametrize(
    ("other", "way"), [(UNKNOWN, []), (moved({"T1": (20, 100)}, {"T1": (30, 100)}), ["Compare with the other period"])]
)
def test_without_a_change_there_may_be_another_comparison(
    other: summary.ShareChange, way: list[str], heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = {"last_year": UNKNOWN, "previous": other}
    monkeypatch.setattr(summary, "load_change", lambda _code, scope: by[scope.comparison])
    chart.draw_waterfall(TWO, SCOPE)
    assert heard == ["A change can be shown only where both periods are reported.", *way]


def test_few_have_no_picture(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (1, 3)}, {"T1": (2, 3)}))
    chart.draw_waterfall(TWO, SCOPE)
    assert heard == ["Fewer than 20 are counted. What happened to each service stands in the table."]


def test_who_each_part_is_made_of(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}))
    chart.draw_parts(TWO, SCOPE)
    own, season, mix, coverage = ([part.name, part.meaning] for part in chart.parts(TWO))
    assert heard == [
        *("+10.0 percentage points", own[0], own[1], "Bygglov +10.0"),
        *("0 percentage points", season[0], season[1], "Nothing."),
        *("0 percentage points", mix[0], mix[1], "Nothing."),
        *("+10.0 percentage points", coverage[0], coverage[1], "Nyckel is no longer reported in full +10.0"),
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            moved({"T1": (20, 100)}, {"T1": (30, 100)}),
            "Most of it: change in the same services, +10.0 percentage points",
        ),
        (moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (30, 100)}), "What each part is made of"),
    ],
)
def test_the_largest_part_is_told_where_it_is_most_of_the_change(
    found: summary.ShareChange, said: str, show: Show
) -> None:
    show(found)
    assert chart.largest_part(TWO, SCOPE) == said


def test_who_is_written_as_nothing_is_not_named(show: Show, heard: list[str]) -> None:
    many = {f"S{n}": (200, 1000) for n in range(40)}
    show(moved(many, dict.fromkeys(many, (201, 1000))))
    chart.draw_parts(TWO, SCOPE)
    assert (heard[0], heard[3]) == ("+0.1 percentage points", "Each is less than 0.1 percentage points.")


def test_season_is_not_known_where_the_months_are_others(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (20, 100)}, {"T1": (30, 100)}))
    chart.draw_parts(TWO, replace(SCOPE, comparison=date(2025, 3, 1)))
    said = "The periods have different months of the year, so season is part of the change in the same services."
    assert heard[4:7] == ["–", "Season", said]


def test_who_came_with_the_share_of_the_rest_made_no_difference(show: Show, heard: list[str]) -> None:
    show(moved({"T1": (50, 100)}, {"T1": (60, 100), "T2": (60, 100)}, "published"))
    chart.draw_parts(TWO, SCOPE)
    assert heard[-1] == "That made no difference."


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
        assert (table.title, len(table), table.nothing) == (said, 0, "No service changed the share.")
