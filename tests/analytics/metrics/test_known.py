"""What is known and what is not: silence, new channels, zeros beside gaps, withdrawn services, unpaired e-services."""

from datetime import date

import pytest

from analytics.metrics.measure import Row
from tests.analytics.metrics.test_goals import JANUARY, Make, ask, one

TREE = "verksamhet_id;namn\nA;Adm A\nB;Adm B\n"
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")


def register(n: int, services: str = "", paired: int | None = None) -> dict[str, str]:
    """So many services with an e-service each, of which the first `paired` are linked."""
    ids = range(1, n + 1)
    rows = services or "".join(f"T{i};Tjänst {i};A;extern\n" for i in ids)
    head = "" if services else "tjanst_id;namn;verksamhet_id;malgrupp\n"
    return {
        "departments": TREE,
        "services": head + rows,
        "e_services": "etjanst_id;namn;typ;plattform;lanserad\n"
        + "".join(f"E{i};Tjänst {i};e-tjänst;Open ePlatform;2020-01-01\n" for i in ids),
        "links": "tjanst_id;etjanst_id\n" + "".join(f"T{i};E{i}\n" for i in ids[:paired]),
    }


def counts(service: str, year: int, months: range, **by_channel: str) -> str:
    names = {"web": "e-tjänst", "phone": "telefon", "chat": "chatt"}
    return "".join(
        f"{service};{year}-{month:02};{names[channel]};{n}\n" for month in months for channel, n in by_channel.items()
    )


HEAD = "tjanst_id;manad;kanal;antal\n"


def steps(service: str, last: str = "digitalt") -> str:
    return "".join(f"{service};{step};2024-01-01;{last if step == 'arkivering' else 'digitalt'}\n" for step in STEPS)


def months_2026(row: Row) -> tuple[object, ...]:
    return row.numerator, row.denominator, row.population, row.coverage, row.silent


def test_silent_services_are_unknown_to_goals_2_and_3_alike_and_have_no_size(small_store: Make) -> None:
    tables = register(10) | {
        "handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1"),
        "case_counts": HEAD + counts("T1", 2026, range(1, 11), web="30", phone="0"),
    }
    store = small_store(tables)
    for code in ("digital_submission", "digital_handling"):
        row = one(store, code, last=date(2026, 10, 1))
        assert months_2026(row) == (300, 300, 100, 0.1, 90), code
        assert (row.worst, row.best, row.counted, row.all_known) == (None, None, 1, False)
    assert one(store, "actual_digital_handling", last=date(2026, 10, 1)).best is None


def test_months_that_cannot_be_reported_are_left_out_of_the_coverage(small_store: Make) -> None:
    services = (
        "tjanst_id;namn;verksamhet_id;malgrupp;aktiv\nT1;Ett;A;extern;ja\nT2;Två;A;extern;nej\nT3;Tre;B;extern;\n"
    )
    exemption = "undantag_id;tjanst_id;typ;skal;beslutat\nU1;T3;ej tillämpligt;Möte krävs;2025-12-01\n"
    tables = register(3, services, paired=1) | {
        "exemptions": exemption,
        "case_counts": HEAD + counts("T1", 2026, range(1, 3), web="8", phone="2"),
    }
    row = one(small_store(tables), "digital_submission", last=date(2026, 2, 1))
    assert months_2026(row) == (16, 20, 2, 1, 0) and row.all_known
    nothing = one(small_store(tables), "digital_submission", last=date(2026, 2, 1), departments=("B",))
    assert (nothing.state, nothing.population) == ("not_applicable", 0)


def test_unknown_handling_of_reported_cases_has_a_size(small_store: Make) -> None:
    tables = register(2) | {
        "handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1"),
        "case_counts": HEAD + "".join(counts(t, 2026, range(1, 2), web="20", phone="5") for t in ("T1", "T2")),
    }
    row = one(small_store(tables), "digital_handling", last=JANUARY)
    assert months_2026(row) == (25, 25, 2, 0.5, 0)
    assert (row.worst, row.best, row.counted, row.all_known) == (0.5, 1, 0.5, False)


