"""What if: laws of every scenario, and the example recomputed with plain loops."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from statistics import median

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import data.sample
from analytics.costs.break_even import Assumptions, annual_volume, break_even, default_assumptions
from analytics.forecast.target_path import Target
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from analytics.priorities.peers import PeerShare, peer_shares
from analytics.registers.service_history import STEPS
from analytics.scenario.baseline import Baseline, ServiceBaseline, baseline
from analytics.scenario.changes import KINDS, Change, Kind
from analytics.scenario.horizon import effect_date
from analytics.scenario.model import Scenario, apply, effect, suggested_scenario
from analytics.scenario.savings import savings
from data.store import Store
from tests.recompute import STEPS as WORDS_OF_STEPS
from tests.recompute import Tables, load, months_between

Make = Callable[..., Store]
YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1))
SOON = date(2026, 11, 1)
IDS = tuple("ABCDE")
SHARES = st.fractions(0, 1, max_denominator=100)
PEER_SHARES = st.builds(PeerShare, SHARES, st.integers(1, 9), st.booleans())
CLASSES = st.sampled_from(["e_service", "e_service_elsewhere", "form_only", "none"])


@st.composite
def parts_of(draw: st.DrawFn, most: int) -> tuple[int, int]:
    of = draw(st.integers(0, most))
    return draw(st.integers(0, of)), of


@st.composite
def service_baselines(draw: st.DrawFn, key: str) -> ServiceBaseline:
    class_ = draw(CLASSES)
    handling = draw(st.sampled_from(["digital", "not_digital", "not_reported"]))
    first_goal = (int(class_.startswith("e_service")), 1)
    cases, handled = draw(parts_of(200)), draw(parts_of(200))
    least = {"digital": 0, "not_digital": 1, "not_reported": 0}[handling]
    steps = draw(st.sets(st.sampled_from(STEPS), min_size=least, max_size=4 if handling != "digital" else 0))
    missing = tuple(step for step in STEPS if step in steps)
    return ServiceBaseline(key, "X", class_, (first_goal, cases, handled), bool(cases[1]), handling, missing)


@st.composite
def baselines(draw: st.DrawFn) -> Baseline:
    """Some services, and cases of none of them that no change can reach."""
    result = {key: draw(service_baselines(key)) for key in IDS}
    rest = (0, 0), draw(parts_of(50)), draw(parts_of(50))
    first_, second, third = (
        (sum(f.counts[i][0] for f in result.values()) + rest[i][0], sum(f.counts[i][1] for f in result.values()) + rest[i][1])
        for i in range(3)
    )  # fmt: skip
    return Baseline((first_, second, third), result, {key: draw(PEER_SHARES) for key in IDS})


MONTHS = st.integers(0, 30).map(lambda n: add_months(SOON, n))
SOME_STEPS = st.lists(st.sampled_from(STEPS), unique=True, max_size=3).map(tuple)
CHANGES = st.builds(
    Change, st.sampled_from((*IDS, "Z")), st.sampled_from(KINDS), st.none() | SHARES, st.just(SOON) | MONTHS, SOME_STEPS
)
SCENARIOS = st.lists(CHANGES, max_size=12).map(lambda changes: Scenario("", tuple(changes)))
UNTIL = st.none() | MONTHS


def plan(*changes: Change) -> Scenario:
    return Scenario("", changes)


@given(baselines(), UNTIL)
def test_no_change_changes_nothing(begin: Baseline, day: date | None) -> None:
    outcome = apply(begin, Scenario("a name"), day)
    assert not outcome.services
    for goal, total in zip(outcome.goals, begin.totals, strict=True):
        assert (goal.before, goal.denominator) == total
        assert goal.after == goal.before and isinstance(goal.after, Fraction)


@given(baselines(), SCENARIOS, UNTIL, st.randoms())
def test_changes_commute_and_saying_one_twice_is_saying_it_once(
    begin: Baseline, scenario: Scenario, day: date | None, chance: Random
) -> None:
    shuffled = list(scenario.changes) * 2
    chance.shuffle(shuffled)
    assert apply(begin, plan(*shuffled), day) == apply(begin, scenario, day)


@given(baselines(), SCENARIOS, UNTIL)
def test_the_parts_sum_to_the_whole_and_no_goal_falls_or_passes_all(
    begin: Baseline, scenario: Scenario, day: date | None
) -> None:
    outcome = apply(begin, scenario, day)
    for i, goal in enumerate(outcome.goals):
        assert goal.after == goal.before + sum(part.gains[i] for part in outcome.services)
        assert goal.before <= goal.after <= goal.denominator
        assert all(part.gains[i] >= 0 for part in outcome.services)


@given(baselines(), SCENARIOS, CHANGES, UNTIL)
def test_one_more_change_never_lowers_a_goal(begin: Baseline, fewer: Scenario, one: Change, day: date | None) -> None:
    before, after = apply(begin, fewer, day), apply(begin, plan(*fewer.changes, one), day)
    assert all(a.after >= b.after for a, b in zip(after.goals, before.goals, strict=True))


@given(baselines(), SHARES, SHARES)
def test_of_several_uptakes_the_highest_holds(begin: Baseline, one: Fraction, other: Fraction) -> None:
    both = plan(Change("A", "uptake", one, SOON), Change("A", "e_service", other, SOON))
    highest = plan(Change("A", "e_service", max(one, other), SOON))
    assert apply(begin, both).goals == apply(begin, highest).goals


@given(baselines(), SOME_STEPS)
def test_steps_named_move_the_goal_only_where_they_are_all_that_is_lacking(
    begin: Baseline, steps: tuple[str, ...]
) -> None:
    every = {
        part.service_id: part for part in apply(begin, plan(*(Change(k, "steps", None, SOON) for k in IDS))).services
    }
    for part in apply(begin, plan(*(Change(k, "steps", None, SOON, steps) for k in IDS))).services:
        fact = begin.services[part.service_id]
        enough = not steps or (set(fact.missing_steps) <= set(steps) and fact.handling != "not_reported")
        assert part.gains == (every[part.service_id].gains if enough else (0, 0, 0))
        assert set(part.digital_steps) == set(fact.missing_steps) & set(steps or fact.missing_steps)


@given(baselines())
def test_all_at_one_is_all_that_is_known(begin: Baseline) -> None:
    every = plan(*(Change(key, kind, Fraction(1), SOON) for key in IDS for kind in KINDS))
    outcome = apply(begin, every)
    for i, goal in enumerate(outcome.goals):
        out_of_reach = goal.denominator - sum(fact.counts[i][1] for fact in begin.services.values())
        outside = goal.before - sum(fact.counts[i][0] for fact in begin.services.values())
        assert goal.after == goal.denominator - (out_of_reach - outside)


@given(baselines(), SCENARIOS, MONTHS)
def test_the_effect_comes_month_by_month(begin: Baseline, scenario: Scenario, day: date) -> None:
    assert apply(begin, scenario, add_months(SOON, -1)).goals == apply(begin, Scenario("")).goals
    assert apply(begin, scenario, add_months(SOON, 41)).goals == apply(begin, scenario).goals
    now, later = apply(begin, scenario, day), apply(begin, scenario, add_months(day, 1))
    assert all(b.after >= a.after for a, b in zip(now.goals, later.goals, strict=True))


@given(baselines(), st.integers(0, 11))
def test_a_month_weighs_a_twelfth(begin: Baseline, n: int) -> None:
    scenario = plan(*(Change("A", kind, Fraction(1), SOON) for kind in KINDS))
    (whole,) = apply(begin, scenario).services
    (part,) = apply(begin, scenario, add_months(SOON, n)).services
    assert part.gains == (whole.gains[0], whole.gains[1] * (n + 1) / 12, whole.gains[2] * (n + 1) / 12)


FACT = ServiceBaseline("A", "X", "none", ((0, 1), (0, 40), (10, 40)), True, "not_digital", ("decision",))
HALF = PeerShare(Fraction(1, 2), 3, True)


@pytest.mark.parametrize(
    ("fact", "kind", "value", "peers", "expected"),
    [
        (FACT, "e_service", None, HALF, ()),
        (replace(FACT, class_=None), "e_service", None, HALF, ("withdrawn",)),
        (replace(FACT, class_="e_service", counts=((1, 1), (8, 40), (0, 0))), "e_service", None, HALF, ("has_one",)),
        (replace(FACT, class_="not_applicable", counts=((0, 0), (0, 40), (0, 0))), "e_service", None, HALF, ("not_applicable",)),
        (replace(FACT, class_="unknown", counts=((0, 0), (0, 40), (0, 0))), "e_service", None, HALF, ("class_unknown",)),
        (FACT, "uptake", Fraction(1), HALF, ("no_e_service",)),
        (replace(FACT, counts=((0, 1), (0, 0), (0, 0)), reported=False), "e_service", None, HALF, ("cases_unknown",)),
        (replace(FACT, counts=((0, 1), (0, 0), (0, 0))), "e_service", None, HALF, ("no_cases",)),
        (FACT, "e_service", None, None, ("no_peers",)),
        (replace(FACT, class_="e_service", counts=((1, 1), (30, 40), (0, 0))), "uptake", None, HALF, ("above",)),
        (FACT, "steps", None, HALF, ()),
        (FACT, "archiving", None, HALF, ("steps_left",)),
        (FACT, "decision", None, HALF, ()),
        (replace(FACT, handling="digital"), "steps", None, HALF, ("digital_already",)),
        (replace(FACT, handling="not_reported", counts=((0, 1), (0, 40), (0, 0))), "steps", None, HALF, ("steps_unknown",)),
        (replace(FACT, counts=((0, 1), (0, 40), (0, 0))), "steps", None, HALF, ("nothing_to_handle",)),
    ],
)  # fmt: skip
def test_what_moves_nothing_says_why(
    fact: ServiceBaseline, kind: str, value: object, peers: PeerShare | None, expected: tuple[str]
) -> None:
    begin = Baseline(fact.counts, {"A": fact}, {"A": peers} if peers else {})
    change = Change("A", "steps", None, SOON, (kind,)) if kind in STEPS else Change("A", kind, value, SOON)  # type: ignore[arg-type]  # a field by its name
    (part,) = apply(begin, plan(change)).services
    assert part.notes == expected
    if expected and expected not in (("class_unknown",), ("not_applicable",), ("has_one",), ("digital_already",)):
        assert not any(part.gains[1:])


def test_what_is_outside_the_choice_says_so(cursor: duckdb.DuckDBPyConnection) -> None:
    scenario = plan(Change("T-022", "e_service", Fraction(1), SOON), Change("nobody", "steps", None, SOON))
    outcome = effect(cursor, replace(YEAR, departments=("SBK",)), scenario)
    assert [part.notes for part in outcome.services] == [("outside",), ("outside",)]
    assert all(goal.after == goal.before for goal in outcome.goals)


def test_a_change_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="0–1"):
        Change("A", "uptake", Fraction(101, 100), SOON)
    with pytest.raises(ValueError, match="first day"):
        Change("A", "uptake", None, date(2026, 11, 2))


# ---- the example, recomputed


@cache
def tables() -> Tables:
    return load(Path(data.sample.__file__).parent)


def counted(service: str) -> tuple[int, int, int, int]:
    """A service's digital cases, cases, cases handled digitally and cases with known steps over the year: plain loops."""
    t, digital, cases, handled, known_ = tables(), 0, 0, 0, 0
    for month in months_between("2025-11", "2026-10"):
        if not t.fully_reported(service, month) or service not in {s["tjanst_id"] for s in t.published(month)}:
            continue
        received = sum(t.received(service, month, channel).total() for channel in t.channels[service])
        cases += received
        digital += t.received(service, month, "e-tjänst")["nej"]
        if (state := t.handling(service, month)) in ("digital", "not_digital"):
            known_ += received
            handled += received if state == "digital" else 0
    return digital, cases, handled, known_


