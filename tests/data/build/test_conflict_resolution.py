"""Which row of a key counts: whole, column by column, or the highest; and what is known under other names."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.coverage import Coverage
from data.intake.choices import Choice
from data.intake.draft import Source
from data.store import Store

Make = Callable[..., Store]
NOW, TODAY = datetime(2026, 11, 2, 8, 0), date(2026, 11, 2)
BASE = {
    "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\nT2;Två;B;intern\n",
    "e_services": "etjanst_id;namn;typ;installation\noep-1;Ett;e-tjänst;oep\noep-2;Två;e-tjänst;oep\n",
    "links": "tjanst_id;etjanst_id\nT1;oep-1\n",
}
COUNTS = "etjanst_id;manad;kanal;antal\n"


class Importing:
    """Imports texts one after the other, some of them as what another system says of itself."""

    def __init__(self, folder: Path) -> None:
        self.store, self._folder, self._count = Store(folder / "store"), folder, 0

    def __call__(self, table: str, text: str, lower: bool = False, **source: Any) -> None:
        self.together({table: text}, lower, **source)

    def together(self, texts: Mapping[str, str], lower: bool = False, **source: Any) -> None:
        """Import texts by their tables in one drop."""
        tables = {f"{number}.csv": table for number, table in enumerate(texts, self._count + 1)}
        self._count += len(tables)
        for name, text in zip(tables, texts.values(), strict=True):
            (self._folder / name).write_text(text, "utf-8")
        sources = [Source(name, self._folder / name, table=table, **source) for name, table in tables.items()]
        with self.store.prepare(sources, TODAY) as draft:
            assert [f for file in draft.files for f in file.all_faults] == []
            self.notes = [note.code for file in draft.files for note in file.all_notes]
            self.store.commit(draft, dict.fromkeys(tables, Choice(accept_lower=lower)), "test", NOW, again=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.database().cursor() as cursor:
            return cursor.execute(sql).fetchall()


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    return Importing(tmp_path)


class TestColumnByColumn:
    def test_a_column_that_a_file_lacks_keeps_what_was_said(self, importing: Importing) -> None:
        importing("e_services", "etjanst_id;namn;typ;uppfoljd;avvecklad\nE1;Ett;länk;2025-01-01;2026-01-01\n")
        importing("e_services", "etjanst_id;namn;typ;avvecklad\nE1;Ett igen;länk;\n")
        result = importing.rows("SELECT name, kind, followed_up_on, live_to, batch FROM e_services")
        assert result == [("Ett igen", "link", date(2025, 1, 1), None, 2)]  # a blank cell says: still live

    def test_a_guess_never_replaces_what_was_told(self, importing: Importing) -> None:
        importing("e_services", "etjanst_id;namn;typ\nE1;Ett;länk\n")
        guess = "etjanst_id;namn;typ;omrade\nE1;Ett i katalogen;e-tjänst;Bo\nE2;Två;e-tjänst;Bo\n"
        importing("e_services", guess, known_columns=frozenset({"e_service_id", "name", "area"}), from_source=True)
        result = importing.rows("SELECT e_service_id, name, kind, area FROM e_services ORDER BY 1")
        assert result == [("E1", "Ett i katalogen", "link", "Bo"), ("E2", "Två", "e_service", "Bo")]
        importing("e_services", "etjanst_id;namn;typ\nE2;Två;blankett\n")
        assert importing.rows("SELECT kind FROM e_services ORDER BY e_service_id") == [("link",), ("form",)]
        importing.store.undo(1, "test", NOW)
        assert importing.rows("SELECT kind FROM e_services ORDER BY e_service_id") == [("e_service",), ("form",)]

    def test_a_file_changes_only_what_it_speaks_of(self, importing: Importing) -> None:
        head = "tjanst_id;namn;verksamhet_id;malgrupp;aktiv;publicerad_fran;adress"
        importing("services", f"{head}\nT1;Ett;A;extern;nej;2020-01-01;https://kommun.se/1\n")
        importing("services", "tjanst_id;namn\nT1;Ett igen\n")
        importing("services", "tjanst_id;adress\nt1;\n")
        result = importing.rows("SELECT service_id, name, audience, active, published_from, url FROM services")
        assert result == [("t1", "Ett igen", "external", False, date(2020, 1, 1), None)]
        importing.store.undo(2, "test", NOW)
        assert importing.rows("SELECT name, url FROM services") == [("Ett", None)]
        importing.store.undo(3, "test", NOW)
        importing.store.redo(2, "test", NOW)
        assert importing.rows("SELECT name, url FROM services") == [("Ett igen", "https://kommun.se/1")]

    def test_what_is_said_of_a_row_that_is_undone_waits_for_it(self, importing: Importing) -> None:
        importing("services", "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\n")
        importing("services", "tjanst_id;namn\nT1;Ett igen\n")
        importing("events", "datum;rubrik\n2026-01-01;Start\n")
        importing.store.undo(1, "test", NOW)
        assert importing.rows("FROM services") == []
        importing.store.redo(1, "test", NOW)
        assert importing.rows("SELECT name, audience FROM services") == [("Ett igen", "external")]

    def test_a_default_holds_for_new_rows_only(self, importing: Importing) -> None:
        importing("services", "tjanst_id;namn;verksamhet_id;malgrupp;aktiv\nT1;Ett;A;extern;nej\n")
        importing("services", "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\nT2;Två;A;extern\n")
        assert importing.rows("SELECT service_id, active FROM services ORDER BY 1") == [("T1", False), ("T2", True)]
        importing("services", "tjanst_id;aktiv\nT1;\n")
        assert importing.rows("SELECT active FROM services WHERE service_id = 'T1'") == [(True,)]  # blank: the default

    def test_one_of_two_that_exclude_each_other_clears_the_other(self, importing: Importing) -> None:
        importing.together(BASE)
        importing("cases", "arende_id;etjanst_id;inkom;kanal\n1;oep-1;2026-03-01;e-tjänst\n")
        importing("cases", "arende_id;avslutat\n1;2026-03-09\n")
        columns = "service_id, e_service_id, closed_on"
        assert importing.rows(f"SELECT {columns} FROM cases") == [(None, "oep-1", date(2026, 3, 9))]
        importing("cases", "arende_id;tjanst_id\n1;T2\n")
        assert importing.rows(f"SELECT {columns} FROM cases") == [("T2", None, date(2026, 3, 9))]

    def test_the_method_of_a_count_is_changed_and_its_number_left(self, importing: Importing) -> None:
        importing("case_counts", "tjanst_id;manad;kanal;antal\nT1;2026-03;telefon;7\n")
        importing("case_counts", "tjanst_id;manad;kanal;raknesatt\nT1;2026-03;telefon;skattat\n")
        assert importing.rows("SELECT cases, cases_state, method FROM case_counts") == [(7, "value", "estimated")]
        importing("case_counts", "tjanst_id;manad;kanal;antal\nT1;2026-03;telefon;8\n")
        assert importing.rows("SELECT cases, method FROM case_counts") == [(8, "estimated")]


class TestTheHighestCount:
    def test_what_was_culled_does_not_lower_history(self, importing: Importing) -> None:
        importing.together(BASE)
        importing("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;50\noep-1;2026-02;e-tjänst;8\n", from_source=True)
        importing("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;30\noep-1;2026-02;e-tjänst;9\n", from_source=True)
        assert "lower_counts" in importing.notes
        assert importing.rows("SELECT cases FROM case_counts ORDER BY month") == [(50,), (9,)]
        assert importing.rows("SELECT e_service_id, month, kept, later FROM lowered_counts") == [
            ("oep-1", date(2026, 1, 1), 50, 30)
        ]
        importing("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;30\n", from_source=True, lower=True)
        assert importing.rows("SELECT cases FROM case_counts ORDER BY month") == [(30,), (9,)]
        assert importing.rows("FROM lowered_counts") == []

    def test_a_file_of_ones_own_replaces_as_always(self, importing: Importing) -> None:
        importing("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;50\n")
        importing("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;30\n")
        assert importing.rows("SELECT cases FROM case_counts") == [(30,)]

    def test_a_month_that_is_gone_from_the_source_is_said(self, importing: Importing) -> None:
        importing("case_counts", COUNTS + "".join(f"oep-1;2026-0{m};e-tjänst;5\n" for m in (1, 2, 3)), from_source=True)
        importing("case_counts", COUNTS + "".join(f"oep-1;2026-0{m};e-tjänst;5\n" for m in (1, 3)), from_source=True)
        assert "lower_counts" in importing.notes
        assert importing.rows("SELECT count(*) FROM case_counts") == [(3,)]

    @settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=4))
    def test_the_law(self, tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, bool]]) -> None:
        importing = Importing(tmp_path_factory.mktemp("law"))
        expected: int | None = None
        for cases, lower in told:
            importing("case_counts", COUNTS + f"oep-1;2026-01;e-tjänst;{cases}\n", lower, from_source=True)
            expected = cases if lower or expected is None else max(expected, cases)
        assert importing.rows("SELECT cases FROM case_counts") == [(expected,)]
        assert importing.rows("SELECT later FROM lowered_counts") == [(told[-1][0],)] * (told[-1][0] < (expected or 0))


class TestOtherNames:
    def versions(self, importing: Importing) -> None:
        importing.together(BASE)
        importing("versions", "version_id;etjanst_id\noep/v10;oep-1\noep/v11;oep-1\noep/v20;oep-2\n")

    def test_versions_are_folded_whatever_comes_first(self, importing: Importing) -> None:
        counts = COUNTS + "oep/v10;2026-01;e-tjänst;3\noep/v11;2026-01;e-tjänst;4\noep/v99;2026-01;e-tjänst;1\n"
        importing("case_counts", counts, from_source=True)
        assert importing.rows("SELECT count(*) FROM case_counts") == [(3,)]
        self.versions(importing)
        result = "SELECT e_service_id, cases FROM case_counts ORDER BY 1"
        assert importing.rows(result) == [("oep-1", 7), ("oep/v99", 1)]
        assert importing.rows("SELECT cases FROM service_months WHERE service_id = 'T1' AND month = '2026-01-01'") == [
            (7,)
        ]

    def test_a_name_stands_back_for_a_version(self, importing: Importing) -> None:
        self.versions(importing)
        importing("case_counts", COUNTS + "oep/v10;2026-01;e-tjänst;3\n", from_source=True)
        importing("case_counts", COUNTS + "oep/ett;2026-01;e-tjänst;9\noep/Två;2026-01;e-tjänst;5\n", from_source=True)
        result = importing.rows("SELECT e_service_id, cases FROM case_counts ORDER BY 1")
        assert result == [("oep-1", 3), ("oep-2", 5)]

    def test_cases_of_a_version_are_the_e_services(self, importing: Importing) -> None:
        self.versions(importing)
        importing("cases", "arende_id;etjanst_id;inkom;kanal\noep-77;oep/v11;2026-01-05;e-tjänst\n")
        assert importing.rows("SELECT service_id, through_id FROM placed_cases") == [("T1", "oep-1")]
        assert importing.rows("SELECT service_id FROM reporting") == [("T1",)]


class TestCountedOnce:
    """Whatever says the same thing twice, a case counts once."""

    def cases(self, importing: Importing, tables: Sequence[tuple[str, str]]) -> int:
        importing.together(BASE)
        for table, text in tables:
            importing(table, text, from_source=table == "case_counts" and "etjanst_id" in text)
        return importing.rows("SELECT coalesce(sum(cases), 0)::BIGINT FROM service_months WHERE month = '2026-01-01'")[
            0
        ][0]

    ONE = ("cases", "arende_id;etjanst_id;inkom;kanal\nx1;oep-1;2026-01-05;e-tjänst\nx2;oep-1;2026-01-06;e-tjänst\n")
    BY_E_SERVICE = ("case_counts", COUNTS + "oep-1;2026-01;e-tjänst;5\n")
    BY_SERVICE = ("case_counts", "tjanst_id;manad;kanal;antal\nT1;2026-01;e-tjänst;6\n")
    NO_SERVICE = ("case_counts", COUNTS + "oep-2;2026-01;e-tjänst;4\n")

    @pytest.mark.parametrize(
        ("tables", "expected"),
        [
            ((ONE,), 2),
            ((BY_E_SERVICE,), 5),
            ((BY_E_SERVICE, NO_SERVICE), 9),
            ((ONE, BY_E_SERVICE), 2),
            ((BY_E_SERVICE, BY_SERVICE), 6),
            ((ONE, BY_E_SERVICE, BY_SERVICE), 2),
            ((ONE, NO_SERVICE), 6),
        ],
    )
    def test_once(self, importing: Importing, tables: Sequence[tuple[str, str]], expected: int) -> None:
        assert self.cases(importing, tables) == expected


class TestTheCatalogue:
    def live(self, importing: Importing) -> Mapping[str, list[str]]:
        rows = importing.rows("SELECT e_service_id, strftime(month, '%Y-%m') FROM live_e_services ORDER BY ALL")
        result: dict[str, list[str]] = {}
        for code, month in rows:
            result.setdefault(code, []).append(month)
        return result

    def test_what_is_gone_is_not_live_any_more(self, importing: Importing) -> None:
        text = "etjanst_id;namn;typ;lanserad\noep-1;Ett;e-tjänst;\noep-2;Två;e-tjänst;2026-07-01\noep-3;Tre;e-tjänst;\n"
        importing("e_services", text)
        head = "installation;sedd;etjanst_id;oppen\n"
        importing("sightings", head + "oep;2026-08-05;oep-1;ja\noep;2026-08-05;oep-2;ja\n")
        importing("sightings", head + "oep;2026-10-05;oep-1;nej\noep;2026-10-05;oep-2;ja\noep;2026-10-05;oep-3;ja\n")
        importing("case_counts", "tjanst_id;manad;kanal;antal\nT9;2026-06;telefon;1\n")
        live = self.live(importing)
        assert live["oep-1"] == ["2026-06", "2026-07", "2026-08", "2026-09"]  # switched off when it was read in October
        assert live["oep-2"] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
        assert live["oep-3"] == ["2026-10", "2026-11"]  # not there at the first reading
        assert importing.rows("SELECT installation, seen_on, flows, enabled FROM installations") == [
            ("oep", date(2026, 10, 5), 3, 2)
        ]

    def test_what_is_switched_off_was_never_live_as_far_as_we_know(self, importing: Importing) -> None:
        importing(
            "e_services", "etjanst_id;namn;typ;oppen;avvecklad\nE1;Ett;e-tjänst;nej;\nE2;Två;e-tjänst;nej;2026-01-31\n"
        )
        importing("case_counts", "tjanst_id;manad;kanal;antal\nT9;2026-01;telefon;1\n")
        assert self.live(importing) == {"E2": ["2026-01"]}


class TestPairs:
    def test_a_rejected_pair_does_not_count_and_can_be_taken_back(self, importing: Importing) -> None:
        importing.together(BASE)
        importing("links", "tjanst_id;etjanst_id;hor_ihop\nT1;oep-1;nej\nT2;oep-2;ja\n")
        assert importing.rows("SELECT service_id, e_service_id FROM links") == [("T2", "oep-2")]
        assert importing.rows("FROM rejected_links") == [("T1", "oep-1")]
        importing.store.undo(5, "test", NOW)
        assert importing.rows("SELECT service_id, e_service_id FROM links") == [("T1", "oep-1")]

    def test_while_nobody_has_paired_anything_nothing_is_known(self, importing: Importing) -> None:
        importing.together({table: text for table, text in BASE.items() if table != "links"})
        importing("links", "tjanst_id;etjanst_id;hor_ihop\nT1;oep-1;nej\n")
        assert set(importing.rows("SELECT class FROM service_classes")) == {("unknown",)}
        importing("links", "tjanst_id;etjanst_id\nT2;oep-2\n")
        result = importing.rows("SELECT DISTINCT service_id, class FROM service_classes ORDER BY 1")
        assert result == [("T1", "none"), ("T2", "e_service")]

    def test_an_e_service_without_a_service_has_its_own_department(self, importing: Importing) -> None:
        text = "etjanst_id;namn;typ;verksamhet_id;malgrupp\noep-1;Ett;e-tjänst;B;intern\noep-2;Två;e-tjänst;B;intern\n"
        importing.together({**BASE, "e_services": text})
        result = importing.rows(
            "SELECT DISTINCT e_service_id, department_id, audience FROM placed_e_services ORDER BY 1"
        )
        assert result == [("oep-1", "A", "external"), ("oep-2", "B", "internal")]


def test_named_e_services_are_covered_though_they_have_no_rows(importing: Importing) -> None:
    importing.together(BASE)
    cover = Coverage(("e_service",), "named", date(2026, 1, 1), date(2026, 2, 1), ("oep-1", "oep-2"))
    head = "arende_id;etjanst_id;inkom;kanal\n"
    importing("cases", head + "x1;oep-2;2026-01-05;e-tjänst\n", coverage=cover, from_source=True)
    result = importing.rows(
        "SELECT month, state FROM channel_months"
        " WHERE service_id = 'T1' AND channel = 'e_service' AND month < '2026-04-01' ORDER BY 1"
    )
    assert result == [(date(2026, 1, 1), "zero"), (date(2026, 2, 1), "zero"), (date(2026, 3, 1), "not_reported")]
