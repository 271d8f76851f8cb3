"""Where services stand and stop, what is not reported, and the registers behind goal 1, worked out by hand."""

from collections.abc import Callable
from datetime import date

import pytest

from analytics.insights.events import service_events
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import month_spans, reporting_gaps
from analytics.registers.e_services import breaches, denominator_changes, exemptions_in_force
from analytics.registers.service_history import e_services_of, exemptions_of, steps
from analytics.registers.services import bottleneck, coded_services, service_statuses
from data.store import Store

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;A\n",
    "services": """tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till
T1;Bygglov;B;extern;2020-01-01;
T2;Nyckel;B;intern;;
T3;Skolskjuts;A;extern;;
T4;Bidrag;A;extern;;2026-02-10
T5;Sandning;A;extern;2026-03-02;
""",
    "e_services": """etjanst_id;namn;typ;plattform;lanserad
E1;Bygglov;e-tjänst;Open ePlatform;2026-01-05
E3;Skjuts;länk;Annat;2025-12-01
E9;Lös;e-tjänst;Annat;2025-12-01
""",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT3;E3\nT4;E1\nX;E9\n",
    "exemptions": """undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat
U1;T2;;ej tillämpligt;Görs i receptionen;2026-02-15
U2;;E3;annan plattform;Länets system;2026-01-10
""",
    "case_counts": """tjanst_id;manad;kanal;antal
T3;2026-01;e-tjänst;3
T3;2026-01;telefon;1
T3;2026-02;e-tjänst;4
T3;2026-02;telefon;ej rapporterat
T3;2026-03;e-tjänst;2
T3;2026-03;telefon;6
""",
    "handling_steps": "tjanst_id;steg;fran;lage\n"
    + "".join(f"T3;{step};2026-01-01;{'inte digitalt' if step == 'beslut' else 'digitalt'}\n" for step in STEPS)
    + "T3;beslut;2026-03-01;digitalt\n",
    "events": """datum;rubrik;verksamhet_id;tjanst_id
2026-02-01;Snö;;
2026-02-02;Ny lag;A;
2026-02-03;Annat;;T1
2026-02-04;Betas;B;
""",
}


@pytest.fixture
def store(small_store: Callable[..., Store]) -> Store:
    """Five services, three e-services, and one service's cases."""
    return small_store(TABLES)


def row(value: float | None, state: str = "value") -> Row:
    return Row({}, None, None, value, None, None, state)  # type: ignore[arg-type]  # test shorthand


@pytest.mark.parametrize(
    ("class_", "digital", "handling", "where"),
    [
        ("not_applicable", row(0.5), "digital", "not_applicable"),
        ("none", row(0.0), "digital", "e_service"),
        ("form_only", row(None, "not_reported"), "not_reported", "e_service"),
        ("unknown", row(1.0), "digital", "unknown"),
        ("e_service", row(None, "not_reported"), "digital", "unknown"),
        ("e_service", row(0.4), "not_digital", "cases"),
        ("e_service", row(0.5), "not_digital", "cases"),  # as many stop at each: the first on the way
        ("e_service", row(0.6), "not_digital", "handling"),
        ("e_service", row(0.6), "digital", "cases"),
        ("e_service_elsewhere", row(1.0), "digital", "done"),
        ("e_service", row(1.0), "not_applicable", "done"),
        ("e_service", row(0.4), "not_reported", "cases"),  # whatever the steps are, more stop here
        ("e_service", row(0.6), "not_reported", "unknown"),
        ("e_service", row(None, "not_applicable"), "not_digital", "handling"),  # no cases came
        ("e_service", row(None, "not_applicable"), "digital", "done"),
    ],
)
def test_a_service_stops_where_most_of_its_cases_do(class_: str, digital: Row, handling: str, where: str) -> None:
    assert bottleneck(class_, digital, handling) == where


