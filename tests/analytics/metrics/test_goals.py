"""The three goals on registers small enough to count by hand."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from data.coverage import Coverage
from data.store import Store

Make = Callable[..., Store]
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)

TREE = "verksamhet_id;namn;overordnad_id\nSKOL;Skolkontoret;\nFORS;Förskolan;SKOL\nTEK;Tekniska kontoret;\n"
SERVICES = """tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till
T1;Förskola – Ansökan;FORS;extern;2020-01-01;
T2;Skolskjuts – Ansökan;SKOL;extern;;
T3;Grävtillstånd – Ansökan;TEK;extern;;
T4;Beställa nycklar;TEK;intern;2026-03-01;
T5;Bidrag covid-19;SKOL;extern;2020-01-01;2026-01-15
"""
E_SERVICES = """etjanst_id;namn;typ;plattform;lanserad;avvecklad;steg;tidsbegransad
E1;Förskola;e-tjänst;Open ePlatform;2026-02-10;;;
E2;Skolskjuts;länk;Region Västmanland;;;;
E3;Gräva;blankett;Open ePlatform;;;;
E4;Nycklar;e-tjänst;open e-platform;;;utveckling;
"""
LINKS = "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT3;E3\nT4;E4\n"
REGISTER = {"departments": TREE, "services": SERVICES, "e_services": E_SERVICES, "links": LINKS}


def ask(
    store: Store, metric: str, *by: str, first: date = JANUARY, last: date = MARCH, **narrowed: object
) -> list[Row]:
    with store.database().cursor() as cursor:
        return measure(cursor, metric, Scope(first, last, **narrowed), *by)  # type: ignore[arg-type]  # test shorthand


def one(store: Store, metric: str, **asked: object) -> Row:
    (row,) = ask(store, metric, **asked)  # type: ignore[arg-type]  # test shorthand
    return row


def classes(store: Store, month: date) -> Mapping[object, object]:
    return {row.by["class"]: row.value for row in ask(store, "services", "class", last=month)}


def test_each_service_in_force_has_one_class_at_the_end_of_the_month(small_store: Make) -> None:
    store = small_store(REGISTER | {"case_counts": counts(("T1", "2026-01", "telefon", "1"))})
    # T5 was unpublished in January and T4 comes in March, its e-service still in development
    assert classes(store, JANUARY) == {"none": 1, "e_service_elsewhere": 1, "form_only": 1}
    assert classes(store, FEBRUARY) == {"e_service": 1, "e_service_elsewhere": 1, "form_only": 1}
    assert classes(store, MARCH) == {"e_service": 1, "e_service_elsewhere": 1, "form_only": 1, "none": 1}


def test_goal_1_is_a_stock_at_the_end_of_the_period_and_counts_e_services_elsewhere(small_store: Make) -> None:
    store = small_store(REGISTER | {"case_counts": counts(("T1", "2026-01", "telefon", "1"))})
    row = one(store, "e_service_coverage")
    assert (row.numerator, row.denominator, row.population, row.state) == (2, 4, 4, "value")
    by_month = [r.value for r in ask(store, "e_service_coverage", "month")]
    assert by_month == [pytest.approx(1 / 3), pytest.approx(2 / 3), 0.5]


def test_a_parent_includes_its_children_and_an_audience_narrows(small_store: Make) -> None:
    store = small_store(REGISTER)
    today = date(2026, 11, 1)
    school = one(store, "e_service_coverage", first=today, last=today, departments=("SKOL",))
    assert (school.numerator, school.denominator) == (2, 2)
    internal = one(store, "e_service_coverage", first=today, last=today, audience="internal")
    assert (internal.numerator, internal.denominator, internal.state) == (0, 1, "zero")


def test_not_applicable_leaves_the_denominator_while_its_exemption_is_in_force(small_store: Make) -> None:
    exemptions = (
        "undantag_id;tjanst_id;typ;skal;beslutat;galler_till\nU1;T3;ej tillämpligt;Möte krävs;2026-02-01;2026-02-28\n"
    )
    store = small_store(REGISTER | {"exemptions": exemptions, "case_counts": counts(("T1", "2026-01", "telefon", "1"))})
    assert [r.denominator for r in ask(store, "e_service_coverage", "month")] == [3, 2, 4]
    assert [r.denominator for r in ask(store, "e_service_coverage_all", "month")] == [3, 3, 4]
    assert [r.value for r in ask(store, "exemptions", "month")] == [None, 1, None]


def test_without_a_register_of_e_services_every_class_is_unknown_and_nothing_is_zero(small_store: Make) -> None:
    store = small_store({"departments": TREE, "services": SERVICES})
    row = one(store, "e_service_coverage", first=date(2026, 11, 1), last=date(2026, 11, 1))
    assert (row.value, row.state, row.population) == (None, "not_reported", 4)
    assert (row.worst, row.best) == (0, 1)
    assert one(store, "guideline_breaches", first=date(2026, 11, 1), last=date(2026, 11, 1)).value is None


def test_an_e_service_elsewhere_is_a_breach_unless_an_exemption_covers_it(small_store: Make) -> None:
    exemptions = "undantag_id;etjanst_id;typ;skal;beslutat\nU1;E2;annan plattform;Regionens system;2026-02-15\n"
    store = small_store(REGISTER | {"exemptions": exemptions, "case_counts": counts(("T1", "2026-01", "telefon", "1"))})
    assert [r.value for r in ask(store, "guideline_breaches", "month")] == [1, 0, 0]


def test_an_exemption_of_the_service_covers_its_e_service_too(small_store: Make) -> None:
    exemptions = (
        "undantag_id;tjanst_id;typ;skal;beslutat;galler_till\nU1;T2;annan plattform;Regionens;2026-01-01;2026-02-15\n"
    )
    store = small_store(REGISTER | {"exemptions": exemptions, "case_counts": counts(("T1", "2026-01", "telefon", "1"))})
    assert [r.value for r in ask(store, "guideline_breaches", "month")] == [0, 1, 1]


def test_a_unit_inherits_the_board_above_it(small_store: Make) -> None:
    tree = "verksamhet_id;namn;overordnad_id;namnd\nSKOL;Skolkontoret;;Skolnämnden\nFORS;Förskolan;SKOL;\n"
    tree += "TEK;Tekniska;;Tekniska nämnden\n"
    store = small_store(REGISTER | {"departments": tree})
    november = date(2026, 11, 1)
    boards = {r.by["board"]: r.value for r in ask(store, "services", "board", first=november, last=november)}
    assert boards == {"Skolnämnden": 2, "Tekniska nämnden": 2}


def test_an_e_service_of_several_services_belongs_to_none_of_them(small_store: Make) -> None:
    """Also when the other service is in no register."""
    rows = "arende_id;etjanst_id;inkom;kanal\n1;E1;2026-02-11;e-tjänst\n2;E2;2026-02-11;e-tjänst\n"
    store = small_store(REGISTER | {"links": LINKS + "T77;E1\n", "cases": rows})
    by_service = {
        r.by["service"]: r.value for r in ask(store, "cases", "service", first=FEBRUARY, last=FEBRUARY) if r.value
    }
    assert by_service == {"T2": 1, None: 1}


def test_only_costs_leave_every_goal_unreported(small_store: Make) -> None:
    store = small_store({"costs": "kostnad_id;datum;kostnadstyp;belopp\nK1;2026-01-05;fast;10\n"})
    codes = (
        "e_service_coverage",
        "digital_submission",
        "digital_handling",
        "services",
        "exemptions",
        "guideline_breaches",
    )
    assert {one(store, code).state for code in codes} == {"not_reported"}


def counts(*rows: tuple[str, str, str, str]) -> str:
    return "\n".join(["tjanst_id;manad;kanal;antal", *(";".join(row) for row in rows)]) + "\n"


def cases(*rows: tuple[str, str, str, str, str]) -> str:
    return "\n".join(["arende_id;tjanst_id;inkom;kanal;avslutat", *(";".join(row) for row in rows)]) + "\n"


def test_goal_2_counts_only_the_months_where_every_known_channel_is_reported(small_store: Make) -> None:
    store = small_store(
        REGISTER
        | {
            "case_counts": counts(
                ("T2", "2026-01", "telefon", "30"),
                ("T2", "2026-01", "e-tjänst", "70"),
                ("T2", "2026-02", "telefon", "50"),
                ("T2", "2026-02", "e-tjänst", "ej rapporterat"),
                ("T2", "2026-03", "telefon", "0"),
                ("T2", "2026-03", "e-tjänst", "20"),
            )
        }
    )
    row = one(store, "digital_submission", departments=("SKOL",))
    assert (row.numerator, row.denominator) == (90, 120)
    # T2 in force three months, two of them fully reported; T1 three months and T5 one, never reported
    assert (row.population, row.coverage, row.silent) == (7, pytest.approx(2 / 7), 5)
    assert row.counted == pytest.approx(120 / 170)
    months = ask(store, "digital_submission", "month", departments=("SKOL",))
    assert [(r.value, r.state) for r in months] == [(0.7, "value"), (None, "not_reported"), (1.0, "value")]
    assert one(store, "cases", departments=("SKOL",)).value == 170


def test_a_service_known_only_from_the_platform_is_never_fully_reported(small_store: Make) -> None:
    store = small_store(
        REGISTER
        | {"cases": cases(("1", "T2", "2026-01-10", "e-tjänst", ""), ("2", "T2", "2026-03-10", "e-tjänst", ""))}
    )
    row = one(store, "digital_submission")
    assert (row.value, row.state, row.coverage) == (None, "not_reported", 0)
    assert one(store, "cases").value == 2


def test_an_e_service_shared_with_others_leaves_its_services_unreported(small_store: Make) -> None:
    """Which of its cases are whose is not known; a count of the service's own says it."""
    rows = "arende_id;etjanst_id;inkom;kanal\n" + "".join(f"{i};E1;2026-02-11;e-tjänst\n" for i in range(8))
    phone = counts(("T1", "2026-02", "telefon", "10"), ("T2", "2026-02", "telefon", "10"))
    links = LINKS.replace("T2;E2", "T2;E1")
    for services in ("file", "all"):
        covers = {
            "cases": Coverage(("e_service",), services, FEBRUARY, FEBRUARY),
            "case_counts": Coverage(("phone",), "file", FEBRUARY, FEBRUARY),
        }
        store = small_store(REGISTER | {"links": links, "cases": rows, "case_counts": phone}, covers)
        row = one(store, "digital_submission", first=FEBRUARY, last=FEBRUARY)
        assert (row.value, row.state, row.coverage) == (None, "not_reported", 0)
    counted = phone + "T1;2026-02;e-tjänst;5\n"
    row = one(
        small_store(REGISTER | {"links": links, "case_counts": counted}),
        "digital_submission",
        first=FEBRUARY,
        last=FEBRUARY,
    )
    assert (row.numerator, row.denominator) == (5, 15)


