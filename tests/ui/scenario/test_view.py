"""The words of a scenario, in every grammatical case: one service or several, moved or not, known or not."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.costs.break_even import AnnualVolume, Assumptions
from analytics.forecast.target_path import Target
from analytics.metrics.measure import Row
from analytics.priorities.peers import PeerShare
from analytics.scenario import savings
from analytics.scenario.baseline import Baseline, ServiceBaseline
from analytics.scenario.model import Scenario, ServiceEffect
from tests.ui.scenario.cases import HALF, YEAR, begin, fact, plan
from ui.scenario import at_target_date, effect, table, view
from ui.scenario import savings as scenario_savings
from ui.text import labels

pytestmark = pytest.mark.usefixtures("register", "english")
TOLD = Assumptions(Decimal(10), Decimal(25), Decimal(450), Decimal(12_000))
Show = Callable[[Baseline], None]


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """A function that makes this what the scenarios start from."""

    def set_baseline(start: Baseline) -> None:
        for module in (effect, view):
            monkeypatch.setattr(module, "baseline", lambda _cursor, _scope: start)

    return set_baseline


# ---- the finding

ALL_KNOWN = Row({}, None, None, None, 1, 1.0, "value")
LARGE = begin([fact("T2", "e_service", (1_000, 100_000), (0, 0))])


@pytest.mark.parametrize(
    ("start", "scenario", "said"),
    [
        (begin([]), plan(), "Too little is reported to show what a change would bring"),
        (begin(), plan(), "Goal 1 stands at 2 of 4, goal 2 at 5% and goal 3 at 0%"),
        (LARGE, plan(), "Goal 1 stands at 1 of 1 and goal 2 at 1%"),
        (begin([fact("T2", "e_service", (0, 0), (0, 0))]), plan(), "Goal 1 stands at 1 of 1"),
        (begin(), plan(uptake="T1"), "The changes affect none of the goals"),
        (begin(), plan(new="T1"), "With 1 new e-service goal 1 goes from 2 of 4 to 3 of 4"),
        (begin(), plan(new="T1 T4"), "With 2 new e-services goal 1 goes from 2 of 4 to 4 of 4"),
        (begin(), plan(uptake="T2"), "With more digital cases in 1 service goal 2 goes from 5% to 15%"),
        (begin(), plan(uptake="T2 T3"), "With more digital cases in 2 services goal 2 goes from 5% to 25%"),
        (begin(), plan(steps="T2"), "With digital case handling in 1 service goal 3 goes from 0% to 25%"),
        (begin(), plan(steps="T2 T3"), "With digital case handling in 2 services goal 3 goes from 0% to 50%"),
        (begin(), plan(uptake="T2", steps="T3"), "With digital case handling in 1 service goal 3 goes from 0% to 25%"),
        (begin(), plan(new="T1", uptake="T1"), "With changes in 1 service goal 1 goes from 2 of 4 to 3 of 4"),
        (begin(), plan(new="T1", uptake="T2 T3"), "With changes in 3 services goal 2 goes from 5% to 38%"),
        (
            LARGE,
            plan(uptake="T2", share=Fraction(1_001, 100_000)),
            "With more digital cases in 1 service the goals hardly change",
        ),
    ],
)
def test_the_finding(
    start: Baseline, scenario: Scenario, said: str, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(start)
    monkeypatch.setattr(view, "one", lambda _code, _scope: ALL_KNOWN)
    assert view.headline(YEAR, scenario) == said


def test_a_headline_with_what_is_reported_is_short(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    show(begin())
    monkeypatch.setattr(view, "one", lambda _code, _scope: Row({}, None, None, None, 1, 0.4, "value"))
    said = "Goal 2 goes from 5% to 15% – but less than half is reported"
    assert view.headline(YEAR, plan(uptake="T2")) == said


@pytest.mark.parametrize(
    ("facts", "coverage", "said"),
    [
        ([fact("T2", "e_service", (50, 100), (0, 0))], 0.9, "Goal 1 stands at 1 of 1 (90% reported) and goal 2 at 50%"),
        ([fact("T2", "e_service", (0, 0), (0, 0))], 0.4, "Goal 1 stands at 1 of 1 (40% reported)"),
        ([fact("T2", "e_service", (50, 100))], 0.4, "Try what more e-services or digital steps would give"),
    ],
)
def test_how_much_is_reported_is_said_where_it_is_little_or_looks_whole(
    facts: list[ServiceBaseline], coverage: float, said: str, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(begin(facts))
    row = Row({}, None, None, None, 1, coverage, "value")
    monkeypatch.setattr(view, "one", lambda _code, _scope: row)
    assert view.headline(YEAR, plan()) == said


# ---- the three goals


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (plan(new="T1"), "From Nov 2026: 1 service gets an e-service."),
        (plan(new="T1 T4"), "From Nov 2026: 2 services get an e-service."),
        (plan(uptake="T2"), "From Nov 2026: 1 service gets more digital cases."),
        (plan(uptake="T2 T3"), "From Nov 2026: 2 services get more digital cases."),
        (plan(steps="T2"), "From Nov 2026: 1 service gets every step digital."),
        (plan(steps="T2 T3"), "From Nov 2026: 2 services get every step digital."),
        (plan(steps="T2", only=("archiving",)), "From Nov 2026: 1 service gets digital steps (archiving)."),
        (
            plan(steps="T2 T3", only=("decision", "archiving")),
            "From Nov 2026: 2 services get digital steps (decision, archiving).",
        ),
        (
            plan("T1", "T2 T3", "T2", since=date(2027, 1, 1)),
            "From Jan 2027: 1 service gets an e-service, 2 services get more digital cases,"
            " 1 service gets every step digital.",
        ),
    ],
)
def test_what_it_consists_of(scenario: Scenario, said: str) -> None:
    assert view._consists(scenario) == said


def test_the_three_goals(show: Show, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    show(begin())
    monkeypatch.setattr(at_target_date, "effect_date", lambda *_: date(2026, 12, 31))
    view.three_goals(YEAR, plan(new="T1"))
    assert heard[:2] == ["The three goals, without and with the changes", "From Nov 2026: 1 service gets an e-service."]
    for line in (
        "Goal 1: E-services",
        "3 of 4",
        "2 of 4 without the changes",
        "up 1",
        "By 31 December 2026 the share is 3 of 4 with these changes alone.",
        "Goal 2: Digital cases",
        "+13 percentage points",
        "5% without the changes",
        "Goal 3: Digital case handling",
        "Unchanged",
    ):
        assert line in heard
    assert [line.partition(" · ")[0] for line in heard if " of 400 · " in line] == ["70 of 400", "0 of 400"]
    assert heard[-1] == (
        "The bar is after a whole year with the changes, the tick is without them. The address of this page holds the whole"
        " scenario: copy it to share it."
    )


YEAR_END = date(2026, 12, 31)
TARGET = Target(YEAR_END, 0.8)
FLOW, STOCK = "digital_submission", "e_service_coverage"


@pytest.mark.parametrize(
    ("code", "scenario", "until", "said"),
    [
        (STOCK, plan(uptake="T2"), YEAR_END, ""),
        (STOCK, plan(uptake="T2"), TARGET, "The target by 31 December 2026 is 80%."),
        (STOCK, plan(new="T1"), YEAR_END, "By 31 December 2026 the share is 3 of 4 with these changes alone."),
        (
            STOCK,
            plan(new="T1"),
            TARGET,
            "By 31 December 2026 the share is 3 of 4 with these changes alone. The target is 80%.",
        ),
        (
            FLOW,
            plan(uptake="T2", since=date(2026, 12, 1)),
            YEAR_END,
            "By 31 December 2026 the share is 6% with these changes alone, in force for 1 month of twelve.",
        ),
        (
            FLOW,
            plan(uptake="T2"),
            TARGET,
            "By 31 December 2026 the share is 7% with these changes alone, in force for 2 months of twelve. The"
            " target is 80%.",
        ),
        (FLOW, plan(uptake="T2"), date(2027, 10, 31), "By 31 October 2027 the share is 15% with these changes alone."),
    ],
)
def test_by_the_next_target(
    code: str, scenario: Scenario, until: object, said: str, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(begin())
    monkeypatch.setattr(at_target_date, "effect_date", lambda *_: until)
    assert at_target_date.describe(code, YEAR, scenario) == said


# ---- nothing chosen

FIRST = (
    "Choose above which services get an e-service, more digital cases or digital steps. The goals, the cost and"
    " the time saved are then shown with the changes, and the address of the page can be shared."
)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (begin([]), []),
        (
            begin([fact("T1")]),
            ["Begin with the service that does most for goal 2 if it becomes as digital as similar ones"],
        ),
        (begin([fact("T1", cases=(0, 0))]), ["Begin with a service that lacks an e-service"]),
        (
            begin([fact(key, cases=(0, 0)) for key in ("T1", "T2", "T4")]),
            ["Begin with 3 services that lack an e-service"],
        ),
        (begin(), ["Begin with the 3 services that do most for goal 2 if they become as digital as similar ones"]),
    ],
)
def test_a_scenario_to_begin_with(start: Baseline, said: list[str], show: Show, heard: list[str]) -> None:
    show(start)
    view.draw_start(YEAR)
    assert heard[: len(said) + 1] == [FIRST, *said] and "Goal 1: E-services" in heard


# ---- what is assumed


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (ServiceEffect("T1", ("steps",)), ""),
        (ServiceEffect("T1", ("uptake",), uptake=HALF), "50%, as stated in the scenario"),
        (
            ServiceEffect("T1", ("uptake",), uptake=HALF, peers=PeerShare(HALF, 1, False)),
            "50%, as for 1 similar service",
        ),
        (
            ServiceEffect("T1", ("uptake",), uptake=HALF, peers=PeerShare(HALF, 12, False)),
            "50%, the middle one of 12 services",
        ),
        (
            ServiceEffect("T1", ("uptake",), uptake=HALF, peers=PeerShare(HALF, 3, True)),
            "50%, the middle one of 3 services in the department",
        ),
    ],
)
def test_what_a_share_rests_on(part: ServiceEffect, said: str) -> None:
    assert table.describe_share(part) == said


COUNTED = (
    "The goals are counted on the cases of Nov 2025–Oct 2026, as if the changes had held all that time. All else is as it"
    " was: as many services, as many cases, the rest of them the same way in."
)
SIMILAR = (
    "As similar services: the middle digital share of those with an e-service and at least 20 cases, in the same"
    " department where they are at least 3, else of all. That is an assumption."
)
STATED = "The digital share 50% is stated by whoever made the scenario. That is an assumption."
HIGHER = "A service that has a higher digital share already keeps its own."


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (plan(new="T1"), [STATED, HIGHER]),
        (plan(new="T1", share=None), [SIMILAR, HIGHER]),
        (
            plan(steps="T2", only=("archiving",)),
            [
                "Nyckel: archiving becomes digital.",
                "Nyckel: Other steps are not digital either, so goal 3 is not affected.",
            ],
        ),
        (
            plan(steps="T2 T3"),
            ["Nyckel, Resa: decision, archiving become digital."],
        ),
        (plan(uptake="T1"), [STATED, HIGHER, "Bygglov: Has no e-service, so goal 2 is not affected."]),
        (
            plan(steps="U1 U2"),
            ["U1, U2: Not in the selection, so it affects no goal."],
        ),
    ],
)
def test_what_is_assumed(scenario: Scenario, said: list[str], show: Show, heard: list[str]) -> None:
    show(begin())
    table.assumptions(YEAR, scenario)
    assert heard == [COUNTED, *said]


def test_the_list_of_what_is_assumed_is_whole(show: Show, heard: list[str]) -> None:
    show(begin())
    every = [f"U{i}" for i in range(12)]
    table.assumptions(YEAR, plan(steps=" ".join(every)))
    assert sorted(heard[1].partition(":")[0].split(", ")) == sorted(every) and len(heard) == 2


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("outside", "Not in the selection, so it affects no goal"),
        ("withdrawn", "No longer published, so it affects no goal"),
        ("has_one", "Has an e-service already"),
        ("not_applicable", "Needs no e-service by decision, so goal 1 is not affected"),
        ("class_unknown", "We do not know whether it has an e-service, so goal 1 is not affected"),
        ("no_e_service", "Has no e-service, so goal 2 is not affected"),
        ("cases_unknown", "Its cases are not reported in every channel, so goal 2 is not affected"),
        ("no_cases", "No cases have come in, so goal 2 is not affected"),
        ("no_peers", "No similar service has reported its share, so goal 2 is not affected"),
        ("above", "Has that digital share or more already, and keeps it"),
        ("digital_already", "Every step is digital already"),
        ("steps_left", "Other steps are not digital either, so goal 3 is not affected"),
        ("steps_unknown", "Its steps are not reported, so goal 3 is not affected"),
        ("nothing_to_handle", "No cases whose steps are reported have come in, so goal 3 is not affected"),
    ],
)
def test_why_something_affects_nothing(note: str, said: str) -> None:
    assert labels.label("no_effect", note) == said


# ---- kronor

YEARS = {"T1": AnnualVolume(Decimal(1200), Decimal(0), 12), "T2": AnnualVolume(Decimal(1200), Decimal("0.1"), 12)}
FEW = AnnualVolume(Decimal(100), Decimal("0.1"), 12)


@pytest.fixture
def kronor(show: Show, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A function that tells what a scenario costs and saves."""

    def tell(scenario: Scenario, years: Mapping[str, AnnualVolume]) -> list[str]:
        show(begin())
        monkeypatch.setattr(savings, "annual_volumes", lambda _cursor, _scope: years)
        scenario_savings._answer(YEAR, scenario, TOLD)
        return heard

    return tell