def similar(service: str) -> Fraction:
    """The median share of services like it: plain loops over the files."""
    t = tables()
    department = {s["tjanst_id"]: s["verksamhet_id"] for s in t.rows["tjanster"]}
    shares: dict[str, list[Fraction]] = {"": []}
    for other in (s["tjanst_id"] for s in t.services("2026-10")):
        digital, cases, *_rest = counted(other)
        if other != service and cases >= 20 and t.service_class(other, "2026-10").startswith("e_service"):
            shares[""].append(Fraction(digital, cases))
            shares.setdefault(department[other], []).append(Fraction(digital, cases))
    by_service = shares.get(department[service], [])
    return median(by_service if len(by_service) >= 3 else shares[""])


ASKED: Sequence[Change] = (
    Change("T-022", "e_service", None, SOON),
    Change("T-028", "uptake", Fraction(3, 5), SOON),
    Change("T-028", "steps", None, SOON),
    Change("T-031", "uptake", None, SOON),
)


def test_the_example_is_what_plain_loops_say(cursor: duckdb.DuckDBPyConnection) -> None:
    outcome = effect(cursor, YEAR, plan(*ASKED))
    before = [tables().goal_1("2026-10"), tables().goal_2("2025-11", "2026-10"), tables().goal_3("2025-11", "2026-10")]
    assert [(goal.before, goal.denominator) for goal in outcome.goals] == [(b.numerator, b.denominator) for b in before]
    assert tables().service_class("T-022", "2026-10") in ("none", "form_only")
    second = Fraction(0)
    for service, share in (("T-022", similar("T-022")), ("T-028", Fraction(3, 5)), ("T-031", similar("T-031"))):
        digital, cases, *_rest = counted(service)
        assert share * cases > digital
        second += share * cases - digital
    _digital, _cases, handled, known_ = counted("T-028")
    assert [goal.after - goal.before for goal in outcome.goals] == [1, second, known_ - handled]