def test_a_new_channel_does_not_make_earlier_months_unknown(small_store: Make) -> None:
    rows = HEAD + counts("T1", 2025, range(1, 13), web="80", phone="20") + "T1;2026-01;chatt;3\n"
    store = small_store(register(1) | {"case_counts": rows})
    year = {"first": date(2025, 1, 1), "last": date(2025, 12, 1)}
    row = one(store, "digital_submission", **year)
    assert months_2026(row) == (960, 1200, 12, 1, 0)
    assert {r.by["channel"] for r in ask(store, "cases", "channel", **year)} == {"e_service", "phone"}
    assert one(store, "digital_submission", last=JANUARY).coverage == 0  # the others are silent in January 2026


def test_one_zero_and_two_unreported_are_not_zero(small_store: Make) -> None:
    rows = HEAD + "T1;2026-01;e-tjänst;0\nT1;2026-01;telefon;ej rapporterat\nT2;2026-01;telefon;ej rapporterat\n"
    row = one(small_store(register(2) | {"case_counts": rows}), "cases", last=JANUARY)
    assert (row.value, row.state, row.coverage) == (None, "not_reported", pytest.approx(1 / 3))


def test_zero_cases_in_a_fully_covered_period_is_0_of_0(small_store: Make) -> None:
    rows = HEAD + counts("T1", 2026, range(1, 2), web="0", phone="0")
    store = small_store(
        register(1) | {"case_counts": rows, "handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1")}
    )
    for code in ("digital_submission", "digital_handling", "assisted_share"):
        row = one(store, code, last=JANUARY)
        assert (row.value, row.state, row.numerator, row.denominator, row.coverage) == (None, "zero", 0, 0, 1), code
    assert one(store, "cases", last=JANUARY).state == "zero"
    half = register(2) | {"case_counts": rows}
    assert one(small_store(half), "digital_submission", last=JANUARY).state == "not_reported"


def test_the_cases_of_a_service_withdrawn_in_mid_month_are_in_goals_2_and_3(small_store: Make) -> None:
    services = "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_till\nT1;Ett;A;extern;2026-02-10\n"
    tables = register(1, services) | {
        "case_counts": HEAD + counts("T1", 2026, range(1, 3), web="6", phone="4"),
        "handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1"),
    }
    store = small_store(tables)
    months = {"last": date(2026, 2, 1)}
    assert [r.numerator for r in ask(store, "digital_submission", "month", **months)] == [6, 6]
    assert [r.denominator for r in ask(store, "digital_handling", "month", **months)] == [10, 10]
    assert [r.value for r in ask(store, "cases", "month", **months)] == [10, 10]
    assert [r.value for r in ask(store, "services", "month", **months)] == [1, None]  # a stock, at the month's end


def test_a_service_is_unknown_while_an_unpaired_e_service_is_live(small_store: Make) -> None:
    today = {"first": date(2026, 11, 1), "last": date(2026, 11, 1)}
    half = register(2, paired=1)
    row = one(small_store(half), "e_service_coverage", **today)
    assert (row.numerator, row.denominator, row.population, row.worst, row.best) == (1, 1, 2, 0.5, 1)
    closed = half["e_services"].replace("E2;Tjänst 2;e-tjänst;Open ePlatform;2020-01-01", "E2;Två;blankett;;2020-01-01")
    row = one(small_store(half | {"e_services": closed}), "e_service_coverage", **today)
    assert (row.numerator, row.denominator) == (1, 2)
    decided = half["links"].replace("\n", ";ja\n").replace("etjanst_id;ja", "etjanst_id;hor_ihop") + "T2;E2;nej\n"
    row = one(small_store(half | {"links": decided}), "e_service_coverage", **today)
    assert (row.numerator, row.denominator) == (1, 2)  # somebody said that it is not T2's


PASSIVE = "tjanst_id;namn;verksamhet_id;malgrupp;aktiv\nT1;Ett;A;extern;nej\n"


