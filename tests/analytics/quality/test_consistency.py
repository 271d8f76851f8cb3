"""What to mend, on registers small enough to check by hand: each check finds what it should, and nothing where there is nothing."""

from collections.abc import Callable
from datetime import date

import pytest

from analytics.metrics.scope import Scope
from analytics.quality.consistency import (
    CHECKS,
    REFERENCES,
    SYSTEM_OWNER,
    Contradiction,
    Unmatched,
    contradictions,
    unmatched,
)
from analytics.registers.benefit import EVERY_SERVICE
from data.schema.catalogue import datasets
from data.store import Store

Make = Callable[..., Store]
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
QUARTER = Scope(JANUARY, MARCH)

REGISTER = {
    "departments": "verksamhet_id;namn;overordnad_id\nSKOL;Skolkontoret;\nFORS;Förskolan;SKOL\nTEK;Tekniska kontoret;\n",
    "services": """tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till
T1;Plats i förskola;FORS;extern;;
T2;Skolskjuts;SKOL;extern;;
T3;Grävtillstånd;TEK;extern;;2026-02-10
T4;Nycklar;TEK;intern;;
""",
    "e_services": """etjanst_id;namn;typ;lanserad;avvecklad
E1;Förskola;e-tjänst;2025-01-01;
E3;Gräva;blankett;2025-01-01;
E4;Nyckeltjänsten;e-tjänst;2025-01-01;2026-01-15
""",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT3;E3\nT4;E4\n",
    "case_counts": "tjanst_id;manad;kanal;antal\nT1;2026-01;telefon;5\nT1;2026-01;e-tjänst;7\n",
}


def found(store: Store, scope: Scope = QUARTER) -> list[Contradiction]:
    with store.database().cursor() as cursor:
        return contradictions(cursor, scope)


def only(store: Store, scope: Scope = QUARTER) -> Contradiction:
    (one,) = found(store, scope)
    return one


def unknown(store: Store) -> list[Unmatched]:
    with store.database().cursor() as cursor:
        return unmatched(cursor)


def more(table: str, rows: str) -> dict[str, str]:
    """The register with rows added to one of its tables."""
    return REGISTER | {table: REGISTER[table] + rows}


def case(*rows: str) -> dict[str, str]:
    return {"cases": "\n".join(["arende_id;tjanst_id;etjanst_id;inkom;kanal;handlaggning", *rows]) + "\n"}


def test_a_register_without_faults_has_nothing_to_mend(small_store: Make) -> None:
    store = small_store(REGISTER)
    assert unknown(store) == []
    assert found(store) == []


def test_what_is_hardly_there_has_nothing_to_mend(small_store: Make) -> None:
    store = small_store({"departments": REGISTER["departments"]})
    assert (unknown(store), found(store)) == ([], [])


def test_every_column_that_points_at_a_register_is_looked_at() -> None:
    declared = {(d.code, c.code): c.references for d in datasets().values() for c in d.columns if c.references}
    assert declared | {("departments", "replaces"): "departments"} == REFERENCES  # several ids in one text
    literals = {text for d in datasets().values() for c in d.columns if c.references for text in c.literals}
    assert literals == {SYSTEM_OWNER, EVERY_SERVICE}