@pytest.mark.parametrize("register", [{}, {"e_services": E_SERVICES, "links": "tjanst_id;etjanst_id\nT3;E99\n"}])
def test_where_the_e_service_is_unknown_nothing_is_fully_reported(small_store: Make, register: dict[str, str]) -> None:
    phone = counts(("T3", "2026-01", "telefon", "10"))
    store = small_store({"departments": TREE, "services": SERVICES, "case_counts": phone} | register)
    row = one(store, "digital_submission", last=JANUARY)
    assert (row.value, row.state, row.coverage) == (None, "not_reported", 0)


def test_a_file_of_several_services_says_nothing_of_a_channel_that_a_service_is_not_in(small_store: Make) -> None:
    store = small_store(
        REGISTER | {"case_counts": counts(("T2", "2026-01", "e-tjänst", "40"), ("T3", "2026-01", "telefon", "5"))}
    )
    assert one(store, "digital_submission", last=JANUARY).denominator == 5


def test_a_covered_gap_is_zero_and_all_else_is_not_reported(small_store: Make) -> None:
    rows = cases(("1", "T3", "2026-01-10", "telefon", ""), ("2", "T3", "2026-03-10", "brev", ""))
    store = small_store(REGISTER | {"cases": rows}, {"cases": Coverage(("phone", "letter"), "file", JANUARY, FEBRUARY)})
    states = {(r.by["month"], r.by["channel"]): (r.value, r.state) for r in ask(store, "cases", "month", "channel")}
    assert states == {
        (JANUARY, "phone"): (1, "value"),
        (JANUARY, "letter"): (0, "zero"),
        (FEBRUARY, "phone"): (0, "zero"),
        (FEBRUARY, "letter"): (0, "zero"),
        (MARCH, "phone"): (None, "not_reported"),
        (MARCH, "letter"): (1, "value"),
    }
    # T3 has only a form: it needs no e-service channel. March is not covered, though a letter is known.
    assert [r.numerator for r in ask(store, "reporting", "month")] == [1, 1, 0]


