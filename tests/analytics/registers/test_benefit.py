"""What the e-services give, worked out by hand: hours with their range, use, and contacts per hundred cases."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.registers.benefit import ContactRate, Freed, contact_rates, handling_times, hours_freed, use
from data.coverage import Coverage
from data.serving.protection import VARIABLE
from data.store import Store
from tests.analytics.registers.test_services import STEPS

MONTHS = Scope(date(2026, 9, 1), date(2026, 10, 1))
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;A\n",
    "services": """tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran
T1;Bygglov;A;extern;2020-01-01
T2;Nyckel;B;intern;2020-01-01
""",
    "e_services": "etjanst_id;namn;typ;lanserad\nE1;Bygglov;e-tjänst;2024-01-01\nE2;Nyckel;e-tjänst;2024-01-01\n",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\n",
    "versions": "version_id;etjanst_id\noep/v7;E1\noep/v8;E1\n",
    "case_counts": """tjanst_id;manad;kanal;antal
T1;2026-09;e-tjänst;60
T1;2026-09;telefon;40
T1;2026-10;e-tjänst;60
T1;2026-10;telefon;40
T2;2026-10;e-tjänst;10
T2;2026-10;telefon;0
""",
    "handling_steps": "tjanst_id;steg;fran;lage\n"
    + "".join(f"T1;{step};2026-10-01;digitalt\nT1;{step};2020-01-01;inte digitalt\n" for step in STEPS),
    "handling_times": """tjanst_id;minuter_annat;minuter_etjanst;minuter_helt_digitalt;kronor_per_timme;osakerhet
T1;60;30;15;400;50
alla;20;26;;300;
""",
    "e_service_use": """etjanst_id;manad;paborjade;inskickade;avbrutna;svar;betygssumma
E1;2026-09;80;60;20;10;45
oep/v7;2026-09;8;6;2;;
oep/v7;2026-07;8;6;2;;
oep/v8;2026-07;10;9;1;2;9
E1;2026-10;70;60;10;40;120
E2;2026-10;;10;3;5;25
E1;2026-08;9;9;0;9;9
""",
    "abandoned_steps": """etjanst_id;manad;steg;avbrutna
E1;2026-09;1 Du;5
E1;2026-09;2 Bilaga;15
E1;2026-10;1 Du;9
E1;2026-08;3;99
oep/v7;2026-09;1 Du;50
oep/v7;2026-07;3;2
oep/v8;2026-07;3;1
""",
    "contacts": """tjanst_id;manad;kanal;orsak;antal
T1;2026-08;telefon;fel;99
T1;2026-10;telefon;information;20
T1;2026-10;e-post;var är mitt ärende;10
T2;2026-09;telefon;fel;7
T2;2026-10;telefon;annat;1
""",
}
COVERS = {"case_counts": Coverage(("e_service", "phone"), "file", date(2026, 9, 1), date(2026, 10, 1))}


@pytest.fixture
def store(small_store: Callable[..., Store]) -> Store:
    return small_store(
        TABLES, {"case_counts": Coverage(("e_service", "phone"), "file", date(2026, 9, 1), date(2026, 10, 1))}
    )


def test_hours_are_minutes_of_the_cases_with_their_range(store: Store) -> None:
    with store.database().cursor() as cursor:
        assert (
            handling_times(cursor)["T1"].hourly_cost == Decimal(400) and handling_times(cursor)["alla"].saved(3) is None
        )
        found = {(one.service_id, one.goal): one for one in hours_freed(cursor, MONTHS)}
    assert set(found) == {("T1", 2), ("T1", 3), ("T2", 2)}
    one = found["T1", 2]
    assert one.realised == Freed(120, 60.0, 30.0, 90.0, 24_000.0)  # 120 cases × 30 minutes, ± half
    assert one.possible == Freed(80, 40.0, 20.0, 60.0, 16_000.0) and one.own_time
    handling = found["T1", 3]  # every step is digital from October
    assert (handling.realised.cases, handling.possible.cases) == (100, 100)
    assert handling.realised.hours == 100 * 15 / 60
    costs = found["T2", 2]  # digital takes longer: nothing is freed, it costs
    assert costs.realised == Freed(10, -1.0, -1.0, -1.0, -300.0) and not costs.own_time


def test_use_is_summed_before_it_is_divided(store: Store) -> None:
    with store.database().cursor() as cursor:
        (grade,) = measure(cursor, "satisfaction", MONTHS)
        (left,) = measure(cursor, "abandonment", MONTHS)
        found = {one.e_service_id: one for one in use(cursor, MONTHS)}
        narrowed = [one.e_service_id for one in use(cursor, Scope(MONTHS.month_from, MONTHS.month_to, ("B",)))]
    assert (grade.numerator, grade.denominator, grade.population) == (190, 55, 130)
    assert (left.numerator, left.denominator) == (30, 150)  # of E2 it is not told how many began
    assert list(found) == ["E1", "E2"] and narrowed == ["E2"]
    assert (found["E1"].worst_step, found["E1"].worst, found["E1"].stopped) == ("2 Bilaga", 15, 29)
    assert found["E2"].worst_step is None and found["E2"].abandonment is None


def test_versions_of_an_e_service_are_summed_where_it_has_no_row_of_its_own(store: Store) -> None:
    """In September it has one, and theirs would count the same cases twice."""
    july = Scope(date(2026, 7, 1), date(2026, 7, 1))
    with store.database().cursor() as cursor:
        (left,), (grade,) = measure(cursor, "abandonment", july), measure(cursor, "satisfaction", july)
        (one,) = use(cursor, july)
    assert (left.numerator, left.denominator, grade.numerator, grade.denominator) == (3, 18, 9, 2)
    assert (one.e_service_id, one.worst_step, one.worst) == ("E1", "3", 3)


def test_contacts_are_held_against_the_cases_of_the_same_months(store: Store) -> None:
    with store.database().cursor() as cursor:
        found = contact_rates(cursor, MONTHS)
        assert contact_rates(cursor, Scope(date(2026, 8, 1), MONTHS.month_to)) == found  # no cases known in August
    assert found == [ContactRate("T2", 8, 0, 10), ContactRate("T1", 30, 10, 100)]  # none in September is known too
    assert (found[1].per_100, found[1].chasing_per_100) == (30, 10)
    with store.database().cursor() as cursor:
        by_month, by_channel = (contact_rates(cursor, MONTHS, by) for by in ("month", "channel"))
    assert [(one.key.month, one.contacts, one.chasing) for one in by_month] == [(9, 7, 0), (10, 31, 10)]
    assert sum(one.cases for one in by_month) == 110
    assert by_channel == [ContactRate("phone", 28, 0, 110), ContactRate("email", 10, 10, 110)]


def test_where_small_numbers_are_protected_use_and_contacts_are_not_shown(
    small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "ja")
    store = small_store(TABLES)
    with store.database().cursor() as cursor:
        assert use(cursor, MONTHS) == [] and contact_rates(cursor, MONTHS) == []
        tables = ("e_service_use", "abandoned_steps", "contacts")
        assert [cursor.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables] == [(0,)] * 3
