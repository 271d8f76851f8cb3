"""Small numbers, where they are protected: no cell of 1–4 cases is in the database, and nothing there depends on what it held."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.quality.consistency import contradictions
from data.cli.output import status_lines
from data.coverage import Coverage
from data.serving.protection import VARIABLE
from data.store import Store
from tests.data.stores import all_tables
from tests.reader import Look, words

Make = Callable[..., Store]
MONTHS = ("2026-08", "2026-09")
CHANNELS = ("e-tjänst", "telefon", "blankett")
KEYS = [*product("TU", MONTHS, CHANNELS)]
REGISTER = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    "T;Bygglov;A;extern;2026-01-01\nU;Rivning;A;extern;2026-01-01\n",
    "e_services": "etjanst_id;namn;typ;lanserad\nE;Lov;e-tjänst;2026-01-01\nF;Rivning;e-tjänst;2026-01-01\n",
    "links": "tjanst_id;etjanst_id\nT;E\nU;F\n",
}
PERIODS = [Scope(date(2026, first, 1), date(2026, last, 1)) for first, last in ((8, 8), (9, 9), (8, 9))]


@pytest.fixture
def protect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ja")


def counts(cells: dict[tuple[str, str, str], int]) -> dict[str, str]:
    rows = "".join(f"{service};{month};{channel};{n}\n" for (service, month, channel), n in cells.items())
    return REGISTER | {"case_counts": "tjanst_id;manad;kanal;antal\n" + rows}


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every fact, and the goals over each period, as a reader could get them out."""
    expected = all_tables(store.database())
    with store.database().cursor() as cursor:
        for i, scope in enumerate(PERIODS):
            expected[f"goal {i}"] = [
                (repr(measure(cursor, "digital_submission", scope, *by)),) for by in ((), ("service",))
            ]
            expected[f"contradictions {i}"] = [(repr(contradictions(cursor, scope)),)]
            expected[f"cases {i}"] = [(repr(measure(cursor, "cases", scope, *by)),) for by in ((), ("channel",))]
    return expected


def visible(store: Store) -> Iterator[int]:
    with store.database().cursor() as cursor:
        query = "SELECT sum(cases)::INT FROM case_months WHERE cases > 0 GROUP BY service_id, month, channel"
        yield from (n for (n,) in cursor.execute(query).fetchall())


@pytest.mark.no_cover  # other tests run the same code
@given(
    cells=st.fixed_dictionaries({key: st.integers(0, 12) for key in KEYS}),
    others=st.fixed_dictionaries({key: st.integers(1, 4) for key in KEYS}),
)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_depends_on_what_a_small_cell_holds(
    cells: dict[tuple[str, str, str], int], others: dict[tuple[str, str, str], int], small_store: Make, protect: None
) -> None:
    """So nobody can find it by subtracting one number from another, whatever they export."""
    one = small_store(counts(cells))
    other = small_store(counts({key: others[key] if 0 < n < 5 else n for key, n in cells.items()}))
    assert everything(one) == everything(other)
    assert all(n >= 5 for n in visible(one))


def test_a_cell_that_is_small_alone_takes_another_with_it(small_store: Make, protect: None) -> None:
    cells = dict.fromkeys(KEYS, 30) | {("T", "2026-08", "telefon"): 2, ("T", "2026-08", "blankett"): 7}
    with small_store(counts(cells)).database().cursor() as cursor:
        gone = cursor.execute("SELECT service_id, channel FROM protected_cells ORDER BY ALL").fetchall()
        assert gone == [("T", "form"), ("T", "phone")]
        states = dict(
            cursor.execute(
                "SELECT channel, state FROM channel_months WHERE service_id = 'T' AND month = '2026-08-01'"
            ).fetchall()
        )
        assert states == {"e_service": "value", "form": "suppressed", "phone": "suppressed"}
        august, september, both = (measure(cursor, "digital_submission", scope)[0] for scope in PERIODS)
    assert (august.denominator, september.denominator, both.denominator) == (90, 180, 270)
    assert (august.coverage, both.coverage) == (0.5, 0.75)


