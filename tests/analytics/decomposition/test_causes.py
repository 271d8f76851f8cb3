"""Why a service is counted in one period only, or in less of it: from the register, the exemptions and the reports."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from analytics.decomposition.cells import decompose_change
from analytics.decomposition.effects import Cause, Counts, Decomposition, ServiceEffect
from analytics.metrics.scope import Scope
from analytics.registers.e_services import denominator_changes
from data.schema.catalogue import datasets
from data.store import Store
from tests.data.stores import import_files, write_csv
from tests.reader import Look, words

Make = Callable[..., Store]
SCOPE = Scope(date(2026, 1, 1), date(2026, 4, 1))
MONTHS = [f"{year}-0{month}" for year in (2025, 2026) for month in range(1, 5)]
SILENT = {  # the months, of eight, that each service has not reported by telephone
    "keeps": "",
    "stops": "567",
    "less": "5",
    "begins": "0123",
    "more": "0",
    "new": "",
    "gone": "",
}
LIFE = {"new": "2026-01-01;", "gone": ";2025-12-31"}


def tables() -> dict[str, str]:
    services = "".join(f"{key};{key};A;extern;{LIFE.get(key, ';')}\n" for key in SILENT)
    counts = []
    for key, silent in SILENT.items():
        for i, month in enumerate(MONTHS):
            if not (key == "new" and i < 4 or key == "gone" and i > 3):
                by_phone = "" if str(i) in silent else "30"
                counts.append(f"{key};{month};e-tjänst;10\n{key};{month};telefon;{by_phone}\n")
    return {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till\n" + services,
        "case_counts": "tjanst_id;manad;kanal;antal\n" + "".join(counts),
    }


def reasons(moved: tuple[ServiceEffect, ...]) -> dict[str | None, list[str]]:
    return {one.service: [why for why, _points in one.coverage_reasons] for one in moved}


def test_the_reports_tell_why(small_store: Make) -> None:
    with small_store(tables()).database().cursor() as cursor:
        found = decompose_change(cursor, "digital_submission", SCOPE)
    assert found
    assert reasons(found.services) == {
        "keeps": [],
        "stops": ["stopped"],
        "less": ["less"],
        "begins": ["began"],
        "more": ["more"],
        "new": ["published"],
        "gone": ["withdrawn"],
    }
    same = next(one for one in found.services if one.service == "stops")
    assert (same.then.denominator, same.now.denominator) == (4 * 40, 40)
    assert found.change == 0  # each has 10 of 40 in each month: silence moves nothing when all are alike
    assert not any(cause.points for cause in found.causes)


def test_an_exemption_tells_why(small_store: Make) -> None:
    own = tables()
    own |= {
        "services": own["services"] + "without;without;A;extern;;\nagain;again;A;extern;;\n",
        "e_services": "etjanst_id;namn;typ\nE;E;e-tjänst\n",
        "links": "tjanst_id;etjanst_id\nkeeps;E\n",
        "exemptions": "undantag_id;tjanst_id;typ;skal;beslutat;galler_till\n"
        "1;without;ej tillämpligt;Möte krävs;2025-06-01;\n2;again;ej tillämpligt;Möte krävs;2025-01-01;2025-06-30\n",
    }
    with small_store(own).database().cursor() as cursor:
        found = decompose_change(cursor, "e_service_coverage", SCOPE)
    assert found
    told = reasons(found.services)
    assert {key: whys for key, whys in told.items() if whys} == {
        "without": ["not_applicable"],
        "again": ["applicable"],
        "new": ["published"],
        "gone": ["withdrawn"],
    }
    assert (found.mix, found.rate) == (0, 0)


@pytest.mark.parametrize(("rest", "named"), [(0, "A"), (1, "A"), (4, None)], ids=["alone", "nearly alone", "not alone"])
def test_a_department_is_named_only_for_what_is_nearly_all_its_own(rest: int, named: str | None) -> None:
    def stopped(key: str, branch: str, points: int) -> ServiceEffect:
        return ServiceEffect(key, Counts(0, 1), Counts(), 0.0, 0.0, (("stopped", float(points)),), branch)

    moved = (stopped("1", "A", 2), stopped("2", "A", 3), *([stopped("3", "B", rest)] if rest else []))
    found: list[Cause] = Decomposition(Counts(0, 3), Counts(0, 1), moved).causes
    assert found[0].branch == named
    assert sum(cause.points for cause in found) == 5 + rest


ONE = Scope(date(2026, 9, 1), date(2026, 9, 1))
REGISTER = {
    "departments": "verksamhet_id;namn\nD;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_till\nA;Anmälan;D;extern;\nB;Ansökan;D;extern;{}\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nEA;A;e-tjänst;2019-01-01\nEB;B;e-tjänst;2019-01-01\n",
    "links": "tjanst_id;etjanst_id\nA;EA\nB;EB\n",
}


def test_where_the_months_in_both_have_nothing_to_count_all_is_coming_and_going(small_store: Make, look: Look) -> None:
    """A had no case a year ago and B is withdrawn since: there is nothing to compare, and the page stands all the same."""
    rows = "A;2025-09;e-tjänst;0\nA;2025-09;telefon;0\nA;2026-09;e-tjänst;60\nA;2026-09;telefon;40\n"
    rows += "B;2025-09;e-tjänst;30\nB;2025-09;telefon;20\n"
    tables = REGISTER | {"case_counts": "tjanst_id;manad;kanal;antal\n" + rows}
    store = small_store(tables | {"services": REGISTER["services"].format("2026-01-31")})
    with store.database().cursor() as cursor:
        found = decompose_change(cursor, "digital_submission", ONE)
    assert found and (found.rate, found.mix, found.change) == (0, 0, found.coverage)
    for page in ("follow_up/overview", "follow_up/why", "goals/digital_cases"):
        look(store, f"pages/{page}.py", **{"from": "2026-09", "to": "2026-09"})


def test_services_known_from_the_platform_alone_are_not_counted_in_goal_3(small_store: Make) -> None:
    """They are never fully reported, so nothing is told of why goal 3 moved."""
    months = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 11)]
    gone = ("2026-03", "2026-04", "2026-05")
    rows = "".join(f"A;{m};e-tjänst;{'ej rapporterat' if m in gone else 1000}\nB;{m};e-tjänst;50\n" for m in months)
    steps = "".join(
        f"{service};{step};2020-01-01;{'inte digitalt' if (service, step) == ('B', 'beslut') else 'digitalt'}\n"
        for service in "AB"
        for step in ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
    )
    tables = {
        "case_counts": "tjanst_id;manad;kanal;antal\n" + rows,
        "handling_steps": "tjanst_id;steg;fran;lage\n" + steps,
    }
    store = small_store(REGISTER | tables | {"services": REGISTER["services"].format("")})
    with store.database().cursor() as cursor:
        found = decompose_change(cursor, "digital_handling", Scope(date(2026, 1, 1), date(2026, 10, 1)))
    assert found is None


def test_before_the_first_month_that_is_known_nobody_knows_why(small_store: Make, look: Look) -> None:
    """Bygglov is published since 2015; the data begin in May 2025, a part of the way into the comparison."""
    months = [f"2025-{m:02}" for m in range(5, 13)] + [f"2026-{m:02}" for m in range(1, 11)]
    rows = "".join(f"S;{m};e-tjänst;{30 if 6 <= i < 12 else 10}\nS;{m};telefon;50\n" for i, m in enumerate(months))
    services = "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\nS;Bygglov;D;extern;2015-01-01\n"
    tables = {"services": services, "links": "tjanst_id;etjanst_id\nS;EA\n"}
    store = small_store(REGISTER | tables | {"case_counts": "tjanst_id;manad;kanal;antal\n" + rows})
    said = words(look(store, "pages/follow_up/why.py", goal="2"))
    assert "Det finns inga uppgifter så långt tillbaka." in said and "publicerades" not in said


@pytest.mark.parametrize("active", ["ja", "nej"])
def test_a_passive_service_that_is_reported_is_compared_like_for_like(small_store: Make, active: str) -> None:
    """Also where it was exempt in one of the periods only: its cases are all known in both."""
    services = f"tjanst_id;namn;verksamhet_id;malgrupp;aktiv\nS;Ett;D;extern;{active}\nN;Nytt;D;extern;\n"
    rows = "".join(f"S;{year}-0{m};brev;{2 * year - 4000}\n" for year in (2025, 2026) for m in range(1, 5))
    rows += "".join(f"S;{year}-0{m};e-tjänst;{year - 2020}\n" for year in (2025, 2026) for m in range(1, 5))
    rows += "".join(f"N;2026-0{m};brev;9\nN;2026-0{m};e-tjänst;1\n" for m in range(1, 5))
    exempt = "undantag_id;tjanst_id;typ;skal;beslutat\nU;S;ej tillämpligt;Möte krävs;2025-12-01\n"
    register = {
        "departments": "verksamhet_id;namn\nD;Dep\n",
        "services": services,
        "e_services": "etjanst_id;namn;typ\nE;E;e-tjänst\n",
        "links": "tjanst_id;etjanst_id\nN;E\n",
        "exemptions": exempt,
    }
    with small_store(register | {"case_counts": "tjanst_id;manad;kanal;antal\n" + rows}).database().cursor() as cursor:
        found = decompose_change(cursor, "digital_submission", SCOPE)
    assert found
    assert reasons(found.services) == {"S": [], "N": ["began"]}
    assert found.like_for_like == (Counts(20, 220), Counts(24, 232))


MOVED_REGISTER = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nE1;Ett;e-tjänst;2020-01-01\nE2;Två;e-tjänst;2020-01-01\n"
    "E3;Tre;e-tjänst;2020-01-01\n",
    "links": "tjanst_id;etjanst_id\nT1;E1\nT2;E2\nT3;E3\n",
}


def monthly(year: int, service: str, per_month: list[tuple[int, int]]) -> list[str]:
    """Counts of a service in the months from January: digital cases and others."""
    return [
        f"{service};{year}-{month:02};{channel};nej;{n}"
        for month, pair in enumerate(per_month, 1)
        for channel, n in zip(("e-tjänst", "telefon"), pair, strict=True)
    ]


def counts_file(*rows: str) -> str:
    return "\n".join(["tjanst_id;manad;kanal;assisterat;antal", *rows]) + "\n"


def test_what_moved_to_another_department_is_told_by_it(tmp_path: Path, look: Look) -> None:
    """T1 is A's, 80 % digital; T2, 10 %, moved from B, where T3 is, to A in July."""
    store = Store(tmp_path / "store")
    tables = MOVED_REGISTER | {
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\nT2;Två;B;extern\nT3;Tre;B;extern\n",
        "case_counts": counts_file(
            *(
                row
                for year in (2024, 2025)
                for one, pair in (("T1", (80, 20)), ("T2", (10, 90)), ("T3", (50, 50)))
                for row in monthly(year, one, [pair] * 12)
            )
        ),
    }
    for code, text in tables.items():
        import_files(store, write_csv(tmp_path, f"{datasets()[code].header}.csv", text.rstrip("\n")))
    moved = "tjanst_id;namn;verksamhet_id;malgrupp;galler_fran", "T2;Två;A;extern;2025-07-01"
    import_files(store, write_csv(tmp_path / "later", "tjanster.csv", *moved))
    period = {"from": "2025-01", "to": "2025-12"}
    with store.database().cursor() as cursor:
        for department, reason, other in (("A", "moved_in", "B"), ("B", "moved_out", "A")):
            split = decompose_change(
                cursor, "digital_submission", Scope(date(2025, 1, 1), date(2025, 12, 1), (department,))
            )
            assert split
            assert [(c.kind, c.services or c.opposing, c.branch) for c in split.causes] == [(reason, ("T2",), other)]
            whole = Scope(date(2025, 1, 1), date(2025, 12, 1), (department,), organisation="today")
            split = decompose_change(cursor, "digital_submission", whole)
            assert split is None or not split.causes
        changes = denominator_changes(cursor, Scope(date(2025, 12, 1), date(2025, 12, 1), ("A",)))
        assert [(one.service_id, one.joined, one.cause, one.reason) for one in changes] == [
            ("T2", True, "moved_in", "Beta")
        ]
        changes = denominator_changes(cursor, Scope(date(2025, 12, 1), date(2025, 12, 1), ("B",)))
        assert [(one.service_id, one.joined, one.cause, one.reason) for one in changes] == [
            ("T2", False, "moved_out", "Alfa")
        ]
    page = look(store, "pages/follow_up/why.py", department="A", goal="2", **period)
    assert "Två flyttades hit från Beta" in words(page)


