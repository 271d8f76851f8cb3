"""§§ 4–7 worked out by hand: exemptions that need something, who answers, what is in process, open faults and needs, criteria."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analytics.forecast.planned import Planned, planned
from analytics.metrics.catalogue import metrics
from analytics.metrics.columns import Columns
from analytics.metrics.fact_columns import formulas
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.registers.e_services import breaches, temporary_elsewhere
from analytics.registers.evidence import evidence, untested
from analytics.registers.guideline import (
    Unanswered,
    exemptions_to_review,
    in_process,
    open_needs,
    stage_days,
    unanswered,
)
from data.store import Store

MONTHS = Scope(date(2026, 9, 1), date(2026, 10, 1))
END = "2026-10-31"
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;A\nC;Gamma;\n",
    "services": f"""tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;kontaktroll;lagkrav;granskad
T1;Bygglov;B;extern;2020-01-01;Byggchef;Plan- och bygglagen;2026-01-10
T2;Nyckel;B;intern;2020-01-01;Byggchef;;2024-09-30
T3;Skolskjuts;C;extern;2020-01-01;;;
T4;Bidrag;X;extern;2020-01-01;Chef;inga;{END}
""",
    "e_services": """etjanst_id;namn;typ;plattform;lanserad;steg;uppfoljd
E1;Bygglov;e-tjänst;Open ePlatform;2025-01-05;lansering;
E2;Nyckel;e-tjänst;Open ePlatform;2024-01-05;uppföljning;2026-02-01
E3;Skjuts;länk;Annat;2020-12-01;;
E4;Ny;e-tjänst;Open ePlatform;;uppstart;
E5;Färsk;e-tjänst;Open ePlatform;2026-06-01;lansering;
E6;Äldre;länk;Annat;2020-12-01;;2023-01-01
E7;Glömd;e-tjänst;Open ePlatform;2026-05-01;utveckling;
""",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT3;E3\nT3;E6\nT1;E4\nT1;E5\nT1;E7\n",
    "exemptions": """undantag_id;tjanst_id;etjanst_id;typ;skal;riskanalys;utfall;beslutat;galler_till;omprovas
U1;;E3;annan plattform;Länets system;2022-01-01;godtagbar;2022-02-01;2025-12-31;
U2;;E6;annan plattform;Länets system;;;2022-02-01;2026-12-31;2026-11-30
U3;;E6;annan plattform;Länets system;2022-01-01;inte godtagbar;2022-02-01;;
U4;;E6;annan plattform;Länets system;2022-01-01;godtagbar;2022-02-01;2027-10-31;2026-11-01
U5;T4;;ej tillämpligt;Görs på plats;;;2022-02-01;;2026-11-01
""",
    "stages": """etjanst_id;skede;fran;vantar_pa
E1;uppstart;2024-07-01;
E1;utveckling;2024-09-09;
E1;lansering;2025-01-05;Byggenheten
E4;uppstart;2026-09-01;Arkivarie
E5;utveckling;2026-03-01;
E5;lansering;2026-06-01;
""",
    "needs": """behov_id;typ;rubrik;verksamhet_id;tjanst_id;anmalt;lage;klart
B1;fel;Stannar;B;T1;2026-08-01;pågår;
B2;fel;Stannade;B;T1;2026-09-01;klart;2026-09-11
B3;utveckling;Ny;C;;2026-10-30;;
B4;behörighet;En till;C;;2026-09-01;klart;2026-11-01
B5;revidering;Sen;C;;2026-11-01;;
""",
    "criteria": """etjanst_id;kriterium;lage;bedomt
