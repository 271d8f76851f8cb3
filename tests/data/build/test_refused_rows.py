"""A refused row is not reported: its service, channel and month are unknown until a later import says what they are."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from data.coverage import Coverage
from data.store import Store
from tests.data.stores import NOW, ROLE, import_files, write_csv

DEPARTMENTS = ("verksamhet_id;namn", "SKOL;Skolkontoret")
SERVICES = ("tjanst_id;namn;verksamhet_id;malgrupp", "T1;Bygglov;SKOL;extern", "T2;Skolskjuts;SKOL;extern")
HEAD = "tjanst_id;manad;kanal;antal"
CASES = "arende_id;tjanst_id;inkom;kanal"
FULL = ("T1;2026-03;e-tjänst;40", "T1;2026-03;telefon;10", "T2;2026-03;e-tjänst;10", "T2;2026-03;telefon;10")
MARCH = Scope(date(2026, 3, 1), date(2026, 3, 1))


class Reports:
    """A store with two services, to which files of rows are imported, their good rows."""

    def __init__(self, folder: Path) -> None:
        self.store, self._folder = Store(folder / "store"), folder
        import_files(
            self.store,
            write_csv(folder, "verksamheter.csv", *DEPARTMENTS),
            write_csv(folder, "tjanster.csv", *SERVICES),
        )

    def take(self, *rows: str, head: str = HEAD, covers: Coverage | None = None) -> int:
        name = f"fil-{len(self.store.history())}.csv"
        covered = {"cases" if head == CASES else "case_counts": covers} if covers else None
        file = write_csv(self._folder, name, head, *rows)
        (batch,) = import_files(self.store, file, take="good", covers=covered, again=True)
        return batch.number

    def ask(self, metric: str, scope: Scope = MARCH) -> Row:
        with self.store.database().cursor() as cursor:
            (row,) = measure(cursor, metric, scope)
        return row

    def goal_2(self, scope: Scope = MARCH) -> tuple[object, ...]:
        """Digital cases, cases, and fully reported service-months of how many."""
        value, known = self.ask("digital_submission", scope), self.ask("reporting", scope)
        return value.numerator, value.denominator, known.numerator, known.denominator

    def states(self, month: date = date(2026, 3, 1)) -> dict[tuple[str, str], str]:
        with self.store.database().cursor() as cursor:
            rows = cursor.execute("SELECT service_id, channel, state FROM channel_months WHERE month = ?", [month])
            return {(service, channel): state for service, channel, state in rows.fetchall()}


@pytest.fixture
def reports(tmp_path: Path) -> Reports:
    return Reports(tmp_path)


def test_a_channel_with_only_a_refused_row_is_known_and_not_reported(reports: Reports) -> None:
    reports.take(*FULL, "T1;2026-03;besök;ca 50")
    assert reports.goal_2() == (10, 20, 1, 2)
    assert reports.states()["T1", "visit"] == "not_reported"
    assert not reports.ask("digital_submission").all_known
    corrected = reports.take("T1;2026-03;besök;50")
    assert reports.goal_2() == (50, 120, 2, 2)
    reports.store.undo(corrected, ROLE, NOW)
    assert reports.goal_2() == (10, 20, 1, 2)


def test_what_was_known_before_the_refused_row_is_no_longer_all_that_is_known(reports: Reports) -> None:
    """The file meant to say something else; the earlier number stays among the known cases."""
    reports.take(*FULL)
    refused = reports.take("T2;2026-03;telefon;11", "T1;2026-03;telefon;elva")
    assert reports.goal_2() == (10, 21, 1, 2)
    assert reports.ask("cases").value == 71
    reports.store.undo(refused, ROLE, NOW)
    assert reports.goal_2() == (50, 70, 2, 2)
    reports.store.redo(refused, ROLE, NOW)
    reports.take("T1;2026-03;telefon;11")
    assert reports.goal_2() == (50, 72, 2, 2)


def test_a_later_cover_makes_it_known_also_as_zero(reports: Reports) -> None:
    reports.take(*FULL, "T1;2026-03;besök;ca 50")
    march = date(2026, 3, 1)
    reports.take("T2;2026-03;besök;3", covers=Coverage(("visit",), "all", march, march))
    assert reports.states()["T1", "visit"] == "zero"
    assert reports.goal_2() == (50, 73, 2, 2)


def test_a_refused_row_cuts_what_is_stated_to_be_covered_for_its_own_service_only(reports: Reports) -> None:
    march = date(2026, 3, 1)
    reports.take(*FULL, "T1;2026-03;besök;ca 50", covers=Coverage(("phone", "visit", "e_service"), "all", march, march))
    assert reports.states() == {
        ("T1", "e_service"): "value", ("T1", "phone"): "value", ("T1", "visit"): "not_reported",
        ("T2", "e_service"): "value", ("T2", "phone"): "value", ("T2", "visit"): "zero",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "unknown"),
    [
        (";2026-03;telefon;3", {("T1", "phone"), ("T2", "phone")}),
        ("850709-9805;2026-03;telefon;3", {("T1", "phone"), ("T2", "phone")}),
        (";2026-03;besök;3", {("T1", "visit"), ("T2", "visit")}),
        ("T1;mars;besök;3", {("T1", "visit")}),
        ("T1;2027-03;besök;3", {("T1", "visit")}),
        ("T1;2026-03;duva;3", {("T1", "phone"), ("T1", "e_service")}),
        (";;;x", {("T1", "phone"), ("T1", "e_service"), ("T2", "phone"), ("T2", "e_service")}),
        ("T1;2026-03;telefon;3;9", {("T1", "phone")}),
        ("T9;2026-03;telefon;x", set()),
    ],
)
def test_what_cannot_be_placed_is_unknown_wherever_it_may_lie(
    reports: Reports, row: str, unknown: set[tuple[str, str]]
) -> None:
    reports.take(*FULL, row)
    states = reports.states()
    assert {cell for cell, state in states.items() if state == "not_reported"} == unknown
    reports.take(*FULL, "T1;2026-03;besök;0", "T2;2026-03;besök;0")
    assert "not_reported" not in reports.states().values()


def test_a_refused_case_is_not_reported(reports: Reports) -> None:
    march = date(2026, 3, 1)
    stated = Coverage(("e_service", "phone"), "all", march, march)
    good = (
        "1;T1;2026-03-02;e-tjänst",
        "2;T1;2026-03-02;telefon",
        "3;T2;2026-03-05;e-tjänst",
        "4;T2;2026-03-05;telefon",
    )
    reports.take(*good, "5;T1;2026-03-09;telefon;okänd", head=CASES, covers=stated)
    assert reports.goal_2() == (1, 2, 1, 2)
    reports.take(*good, "5;T1;2026-03-09;telefon", head=CASES, covers=stated)
    assert reports.goal_2() == (2, 5, 2, 2)


def test_a_count_with_a_misspelt_channel_comes_right_with_its_row_alone(reports: Reports) -> None:
    """It cannot be one that the same file has, so the correction says all that was unknown."""
    february = ("T1;2026-02;e-tjänst;4", "T1;2026-02;telefon;1", "T2;2026-02;e-tjänst;1", "T2;2026-02;telefon;1")
    reports.take(*february, FULL[0], *FULL[2:], "T1;2026-03;telefonn;10")
    assert reports.goal_2() == (10, 20, 1, 2)
    assert reports.states()["T1", "e_service"] == "value"
    number = reports.take("T1;2026-03;telefon;10")
    assert reports.goal_2() == (50, 70, 2, 2)
    reports.store.undo(number, who=ROLE, now=NOW)
    assert reports.goal_2() == (10, 20, 1, 2)


def test_an_assisted_count_with_a_misspelt_channel_may_be_beside_one_that_is_not(reports: Reports) -> None:
    reports.take(*(f"{row};nej" for row in FULL), "T1;2026-03;e-tjanstt;5;ja", head=f"{HEAD};assisterat")
    assert reports.states()["T1", "e_service"] == "not_reported"


def test_where_a_misspelt_channel_can_be_none_that_the_file_lacks_all_are_unknown(reports: Reports) -> None:
    reports.take(*FULL, "T1;2026-03;telefonn;10")
    assert reports.goal_2() == (10, 20, 1, 2)


def test_a_refused_case_comes_right_with_its_row_alone(reports: Reports) -> None:
    """Its id says which it was, also where channel or day could not be read."""
    march = date(2026, 3, 1)
    stated = Coverage(("e_service", "phone"), "all", march, march)
    rows = ("1;T1;2026-03-02;e-tjänst", "2;T1;2026-03-02;telefon", "3;T2;2026-03-05;e-tjänst")
    reports.take(*rows, "4;T2;2026-03-05;telefax", "5;T1;2026-03-32;telefon", head=CASES, covers=stated)
    assert reports.goal_2() == (0, 0, 0, 2)
    reports.take("4;T2;2026-03-05;telefon", head=CASES)
    assert reports.goal_2() == (1, 2, 1, 2)
    number = reports.take("5;T1;2026-03-31;telefon", head=CASES)
    assert reports.goal_2() == (2, 5, 2, 2)
    reports.store.undo(number, who=ROLE, now=NOW)
    assert reports.goal_2() == (1, 2, 1, 2)


def test_a_refused_case_is_not_corrected_by_a_file_without_its_place(reports: Reports) -> None:
    march = date(2026, 3, 1)
    stated = Coverage(("e_service", "phone"), "all", march, march)
    rows = ("1;T1;2026-03-02;e-tjänst", "2;T1;2026-03-02;telefon")
    reports.take(*rows, head=CASES, covers=stated)
    assert reports.goal_2() == (1, 2, 2, 2)
    reports.take(rows[0], "2;T1;2026-03-02;telefonn", head=CASES, covers=stated)
    assert reports.states()["T1", "phone"] == "not_reported"
    reports.take("2;2026-03-09", head="arende_id;avslutat")
    assert reports.states()["T1", "phone"] == "not_reported"
    reports.take("2;telefon;2026-03-02", head="arende_id;kanal;inkom")
    assert reports.goal_2() == (1, 2, 2, 2)


@pytest.mark.parametrize(
    ("head", "row", "unknown", "corrected"),
    [
        ("arende_id;kanal", "2;telefonn", {("T1", "phone")}, "2;e-post"),
        ("arende_id;kanal", "2;e-post;9", {("T1", "phone"), ("T1", "email")}, "2;e-post"),
        ("arende_id;kanal", "9;telefonn", set(), None),
        ("arende_id;tjanst_id", "2;T2;9", {("T1", "phone"), ("T2", "phone")}, "2;T2"),
        ("arende_id;inkom", "2;i vintras", {("T1", "phone")}, "2;2026-03-09"),
        ("arende_id;avslutat", "2;i vintras", set(), None),
    ],
)
def test_a_refused_change_of_a_case_leaves_unknown_where_that_lay_and_lies(
    reports: Reports, head: str, row: str, unknown: set[tuple[str, str]], corrected: str | None
) -> None:
    """The file has neither service nor month: the id says which case it is."""
    reports.take("1;T1;2026-03-02;e-tjänst", "2;T1;2026-03-02;telefon", "3;T2;2026-03-02;telefon", head=CASES)
    reports.take("1;e-tjänst" if "kanal" in head else f"1;{'T1' if 'tjanst' in head else '2026-03-03'}", row, head=head)
    assert {cell for cell, state in reports.states().items() if state == "not_reported"} == unknown
    if corrected:
        reports.take(corrected, head=head)
        assert "not_reported" not in reports.states().values()


def test_a_file_that_changes_cases_without_their_service_covers_nobody_else(reports: Reports) -> None:
    """Its rows were once taken as a cover of all services."""
    reports.take("1;T1;2026-03-02;e-tjänst", "2;T1;2026-03-02;telefon", head=CASES)
    reports.take("1;e-post;2026-03-02", head="arende_id;kanal;inkom")
    assert {who for (who, _channel), state in reports.states().items() if state == "zero"} <= {"T1"}
    assert reports.states()["T1", "email"] == "value"


def test_a_service_that_comes_into_the_register_later_is_unknown_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    rows = (*FULL, "T1;2026-03;besök;ca 50")
    import_files(store, write_csv(tmp_path, "arendeantal.csv", HEAD, *rows), take="good")
    import_files(store, write_csv(tmp_path, "tjanster.csv", *SERVICES))
    import_files(store, write_csv(tmp_path, "verksamheter.csv", *DEPARTMENTS))
    with store.database().cursor() as cursor:
        (row,) = measure(cursor, "digital_submission", MARCH)
    assert (row.numerator, row.denominator) == (10, 20)


def test_nothing_of_a_refused_row_but_its_place_is_archived(reports: Reports) -> None:
    reports.take("T1;2026-03;telefon;3", "850709-9805;2026-03;telefon;2")
    (gaps,) = (reports.store.folder / "archive").rglob("*.gaps.parquet")
    place = "service_id, e_service_id, channel, month"
    assert duckdb.execute(f"SELECT {place} FROM '{gaps}'").fetchall() == [(None, None, "phone", date(2026, 3, 1))]
    assert not any(b"9805" in p.read_bytes() for p in reports.store.folder.rglob("*") if p.is_file())


def test_a_refused_step_is_not_reported_from_its_day_on(reports: Reports, tmp_path: Path) -> None:
    head = "tjanst_id;steg;fran;lage"
    import_files(reports.store, write_csv(tmp_path, "s1.csv", head, "T1;beslut;2026-01-01;digitalt"))
    rows = ("T1;beslut;2026-03-01;delvis", "T1;beslut;snart;digitalt", "T1;mottagning;2026-03-01;digitalt")
    (batch,) = import_files(reports.store, write_csv(tmp_path, "s2.csv", head, *rows), take="good")
    assert (batch.rows, batch.tables[0].refused) == (1, 2)

    def states() -> list[tuple[object, ...]]:
        with reports.store.database().cursor() as cursor:
            columns = "step, valid_from::VARCHAR, state"
            return cursor.execute(f"SELECT {columns} FROM handling_steps ORDER BY ALL").fetchall()

    assert states() == [
        ("decision", "2026-01-01", "digital"),
        ("decision", "2026-03-01", "not_reported"),
        ("intake", "2026-03-01", "digital"),
    ]
    import_files(reports.store, write_csv(tmp_path, "s3.csv", head, "T1;beslut;2026-03-01;inte digitalt"))
    assert ("decision", "2026-03-01", "not_digital") in states()