def test_season_within_a_service_is_told_as_season(small_store: Make, look: Look) -> None:
    """80 % in the spring and 50 % in the autumn, both years; the volumes went to the autumn."""
    spring_then, autumn_then, spring_now, autumn_now = (80, 20), (10, 10), (8, 2), (100, 100)
    store = small_store(
        MOVED_REGISTER
        | {
            "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\n",
            "case_counts": counts_file(
                *monthly(2024, "T1", [spring_then] * 6 + [autumn_then] * 6),
                *monthly(2025, "T1", [spring_now] * 6 + [autumn_now] * 6),
            ),
        }
    )
    with store.database().cursor() as cursor:
        split = decompose_change(cursor, "digital_submission", Scope(date(2025, 1, 1), date(2025, 12, 1)))
        assert split
        assert (split.rate, split.mix, split.coverage) == (0, 0, 0)
        assert split.season == pytest.approx(split.change, abs=2e-15)
        half = decompose_change(
            cursor, "digital_submission", Scope(date(2025, 7, 1), date(2025, 12, 1), comparison="previous")
        )
        assert half and (half.season, half.rate) == (
            0,
            pytest.approx(half.change, abs=2e-15),
        )  # other calendar months: nothing to compare by
    page = look(store, "pages/follow_up/why.py", **{"goal": "2", "from": "2025-01", "to": "2025-12"})
    told = words(page)
    assert "fler av ärendena till Ett kom under månader då en mindre del av dem är digitala" in told
    assert "Ett fick en mindre del av sina ärenden digitalt" not in told