E1;insyn;inte uppfyllt;2026-01-01
E1;insyn;uppfyllt;2026-10-01
E2;insyn;delvis;2026-01-01
E2;säker;uppfyllt;2026-01-01
E4;säker;uppfyllt;2026-01-01
""",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-09;telefon;1\nT1;2026-10;telefon;1\n",
}


@pytest.fixture
def store(small_store: Callable[..., Store]) -> Store:
    return small_store(TABLES)


def one(store: Store, metric: str, scope: Scope = MONTHS) -> Row:
    with store.database().cursor() as cursor:
        (row,) = measure(cursor, metric, scope)
        return row


def test_what_an_exemption_needs_and_costs(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = {x.exemption.exemption_id: x for x in exemptions_to_review(cursor, MONTHS)}
        assert {code: x.reason for code, x in found.items()} == {
            "U1": "ended", "U2": "no_analysis", "U3": "not_acceptable", "U4": "ends", "U5": "holds",
        }  # fmt: skip
        assert list(found) == ["U1", "U2", "U3", "U4", "U5"]
        goal = measure(cursor, "e_service_coverage", MONTHS)[0]
        with_it = float(goal.numerator or 0) / (float(goal.denominator or 0) + 1)
        assert found["U5"].points == pytest.approx(float(goal.value or 0) - with_it)
        assert found["U3"].points == 0 and all(x.kronor is None for x in found.values())
        assert exemptions_to_review(cursor, Scope(date(2026, 9, 1), date(2026, 10, 1), ("B",))) == []
    analysed = one(store, "analysed_exemptions")
    assert (analysed.numerator, analysed.denominator) == (2, 3)  # U1 has ended


def test_an_exemption_costs_what_its_e_services_cost_in_twelve_months(small_store: Callable[..., Store]) -> None:
    costs = "kostnad_id;datum;kostnadstyp;belopp;etjanst_id\nK1;2025-10-31;övrig;999;E3\nK2;2025-11-01;övrig;100;E3\n"
    store = small_store({**TABLES, "costs": costs + "K3;2026-10-31;övrig;20;E3\nK4;2026-10-31;övrig;7;E6\n"})
    with store.database().cursor() as cursor:
        kronor = {one.exemption.exemption_id: one.kronor for one in exemptions_to_review(cursor, MONTHS)}
    assert kronor == {"U1": 120, "U2": 7, "U3": 7, "U4": 7, "U5": None}


def test_who_answers_for_which_service(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert unanswered(cursor, MONTHS) == [
            Unanswered("T3", ("contact_role", "legal_demands", "reviewed_on"), None),
            Unanswered("T2", ("legal_demands", "reviewed_on"), date(2024, 9, 30)),
            Unanswered("T4", ("department",), date(2026, 10, 31)),
        ]
    row = one(store, "answered_for")
    assert (row.numerator, row.denominator) == (1, 4)
    assert one(store, "answered_for", Scope(date(2025, 12, 1), date(2025, 12, 1))).numerator == 0  # not yet reviewed


def test_another_way_in_is_stated_or_used_within_a_year(small_store: Callable[..., Store]) -> None:
    counts = "tjanst_id;manad;kanal;antal\n" + "".join(
        f"{row}\n"
        for row in ("T1;2025-10;telefon;1", "T1;2026-10;telefon;0", "T2;2025-11;telefon;1", "T2;2026-10;e-tjänst;1")
    )
    services = TABLES["services"].replace("malgrupp;", "malgrupp;annat_satt;").replace(";extern;", ";extern;;")
    services = services.replace(";intern;", ";intern;;").replace(
        "T3;Skolskjuts;C;extern;;", "T3;Skolskjuts;C;extern;brev;"
    )
    store = small_store({**TABLES, "services": services, "case_counts": counts})
    row = one(store, "other_way_in")
    assert (row.numerator, row.denominator) == (
        2,
        3,
    )  # T2 within the year, T3 by word, T1 longer ago, T4 has no e-service
    assert one(store, "other_way_in", Scope(date(2026, 9, 1), date(2026, 9, 1))).numerator == 3


def test_what_is_in_process_and_how_long_stages_take(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = [(x.e_service_id, x.stage, x.since, x.waiting_for, x.days) for x in in_process(cursor, MONTHS)]
        assert found == [
            ("E4", "start_up", date(2026, 9, 1), "Arkivarie", 60),
            ("E3", "launch", date(2020, 12, 1), None, 2160),
            ("E6", "launch", date(2020, 12, 1), None, 2160),
            ("E1", "launch", date(2025, 1, 5), "Byggenheten", 664),
        ]
        department = Scope(date(2026, 9, 1), date(2026, 10, 1), ("C",))
        assert [x.e_service_id for x in in_process(cursor, department)] == ["E3", "E6"]
        august = {x.e_service_id: x.since for x in in_process(cursor, Scope(date(2026, 8, 1), date(2026, 8, 1)))}
        assert august["E4"] is None  # by the register: its stage was reached later
        assert stage_days(cursor) == {"start_up": (70, 1), "development": (105, 2)}
    row = one(store, "followed_up")
    assert (row.numerator, row.denominator) == (1, 4)  # E5 and E7 are not a year old, E4 not live


def test_what_is_open_and_how_long_it_took(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = [(x.need_id, x.state, x.days) for x in open_needs(cursor, MONTHS)]
        assert found == [("B1", "in_progress", 91), ("B4", "done", 60), ("B3", "reported", 1)]  # B4 was open then
        assert [x.need_id for x in open_needs(cursor, Scope(date(2026, 9, 1), date(2026, 10, 1), ("A",)))] == ["B1"]
    assert one(store, "open_needs").value == 3
    time = one(store, "need_time")
    assert (time.value, time.denominator) == (10, 1)


def test_the_latest_assessment_of_a_criterion_counts(store: Store) -> None:
    row = one(store, "criteria_met")
    assert (row.numerator, row.denominator, row.population) == (2, 3, 36)  # six live e-services; E4 is not
    before = one(store, "criteria_met", Scope(date(2026, 9, 1), date(2026, 9, 1)))
    assert (before.numerator, before.denominator) == (1, 3)


TESTED = {
    **TABLES,
    "e_services": """etjanst_id;namn;typ;lanserad;inloggning;signering;status_visas;tillganglighet_provad;tillganglighet