def test_cases_one_by_one_win_over_a_count_of_the_same_service_month_and_channel(small_store: Make) -> None:
    rows = cases(("1", "T3", "2026-01-10", "telefon", ""), ("2", "T3", "2026-01-11", "telefon", ""))
    store = small_store(
        REGISTER
        | {"cases": rows, "case_counts": counts(("T3", "2026-01", "telefon", "9"), ("T3", "2026-01", "brev", "4"))}
    )
    assert one(store, "cases", last=JANUARY).value == 6


def test_assisted_is_its_own_line_in_the_denominator_only(small_store: Make) -> None:
    rows = "tjanst_id;manad;kanal;assisterat;antal\nT2;2026-01;e-tjänst;nej;6\nT2;2026-01;e-tjänst;ja;3\nT2;2026-01;brev;nej;1\n"
    store = small_store(REGISTER | {"case_counts": rows})
    goal, assisted = one(store, "digital_submission", last=JANUARY), one(store, "assisted_share", last=JANUARY)
    assert (goal.numerator, goal.denominator) == (6, 10)
    assert (assisted.numerator, assisted.denominator) == (3, 10)


def test_suppressed_stays_suppressed(small_store: Make) -> None:
    store = small_store(REGISTER | {"case_counts": counts(("T3", "2026-01", "telefon", "skyddat"))})
    (row,) = ask(store, "cases", "channel", last=JANUARY)
    assert (row.value, row.state) == (None, "suppressed")


