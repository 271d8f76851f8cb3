"""Headlines are true in each view, also where little is known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from analytics.forecast.target_path import Deviation
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from data.store import Store
from ui import database
from ui.components import headlines
from ui.components.metric_views import one
from ui.costs import summary
from ui.goals import digital_cases, digital_handling, e_services
from ui.next_steps import advice
from ui.services import matrix, stops
from ui.text import i18n
from ui.text.i18n import _
from ui.text.labels import label

Make = Callable[..., Store]
SPAN = Scope(date(2026, 1, 1), date(2026, 3, 1), comparison="previous")
TREE = "verksamhet_id;namn\nA;Alfa\n"
FEW = "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\nT2;Nyckel;A;intern\n"
MANY = "tjanst_id;namn;verksamhet_id;malgrupp\n" + "".join(f"T{i};Tjänst {i};A;extern\n" for i in range(40))
ONE = "etjanst_id;namn;typ\nE1;Bygglov;e-tjänst\n"
COUNTS = "tjanst_id;manad;kanal;antal\n"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> Iterator[Callable[..., None]]:
    """A function that makes these tables the ones that the dashboard shows."""

    def show(**tables: str) -> None:
        monkeypatch.setenv("DASHBOARD_STORE", str(small_store(tables).folder))
        st.cache_resource.clear()

    yield show
    st.cache_resource.clear()


def links(n: int) -> str:
    return "tjanst_id;etjanst_id\n" + "".join(f"T{i};E1\n" for i in range(n))


def counts(before: tuple[int, int], now: tuple[int, int], service: str = "T0") -> str:
    """(digital, by phone) a month in the quarter before, and in this one."""
    months = [
        ("2025-10", before),
        ("2025-11", before),
        ("2025-12", before),
        ("2026-01", now),
        ("2026-02", now),
        ("2026-03", now),
    ]
    return COUNTS + "".join(f"{service};{m};e-tjänst;{d}\n{service};{m};telefon;{p}\n" for m, (d, p) in months)


def test_only_a_register(shown: Callable[..., None]) -> None:
    shown(departments=TREE, services=FEW)
    scope = Scope(date(2026, 11, 1), date(2026, 11, 1))
    assert headlines.overview(scope) == "För lite är rapporterat för att visa hur det går med målen"
    said = [item.sentence for item in advice.most_important(scope)]
    assert said[0] == "Tabellen E-tjänster är inte importerad för perioden."
    assert len(said) == 3


def test_nothing_at_all(shown: Callable[..., None]) -> None:
    november = date(2026, 11, 1)
    shown(departments=TREE)
    assert headlines.overview(Scope(november, november)) == "Inga tjänster är importerade än"
    assert (
        advice.most_important(Scope(november, november))[0].sentence
        == "Tabellen Tjänster är inte importerad för perioden."
    )


def test_nothing_in_what_is_chosen(shown: Callable[..., None]) -> None:
    shown(departments=TREE + "B;Beta\n", services=FEW)
    scope = Scope(date(2026, 11, 1), date(2026, 11, 1), ("B",))
    assert headlines.overview(scope) == "Det finns inga tjänster i urvalet"


def test_more_of_fewer_is_not_told_as_more(shown: Callable[..., None]) -> None:
    """100 of 200 became 60 of 100: fewer digital cases, a larger part of all."""
    rows = counts((100, 100), (60, 40))
    shown(departments=TREE, services=FEW.replace("T1", "T0"), e_services=ONE, links=links(1), case_counts=rows)
    assert headlines.overview(SPAN).startswith("Andelen digitala ärenden ökar")


def test_what_chance_would_make_is_no_change(shown: Callable[..., None]) -> None:
    shown(
        departments=TREE,
        services=FEW.replace("T1", "T0"),
        e_services=ONE,
        links=links(1),
        case_counts=counts((14, 12), (10, 10)),
    )
    assert headlines.overview(SPAN).startswith("Läget är nästan oförändrat: ")


def test_nothing_digital_is_said_as_nothing(shown: Callable[..., None]) -> None:
    shown(
        departments=TREE,
        services=FEW.replace("T1", "T0"),
        e_services=ONE,
        links=links(1),
        case_counts=counts((0, 50), (0, 50)),
    )
    assert "inget ärende kom in via e-tjänst" in headlines.overview(SPAN)


def test_few_services_are_counted_and_not_given_in_per_cent(shown: Callable[..., None]) -> None:
    shown(departments=TREE, services=FEW, e_services=ONE, links=links(2))
    scope = Scope(date(2026, 11, 1), date(2026, 11, 1), comparison=None)
    assert headlines.overview(scope) == "1 av 2 tjänster saknar e-tjänst"


@pytest.mark.parametrize(
    ("linked", "said"),
    [
        (20, "Varannan tjänst saknar e-tjänst"),
        (30, "Var fjärde tjänst saknar e-tjänst"),
        (34, "15\u00a0% av tjänsterna saknar e-tjänst"),
        (40, "Inget återstår av det som är rapporterat, men allt är inte rapporterat"),
    ],
)
def test_the_gap_is_told_as_people_say_it(shown: Callable[..., None], linked: int, said: str) -> None:
    shown(departments=TREE, services=MANY, e_services=ONE, links=links(linked))
    assert headlines.overview(Scope(date(2026, 11, 1), date(2026, 11, 1), comparison=None)) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            (10, 30),
            (20, 20),
            "Andelen digitala ärenden ökar",
        ),
        (
            (30, 10),
            (10, 30),
            "Andelen digitala ärenden minskar",
        ),
        ((30, 10), (30, 10), "Vart fjärde ärende kom in på annat sätt än via e-tjänst"),
    ],
)
def test_a_change_is_told(shown: Callable[..., None], before: tuple[int, int], now: tuple[int, int], said: str) -> None:
    one_service = "tjanst_id;namn;verksamhet_id;malgrupp\nT0;Bygglov;A;extern\n"
    shown(departments=TREE, services=one_service, e_services=ONE, links=links(1), case_counts=counts(before, now))
    assert headlines.overview(SPAN) == said


def test_a_gap_too_long_for_the_headline_gives_way_to_the_next(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goal 2 is furthest from its target of the other two, but what is left of it does not fit."""
    monkeypatch.setenv("DASHBOARD_STORE", str(example))
    st.cache_resource.clear()
    year = Scope(date(2025, 11, 1), date(2026, 10, 1), comparison="last_year")
    furthest = "38\u00a0% av ärendena kom in på annat sätt än via e-tjänst"
    assert headlines.gap("digital_submission", one("digital_submission", year)) == furthest
    assert len(f"Mer kan hanteras digitalt, men {furthest}") > headlines.LONGEST
    assert headlines.overview(year) == "Mer kan hanteras digitalt, men alla mål ligger efter delmålen"
    own = replace(year, departments=("BMF",))
    assert headlines.overview(own) == "Mer kan hanteras digitalt, men mål 2 och 3 ligger efter delmålen"
    monkeypatch.setattr(headlines, "behind", lambda _scope: None)
    assert headlines.overview(year) == "Mer kan hanteras digitalt, men var tredje tjänst saknar e-tjänst"