def test_the_steps_that_become_digital_are_those_that_apply_and_are_not(cursor: duckdb.DuckDBPyConnection) -> None:
    states: dict[tuple[str, str], str] = {}
    for row in sorted(tables().rows["handlaggningssteg"], key=lambda row: row["fran"]):
        if row["fran"] <= "2026-10-31":
            states[row["tjanst_id"], row["steg"]] = row["lage"]
    words = list(zip(WORDS_OF_STEPS, STEPS, strict=True))
    result = baseline(cursor, YEAR).services
    for key, fact in result.items():
        if fact.class_ is not None:
            assert fact.missing_steps == tuple(
                code for word, code in words if states.get((key, word)) == "inte digitalt"
            )
    assert any(fact.missing_steps for fact in result.values()) and "ej tillämpligt" in states.values()


@pytest.mark.parametrize("departments", [(), ("BUF",), ("VOF", "SBK")])
def test_what_is_before_is_the_goal_as_its_page_tells_it(
    cursor: duckdb.DuckDBPyConnection, departments: tuple[str, ...]
) -> None:
    scope = replace(YEAR, month_from=date(2026, 8, 1), departments=departments)  # a scenario takes twelve months
    for goal, code in zip(effect(cursor, scope, plan(*ASKED)).goals, GOAL_CODES, strict=True):
        row = measure(cursor, code, replace(YEAR, departments=departments))[0]
        assert (goal.before, goal.denominator) == (row.numerator, row.denominator)


