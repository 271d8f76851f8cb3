"""From which day a service belongs to a department, and a department to its parent, after any imports."""

from datetime import date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Organisation, Scope
from analytics.quality.consistency import unmatched
from data.build.organisation import BEGINNING, Statement, spells
from data.store import Store
from tests.data.stores import NOW, ROLE, import_files, table_rows, write_csv

DEPARTMENTS, SERVICES = "verksamhet_id;namn;overordnad_id;namnd", "tjanst_id;namn;verksamhet_id;malgrupp"
JUNE = datetime(2026, 6, 15, 8)
days = st.dates(date(2024, 1, 1), date(2024, 12, 31))


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """What imports say, in the order of their days."""
    imported_on = sorted(draw(st.lists(days, min_size=1, max_size=6)))
    stated = st.one_of(st.none(), days)
    return [Statement(draw(st.sampled_from("ABC")), on, draw(stated)) for on in imported_on]


class TestSpells:
    @given(statements())
    def test_each_day_is_what_plain_reading_says(self, rows: list[Statement]) -> None:
        """Day by day, import by import."""
        calendar = [date(2023, 12, 31) + timedelta(n) for n in range(367)]  # from the day before the first that is said
        holds: dict[date, str | None] = dict.fromkeys(calendar, rows[0].owner)
        for before, row in pairwise(rows):
            start = row.valid_from
            if start is None and row.owner not in (before.owner, holds[row.on], holds[calendar[-1]]):
                start = row.on
            if start is None:
                continue
            # a day that is stated moves the beginning of a spell that already goes on
            day = start - timedelta(1)
            spell_began = day
            while row.valid_from and holds.get(spell_began) == row.owner:
                spell_began -= timedelta(1)
            if row.valid_from and spell_began in holds:
                for n in range((day - spell_began).days):
                    holds[day - timedelta(n)] = holds[spell_began]
            holds |= dict.fromkeys((d for d in calendar if d >= start), row.owner)
        result = spells(rows)
        assert {d: next(s.owner for s in reversed(result) if s.valid_from <= d) for d in calendar} == holds

    @given(statements())
    def test_they_begin_with_the_beginning_and_no_two_alike_follow(self, rows: list[Statement]) -> None:
        result = spells(rows)
        assert result[0].valid_from == BEGINNING
        assert all(one.owner != other.owner and one.valid_from < other.valid_from for one, other in pairwise(result))
        assert spells([*rows, rows[-1]]) == result or rows[-1].valid_from  # what is repeated changes nothing

    def test_a_board_that_is_spelt_anew_is_no_move(self) -> None:
        on = date(2024, 1, 1)
        result = spells([Statement("A", on, board="Namnd"), Statement("A", on, board="Nämnd")])
        assert [(one.owner, one.board) for one in result] == [("A", "Nämnd")]

    def test_the_board_goes_with_the_move(self) -> None:
        result = spells([Statement("A", JUNE.date(), board="Ena"), Statement("B", NOW.date(), board="Andra")])
        assert [(one.owner, one.board) for one in result] == [("A", "Ena"), ("B", "Andra")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """T1 is A1's and T2 is B's, by files of January."""
    store = Store(tmp_path / "store")
    e_services = "E1;Ett;e-tjänst;2020-01-01", "E2;Två;e-tjänst;2020-01-01"
    import_files(
        store,
        write_csv(
            tmp_path, "verksamheter.csv", DEPARTMENTS, "A;Alfa;;Ena nämnden", "A1;Enhet;A;", "B;Beta;;Andra nämnden"
        ),
        write_csv(tmp_path, "tjanster.csv", SERVICES, "T1;Ett;A1;extern", "T2;Två;B;extern"),
        write_csv(tmp_path, "etjanster.csv", "etjanst_id;namn;typ;lanserad", *e_services),
        write_csv(tmp_path, "kopplingar.csv", "tjanst_id;etjanst_id", "T1;E1", "T2;E2"),
        now=datetime(2026, 1, 2, 8),
    )
    return store


def count_cases(store: Store) -> None:
    """Import, in November, 100 cases of each service for every month until October: 80 and 10 of them digital."""
    lines = [
        f"{service};2026-{month:02};{channel};nej;{n}"
        for service, digital in (("T1", 80), ("T2", 10))
        for month in range(1, 11)
        for channel, n in (("e-tjänst", digital), ("telefon", 100 - digital))
    ]
    import_files(
        store, write_csv(store.folder.parent, "arendeantal.csv", "tjanst_id;manad;kanal;assisterat;antal", *lines)
    )


_numbers = count(1)


def imported(store: Store, head: str, *rows: str, now: datetime = NOW) -> int:
    """Import one register file; returns the number of its batch."""
    name = "verksamheter" if head.startswith("verksamhet_id") else "tjanster"
    folder = store.folder.parent / f"later-{next(_numbers)}"
    (batch,) = import_files(store, write_csv(folder, f"{name}.csv", head, *rows), now=now)
    return batch.number


def share(store: Store, department: str, month: int, organisation: Organisation = "historical") -> float | None:
    """The share of digital cases of a department in a month of 2026."""
    row = rows(store, month, department, organisation=organisation)[0]
    return None if row.value is None else float(row.value)


def rows(
    store: Store, month: int, *departments: str, by: tuple[str, ...] = (), organisation: Organisation = "historical"
) -> list[Row]:
    scope = Scope(date(2026, month, 1), date(2026, month, 1), departments, organisation=organisation)
    if not table_rows(store.database(), "case_counts"):
        count_cases(store)
    with store.database().cursor() as cursor:
        return measure(cursor, "digital_submission", scope, *by)


def by(
    store: Store, month: int, name: str, *departments: str, organisation: Organisation = "historical"
) -> dict[object, object]:
    return {
        row.by[name]: row.denominator
        for row in rows(store, month, *departments, by=(name,), organisation=organisation)
        if row.denominator
    }


class TestServices:
    def test_a_move_holds_from_the_day_of_the_import(self, store: Store) -> None:
        imported(store, SERVICES, "T2;Två;A1;extern", now=JUNE)
        assert [share(store, "B", month) for month in (5, 6)] == [0.1, None]
        assert [share(store, "A", month) for month in (5, 6)] == [0.8, 0.45]
        assert by(store, 5, "board") == {"Ena nämnden": 100, "Andra nämnden": 100}

    def test_the_file_says_from_when(self, store: Store) -> None:
        imported(store, f"{SERVICES};galler_fran", "T2;Två;A1;extern;2026-03-01")
        assert [share(store, "B", month) for month in (2, 3)] == [0.1, None]
        assert by(store, 2, "department") == {"A1": 100, "B": 100}
        assert by(store, 3, "department") == {"A1": 200}

    def test_the_publication_date_or_an_earlier_day_corrects_history(self, store: Store) -> None:
        head = "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;galler_fran"
        imported(store, head, "T2;Två;A1;extern;2026-02-10;2026-02-10")
        assert share(store, "A", 2) == 0.45
        with store.database().cursor() as cursor:  # what came in before it was published too
            assert not measure(cursor, "cases", Scope(date(2026, 1, 1), date(2026, 1, 1), ("B",)))[0].value
        imported(store, f"{SERVICES};galler_fran", "T2;Två;B;extern;2019-01-01")
        assert share(store, "B", 3) == 0.1

    def test_what_is_repeated_or_announced_moves_nothing_yet(self, store: Store) -> None:
        imported(store, f"{SERVICES};galler_fran", "T2;Två;A1;extern;2027-01-01")
        assert share(store, "B", 10) == 0.1
        imported(store, SERVICES, "T2;Två;B;extern")
        result = (
            store.database().cursor().execute("FROM department_spells WHERE id = 'T2' ORDER BY valid_from").fetchall()
        )
        assert [(owner, day) for _, owner, _, day in result] == [("B", BEGINNING), ("A1", date(2027, 1, 1))]

    def test_undo_restores(self, store: Store) -> None:
        number = imported(store, f"{SERVICES};galler_fran", "T2;Två;A1;extern;2026-03-01")
        store.undo(number, ROLE, NOW)
        assert (share(store, "B", 3), share(store, "A", 3)) == (0.1, 0.8)

    def test_todays_organisation_for_all_months(self, store: Store) -> None:
        imported(store, SERVICES, "T2;Två;A1;extern", now=JUNE)
        assert share(store, "A", 1, "today") == 0.45
        assert share(store, "B", 1, "today") is None
        assert by(store, 1, "administration", organisation="today") == {"A": 200}


class TestDepartments:
    def test_a_parent_holds_from_a_day(self, store: Store) -> None:
        imported(store, f"{DEPARTMENTS};galler_fran", "A1;Enhet;B;;2026-04-01")
        assert [share(store, "A", month) for month in (3, 4)] == [0.8, None]
        assert share(store, "B", 4) == 0.45
        assert by(store, 3, "board") == {"Ena nämnden": 100, "Andra nämnden": 100}
        assert by(store, 4, "board") == {"Andra nämnden": 200}
        assert by(store, 3, "board", organisation="today") == {"Andra nämnden": 200}

    def test_the_first_parent_that_is_known_holds_back_to_the_beginning(self, tmp_path: Path) -> None:
        """A file without the column says nothing of it."""
        store = Store(tmp_path / "store")
        import_files(
            store, write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "A;Alfa", "A1;Enhet"), now=JUNE
        )
        paths = "SELECT month_from, path FROM department_spans WHERE department_id = 'A1'"
        assert store.database().cursor().execute(paths).fetchall() == [(BEGINNING, ["A1"])]

    def test_a_department_that_replaces_others_shows_their_history(self, store: Store) -> None:
        imported(store, f"{DEPARTMENTS};galler_fran;ersatter", "N;Nya;;Nya nämnden;2026-04-01;b, A", now=JUNE)
        imported(store, f"{SERVICES};galler_fran", "T1;Ett;N;extern;2026-04-01", "T2;Två;N;extern;2026-04-01", now=JUNE)
        assert [share(store, "N", month) for month in (3, 4)] == [0.45, 0.45]
        assert [share(store, "A", month) for month in (3, 4)] == [0.8, None]  # what it was stays to be chosen
        assert by(store, 3, "branch") == {"A": 100, "B": 100}
        assert by(store, 3, "branch", "N") == {"A1": 100, "N": 100}
        assert by(store, 3, "branch", "N", "A") == {"N": 100, "A": 100}
        assert by(store, 3, "branch", organisation="today") == {"N": 200}
        assert share(store, "A", 3, "today") == 0.45  # what it is today

    def test_where_several_replace_one_none_has_its_history(self, store: Store) -> None:
        imported(store, f"{DEPARTMENTS};ersatter", "N;Nya;;;B", "M;Mera;;;B", now=JUNE)
        imported(store, SERVICES, "T2;Två;N;extern", now=JUNE)
        assert [share(store, "N", month) for month in (5, 6)] == [None, 0.1]
        assert share(store, "N", 5, "today") == 0.1  # the service is its today

    def test_an_id_that_is_replaced_and_in_no_register_is_listed(self, store: Store) -> None:
        imported(store, f"{DEPARTMENTS};ersatter", "N;Nya;;;GAMMAL, B")
        with store.database().cursor() as cursor:
            assert [(one.table, one.column, one.id) for one in unmatched(cursor)] == [
                ("departments", "replaces", "GAMMAL")
            ]