def test_each_unknown_id_is_told_once_with_its_rows(small_store: Make) -> None:
    tables = {
        "departments": "FRI;Fritid;KULT\n",
        "services": "T9;Lov;BORTA;extern;;\n",
        "links": "T3;E99\nT77;E1\n",
        "case_counts": "T88;2026-01;telefon;3\nT88;2026-02;telefon;4\nT1;2026-02;telefon;1\n",
    }
    rows = {
        "exemptions": "undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat\n"
        "U1;T77;;ej tillämpligt;Möte;2026-01-01\nU2;;E77;annan plattform;Avtal;2026-01-01\n",
        **case("1;T66;;2026-01-05;telefon;", "2;;E66;2026-01-05;e-tjänst;", "3;;E66;2026-02-05;e-tjänst;"),
        "handling_steps": "tjanst_id;steg;fran;lage\nT77;beslut;2026-01-01;digitalt\n",
        "stages": "etjanst_id;skede;fran\nE77;uppstart;2026-01-01\n",
        "needs": "behov_id;typ;rubrik;verksamhet_id;tjanst_id;etjanst_id;anmalt\nB1;fel;Stannar;NADA;T77;E77;2026-01-01\n",
        "criteria": "etjanst_id;kriterium;lage;bedomt\nE77;insyn;delvis;2026-01-01\n",
        "costs": "kostnad_id;datum;kostnadstyp;belopp;bestallare\nK1;2026-01-05;övrig;10;NADA\n",
        "cost_shares": "kostnad_id;verksamhet_id;andel\nK9;TEK;100\nK1;NADA;100\n",
        "budgets": "ar;verksamhet_id;kostnadstyp;belopp\n2026;systemagare;fast;10\n2026;NADA;övrig;10\n",
        "targets": "mal;verksamhet_id;datum;andel\n1;;2027-12-31;80\n1;NADA;2027-12-31;80\n",
        "events": "datum;rubrik;verksamhet_id;tjanst_id;etjanst_id\n2026-01-01;A;NADA;;\n2026-01-01;B;TEK;T77;\n"
        "2026-01-01;C;SKOL;;E77\n2026-01-02;D;TEK;;E77\n",
    }
    store = small_store(REGISTER | {code: REGISTER[code] + text for code, text in tables.items()} | rows)
    assert unknown(store) == [
        Unmatched("case_counts", "service_id", "services", "T88", 2, None),
        Unmatched("cases", "e_service_id", "e_services", "E66", 2, None),
        Unmatched("events", "e_service_id", "e_services", "E77", 2, None),  # two departments: nobody's alone
        Unmatched("budgets", "department_id", "departments", "NADA", 1, None),
        Unmatched("cases", "service_id", "services", "T66", 1, None),
        Unmatched("cost_shares", "cost_id", "costs", "K9", 1, "TEK"),
        Unmatched("cost_shares", "department_id", "departments", "NADA", 1, None),
        Unmatched("costs", "ordered_by", "departments", "NADA", 1, None),
        Unmatched("criteria", "e_service_id", "e_services", "E77", 1, None),
        Unmatched("departments", "parent_id", "departments", "KULT", 1, None),
        Unmatched("events", "department_id", "departments", "NADA", 1, None),
        Unmatched("events", "service_id", "services", "T77", 1, "TEK"),
        Unmatched("exemptions", "e_service_id", "e_services", "E77", 1, None),
        Unmatched("exemptions", "service_id", "services", "T77", 1, None),
        Unmatched("handling_steps", "service_id", "services", "T77", 1, None),
        Unmatched("links", "e_service_id", "e_services", "E99", 1, "TEK"),
        Unmatched("links", "service_id", "services", "T77", 1, None),
        Unmatched("needs", "department_id", "departments", "NADA", 1, None),
        Unmatched("needs", "e_service_id", "e_services", "E77", 1, None),
        Unmatched("needs", "service_id", "services", "T77", 1, None),
        Unmatched("services", "department_id", "departments", "BORTA", 1, None),
        Unmatched("stages", "e_service_id", "e_services", "E77", 1, None),
        Unmatched("targets", "department_id", "departments", "NADA", 1, None),
    ]


def test_cases_and_a_monthly_count_that_differ(small_store: Make) -> None:
    """Three against five by phone in January; the e-service side and February agree, March is not counted."""
    rows = [f"{i};T1;;2026-01-0{i};telefon;" for i in (1, 2, 3)]
    rows += ["4;T1;;2026-02-04;telefon;", "5;T1;;2026-03-04;telefon;"]
    counts = more("case_counts", "T1;2026-02;telefon;1\nT1;2026-03;telefon;ej rapporterat\n")
    one = only(small_store(counts | case(*rows)))
    assert (one.kind, one.subject, one.months, one.details) == ("counted_twice", "T1", (JANUARY,), ("phone",))
    assert (one.name, one.services, one.departments) == ("Plats i förskola", ("T1",), ("FORS",))
    assert (one.value, one.other_value) == (3, 5)