def test_cases_one_by_one_are_protected_alike(small_store: Make, protect: None) -> None:
    """A month with three cases is gone, and so are two that are not closed as the rest are, with the smallest other group."""
    rows = [
        ("2026-08", 3, "2026-09-20"),
        ("2026-09", 8, "2026-09-20"),
        ("2026-09", 7, "2026-10-20"),
        ("2026-09", 2, ""),
    ]
    days = [(f"{month}-05", closed) for month, n, closed in rows for _ in range(n)]
    listed = "".join(f"{i};T;{first};e-tjänst;{last}\n" for i, (first, last) in enumerate(days))
    tables = REGISTER | {"cases": "arende_id;tjanst_id;inkom;kanal;avslutat\n" + listed}
    cover = Coverage(("e_service",), "file", date(2026, 8, 1), date(2026, 10, 1))
    with small_store(tables, {"cases": cover}).database().cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM cases").fetchone() == (17,)
        assert cursor.execute("SELECT month, count(*) FROM case_times GROUP BY ALL").fetchall() == [
            (date(2026, 9, 1), 8)
        ]


def test_the_same_cases_counted_twice_are_left_out_of_both(small_store: Make, look: Look, protect: None) -> None:
    """30 came in by themselves and 3 with help; the month's count of 33 would give the 3 away."""
    one_by_one = "".join(f"{i};T;2026-09-05;e-tjänst;{'ja' if i < 3 else 'nej'}\n" for i in range(33))
    tables = REGISTER | {
        "cases": "arende_id;tjanst_id;inkom;kanal;assisterat\n" + one_by_one,
        "case_counts": "tjanst_id;manad;kanal;assisterat;antal\nT;2026-09;e-tjänst;nej;33\nT;2026-09;telefon;;12\n",
    }
    store = small_store(tables)
    with store.database().cursor() as cursor:
        assert cursor.execute("SELECT cases FROM case_counts WHERE channel = 'e_service'").fetchall() == []
    page = words(look(store, "pages/sources/data_quality.py"))
    assert not re.search(r"\b33\b", re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.S))


def test_a_cell_with_few_through_one_e_service_is_left_out(small_store: Make, protect: None) -> None:
    """So that they cannot be found when they are paired, or by the way they were counted."""
    e_services = REGISTER["e_services"] + "G;Lov igen;e-tjänst;2026-01-01\n"
    rows = ";E;2026-09;e-tjänst;räknat;30\n;G;2026-09;e-tjänst;skattat;3\nT;;2026-09;telefon;räknat;12\n"
    rows += "T;;2026-09;blankett;skattat;20\n"
    counted = "tjanst_id;etjanst_id;manad;kanal;raknesatt;antal\n" + rows
    links = REGISTER["links"] + "T;G\n"
    store = small_store(REGISTER | {"e_services": e_services, "links": links, "case_counts": counted})
    with store.database().cursor() as cursor:
        expected = measure(cursor, "cases", PERIODS[1], "channel", "method")
    assert {(row.by["channel"], row.by["method"]): row.value for row in expected if row.value} == {
        ("form", "estimated"): 20
    }


def test_what_a_shared_e_service_has_in_all_does_not_give_a_part_away(small_store: Make, protect: None) -> None:
    links = "tjanst_id;etjanst_id\nT;E\nU;E\n"
    rows = ";E;2026-09;e-tjänst;23\nT;;2026-09;e-tjänst;20\nU;;2026-09;e-tjänst;3\n"
    counted = "tjanst_id;etjanst_id;manad;kanal;antal\n" + rows
    store = small_store(REGISTER | {"links": links, "case_counts": counted})
    with store.database().cursor() as cursor:
        gone = cursor.execute("SELECT service_id, e_service_id FROM protected_cells ORDER BY ALL").fetchall()
    assert gone == [("U", None), (None, "E")]


SHARED = REGISTER | {
    "e_services": REGISTER["e_services"] + "G;Annat system;länk;2026-01-01\n",
    "links": "tjanst_id;etjanst_id\nT;E\nU;E\nT;F\nT;G\n",
}


def two_ways(own: Sequence[int], rest: int, one_by_one: int) -> dict[str, str]:
    """September: T and U share E and count `own`; `rest` is neither's. Cases of F are listed too, and T's count holds G's."""
    counted = f";E;2026-09;e-tjänst;nej;{sum(own) + rest}\n"
    counted += "".join(f"{service};;2026-09;e-tjänst;nej;{n}\n" for service, n in zip("TU", own, strict=True))
    counted += "T;;2026-09;telefon;nej;12\nU;;2026-09;telefon;nej;12\n"
    listed = "".join(f"{i};F;2026-09-05;e-tjänst;nej;2026-09-20\n" for i in range(one_by_one))
    return SHARED | {
        "case_counts": "tjanst_id;etjanst_id;manad;kanal;assisterat;antal\n" + counted,
        "cases": "arende_id;etjanst_id;inkom;kanal;assisterat;avslutat\n0x;F;2026-08-05;telefon;nej;\n" + listed,
    }


def is_small(n: int) -> bool:
    return 0 < n < 5


