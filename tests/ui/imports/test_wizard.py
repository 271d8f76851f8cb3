"""What the import page says when nothing would be imported."""

from pathlib import Path

from tests.data.drafts import prepare_file
from ui.imports.wizard import describe_nothing_selected

HEADERS = "tjanst_id;manad;kanal;antal\n"


def test_nothing_is_to_mend_in_a_file_that_only_waits(tmp_path: Path) -> None:
    whole = prepare_file(tmp_path, HEADERS + "T-1;2026-01;telefon;1\n")
    faulty = prepare_file(tmp_path, HEADERS + "T-1;2026-01;telefon;x\n")
    for files in ([whole], [faulty, whole]):
        assert describe_nothing_selected(files, ["fil.csv"]).startswith("Inget är valt än.")


def test_columns_are_chosen_where_no_row_can_be_read(tmp_path: Path) -> None:
    unknown = prepare_file(tmp_path, "Frukt;Pris\näpple;3\n")
    lacking = prepare_file(tmp_path, "tjanst_id;manad;antal\nT-1;2026-01;1\n")
    for file in (unknown, lacking):
        assert "Välj tabell och kolumner" in describe_nothing_selected([file], [])


def test_a_question_waits_for_its_answer(tmp_path: Path) -> None:
    unclear = prepare_file(tmp_path, "datum;rubrik\n2026-01-02;Dag ö\n".encode("cp850"))
    assert describe_nothing_selected([unclear], []) == "Inget går att importera än. Svara på frågan under filens namn."


def test_a_file_that_cannot_be_read_has_no_rows_to_take(tmp_path: Path) -> None:
    assert describe_nothing_selected([prepare_file(tmp_path, "")], []) == (
        "Inget går att importera. Rätta filerna och ladda upp dem igen."
    )


def test_faults_are_mended(tmp_path: Path) -> None:
    file = prepare_file(tmp_path, HEADERS + "T-1;2026-01;telefon;x\n")
    assert "Rätta filerna" in describe_nothing_selected([file], [])
    assert "Välj tabell och kolumner" in describe_nothing_selected([file], [file.name])
    some = prepare_file(tmp_path, HEADERS + "T-1;2026-01;telefon;x\nT-1;2026-02;telefon;1\n")
    assert "ta bara med raderna utan fel" in describe_nothing_selected([some], [some.name])