def test_every_service_in_force_has_a_standing(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = {s.service_id: s for s in service_statuses(cursor, Scope(JANUARY, MARCH))}
    assert list(found) == ["T1", "T2", "T5", "T3"]  # Bygglov, Nyckel, Sandning, Skolskjuts; T4 is gone
    assert {key: s.class_ for key, s in found.items()} == {
        "T1": "e_service",
        "T2": "not_applicable",
        "T3": "e_service_elsewhere",
        "T5": "none",
    }
    skjuts = found["T3"]
    assert (skjuts.digital.numerator, skjuts.digital.denominator) == (3 + 2, 3 + 1 + 2 + 6)  # February lacks the phone
    assert skjuts.cases.value == 3 + 1 + 4 + 2 + 6
    assert skjuts.handling == "digital"
    assert skjuts.bottleneck == "cases"


def test_the_standings_of_a_department_are_a_part_of_all(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert {s.service_id for s in service_statuses(cursor, Scope(JANUARY, MARCH, departments=("B",)))} == {
            "T1",
            "T2",
        }
        assert service_statuses(cursor, Scope(JANUARY, MARCH, departments=("nobody",))) == []


def test_gaps_tell_which_months_and_channels(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = {gap.service_id: gap for gap in reporting_gaps(cursor, Scope(JANUARY, MARCH))}
    assert found["T3"].months == (FEBRUARY,)
    assert found["T3"].channels == ("phone",)
    assert found["T1"].months == (JANUARY, FEBRUARY, MARCH)
    assert found["T1"].channels == ()
    assert found["T5"].months == (MARCH,)
    assert found["T4"].months == (JANUARY, FEBRUARY)  # withdrawn in February
    assert found["T2"].months == (JANUARY,)  # decided in February that an e-service does not apply


def test_months_in_a_row_are_one_span() -> None:
    december = date(2025, 12, 1)
    assert month_spans((december, JANUARY, MARCH)) == [(december, JANUARY), (MARCH, MARCH)]
    assert month_spans(()) == []


def test_breaches_are_those_that_the_metric_counts(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert [e.e_service_id for e in breaches(cursor, Scope(JANUARY, MARCH))] == ["E9"]  # E3 is exempt


def test_exemptions_in_force(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert [x.exemption_id for x in exemptions_in_force(cursor, Scope(JANUARY, JANUARY))] == ["U2"]
        assert [x.exemption_id for x in exemptions_in_force(cursor, Scope(JANUARY, MARCH))] == ["U1", "U2"]


def test_who_left_the_denominator_and_who_came_in(store: Store) -> None:
    with store.database().cursor() as cursor:
        told = denominator_changes(cursor, Scope(MARCH, MARCH, comparison="previous"))
        earlier = denominator_changes(cursor, Scope(FEBRUARY, FEBRUARY, comparison="previous"))
        assert denominator_changes(cursor, Scope(MARCH, MARCH, comparison=None)) == []
    assert [(m.service_id, m.joined, m.cause, m.changed_on) for m in told] == [
        ("T5", True, "published", date(2026, 3, 2))
    ]
    assert [(m.service_id, m.joined, m.cause, m.changed_on, m.reason) for m in earlier] == [
        ("T4", False, "unpublished", date(2026, 2, 10), None),
        ("T2", False, "not_applicable", date(2026, 2, 15), "Görs i receptionen"),
    ]


def test_the_steps_of_a_service_as_they_stand(store: Store) -> None:
    with store.database().cursor() as cursor:
        before = {s.step: s for s in steps(cursor, "T3", FEBRUARY)}
        after = steps(cursor, "T3", MARCH)
        assert steps(cursor, "nobody", MARCH) == []
    assert (before["decision"].state, before["decision"].since) == ("not_digital", JANUARY)
    assert [s.step for s in after][:2] == ["intake", "registration"]
    assert {s.state for s in after} == {"digital"}
    assert next(s.since for s in after if s.step == "decision") == MARCH


def test_the_story_of_a_service(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert [e.e_service_id for e in e_services_of(cursor, "T4")] == ["E1"]
        assert [x.exemption_id for x in exemptions_of(cursor, "T3")] == ["U2"]
        assert [title for _day, title in service_events(cursor, "T1")] == ["Betas", "Annat", "Ny lag", "Snö"]
        assert [title for _day, title in service_events(cursor, "T3")] == ["Ny lag", "Snö"]


def test_services_are_found_by_each_of_their_codes(small_store: Callable[..., Store]) -> None:
    """A cell may hold several codes, and a service need have none."""
    coded = """tjanst_id;namn;verksamhet_id;malgrupp;sdg;klassa;livshandelse
T1;Bygglov;B;extern;X1, E1;3.1;Bygga och bo
T2;Nyckel;B;intern;;3.1;
T3;Skolskjuts;A;extern;E1,;;
"""
    with small_store(TABLES | {"services": coded}).database().cursor() as cursor:
        assert coded_services(cursor) == {
            "sdg_code": {"E1": ("T1", "T3"), "X1": ("T1",)},
            "process_code": {"3.1": ("T1", "T2")},
            "life_event": {"Bygga och bo": ("T1",)},
        }