@pytest.mark.no_cover  # other tests run the same code
@given(
    own=st.tuples(st.integers(0, 14), st.integers(0, 14)),
    rest=st.integers(0, 9),
    one_by_one=st.integers(0, 14),
    others=st.lists(st.integers(1, 4), min_size=4, max_size=4),
)
@example(own=(14, 14), rest=3, one_by_one=0, others=[1, 1, 1, 1])
@example(own=(14, 2), rest=9, one_by_one=12, others=[3, 3, 3, 3])
@example(own=(14, 14), rest=0, one_by_one=13, others=[4, 4, 4, 4])
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_depends_on_a_small_part_of_what_is_shared_or_counted_twice(
    own: tuple[int, int], rest: int, one_by_one: int, others: list[int], small_store: Make, protect: None
) -> None:
    """Not on a service's own, on what is left of a shared e-service, on one e-service's cases, or on another system's."""
    other_own = [others[i] if is_small(n) else n for i, n in enumerate(own)]
    elsewhere = own[0] - one_by_one
    listed = others[3] if is_small(one_by_one) else own[0] - others[3] if is_small(elsewhere) else one_by_one
    tables = two_ways(own, rest, one_by_one), two_ways(other_own, others[2] if is_small(rest) else rest, listed)
    one, other = (everything(small_store(table)) for table in tables)
    assert one == other


def test_of_two_numbers_the_small_one_is_not_listed(small_store: Make, look: Look, protect: None) -> None:
    """8 cases by phone and a count of 3; a count of 20 and one e-service's 17, and of 40 and 30: only these two are told."""
    days = [
        ("telefon", "T", "", "2026-09-05", 8),
        ("e-tjänst", "", "F", "2026-09-05", 17),
        ("e-tjänst", "", "F", "2026-08-05", 30),
    ]
    listed = "".join(
        f"{day}{channel}{i};{service};{e};{day};{channel}\n" for channel, service, e, day, n in days for i in range(n)
    )
    counted = "T;2026-09;telefon;3\nT;2026-09;e-tjänst;20\nT;2026-08;e-tjänst;40\nT;2026-08;telefon;9\n"
    tables = SHARED | {
        "links": "tjanst_id;etjanst_id\nT;F\nT;G\nU;E\n",
        "cases": "arende_id;tjanst_id;etjanst_id;inkom;kanal\n" + listed,
        "case_counts": "tjanst_id;manad;kanal;antal\n" + counted,
    }
    store = small_store(tables)
    with store.database().cursor() as cursor:
        found = [c for c in contradictions(cursor, PERIODS[2]) if c.kind == "counted_twice"]
        assert [(c.subject, c.value, c.other_value) for c in found] == [("T", 30, 40)]
        assert cursor.execute("SELECT cases FROM case_counts WHERE channel = 'phone'").fetchall() == [(9,)]
    page = re.sub(r"<style.*?</style>|<[^>]*>", " ", words(look(store, "pages/sources/data_quality.py")), flags=re.S)
    assert not re.search(r"\b(3|17|20)\b ärenden", page)


def test_no_import_tells_its_number_of_cases(small_store: Make, look: Look, protect: None) -> None:
    listed = "".join(f"{i};T;2026-09-05;telefon\n" for i in range(193))
    counted = "tjanst_id;manad;kanal;antal\nT;2026-09;e-tjänst;30\nT;2026-08;e-tjänst;30\n"
    store = small_store(REGISTER | {"cases": "arende_id;tjanst_id;inkom;kanal\n" + listed, "case_counts": counted})
    status = store.status()
    lines = [line for line in status_lines(status, "sv") if line.startswith("Import")]
    assert [line for line in lines if "cases.csv" in line] == [
        "Import 5: cases.csv, antal rader är skyddat, av test 2026-11-02 08:00"
    ]
    assert sum("2 rader" in line for line in lines) >= 1
    assert "193" not in str(status.as_json()["batches"])
    assert "193" not in words(look(store, "pages/sources/import_files.py"))


def test_without_it_everything_is_there(small_store: Make) -> None:
    store = small_store(counts(dict.fromkeys(KEYS, 2)))
    assert set(visible(store)) == {2}


def test_asking_for_it_builds_anew_and_the_page_says_so(
    small_store: Make, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(counts(dict.fromkeys(KEYS, 3)))
    page = "pages/goals/digital_cases.py"
    assert "antal från 1 till 4 visas inte" not in words(look(store, page))
    monkeypatch.setenv(VARIABLE, "1")
    again = Store(store.folder)
    assert [*visible(again)] == []
    assert "antal från 1 till 4 visas inte" in words(look(again, page))