def test_cases_where_the_count_says_not_applicable(small_store: Make) -> None:
    counts = more("case_counts", "T2;2026-01;brev;ej tillämpligt\nT1;2026-02;brev;skyddat\n")
    one = only(small_store(counts | case("1;T2;;2026-01-01;brev;", "2;T1;;2026-02-01;brev;")))
    assert (one.kind, one.subject, one.value, one.other_value) == ("counted_twice", "T2", 1, 0)


def test_assisted_cases_count_towards_the_monthly_count(small_store: Make) -> None:
    rows = "arende_id;tjanst_id;inkom;kanal;assisterat\n1;T1;2026-02-01;e-tjänst;nej\n2;T1;2026-02-02;e-tjänst;ja\n"
    assert found(small_store(more("case_counts", "T1;2026-02;e-tjänst;2\n") | {"cases": rows})) == []


def test_cases_through_an_e_service_that_the_service_does_not_have(small_store: Make) -> None:
    """T2 never had one. The e-service of T4 was live until the middle of January: cases in January are in order."""
    rows = "T2;2026-02;e-tjänst;4\nT2;2026-03;e-tjänst;0\nT4;2026-01;e-tjänst;6\nT4;2026-02;e-tjänst;2\n"
    told = [(c.kind, c.subject, c.months, c.value) for c in found(small_store(more("case_counts", rows)))]
    assert told == [("no_e_service", "T2", (FEBRUARY,), 4), ("no_e_service", "T4", (FEBRUARY,), 2)]


def test_where_no_e_service_is_known_no_case_through_one_is_a_contradiction(small_store: Make) -> None:
    tables = {code: REGISTER[code] for code in ("departments", "services", "case_counts")}
    assert found(small_store(tables)) == []


def test_cases_while_the_service_is_not_published(small_store: Make) -> None:
    """T3 was published until 10 February: February is in order, and no case in March would be."""
    rows = "T3;2026-02;telefon;4\nT3;2026-03;telefon;3\nT3;2026-01;telefon;0\n"
    one = only(small_store(more("case_counts", rows)))
    assert (one.kind, one.subject, one.months, one.value) == ("not_published", "T3", (MARCH,), 3)
    assert found(small_store(more("case_counts", rows.replace(";3\n", ";0\n")))) == []


@pytest.mark.parametrize("pointed", ["T1;", ";E1"])
def test_a_service_with_an_e_service_that_was_decided_not_to_need_one(small_store: Make, pointed: str) -> None:
    rows = "undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat;galler_till\n"
    rows += f"U1;{pointed};ej tillämpligt;Möte;2026-02-01;2026-03-30\nU2;T2;;ej tillämpligt;Möte;2026-01-01;\n"
    one = only(small_store(REGISTER | {"exemptions": rows}))
    assert (one.kind, one.subject, one.months, one.details) == ("not_needed", "T1", (FEBRUARY,), ("U1",))


def test_cases_handled_automatically_though_a_step_is_not_digital(small_store: Make) -> None:
    """Not in the month the step changed, not where only archiving is on paper, and not where staff handled the case."""
    steps = "tjanst_id;steg;fran;lage\nT1;beslut;2025-01-01;inte digitalt\nT1;beslut;2026-03-10;digitalt\n"
    steps += "T4;arkivering;2025-01-01;inte digitalt\nT2;beslut;2026-01-10;inte digitalt\n"
    rows = ["1;T1;;2026-02-01;telefon;automatiskt", "2;T1;;2026-03-20;telefon;automatiskt"]
    rows += ["3;T1;;2026-01-01;brev;digitalt", "4;T4;;2026-01-01;brev;automatiskt", "5;T2;;2026-01-02;brev;automatiskt"]
    one = only(small_store(REGISTER | {"handling_steps": steps} | case(*rows)))
    assert (one.kind, one.subject, one.months, one.value) == ("automatic", "T1", (FEBRUARY,), 1)