def test_all_of_the_example_at_one_is_all_that_is_known(cursor: duckdb.DuckDBPyConnection) -> None:
    begin = baseline(cursor, YEAR)
    every = plan(*(Change(key, kind, Fraction(1), SOON) for key in begin.services for kind in KINDS))
    gone = [fact for fact in begin.services.values() if fact.class_ is None]
    for i, goal in enumerate(apply(begin, every).goals):
        assert goal.denominator - goal.after == sum(fact.counts[i][1] - fact.counts[i][0] for fact in gone)


def test_services_like_it_are_those_with_an_e_service_and_twenty_cases(cursor: duckdb.DuckDBPyConnection) -> None:
    """Once more, with plain loops: of its own department when there are three others, else of all others."""
    begin, result = (
        baseline(cursor, YEAR),
        peer_shares(cursor, replace(YEAR, departments=("VOF",))),
    )  # whatever is chosen
    having = [
        f for f in begin.services.values() if f.class_ in ("e_service", "e_service_elsewhere") and f.counts[1][1] >= 20
    ]
    assert len(having) > 20
    for fact in begin.services.values():
        others = [f for f in having if f is not fact]
        by_service = [f for f in others if f.department_id == fact.department_id]
        shares = sorted(Fraction(*f.counts[1]) for f in (by_service if len(by_service) >= 3 else others))
        middle = len(shares) // 2
        median = shares[middle] if len(shares) % 2 else (shares[middle - 1] + shares[middle]) / 2
        assert result[fact.service_id] == PeerShare(median, len(shares), len(by_service) >= 3)


def test_the_first_scenario_is_of_the_largest_gaps(cursor: duckdb.DuckDBPyConnection) -> None:
    begin = baseline(cursor, YEAR)
    scenario = suggested_scenario(begin, SOON)
    gains: dict[str, Fraction] = {}
    for key, fact in begin.services.items():
        kinds: tuple[Kind, ...] = ("e_service", "uptake")
        for kind in kinds:
            if fact.counts[1][1] >= 20 and fact.class_ != "not_applicable":
                outcome = apply(begin, plan(Change(key, kind, None, SOON)))
                gains[key] = max(gains.get(key, Fraction(0)), outcome.goals[1].after - outcome.goals[1].before)
    largest = sorted(gains, key=lambda key: -gains[key])[:3]
    assert [change.service_id for change in scenario.changes] == largest