E1;Bygglov;e-tjänst;2025-01-05;e-legitimation;ja;ja;2023-10-31;delvis
E2;Nyckel;e-tjänst;2024-01-05;ingen;;nej;2023-10-30;uppfyllt
E3;Skjuts;länk;2020-12-01;;;;;
E4;Ny;e-tjänst;2026-11-05;;;;2026-10-01;uppfyllt
""",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT3;E3\nT4;E3\n",
    "e_service_use": "etjanst_id;manad;paborjade;inskickade;avbrutna;svar;betygssumma\nE1;2026-10;40;30;10;20;80\n",
    "contacts": "tjanst_id;manad;kanal;orsak;antal\nT1;2026-10;telefon;information;3\n",
    "web_pages": """webbplats;sedd;adress;titel;leder_till
sala.se;2026-10-26;https://sala.se/1;Bygglov;e-tjänst
sala.se;2026-10-26;https://sala.se/2;Nyckel;
""",
}


def test_what_the_data_say_of_each_e_service(small_store: Callable[..., Store]) -> None:
    """Of E3, which serves two services, neither lead time nor contacts are told; what is not told is not known."""
    with small_store(TESTED).database().cursor() as cursor:
        found = {one.e_service.e_service_id: one for one in evidence(cursor, MONTHS)}
    assert list(found) == ["E1", "E2", "E3"]  # E4 is not live yet
    assert {key: one.web for key, one in found.items()} == {"E1": "linked", "E2": "page", "E3": "no_page"}
    assert found["E1"].states == {"transparent": "met"} and found["E3"].states == {}
    left, liked = found["E1"].abandonment, found["E1"].satisfaction
    assert left and liked and (left.value, liked.value, found["E1"].contacts) == (0.25, 4, 300)
    assert (found["E1"].legal_demands, found["E2"].legal_demands, found["E3"].legal_demands) == (
        ("Plan- och bygglagen",), (), ("inga",),
    )  # fmt: skip
    assert (found["E3"].abandonment, found["E3"].contacts, found["E3"].lead_time) == (None, None, None)


def test_without_a_reading_nothing_is_known_of_the_website(small_store: Callable[..., Store]) -> None:
    with small_store({key: rows for key, rows in TESTED.items() if key != "web_pages"}).database().cursor() as cursor:
        assert {one.web for one in evidence(cursor, MONTHS)} == {None}


def test_an_accessibility_test_holds_for_three_years(small_store: Callable[..., Store]) -> None:
    store = small_store(TESTED)
    with store.database().cursor() as cursor:
        told = [(one.e_service_id, one.tested_on, one.outcome) for one in untested(cursor, MONTHS)]
        assert told == [("E3", None, None), ("E2", date(2023, 10, 30), "met")]
    row = one(store, "accessibility_tested")
    assert (row.numerator, row.denominator) == (1, 3)


PLANNED = {
    "departments": TABLES["departments"],
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    + "".join(f"T{n};Tjänst {n};{'C' if n == 4 else 'B'};extern;2020-01-01\n" for n in range(1, 6)),
    "e_services": """etjanst_id;namn;typ;lanserad;steg;planerad