def test_an_e_service_of_several_services_without_counts_of_their_own(small_store: Make) -> None:
    """T1 is counted in January, T2 never. A department of any of them sees it all."""
    store = small_store(more("links", "T2;E1\n"))
    one = only(store)
    assert (one.kind, one.subject, one.name) == ("shared", "E1", "Förskola")
    assert (one.services, one.departments) == (("T1", "T2"), ("FORS", "SKOL"))
    assert one.months == (JANUARY, FEBRUARY, MARCH)
    assert only(store, Scope(JANUARY, MARCH, ("FORS",))) == one
    assert found(store, Scope(JANUARY, MARCH, ("TEK",))) == []
    counted = "".join(f"{t};2026-0{m};e-tjänst;1\n" for t, m in (("T1", 2), ("T1", 3), ("T2", 1), ("T2", 2), ("T2", 3)))
    shared = {"links": REGISTER["links"] + "T2;E1\n"}
    assert found(small_store(more("case_counts", counted) | shared)) == []


def test_a_live_e_service_without_a_service_is_told_to_everybody(small_store: Make) -> None:
    """What has no department cannot be narrowed away."""
    store = small_store(more("e_services", "E7;Felanmälan;länk;2026-02-15;\nE8;Ritning;blankett;;\n"))
    for scope in (QUARTER, Scope(JANUARY, MARCH, ("TEK",), "internal")):
        one = only(store, scope)
        assert (one.kind, one.subject, one.name) == ("no_service", "E7", "Felanmälan")
        assert (one.months, one.departments) == ((FEBRUARY, MARCH), ())
    assert found(store, Scope(JANUARY, JANUARY)) == []


def yearly(service: str, cases: dict[int, int]) -> str:
    """A service's counts by phone: so many each January, none in the other months."""
    return "".join(
        f"{service};{year}-{month:02};telefon;{n if month == 1 else 0}\n"
        for year, n in cases.items()
        for month in range(1, 13)
    )


def test_as_many_four_years_running_and_ten_times_as_many(small_store: Make) -> None:
    counts = "tjanst_id;manad;kanal;antal\n"
    counts += yearly("T1", {2021: 40, 2022: 40, 2023: 40, 2024: 40, 2025: 41}) + yearly(
        "T2", {2022: 40, 2023: 40, 2024: 40}
    )
    counts += yearly("T4", {2022: 10, 2023: 100, 2024: 11, 2025: 109}) + yearly("T3", {2024: 9, 2025: 99})
    counts += "T2;2025-01;telefon;4000\n"  # no whole year
    all_years = Scope(date(2021, 1, 1), date(2025, 12, 1))
    told = {
        (one.kind, one.subject, one.months, one.value, one.other_value, one.details)
        for one in found(small_store(REGISTER | {"case_counts": counts}), all_years)
        if one.kind in ("alike", "leap")
    }
    assert told == {
        ("alike", "T1", (date(2024, 12, 1),), 40, None, ("phone",)),
        ("leap", "T4", (date(2023, 12, 1),), 100, 10, ("phone",)),
    }


def test_no_more_are_sent_in_than_begun_nor_answer_than_are_sent_in(small_store: Make) -> None:
    use = """etjanst_id;manad;paborjade;inskickade;svar
E1;2026-01;10;12;3
E1;2026-02;4;5;6
E1;2026-03;10;10;10
E4;2026-01;;7;
E4;2026-02;9;;8
"""
    told = {c.kind: (c.subject, c.name, c.months, c.value, c.other_value, c.departments) for c in found(
        small_store(REGISTER | {"e_service_use": use})
    )}  # fmt: skip
    assert told == {
        "more_sent_in": ("E1", "Förskola", (JANUARY, FEBRUARY), 17, 14, ("FORS",)),
        "more_answers": ("E1", "Förskola", (FEBRUARY,), 6, 5, ("FORS",)),
    }