# ---- kronor


def test_what_it_saves_is_the_move_along_the_break_even(cursor: duckdb.DuckDBPyConnection) -> None:
    reported = Change("T-014", "e_service", None, SOON), Change("T-041", "uptake", Fraction(4, 5), SOON)
    outcome = effect(cursor, YEAR, plan(*reported))
    usual = default_assumptions(cursor, YEAR)
    every = {one.service_id: one for one in savings(cursor, YEAR, outcome.services, usual)}
    assert sum(one.cost for one in every.values()) == usual.yearly  # one new e-service
    for part in outcome.services:
        one, year = every[part.service_id], annual_volume(cursor, replace(YEAR, services=(part.service_id,)))
        assert year.cases and part.after is not None and part.before is not None and one.saved is not None
        cases = year.cases * Decimal(float(part.after - part.before))
        minutes = usual.minutes_other - usual.minutes_digital
        assert abs(one.saved - cases * minutes * usual.hourly / 60) < Decimal("0.01")
        assert one.after and one.after.share == break_even(year.cases, year.digital_share, usual).share
        assert (one.before is None) == part.new
        before = one.before.saved_now if one.before else Decimal(0)
        assert one.after.saved_now is not None and before is not None
        assert abs(one.after.saved_now - before - (one.saved - one.cost)) < Decimal("0.01")


def test_of_a_year_that_is_partly_reported_no_saving_is_told(cursor: duckdb.DuckDBPyConnection) -> None:
    """As on the page of the next steps: four months say little of the other eight."""
    parts = effect(cursor, YEAR, plan(*ASKED)).services
    assert {annual_volume(cursor, replace(YEAR, services=(part.service_id,))).months for part in parts} == {4}
    every = savings(cursor, YEAR, parts, default_assumptions(cursor, YEAR))
    assert [one.saved for one in every] == [None] * 3 and sum(one.cost for one in every) > 0


def test_digital_steps_have_no_kronor_and_what_is_not_known_is_not_zero(cursor: duckdb.DuckDBPyConnection) -> None:
    begin = baseline(cursor, YEAR)
    unknown = next(key for key, fact in begin.services.items() if not fact.reported and fact.class_ == "none")
    parts = apply(begin, plan(Change("T-028", "steps", None, SOON), Change(unknown, "e_service", None, SOON))).services
    usual = Assumptions(Decimal(10), Decimal(25), Decimal(450), Decimal(700))
    every = {one.service_id: one for one in savings(cursor, YEAR, parts, usual)}
    assert (every["T-028"].cost, every["T-028"].saved) == (0, None)
    assert (every[unknown].cost, every[unknown].saved) == (700, None)


# ---- until when


TARGETS = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;A\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
    "targets": "mal;verksamhet_id;datum;andel\n2;;2026-12-31;60\n2;;2028-12-31;80\n2;B;2027-07-01;75\n",
}


COMING = (
    (YEAR, 2, SOON, Target(date(2026, 12, 31), 0.6)),
    (YEAR, 2, date(2027, 1, 1), Target(date(2028, 12, 31), 0.8)),
    (YEAR, 2, date(2029, 3, 1), date(2029, 12, 31)),
    (YEAR, 1, SOON, date(2026, 12, 31)),
    (YEAR, 1, date(2025, 3, 1), date(2026, 12, 31)),
    (replace(YEAR, departments=("B",)), 2, SOON, Target(date(2027, 7, 1), 0.75)),
    (replace(YEAR, departments=("B",)), 2, date(2027, 7, 1), Target(date(2027, 7, 1), 0.75)),
    (replace(YEAR, departments=("B",)), 2, date(2027, 8, 1), date(2027, 12, 31)),
    (replace(YEAR, departments=("A",)), 2, SOON, date(2026, 12, 31)),
    (replace(YEAR, departments=("A", "B")), 2, SOON, date(2026, 12, 31)),
    (replace(YEAR, audience="external"), 2, SOON, date(2026, 12, 31)),
)


def test_a_scenario_is_told_at_its_own_next_target(small_store: Make) -> None:
    with small_store(TARGETS).database().cursor() as cursor:
        for scope, goal, since, outcome in COMING:
            assert effect_date(cursor, scope, GOAL_CODES[goal - 1], since) == outcome
