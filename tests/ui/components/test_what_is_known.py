"""No row or headline says that a goal is met, or that all is known, while something is not known."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import streamlit as st

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.scenario.changes import Change
from analytics.scenario.model import Scenario
from data.store import Store
from tests.analytics.metrics.test_known import HEAD, PASSIVE, counts, register, steps
from tests.conftest import NOW
from ui.components import figures, goal_rows, headlines, metric_views
from ui.components.data_basis import DataBasis, data_basis, summary
from ui.decomposition import goals, reason
from ui.goals import digital_cases, digital_handling
from ui.next_steps import department
from ui.scenario import view
from ui.scenario.effect import effect_of
from ui.services import headline, stops

Make = Callable[..., Store]
SPAN = Scope(date(2026, 1, 1), date(2026, 10, 1), comparison=None)
STEPS = "tjanst_id;steg;fran;lage\n" + steps("T1")
SOME = Scenario("", (Change("T1", "uptake", Fraction(1), date(2026, 11, 1)),))


def show(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()


def text(code: str, scope: Scope = SPAN) -> str:
    return str(goal_rows.goal_row(goals.goal(code, scope))).replace("\u00a0", " ")


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    """Ten services with e-services, of which one is reported: 30 digital cases a month."""
    rows = HEAD + counts("T1", 2026, range(1, 11), web="30", phone="0")
    show(monkeypatch, small_store(register(10) | {"case_counts": rows, "handling_steps": STEPS}))


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("code", [GOALS[2], GOALS[3]])
def test_a_row_says_how_many_service_months_are_silent_and_not_that_the_goal_is_met(code: str) -> None:
    said = text(code)
    assert "30 av 30" not in said and "300 av 300 · bygger på 10 % av tjänsternas månader" in said
    assert "100 % av det som är rapporterat" in said
    assert "<dt>Månader som inte är rapporterade, räknat per tjänst</dt><dd>90</dd>" in said
    assert "<dt>Andel av de rapporterade ärendena som räknas</dt><dd>100 %</dd>" in said
    for wrong in ("Målet är nått", "allt är rapporterat", "beroende på resten", "Möjliga värden"):
        assert wrong not in said


@pytest.mark.usefixtures("silent")
def test_no_headline_or_advice_says_that_a_goal_is_met() -> None:
    assert headlines.overview(SPAN) == "Inget återstår av det som är rapporterat, men allt är inte rapporterat"
    assert digital_cases.headline(SPAN) == "Alla ärenden som räknas kom in via e-tjänst"
    assert digital_handling.headline(SPAN) == "Alla ärenden som räknas kan hanteras digitalt"
    assert stops.headline(SPAN) == "Vi vet för lite om 9 av 10 tjänster för att säga vad som återstår"
    (only,) = department.advice(SPAN)
    assert only.sentence == (
        "Inget återstår av det som är rapporterat, men allt är inte rapporterat. Importera resten."
    )


def test_where_more_than_half_is_known_the_rest_is_told(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 9), web="30", phone="0")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": STEPS}))
    assert digital_cases.headline(SPAN) == "Alla ärenden som räknas kom in via e-tjänst"
    assert stops.headline(SPAN) != "Inget återstår till de tre målen"


def test_where_all_is_known_it_is_said(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 11), web="30", phone="0")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": STEPS}))
    assert headlines.overview(SPAN) == "Alla mål är nådda"
    assert stops.headline(SPAN) == "Inget återstår till de tre målen"
    assert "Målet är nått" in text(GOALS[2]) and "300 av 300 · allt är rapporterat" in text(GOALS[3])
    (only,) = department.advice(SPAN)
    assert only.sentence == "Alla mål är nådda. Det finns inget kvar att göra."


def test_unknown_handling_of_what_is_reported_gives_bounds(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    rows = HEAD + "".join(counts(t, 2026, range(1, 11), web="30", phone="0") for t in ("T1", "T2"))
    show(monkeypatch, small_store(register(2) | {"case_counts": rows, "handling_steps": STEPS}))
    said = text(GOALS[3])
    assert "300 av 300 · bygger på 50 % av tjänsternas månader" in said and "kan vara 50–100 %" in said
    assert "<dt>Andel av de rapporterade ärendena som räknas</dt><dd>50 %</dd>" in said
    assert digital_handling.headline(SPAN) == "Alla ärenden som räknas kan hanteras digitalt"


def test_goal_3_says_of_what_is_known_and_what_it_is_without_archiving(
    monkeypatch: pytest.MonkeyPatch, small_store: Make
) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 10), web="30", phone="0")
    paper = "tjanst_id;steg;fran;lage\n" + steps("T1", "inte digitalt")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": paper}))
    assert digital_handling.headline(SPAN) == "Inget ärende kan hanteras digitalt, av det som är rapporterat"
    without = figures.figure(metric_views.figure("digital_handling_but_archiving", SPAN, ""))
    assert "100 %" in str(without).replace("\u00a0", " ")


def test_goal_2_tells_its_change_like_for_like(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    """T2 is reported this year only: in the same service-months the share rose from 50 to 60 per cent."""
    rows = (
        HEAD
        + counts("T1", 2025, range(1, 11), web="50", phone="50")
        + counts("T1", 2026, range(1, 11), web="60", phone="40")
    )
    rows += counts("T2", 2026, range(1, 11), web="0", phone="100")
    show(monkeypatch, small_store(register(2) | {"case_counts": rows}))
    change = reason.describe(GOALS[2], Scope(SPAN.month_from, SPAN.month_to))
    assert change and change.size.replace("\u00a0", " ") == "+10 procentenheter"
    assert change.period + change.reason == "på ett år, räknat på samma tjänster. Med ändrad rapportering: −20"


def test_zero_cases_are_0_of_0(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 11), web="0", phone="0")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": STEPS}))
    assert "0 av 0" in text(GOALS[2]) and "Ej tillämpligt" not in text(GOALS[2])
    assert digital_cases.headline(SPAN) == "Inga ärenden har kommit in"
    said = "Mål 1 är nått, och i de andra två finns inget att mäta"
    assert headlines.overview(SPAN) == said
    (only,) = department.advice(SPAN)
    assert only.sentence == f"{said}. Det finns inget kvar att göra."
    assert stops.headline(SPAN) == "Inget återstår till de tre målen"
    assert headline.headline(SPAN, "T1") == "Tjänst 1: inget återstår till de tre målen"


def test_a_goal_without_anything_to_measure_is_not_met(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    """No step applies to the only service: goal 3 is not met, and neither are all."""
    rows = HEAD + counts("T1", 2026, range(1, 11), web="30", phone="0")
    no_steps = STEPS.replace(";digitalt", ";ej tillämpligt")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": no_steps}))
    assert headlines.overview(SPAN) == "Mål 1 och 2 är nådda, och i det tredje finns inget att mäta"


@pytest.mark.usefixtures("silent")
def test_a_scenario_says_how_much_is_known() -> None:
    """In its rows, of the year that it starts from; where the headline has no room for it, it says nothing of the goals."""
    said = "Pröva vad fler e-tjänster eller digitala steg skulle ge"
    assert view.headline(SPAN, Scenario("", ())).replace("\u00a0", " ") == said
    october = Scope(date(2026, 10, 1), date(2026, 10, 1), comparison=None)
    row = str(goal_rows.goal_row(view._row_of(effect_of(october, SOME).goals[1], october, SOME)))
    assert "· bygger på 10 % av tjänsternas månader" in row.replace("\u00a0", " ")


def test_a_goal_that_a_scenario_would_reach_is_of_what_is_known(
    monkeypatch: pytest.MonkeyPatch, small_store: Make
) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 9), web="15", phone="15")
    show(monkeypatch, small_store(register(1) | {"case_counts": rows, "handling_steps": STEPS}))
    said = "Mål 2 går från 50 % till 100 % – men 20 % är inte rapporterat"
    assert view.headline(SPAN, SOME).replace("\u00a0", " ") == said


def test_what_need_not_be_reported_is_told_where_it_is_counted(
    monkeypatch: pytest.MonkeyPatch, small_store: Make
) -> None:
    """A passive service that is reported: its cases are known, and there is something to measure."""
    rows = HEAD + counts("T1", 2026, range(1, 11), web="25", phone="5")
    show(monkeypatch, small_store(register(1, PASSIVE) | {"case_counts": rows, "handling_steps": STEPS}))
    for code in (GOALS[2], GOALS[3]):
        said = text(code)
        assert "250 av 300" in said or "300 av 300" in said
        known = metric_views.known(metrics()[code], metric_views.one(code, SPAN))
        assert known == "Räknas med, fast det inte behöver rapporteras"
    assert digital_cases.headline(SPAN).endswith("på annat sätt, oftast via telefon")


@pytest.mark.usefixtures("silent", "english")
def test_the_same_in_english() -> None:
    assert ">100% known" not in str(figures.figure(metric_views.figure("actual_digital_handling", SPAN, "")))
    told = (
        DataBasis("cases", None, None, 1.0, None, None, silent=1),
        DataBasis("cases", None, None, 1.0, None, None, silent=9),
    )
    assert [summary(one) for one in told] == [
        "1 of the services' months not reported",
        "9 of the services' months not reported",
    ]
    known = metric_views.known(metrics()[GOALS[2]], metric_views.one(GOALS[2], SPAN))
    assert known == "Based on 10% of 100 months, counted per service · 90 of the services' months are not reported"
    assert headlines.overview(SPAN) == "Nothing is left of what is reported, but not all is reported"
    assert view.headline(SPAN, Scenario("", ())) == "Try what more e-services or digital steps would give"
    one_month = Scope(date(2026, 1, 1), date(2026, 1, 1), services=("T2",), comparison=None)
    row = metric_views.one(GOALS[2], one_month)
    assert metric_views._silent(row) == " · 1 of the services' months is not reported"


@pytest.fixture
def protected(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> None:
    """Two services with e-services: one whole, one with 3 phone calls a month, in a store that protects small numbers."""
    rows = (
        HEAD
        + counts("T1", 2026, range(1, 11), web="30", phone="20")
        + counts("T2", 2026, range(1, 11), web="30", phone="3")
    )
    store = small_store(register(2) | {"case_counts": rows, "handling_steps": STEPS})
    store.protect(True, "systemförvaltare", "", NOW)
    show(monkeypatch, store)


@pytest.mark.usefixtures("protected")
def test_what_is_protected_is_not_told_as_not_reported() -> None:
    said = text(GOALS[2])
    known = metric_views.known(metrics()[GOALS[2]], metric_views.one(GOALS[2], SPAN))
    assert " · 10 av tjänsternas månader är inte rapporterade eller visas inte" in known
    assert "<dt>Månader som inte är rapporterade eller inte visas, räknat per tjänst</dt><dd>10</dd>" in said
    one = metric_views.one(GOALS[2], Scope(date(2026, 1, 1), date(2026, 1, 1), comparison=None))
    assert metric_views._silent(one) == " · 1 av tjänsternas månader är inte rapporterad eller visas inte"
    told = [DataBasis("cases", None, None, 1.0, None, None, silent=n, protected=True) for n in (1, 9)]
    assert [summary(one).replace("\u00a0", " ") for one in told] == [
        "1 av tjänsternas månader är inte rapporterad eller visas inte",
        "9 av tjänsternas månader är inte rapporterade eller visas inte",
    ]


@pytest.mark.usefixtures("protected", "english")
def test_what_is_protected_in_english() -> None:
    known = metric_views.known(metrics()[GOALS[2]], metric_views.one(GOALS[2], SPAN))
    assert " · 10 of the services' months are not reported or not shown" in known
    one = metric_views.one(GOALS[2], Scope(date(2026, 1, 1), date(2026, 1, 1), comparison=None))
    assert metric_views._silent(one) == " · 1 of the services' months is not reported or not shown"
    told = [DataBasis("cases", None, None, 1.0, None, None, silent=n, protected=True) for n in (1, 9)]
    assert [summary(one) for one in told] == [
        "1 of the services' months not reported or not shown",
        "9 of the services' months not reported or not shown",
    ]
    assert "<dt>Months not reported or not shown, counted per service</dt>" in text(GOALS[2])


@pytest.mark.usefixtures("silent")
def test_no_basis_says_all_beside_silent_months() -> None:
    basis = DataBasis("cases", None, None, 1.0, None, None, silent=9)
    said = str(data_basis(basis)).replace("\u00a0", " ")
    assert "Underlag" not in said and "9 av tjänsternas månader är inte rapporterade" in said
    assert "<dt>Underlag</dt><dd>90 %</dd>" in str(data_basis(replace(basis, coverage=0.9))).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        ({"e_service": 2, "done": 1}, "Inget återstår för 1 tjänst. "),
        ({"e_service": 2, "cases": 1}, "Något återstår för alla tjänster. "),
        ({"e_service": 2, "unknown": 1}, ""),
        ({"e_service": 2, "not_applicable": 1}, "2 av 3 publicerade tjänster behöver en e-tjänst. "),
        ({"not_applicable": 1}, ""),
    ],
)
def test_services_stop_somewhere_only_where_each_is_known_to(counted: dict[str, int], said: str) -> None:
    assert stops.describe(Counter(counted)) == f"{said}Välj ett namn för att bara se de tjänsterna i tabellen."