E1;Ett;e-tjänst;2025-01-05;lansering;
E2;Två;e-tjänst;;utveckling;2027-02-15
E3;Tre;e-tjänst;;uppstart;2027-05-03
E4;Fyra;e-tjänst;;uppstart;
E5;Fem;e-tjänst;;uppstart;2026-11-01
E6;Sex;e-tjänst;;uppstart;2028-01-01
""",
    # E3 serves what E2 does too, E4 has no day, E5's day is past, E6 serves one that has an e-service
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT2;E3\nT3;E3\nT4;E4\nT5;E5\nT1;E6\n",
}


def test_what_is_under_development_lifts_goal_1_on_its_planned_day(small_store: Callable[..., Store]) -> None:
    with small_store(PLANNED).database().cursor() as cursor:
        assert measure(cursor, "e_service_coverage", MONTHS)[0].numerator == 1  # of five
        assert planned(cursor, MONTHS) == Planned(3, 5, 2, date(2027, 5, 3), 2)
        assert planned(cursor, replace(MONTHS, departments=("C",))) == Planned(0, 1, 0, None, 1)
        assert planned(cursor, replace(MONTHS, audience="internal")) is None
        assert planned(cursor, replace(MONTHS, services=("T1",))) is None


def test_an_exemption_is_reviewed_on_its_day_and_temporary_ones_stand_apart(small_store: Callable[..., Store]) -> None:
    """U4 and U5 are to be reviewed on 1 November; what is temporary outside the platform needs no exemption and is listed."""
    register = """etjanst_id;namn;typ;plattform;lanserad;avvecklad;tidsbegransad
E3;Skjuts;länk;Annat;2020-12-01;;ja
E6;Äldre;länk;Annat;2020-12-01;;nej
E8;Enkät;e-tjänst;Annat;2026-01-01;2026-10-15;ja
E9;Jubileum;e-tjänst;Open ePlatform;2026-01-01;;ja
"""
    store = small_store({**TABLES, "e_services": register, "links": "tjanst_id;etjanst_id\nT3;E3\nT1;E8\n"})
    november = Scope(date(2026, 11, 1), date(2026, 11, 1))
    with store.database().cursor() as cursor:
        reasons = {x.exemption.exemption_id: x.reason for x in exemptions_to_review(cursor, november)}
        assert (reasons["U4"], reasons["U5"], reasons["U2"]) == ("review", "review", "no_analysis")
        assert [one.e_service_id for one in temporary_elsewhere(cursor, MONTHS)] == ["E3"]
        september = Scope(date(2026, 9, 1), date(2026, 9, 1))
        assert [one.e_service_id for one in temporary_elsewhere(cursor, september)] == ["E8", "E3"]
        assert temporary_elsewhere(cursor, replace(MONTHS, departments=("B",))) == []


def test_an_e_service_of_several_services_is_of_each_that_is_chosen(small_store: Callable[..., Store]) -> None:
    """In SQL and in columns alike: in the lists of §§ 4, 6 and 7, and in its use; of a service that it does not serve it is not."""
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
        + "".join(f"T{n};T{n};A;extern;2020-01-01\n" for n in (1, 2, 3)),
        "e_services": "etjanst_id;namn;typ;plattform;lanserad\n"
        "E1;Delad;e-tjänst;Annat;2020-01-01\nE2;Undantagen;e-tjänst;Annat;2020-01-01\n",
        "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E1\nT1;E2\nT2;E2\n",
        "exemptions": "undantag_id;etjanst_id;typ;skal;beslutat\nU-1;E2;annan plattform;Avtal;2024-01-01\n",
        "e_service_use": "etjanst_id;manad;paborjade;inskickade;avbrutna\nE1;2026-10;50;40;10\n",
    }
    october = date(2026, 10, 1)
    database = small_store(tables).database()
    served = Columns()
    for key, n in (("T1", 1), ("T2", 1), ("T3", 0)):
        scope = Scope(october, october, services=(key,))
        with database.cursor() as cursor:
            counts = [measure(cursor, code, scope)[0] for code in ("guideline_breaches", "exemptions", "followed_up")]
            assert [int(row.denominator or row.numerator or 0) for row in counts] == [n, n, 2 * n], key
            assert [one.e_service_id for one in breaches(cursor, scope)] == ["E1"] * n
            given_up = measure(cursor, "abandonment", scope)[0]
            assert (given_up.numerator, given_up.denominator) == ((10, 50) if n else (None, None))
            for code in ("guideline_breaches", "exemptions", "followed_up", "criteria_met", "abandonment"):
                definition = metrics()[code]
                groups = served.groups(cursor, definition, scope, ())
                assert groups is not None
                (by_sql,) = measure(cursor, code, scope)
                parts = {name: groups.values(part)[0] for name, part in (formulas(definition) or {}).items()}
                assert (parts["numerator"] or 0, parts["population"] or 0) == (
                    by_sql.numerator or 0, by_sql.population or 0,
                ), code  # fmt: skip