def test_not_applicable_counts_stay_not_applicable_and_report_the_month(small_store: Make) -> None:
    rows = counts(("T3", "2026-01", "telefon", "ej tillämpligt"), ("T3", "2026-01", "brev", "3"))
    store = small_store(REGISTER | {"case_counts": rows})
    by_channel = {r.by["channel"]: (r.value, r.state) for r in ask(store, "cases", "channel", last=JANUARY)}
    assert by_channel == {"phone": (None, "not_applicable"), "letter": (3, "value")}
    assert one(store, "reporting", last=JANUARY).numerator == 1


def test_the_median_service_is_not_ruled_by_the_largest(small_store: Make) -> None:
    rows = [("T1", 1, 99), ("T2", 8, 2), ("T3", 9, 1)]
    text = counts(
        *(
            row
            for t, digital, phone in rows
            for row in [(t, "2026-03", "e-tjänst", str(digital)), (t, "2026-03", "telefon", str(phone))]
        )
    )
    store = small_store(REGISTER | {"case_counts": text})
    assert one(store, "digital_submission", last=MARCH).value == pytest.approx(18 / 120)
    median = one(store, "digital_submission_median", last=MARCH)
    assert (median.value, median.denominator) == (pytest.approx(0.8), 3)


def test_what_is_in_no_register_counts_for_the_whole_organisation_only(small_store: Make) -> None:
    store = small_store(
        REGISTER | {"case_counts": counts(("T9", "2026-01", "telefon", "5"), ("T3", "2026-01", "telefon", "2"))}
    )
    by_branch = {r.by["branch"]: r.value for r in ask(store, "cases", "branch", last=JANUARY)}
    assert by_branch == {"TEK": 2, None: 5}
    assert one(store, "cases", last=JANUARY).value == 7


STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")


def steps(service: str, states: str, day: str = "2020-01-01") -> str:
    named = {"d": "digitalt", "n": "inte digitalt", "x": "ej tillämpligt", "?": ""}
    return "".join(f"{service};{step};{day};{named[s]}\n" for step, s in zip(STEPS, states, strict=True))


def test_goal_3_asks_every_applicable_step_and_leaves_the_unreported_out(small_store: Make) -> None:
    text = "tjanst_id;steg;fran;lage\n" + steps("T1", "ddddddx") + steps("T2", "ddddddn") + steps("T3", "dddddd?")
    rows = counts(
        ("T1", "2026-01", "brev", "10"),
        ("T2", "2026-01", "e-tjänst", "20"),
        ("T2", "2026-01", "brev", "10"),
        ("T3", "2026-01", "brev", "60"),
    )
    register = REGISTER | {"services": SERVICES.rsplit("T5;", 1)[0]}
    store = small_store(register | {"handling_steps": text, "case_counts": rows})
    row = one(store, "digital_handling", last=JANUARY)
    assert (row.numerator, row.denominator, row.counted) == (10, 40, 0.4)
    assert (row.population, row.coverage, row.silent) == (3, pytest.approx(2 / 3), 0)
    assert (row.value, row.worst, row.best) == (
        0.25,
        0.1,
        0.7,
    )  # every month is reported: the unknown are the cases of T3
    services = one(store, "digital_handling_services", last=JANUARY)
    assert (services.numerator, services.denominator, services.population) == (1, 2, 3)
    by_step = {r.by["step"]: (r.numerator, r.denominator) for r in ask(store, "digital_steps", "step", last=JANUARY)}
    assert by_step["archiving"] == (0, 1) and by_step["intake"] == (3, 3)


def test_cases_of_no_service_in_force_are_unknown_to_goal_3_but_not_forgotten(small_store: Make) -> None:
    text = "tjanst_id;steg;fran;lage\n" + steps("T5", "ddddddd") + steps("T3", "ddddddd")
    rows = counts(("T5", "2026-01", "brev", "10"), ("T9", "2026-01", "brev", "20"), ("T3", "2026-01", "brev", "30"))
    store = small_store(REGISTER | {"handling_steps": text, "case_counts": rows})
    row = one(
        store, "digital_handling", last=JANUARY
    )  # T5 was published until the 15th of January, T9 is in no register
    assert (row.numerator, row.denominator, row.counted) == (40, 40, pytest.approx(40 / 60))


def test_a_step_holds_from_its_day_until_the_next(small_store: Make) -> None:
    text = "tjanst_id;steg;fran;lage\n" + steps("T2", "ddddddn") + "T2;arkivering;2026-02-10;digitalt\n"
    rows = counts(*(("T2", f"2026-0{m}", channel, "10") for m in (1, 2, 3) for channel in ("brev", "e-tjänst")))
    store = small_store(REGISTER | {"handling_steps": text, "case_counts": rows})
    assert [r.value for r in ask(store, "digital_handling", "month")] == [0, 1, 1]


def test_lead_time_is_of_the_cases_closed_in_the_period(small_store: Make) -> None:
    days = [
        ("1", "2026-01-30", "2026-02-01"),
        ("2", "2026-02-01", "2026-02-05"),
        ("3", "2026-02-01", "2026-03-03"),
        ("4", "2026-02-02", ""),
    ]
    rows = cases(*((i, "T3", received, "brev", closed) for i, received, closed in days))
    store = small_store(REGISTER | {"cases": rows})
    february = one(store, "lead_time_median", first=FEBRUARY, last=FEBRUARY)
    assert (february.value, february.denominator, february.population) == (3, 2, 3)  # 2 and 4 days; one still open
    assert one(store, "lead_time_p90", last=MARCH).value == pytest.approx(4 + 0.8 * 26)
