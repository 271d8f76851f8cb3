"""Cases one by one, counts of e-services and counts of services: which holds, and whose the cases of a shared e-service are."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.quality.consistency import contradictions
from data.coverage import Coverage
from data.store import Store

Make = Callable[..., Store]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
REGISTER = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\nT2;Två;B;extern\n",
    "e_services": "etjanst_id;namn;typ;plattform;lanserad;avvecklad\nE1;Ett;e-tjänst;Open ePlatform;2020-01-01;\n"
    "E9;Annat system;länk;Annat;2020-01-01;\n",
    "links": "tjanst_id;etjanst_id\nT1;E1\n",
}
TWO_WAYS = REGISTER["links"] + "T1;E9\n"
SHARED = REGISTER["links"] + "T2;E1\n"


def counts(*rows: str) -> str:
    return "\n".join(["tjanst_id;etjanst_id;manad;kanal;assisterat;antal", *rows]) + "\n"


def cases(*groups: tuple[str, str, str, int], assisted: str = "") -> str:
    """So many cases by service, e-service and channel, e-service where it is left out, on a day."""
    rows = [
        f"{who}-{day}-{channel}-{i};{service};{who if who != service else ''};{day};{channel};{assisted}"
        for who, day, channel, n in groups
        for service in ([who] if who.startswith("T") else [""])
        for i in range(n)
    ]
    return "\n".join(["arende_id;tjanst_id;etjanst_id;inkom;kanal;assisterat", *rows]) + "\n"


def over(*channels: str, first: date = JANUARY, last: date = JANUARY) -> dict[str, Coverage]:
    """What the case file covers."""
    return {"cases": Coverage(channels, "file", first, last)}


def received(store: Store, month: date = JANUARY) -> dict[tuple[str | None, str], int]:
    """Known cases by service and channel in the month; None stands for those of no service."""
    with store.database().cursor() as cursor:
        rows = measure(cursor, "cases", Scope(month, month), "service", "channel")
    return {(row.by["service"], str(row.by["channel"])): int(row.value) for row in rows if row.value is not None}


def goal_2(store: Store, first: date = JANUARY, last: date = JANUARY) -> tuple[object, object]:
    with store.database().cursor() as cursor:
        (row,) = measure(cursor, "digital_submission", Scope(first, last))
    return row.numerator, row.denominator


def twice(store: Store) -> list[tuple[str, float | None, float | None]]:
    """Where two numbers are listed: the service, cases one by one, and the count."""
    with store.database().cursor() as cursor:
        found = contradictions(cursor, Scope(JANUARY, FEBRUARY))
    return [(one.subject, one.value, one.other_value) for one in found if one.kind == "counted_twice"]


class TestCasesAndCounts:
    OWN = counts("T1;;2026-01;e-tjänst;nej;80", "T1;;2026-01;telefon;nej;20")

    @pytest.mark.parametrize(
        ("covered", "phone"),
        [(over("phone", first=FEBRUARY, last=FEBRUARY), 20), (over("e_service"), 20), (over("phone"), 1)],
    )
    def test_cases_replace_a_count_only_where_their_own_import_covers(
        self, small_store: Make, covered: dict[str, Coverage], phone: int
    ) -> None:
        """One stray case of January in a file that says it covers another month or channel; the count says 20."""
        texts = REGISTER | {"cases": cases(("T1", "2026-01-30", "telefon", 1)), "case_counts": self.OWN}
        store = small_store(texts, covered)
        assert received(store) == {("T1", "e_service"): 80, ("T1", "phone"): phone}
        assert goal_2(store) == (80, 80 + phone)
        assert twice(store) == [("T1", 1, 20)]

    def test_another_import_covers_nothing_for_the_cases(self, small_store: Make) -> None:
        """The counts cover January by phone, without a row: a case there contradicts them, and the month is not fully reported."""
        covered = over("phone", first=FEBRUARY, last=FEBRUARY)
        covered["case_counts"] = Coverage(("e_service", "phone"), "file", JANUARY, FEBRUARY)
        texts = {
            "cases": cases(("T1", "2026-01-30", "telefon", 1)),
            "case_counts": counts("T1;;2026-01;e-tjänst;nej;80"),
        }
        store = small_store(REGISTER | texts, covered)
        assert received(store) == {("T1", "e_service"): 80, ("T1", "phone"): 1}
        assert (goal_2(store), goal_2(store, FEBRUARY, FEBRUARY)) == ((0, 0), (0, 0))

    @pytest.mark.parametrize(("links", "digital"), [(REGISTER["links"], 10), (TWO_WAYS, 80)])
    def test_cases_of_one_e_service_do_not_replace_a_count_that_may_hold_another_system(
        self, small_store: Make, links: str, digital: int
    ) -> None:
        ten = cases(("E1", "2026-01-05", "e-tjänst", 10))
        store = small_store(REGISTER | {"links": links, "cases": ten, "case_counts": self.OWN})
        assert received(store) == {("T1", "e_service"): digital, ("T1", "phone"): 20}
        assert goal_2(store) == (digital, digital + 20)
        assert twice(store) == [("T1", 10, 80)]

    @pytest.mark.parametrize(
        ("closed", "digital"), [("2025-11-30", 10), ("2025-12-31", 10), ("2026-01-01", 80), ("2026-01-15", 80)]
    )
    def test_another_system_that_was_closed_before_holds_nothing(
        self, small_store: Make, closed: str, digital: int
    ) -> None:
        e_services = REGISTER["e_services"].removesuffix(";\n") + f";{closed}\n"
        tables = {"e_services": e_services, "links": TWO_WAYS, "cases": cases(("E1", "2026-01-05", "e-tjänst", 10))}
        store = small_store(REGISTER | tables | {"case_counts": self.OWN})
        assert received(store)["T1", "e_service"] == digital

    @pytest.mark.parametrize(
        ("dates", "published", "digital"),
        [
            ("2026-01-20;", ";", 80),
            ("2026-01-20;", ";2026-01-15", 10),
            ("2026-02-01;", ";", 10),
            (";2026-01-10", "2026-01-15;", 10),
        ],
    )
    def test_another_system_is_a_way_in_only_while_both_it_and_the_service_are_there(
        self, small_store: Make, dates: str, published: str, digital: int
    ) -> None:
        e_services = REGISTER["e_services"].replace("Annat;2020-01-01;", f"Annat;{dates}")
        services = (
            "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till\n" + f"T1;Ett;A;extern;{published}\n"
        )
        tables = {"services": services, "e_services": e_services, "links": TWO_WAYS}
        tables |= {"cases": cases(("E1", "2026-01-05", "e-tjänst", 10)), "case_counts": self.OWN}
        assert received(small_store(REGISTER | tables))["T1", "e_service"] == digital

    def test_cases_of_all_the_e_services_or_of_the_service_itself_replace_its_count(self, small_store: Make) -> None:
        both = cases(("E1", "2026-01-05", "e-tjänst", 10), ("E9", "2026-01-05", "e-tjänst", 7))
        whole = cases(("T1", "2026-01-05", "e-tjänst", 6))
        for one_by_one, digital in ((both, 17), (whole, 6)):
            store = small_store(REGISTER | {"links": TWO_WAYS, "cases": one_by_one, "case_counts": self.OWN})
            assert received(store)["T1", "e_service"] == digital

    def test_cases_replace_the_count_of_their_own_e_service(self, small_store: Make) -> None:
        counted = counts(";E1;2026-01;e-tjänst;nej;50", ";E9;2026-01;e-tjänst;nej;30", ";E1;2026-02;e-tjänst;nej;40")
        ten = cases(("E1", "2026-01-05", "e-tjänst", 10), ("E1", "2026-02-05", "e-tjänst", 1))
        store = small_store(REGISTER | {"links": TWO_WAYS, "cases": ten, "case_counts": counted}, over("e_service"))
        assert received(store) == {("T1", "e_service"): 40}
        assert received(store, FEBRUARY) == {("T1", "e_service"): 40}  # a stray case does not add to the count either

    def test_a_count_that_says_nothing_does_not_stand_against_a_case(self, small_store: Make) -> None:
        counted = counts("T1;;2026-01;telefon;nej;ej rapporterat", "T1;;2026-01;e-tjänst;nej;80")
        stray = cases(("T1", "2026-01-30", "telefon", 1))
        covered = over("phone", first=FEBRUARY, last=FEBRUARY)
        store = small_store(REGISTER | {"cases": stray, "case_counts": counted}, covered)
        assert received(store) == {("T1", "e_service"): 80, ("T1", "phone"): 1}
        assert goal_2(store) == (0, 0)


class TestSharedEServices:
    PHONE = ("T1;;2026-01;telefon;nej;10", "T2;;2026-01;telefon;nej;10")

    @pytest.mark.parametrize(
        ("own", "rest"),
        [((60, 40), 0), ((60, 30), 10), ((60, None), 40), ((None, None), 100), ((60, 70), 0)],
    )
    def test_what_the_services_do_not_count_of_their_own_belongs_to_nobody(
        self, small_store: Make, own: Sequence[int | None], rest: int
    ) -> None:
        counted = [f"T{i};;2026-01;e-tjänst;nej;{n}" for i, n in enumerate(own, 1) if n is not None]
        store = small_store(
            REGISTER | {"links": SHARED, "case_counts": counts(";E1;2026-01;e-tjänst;nej;100", *counted, *self.PHONE)}
        )
        known: dict[tuple[str | None, str], int] = {
            (f"T{i}", "e_service"): n for i, n in enumerate(own, 1) if n is not None
        }
        assert received(store) == {(None, "e_service"): rest, ("T1", "phone"): 10, ("T2", "phone"): 10, **known}
        with store.database().cursor() as cursor:
            rows = measure(cursor, "cases", Scope(JANUARY, JANUARY), "digital")
        expected = [(False, 20), (True, rest + sum(known.values()))]
        assert sorted((bool(row.by["digital"]), row.value) for row in rows) == expected

    @pytest.mark.parametrize(
        ("links", "totals", "own", "rest"),
        [
            ("T1E1 T1E2 T2E1 T2E2", (100, 50), (90, None), {"E1": 10, "E2": 50}),  # both share both
            ("T1E1 T1E2 T2E1 T2E2", (100, 50), (90, 40), {"E1": 0, "E2": 20}),
            ("T1E1 T1E2 T2E1 T2E2", (100, 50), (90, 70), {"E1": 0, "E2": 0}),
            ("T1E1 T1E2 T2E1 T2E2", (100, None), (90, 5), {"E1": 5}),  # nothing is known of the other
            ("T1E1 T2E1 T2E2 T3E2", (100, 100), (100, 50), {"E1": 0, "E2": 50}),  # the one that has only one goes first
            ("T1E1 T2E1 T2E2 T3E2", (10, 100), (50, 20), {"E1": 0, "E2": 80}),
            ("T1E1 T2E1 T2E2 T3E2", (100, 100), (30, 80), {"E1": 0, "E2": 90}),
        ],
    )
    def test_what_a_service_has_of_several_is_taken_once(
        self,
        small_store: Make,
        links: str,
        totals: Sequence[int | None],
        own: Sequence[int | None],
        rest: dict[str, int],
    ) -> None:
        rows = [f";E{i};2026-01;e-tjänst;nej;{n}" for i, n in enumerate(totals, 1) if n is not None]
        rows += [f"T{i};;2026-01;e-tjänst;nej;{n}" for i, n in enumerate(own, 1) if n is not None]
        register = REGISTER | {
            "services": REGISTER["services"] + "T3;Tre;B;extern\n",
            "e_services": REGISTER["e_services"] + "E2;Två;e-tjänst;Open ePlatform;2020-01-01;\n",
            "links": "tjanst_id;etjanst_id\n" + "".join(f"{pair[:2]};{pair[2:]}\n" for pair in links.split()),
        }
        store = small_store(register | {"case_counts": counts(*rows)})
        with store.database().cursor() as cursor:
            found = cursor.execute(
                "SELECT e_service_id, cases FROM case_months WHERE service_id IS NULL AND month = '2026-01-01'"
            ).fetchall()
        assert dict(found) == rest

    def test_assisted_and_other_channels_are_apart(self, small_store: Make) -> None:
        total = (";E1;2026-01;e-tjänst;nej;100", ";E1;2026-01;e-tjänst;ja;9", ";E1;2026-01;telefon;nej;8")
        own = ("T1;;2026-01;e-tjänst;nej;60", "T2;;2026-01;telefon;nej;5", "T2;;2026-02;e-tjänst;nej;50")
        store = small_store(REGISTER | {"links": SHARED, "case_counts": counts(*total, *own)})
        with store.database().cursor() as cursor:
            rows = cursor.execute(
                "SELECT channel, assisted, cases FROM case_months WHERE e_service_id = 'E1' ORDER BY ALL"
            ).fetchall()
        assert rows == [("e_service", False, 40), ("e_service", True, 9), ("phone", False, 3)]

    @pytest.mark.parametrize(("own", "rest", "handled"), [("", 10, 10), ("T1;;2026-01;e-tjänst;nej;6", 4, 0)])
    def test_so_it_is_where_its_cases_are_known_one_by_one(
        self, small_store: Make, own: str, rest: int, handled: int
    ) -> None:
        """Which of them are the rest is not known, nor how those were handled."""
        text = cases(("E1", "2026-01-05", "e-tjänst", 10)).replace("assisterat\n", "assisterat;handlaggning\n")
        text = text.replace("e-tjänst;\n", "e-tjänst;;digitalt\n")
        tables = {"links": SHARED, "cases": text, "case_counts": counts(*self.PHONE, *filter(None, [own]))}
        store = small_store(REGISTER | tables)
        assert received(store)[None, "e_service"] == rest
        with store.database().cursor() as cursor:
            sums = "SELECT sum(cases), sum(cases_handling_known) FROM service_months WHERE e_service_id = 'E1'"
            assert cursor.execute(sums).fetchall() == [(rest, handled)]

    def test_cases_that_name_their_service_are_no_part_of_the_rest(self, small_store: Make) -> None:
        """Seven of them do; three do not. Where the e-service is counted, the seven are in its count."""
        text = cases(("T1", "2026-01-05", "e-tjänst", 7), ("E1", "2026-01-05", "e-tjänst", 3))
        store = small_store(REGISTER | {"links": SHARED, "cases": text})
        assert received(store) == {("T1", "e_service"): 7, (None, "e_service"): 3}
        text = cases(("T1", "2026-01-05", "e-tjänst", 7))
        counted = counts(";E1;2026-01;e-tjänst;nej;10")
        store = small_store(REGISTER | {"links": SHARED, "cases": text, "case_counts": counted})
        assert received(store) == {("T1", "e_service"): 7, (None, "e_service"): 3}


class TestSuccessors:
    SERVICES = (
        "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till\n"
        "T1;Ett;A;extern;;2025-12-{day}\nT1b;Ett igen;B;extern;{first};\n"
    )

    def store(self, small_store: Make, day: str = "31", first: str = "2026-01-01") -> Store:
        """T1 gives way to T1b: 10 cases a month through the e-service that both use, and 10 by phone."""
        days = ("2025-11-05", "2025-12-05", "2026-01-05")
        owners = zip(days, ("T1", "T1", "T1b"), strict=True)
        return small_store(
            REGISTER
            | {
                "services": self.SERVICES.format(day=day, first=first),
                "links": "tjanst_id;etjanst_id\nT1;E1\nT1b;E1\n",
                "cases": cases(*(("E1", day, "e-tjänst", 10) for day in days)),
                "case_counts": counts(*(f"{who};;{day[:7]};telefon;nej;10" for day, who in owners)),
            }
        )

    @pytest.mark.parametrize(
        ("month", "service", "department"), [("2025-11", "T1", "A"), ("2025-12", "T1", "A"), ("2026-01", "T1b", "B")]
    )
    def test_a_successor_does_not_take_what_was_before_it(
        self, small_store: Make, month: str, service: str, department: str
    ) -> None:
        store, day = self.store(small_store), date.fromisoformat(f"{month}-01")
        assert received(store, day) == {(service, "e_service"): 10, (service, "phone"): 10}
        assert goal_2(store, day, day) == (10, 20)
        with store.database().cursor() as cursor:
            rows = cursor.execute(
                "SELECT department_id FROM e_service_months WHERE e_service_id = 'E1' AND month = ?", [day]
            )
            assert rows.fetchall() == [(department,)]

    def test_a_month_without_any_of_them_belongs_to_none(self, small_store: Make) -> None:
        store = self.store(small_store, "15", "2026-02-01")
        assert received(store, date(2025, 12, 1))["T1", "e_service"] == 10
        assert received(store)[None, "e_service"] == 10

    def test_they_share_the_month_in_which_one_follows_the_other(self, small_store: Make) -> None:
        store = self.store(small_store, "15", "2025-12-16")
        assert received(store, date(2025, 12, 1)) == {(None, "e_service"): 10, ("T1", "phone"): 10}
        assert goal_2(store, date(2025, 12, 1), date(2025, 12, 1)) == (0, 0)

    def test_nobody_is_told_to_count_what_was_never_shared(self, small_store: Make) -> None:
        for first, months in (("2026-01-01", 0), ("2025-12-31", 1)):
            with self.store(small_store, first=first).database().cursor() as cursor:
                found = contradictions(cursor, Scope(date(2025, 11, 1), FEBRUARY))
            assert sum(len(one.months) for one in found if one.kind == "shared") == months
