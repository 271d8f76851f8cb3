"""Departments that replace one another in a circle are refused, each in one sentence, before anything is imported."""

from pathlib import Path

import pytest

from data.intake.draft import Source
from data.messages.render import sentence
from data.store import Store
from tests.data.stores import NOW, import_files, write_csv

HEAD = "verksamhet_id;namn;ersatter"


@pytest.mark.parametrize(
    ("before", "rows", "refused"),
    [
        ([], ["A;a;B", "B;b;A", "C;c;"], [2, 3]),
        ([], ["A;a;B", "B;b;C", "C;c;Z, a"], [2, 3, 4]),
        ([], ["A;a;a", "B;b;"], [2]),
        (["A;a;B", "B;b;"], ["b;b;A"], [2]),
        (["A;a;B", "B;b;"], ["B;b;A", "A;a;"], []),
        ([], ["A;a;B, C", "B;b;D", "C;c;D", "D;d;"], []),
    ],
)
def test_departments_that_replace_one_another_in_a_circle_are_refused(
    tmp_path: Path, before: list[str], rows: list[str], refused: list[int]
) -> None:
    store = Store(tmp_path / "store")
    if before:
        import_files(store, write_csv(tmp_path, "verksamheter.csv", HEAD, *before))
    path = write_csv(tmp_path, "nya.csv", HEAD, *rows)
    with store.prepare([Source(path.name, path)], today=NOW.date()) as draft:
        (table,) = draft.files[0].tables
    assert [(fault.code, fault.row, fault.column) for fault in table.faults] == [
        ("replaces_circle", row, "ersatter") for row in refused
    ]
    assert table.good == len(rows) - len(refused)
    for fault in table.faults:
        assert sentence(fault, "sv") == (
            f"Rad {fault.row}, kolumn ersatter: Verksamheterna ersätter varandra i en cirkel genom ”{fault.value}”:"
            " ta bort ett av id:na i kolumnen ersatter."
        )


def test_a_circle_over_two_files_of_a_drop_is_refused_in_the_second(tmp_path: Path) -> None:
    paths = [write_csv(tmp_path, f"{name}.csv", HEAD, row) for name, row in (("a", "A;a;B"), ("b", "B;b;A"))]
    with Store(tmp_path / "store").prepare([Source(p.name, p) for p in paths], today=NOW.date()) as draft:
        assert [[fault.code for fault in file.tables[0].faults] for file in draft.files] == [[], ["replaces_circle"]]