@pytest.mark.parametrize(
    ("scenario", "years", "said"),
    [
        (
            plan(new="T1"),
            YEARS,
            [
                *("Cost a year", "SEK 12,000", "1 new e-service at SEK 12,000"),
                *("Handling time saved a year, in SEK", "SEK 67,500", "Counted for the service"),
                *(
                    "Time saved in SEK less the cost",
                    "SEK 55,500",
                    "The e-service pays for 0 of 1 service today, for 1 with the changes",
                ),
            ],
        ),
        (
            plan(new="T1 T4"),
            YEARS,
            [
                *("Cost a year", "SEK 24,000", "2 new e-services at SEK 12,000 each"),
                *(
                    "Handling time saved a year, in SEK",
                    "SEK 67,500",
                    "Counted for 1 of 2 services, the rest are not in the sum",
                ),
                *(
                    "Time saved in SEK less the cost",
                    "SEK 43,500",
                    "The e-service pays for 0 of 1 service today, for 1 with the changes",
                ),
            ],
        ),
        (
            plan(uptake="T2 T3"),
            YEARS | {"T3": FEW},
            [
                *("Cost a year", "SEK 0", "No new e-service"),
                *("Handling time saved a year, in SEK", "SEK 58,500", "Counted for all 2 services"),
                *(
                    "Time saved in SEK less the cost",
                    "SEK 58,500",
                    "The e-service pays for 1 of 2 services today, for 1 with the changes",
                ),
            ],
        ),
        (
            plan(uptake="T2 T3"),
            {},
            [
                *("Cost a year", "SEK 0", "No new e-service"),
                *(
                    "Handling time saved a year, in SEK",
                    "Not reported",
                    "Counted only where every channel is reported for the whole year",
                ),
            ],
        ),
    ],
)
def test_what_it_costs_and_saves(
    scenario: Scenario, years: Mapping[str, AnnualVolume], said: list[str], kronor: Callable[..., list[str]]
) -> None:
    assert kronor(scenario, years) == [
        *said,
        "Assumptions you can change: 10 minutes a digital case, 25 any other, SEK 450 an hour, SEK 12,000 a year"
        " for an e-service. The suggested cost is the platform's, shared equally by its e-services. The platform"
        " need not become that much dearer. Nobody has stated what digital steps cost and save, so that is not"
        " in the sums.",
    ]


def test_digital_steps_have_no_kronor(heard: list[str]) -> None:
    scenario_savings.block(YEAR, plan(steps="T2"))
    assert heard == [
        "Cost and time saved",
        "A year with the changes, against a year as today.",
        "SEK is not shown, for nobody has stated what a digital step costs or saves.",
    ]
