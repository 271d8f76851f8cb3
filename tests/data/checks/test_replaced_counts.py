"""A count that cases one by one take the place of is listed old → new before they are imported; and becomes so."""

from pathlib import Path

import pytest

from data.intake.draft import Source
from data.messages.listed import changed_rows
from data.store import Store
from tests.data.stores import NOW, import_files, write_csv

HEAD = "arende_id;tjanst_id;etjanst_id;inkom;kanal"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Counts of a service, and of an e-service of another."""
    store = Store(tmp_path / "store")
    import_files(
        store,
        write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "A;a"),
        write_csv(tmp_path, "tjanster.csv", "tjanst_id;namn;verksamhet_id;malgrupp", "T1;Ett;A;extern", "T2;Två;A;extern"),
        write_csv(tmp_path, "etjanster.csv", "etjanst_id;namn;typ", "E2;Två direkt;e-tjänst"),
        write_csv(tmp_path, "kopplingar.csv", "tjanst_id;etjanst_id", "T2;E2"),
        write_csv(
            tmp_path, "antal.csv", "tjanst_id;etjanst_id;manad;kanal;antal",
            "T1;;2026-01;telefon;40", "T1;;2026-02;telefon;2", ";E2;2026-01;e-tjänst;9",
        ),
    )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("rows", "listed"),
    [
        (["1;t1;;2026-01-05;telefon", "2;T1;;2026-01-06;telefon"], ["månad januari 2026, kanal telefon: antal 40 → 2"]),
        (["1;T1;;2026-02-05;telefon", "2;T1;;2026-02-06;telefon"], []),
        (["1;T1;;2026-01-05;besök", "2;T1;;2026-03-06;telefon"], []),
        (["1;;E2;2026-01-05;e-tjänst"], ["månad januari 2026, kanal e-tjänst: antal 9 → 1"]),
    ],
)
def test_a_count_that_cases_replace_is_listed_and_replaced(
    tmp_path: Path, store: Store, rows: list[str], listed: list[str]
) -> None:
    path = write_csv(tmp_path, "arenden.csv", HEAD, *rows)
    with store.prepare([Source(path.name, path)], today=NOW.date()) as draft:
        (table,) = draft.files[0].tables
        sentences = [row.text for row in changed_rows(table.changes)]
    assert table.change_count == len(listed)
    assert [text.split(", ", 1)[1] for text in sentences] == listed
    before = _cases(store)
    import_files(store, path)
    for change in table.changes:
        key = dict(change.key)
        place = ("T1" if "service_id" in key else "T2", key["month"], key["channel"])
        assert (str(before[place]), str(_cases(store)[place])) == (change.old, change.new)


def _cases(store: Store) -> dict[tuple[str, str, str], int]:
    with store.database().cursor() as cursor:
        rows = cursor.execute(
            "SELECT service_id, month::VARCHAR, channel, sum(cases)::BIGINT FROM case_months GROUP BY ALL"
        ).fetchall()
    return {(service, month, channel): cases for service, month, channel, cases in rows}