@pytest.mark.parametrize(("digital", "other", "share", "state"), [("8", "2", 0.8, "value"), ("0", "0", None, "zero")])
def test_what_is_reported_though_it_need_not_be_is_known(
    small_store: Make, digital: str, other: str, share: float | None, state: str
) -> None:
    """A passive service, reported in January: its cases count, and no month of it is missing."""
    rows = {"case_counts": HEAD + counts("T1", 2026, range(1, 2), web=digital, phone=other)}
    handling = {"handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1")}
    store = small_store(register(1, PASSIVE) | rows | handling)
    for last in (JANUARY, date(2026, 2, 1)):
        row = one(store, "digital_submission", last=last)
        assert (row.value, row.state, row.coverage, row.population) == (share, state, 1, 0) and row.all_known
        row = one(store, "digital_handling", last=last)
        assert (row.state, row.coverage, row.population) == (state, 1, 0)
        assert one(store, "reporting", last=last).state == "not_applicable"
    february = {"first": date(2026, 2, 1), "last": date(2026, 2, 1)}
    for code in ("digital_submission", "digital_handling", "reporting"):
        row = one(store, code, **february)
        assert (row.state, row.coverage) == ("not_applicable", None), code


@pytest.mark.parametrize(
    ("exempt", "classes"),
    [
        ("2025-12-01;2026-02-10", ["not_applicable", "not_applicable"]),
        ("2025-12-01;2026-02-09", ["not_applicable", "none"]),
        ("2026-02-11;", ["none", "none"]),
    ],
)
def test_a_service_withdrawn_in_mid_month_is_as_on_its_last_day(
    small_store: Make, exempt: str, classes: list[str]
) -> None:
    """Its exemption, its e-service, which is closed before or launched after, and its steps, of which one changes after."""
    services = "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_till\nT1;Ett;A;extern;2026-02-10\n"
    tables = register(1, services) | {
        "exemptions": f"undantag_id;tjanst_id;typ;skal;beslutat;galler_till\nU1;T1;ej tillämpligt;Möte krävs;{exempt}\n",
        "case_counts": HEAD + counts("T1", 2026, range(1, 3), phone="4"),
        "handling_steps": "tjanst_id;steg;fran;lage\n" + steps("T1") + "T1;beslut;2026-02-20;inte digitalt\n",
    }
    for dates in ("2020-01-01;2025-12-31", "2026-02-11;"):
        e_services = f"etjanst_id;namn;typ;plattform;lanserad;avvecklad\nE1;Ett;e-tjänst;Open ePlatform;{dates}\n"
        with small_store(tables | {"e_services": e_services}).database().cursor() as cursor:
            rows = cursor.execute(
                "SELECT class, handling FROM service_months WHERE class IS NOT NULL AND year(month) = 2026 ORDER BY month"
            ).fetchall()
        assert rows == [(kind, "digital") for kind in classes]


@pytest.mark.parametrize(
    ("read", "classes"), [("2026-02-05", ["e_service", "none"]), ("2026-02-11", ["e_service"] * 2)]
)
def test_so_is_what_the_catalogue_says_on_that_day(small_store: Make, read: str, classes: list[str]) -> None:
    services = "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_till\nT1;Ett;A;extern;2026-02-10\n"
    head = "installation;sedd;etjanst_id;oppen\n"
    tables = register(1, services) | {
        "sightings": head + f"oep;2026-01-05;E1;ja\noep;{read};E1;nej\n",
        "case_counts": HEAD + counts("T1", 2026, range(1, 3), phone="4"),
    }
    with small_store(tables).database().cursor() as cursor:
        rows = cursor.execute(
            "SELECT class, fully_reported FROM service_months WHERE class IS NOT NULL AND year(month) = 2026 ORDER BY month"
        ).fetchall()
    assert rows == [(kind, False) for kind in classes]  # the e-service was open at the beginning of February


def test_an_e_service_that_closed_in_the_month_is_still_asked_for_that_month(small_store: Make) -> None:
    """Else the month would count as fully reported, without the cases that came in before it closed."""
    tables = register(1) | {"case_counts": HEAD + counts("T1", 2026, range(1, 4), phone="4")}
    closed = tables["e_services"].replace("\n", ";2026-02-09\n").replace("lanserad;2026-02-09", "lanserad;avvecklad")
    store = small_store(tables | {"e_services": closed})
    assert [r.numerator for r in ask(store, "reporting", "month")] == [0, 0, 1]