def test_cost_shares_that_do_not_make_the_whole(small_store: Make) -> None:
    """K1 makes 90, K2 three thirds, K3 is the system owner's whatever its shares, K4 makes 120."""
    tables = {
        "costs": "kostnad_id;datum;kostnadstyp;belopp;text\nK1;2026-01-05;övrig;10;Robot\nK2;2026-01-05;övrig;10;\n"
        "K3;2026-01-05;fast;10;\nK4;2026-04-05;övrig;10;\n",
        "cost_shares": "kostnad_id;verksamhet_id;andel\nK1;FORS;40\nK1;TEK;50\nK2;FORS;33,33\nK2;SKOL;33,33\nK2;TEK;33,33\n"
        "K3;TEK;10\nK4;TEK;100\nK4;SKOL;20\n",
    }
    store = small_store(REGISTER | tables)
    one = only(store)
    assert (one.kind, one.subject, one.name, one.value) == ("shares", "K1", "Robot", 90)
    assert (one.months, one.departments) == ((JANUARY,), ("FORS", "TEK"))
    assert only(store, Scope(JANUARY, MARCH, ("SKOL",))) == one  # Förskolan lies under it
    assert [c.subject for c in found(store, Scope(JANUARY, date(2026, 4, 1), ("TEK",)))] == ["K1", "K4"]


def test_a_period_and_an_audience_narrow_what_is_told(small_store: Make) -> None:
    rows = "T2;2026-02;e-tjänst;4\nT4;2026-03;e-tjänst;2\n"
    store = small_store(more("case_counts", rows))
    assert [c.subject for c in found(store, Scope(MARCH, MARCH))] == ["T4"]
    assert [c.subject for c in found(store, Scope(JANUARY, MARCH, audience="external"))] == ["T2"]
    assert found(store, Scope(JANUARY, JANUARY)) == []


def test_the_worst_kind_comes_first_and_in_it_most_months(small_store: Make) -> None:
    rows = "T2;2026-02;e-tjänst;4\nT4;2026-02;e-tjänst;1\nT4;2026-03;e-tjänst;2\nT3;2026-03;telefon;9\n"
    rows += "T1;2026-02;brev;8\n"
    told = [(c.kind, c.subject) for c in found(small_store(more("case_counts", rows) | case("1;T1;;2026-02-02;brev;")))]
    assert told == [("counted_twice", "T1"), ("no_e_service", "T4"), ("no_e_service", "T2"), ("not_published", "T3")]
    assert {kind for kind, _ in told} <= set(CHECKS)


@pytest.mark.parametrize(
    ("total", "method", "said"),
    [(2, "räknat", False), (3, "räknat", True), (6, "skattat", False), (60, "skattat", True)],
)
def test_the_platforms_own_sum_is_held_against_what_was_imported(
    small_store: Make, total: int, method: str, said: bool
) -> None:
    tables = REGISTER | {
        "e_services": "etjanst_id;namn;typ;installation\nE1;Förskola;e-tjänst;oep\n",
        "links": "tjanst_id;etjanst_id\nT1;E1\n",
        "case_counts": "tjanst_id;etjanst_id;manad;kanal;antal\n;E1;2026-01;e-tjänst;1\nT1;;2026-01;telefon;9\n",
        "cases": "arende_id;etjanst_id;inkom;kanal\nx1;E1;2026-01-05;e-tjänst\nx2;E1;2026-01-06;e-tjänst\n",
        "platform_totals": f"installation;manad;matt;antal;raknesatt\noep;2026-01;ärenden;{total};{method}\n",
    }
    kinds = {one.kind: one for one in found(small_store(tables))}
    assert ("totals" in kinds) == said
    if said:
        assert (kinds["totals"].subject, kinds["totals"].value, kinds["totals"].other_value) == ("oep", 2, total)