def test_a_doubt_is_not_told_where_the_same_services_moved(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vård och omsorg reports less, but all that goal 3 rose by is in services that are counted in both periods."""
    monkeypatch.setenv("DASHBOARD_STORE", str(example))
    st.cache_resource.clear()
    two = Scope(date(2025, 11, 1), date(2026, 10, 1), ("BMF", "VOF"), comparison="last_year")
    said = "Mer kan hanteras digitalt, men Vård och omsorg rapporterar mindre"
    assert headlines.overview(two) == said


def test_a_goal_is_behind_from_half_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*points: float | None) -> str | None:
        of = dict(zip(GOAL_CODES, points, strict=True))
        monkeypatch.setattr(headlines, "forecast_scope", lambda scope: scope)
        monkeypatch.setattr(
            database,
            "answer",
            lambda _question, code, _scope: (
                None if (points := of[code]) is None else SimpleNamespace(deviation=Deviation(points, None))
            ),
        )
        return headlines.behind(SPAN)

    assert late(None, None, None) is None and late(0.1, 0.0, -0.0049) is None
    assert late(None, -0.15, None) == "mål 2 ligger efter delmålen"
    assert late(0.1, -0.15, -0.18) == "mål 2 och 3 ligger efter delmålen"
    assert late(-0.01, -0.01, -0.01) == "alla mål ligger efter delmålen"


def test_what_has_room_in_swedish_has_room_in_english() -> None:
    """So that no half of a finding is left out of one language."""
    for moved, goal, change in product(GOAL_CODES, GOAL_CODES, ("goal_rising", "goal_falling")):
        for share in ("1 in n", "share", "none") if moved != goal else ():
            fits = {}
            for language in ("sv", "en"):
                i18n.set_language(language)
                row = {"1 in n": 600, "share": 620, "none": 0}[share]
                left = headlines.gap(goal, Row({}, row, 900, row / 900, 900, 1.0, "value"))
                joined = _("{change}, but {gap}") if change == "goal_rising" else _("{change}, and {gap}")
                fits[language] = len(joined.format(change=label(change, moved), gap=left)) <= headlines.LONGEST
            assert fits["en"] >= fits["sv"], (moved, goal, change, share)
    for language, moved, change in product(("sv", "en"), GOAL_CODES[1:], ("goal_rising", "goal_falling")):
        i18n.set_language(language)
        joined = _("{change}, but {gap}") if change == "goal_rising" else _("{change}, and {gap}")
        late = _("all three goals are behind targets")
        assert len(joined.format(change=label(change, moved), gap=late)) <= headlines.LONGEST
    i18n._spoken.set(None)


def test_a_change_that_may_be_nothing_but_reporting_says_so(shown: Callable[..., None]) -> None:
    services = "tjanst_id;namn;verksamhet_id;malgrupp\n" + "".join(f"T{i};Tjänst {i};A;extern\n" for i in range(3))
    stopped = counts((5, 35), (5, 35), "T1").replace(COUNTS, "")
    stopped = "".join(line + "\n" for line in stopped.splitlines() if ";2026-" not in line)
    rows = counts((10, 30), (20, 20)) + counts((10, 30), (20, 20), "T2").replace(COUNTS, "") + stopped
    shown(departments=TREE, services=services, e_services=ONE, links="tjanst_id;etjanst_id\nT0;E1\n", case_counts=rows)
    assert headlines.overview(SPAN) == "Andelen digitala ärenden ökar, men Alfa rapporterar mindre"


def test_a_gap_that_hardly_anything_is_known_of_is_not_the_headline(shown: Callable[..., None]) -> None:
    """One service in forty reports its cases: nothing digital there says little; half of all services lack an e-service."""
    shown(departments=TREE, services=MANY, e_services=ONE, links=links(20), case_counts=counts((0, 50), (0, 50)))
    assert headlines.overview(SPAN).endswith("varannan tjänst saknar e-tjänst")


HEAD = "kostnad_id;datum;kostnadstyp;kategori;belopp;bestallare\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "1;2026-01-05;fast;Drift;750;\n2;2026-01-05;övrig;RPA;250;A\n",
            "Systemägaren betalar 75 % av 1 000 kr, och varje krona har en betalare",
        ),
        (
            "1;2026-01-05;fast;Drift;750;\n2;2026-01-05;övrig;RPA;250;\n",
            "Systemägaren betalar 75 % av 1 000 kr, och 250 kr saknar betalare",
        ),
        (
            "1;2026-01-05;fast;Drift;-750;\n2;2026-01-05;övrig;RPA;250;\n",
            "−500 kr är bokfört, varav 250 kr saknar betalare",
        ),
        ("1;2025-01-05;fast;Drift;750;\n", "Inga kostnader är bokförda i urvalet"),
    ],
)
def test_the_costs_headline(shown: Callable[..., None], rows: str, said: str) -> None:
    shown(departments=TREE, costs=HEAD + rows)
    assert summary.headline(SPAN).replace("\u00a0", " ") == said


def test_a_departments_own_costs_headline(shown: Callable[..., None]) -> None:
    shown(departments=TREE, costs=HEAD + "1;2026-01-05;övrig;RPA;250;A\n2;2026-01-05;fast;Drift;750;\n")
    scope = Scope(SPAN.month_from, SPAN.month_to, ("A",))
    assert summary.headline(scope).replace("\u00a0", " ") == "250 kr att betala, mest för RPA"


NOT_NEEDED = "undantag_id;tjanst_id;typ;skal;beslutat\n" + "".join(
    f"U{i};T{i};ej tillämpligt;Görs på plats;2025-01-01\n" for i in (1, 2)
)


def test_where_no_service_needs_an_e_service_nothing_else_is_claimed(shown: Callable[..., None]) -> None:
    shown(departments=TREE, services=FEW, e_services=ONE, exemptions=NOT_NEEDED)
    said = "Ingen tjänst i urvalet behöver en e-tjänst"
    assert headlines.overview(SPAN) == said
    assert e_services.headline(SPAN) == said
    assert stops.headline(SPAN) == said
    assert advice.most_important(SPAN) == []  # nothing to import


def test_a_tie_is_not_the_most(shown: Callable[..., None]) -> None:
    shown(departments=TREE, services=FEW, e_services=ONE, links=links(2), case_counts=counts((1, 9), (1, 9), "T1"))
    assert [s.bottleneck for s in matrix.statuses(SPAN)] == ["cases", "e_service"]
    assert stops.headline(SPAN) == "Ingen av 2 tjänster har nått alla tre målen"


def test_less_reported_is_not_hardly_moved(shown: Callable[..., None]) -> None:
    cut = counts((30, 70), (30, 70)).replace("T0;2026-02;telefon;70", "T0;2026-02;telefon;ej rapporterat")
    cut = cut.replace("T0;2026-03;telefon;70", "T0;2026-03;telefon;ej rapporterat")
    services = MANY.partition("T1;")[0]
    shown(departments=TREE, services=services, e_services=ONE, links=links(1), case_counts=cut)
    assert headlines.overview(SPAN).startswith("Mindre är rapporterat, och 70")


def test_the_goals_pages_tell_the_largest_part_as_that(shown: Callable[..., None]) -> None:
    shown(departments=TREE, services=MANY, e_services=ONE, links=links(30), case_counts=counts((60, 40), (60, 40)))
    said = digital_cases.headline(SPAN)
    assert said == "Lite är rapporterat: 40\u00a0% av ärendena kom in på annat sätt än via e-tjänst"
    assert e_services.headline(SPAN) == "Var fjärde tjänst saknar e-tjänst"  # one department: nowhere else to be
    assert digital_handling.headline(SPAN) == "För lite är rapporterat för att visa hur det går med mål 3"


def test_every_way_of_handling_is_in_the_picture() -> None:
    assert set(digital_handling.HANDLED) == {value.code for value in database.value_lists()["handling"]}


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"e_service": 1}, "Tjänsten saknar e-tjänst"),
        ({"cases": 1}, "Ärenden till tjänsten kommer in på annat sätt"),
        ({"handling": 1, "not_applicable": 1}, "Något steg i tjänsten är inte digitalt"),
        ({"unknown": 1}, "Vi vet för lite om tjänsten för att säga vad som återstår"),
        ({"done": 1}, "Inget återstår till de tre målen"),
        ({"e_service": 30, "cases": 20, "done": 41}, "Vanligaste bristen: 30 av 91 tjänster saknar e-tjänst"),
        ({"cases": 30, "done": 61}, "Vanligaste bristen: 30 av 91 tjänster får ärenden på annat sätt"),
        ({"handling": 1, "done": 1}, "Vanligaste bristen: 1 av 2 tjänster har steg som inte är digitala"),
        ({"e_service": 2, "cases": 2, "done": 1}, "4 av 5 tjänster har något kvar till de tre målen"),
        ({}, "Det finns inga tjänster i urvalet"),
    ],
)
def test_what_is_most_often_left(left: dict[str, int], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [SimpleNamespace(bottleneck=code) for code, n in left.items() for _ in range(n)]
    monkeypatch.setattr(stops, "statuses", lambda _scope: found)
    assert stops.headline(SPAN) == said
