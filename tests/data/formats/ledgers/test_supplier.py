"""The supplier ledger 1.1: all postings are accounted for, shifted rows are errors, personal numbers are masked."""

import csv
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from data import privacy
from data.messages.render import sentence
from data.store import Store
from tests.data.drafts import TODAY, codes_of, fault_places, prepare_file, prepare_files, xlsx_bytes
from tests.data.ledger_reading import HERE, LAYOUT, PLAIN, ledger, read
from tests.data.stores import import_files
from tests.data.stores import table_rows as rows_of

SAMPLE = HERE / "ledgers/leverantorsreskontra-1.1.csv"


def sample_rows() -> list[list[str]]:
    """The correct rows of the sample, read with the csv module."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if len(row) == 15 and row[2].isdigit() and row[5].isdigit()]


def test_the_sample(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes())
    expected = sample_rows()
    assert [row["amount"] for row in result.rows] == [Decimal(row[7].replace(" ", "")) for row in expected]
    assert [row["account"] for row in result.rows] == [row[5] for row in expected]
    assert [str(row["booked_on"]) for row in result.rows] == [row[8] for row in expected]
    assert [row["office"] for row in result.rows] == [row[9] for row in expected]
    assert result.table.dataset.code == "costs" and {row["cost_type"] for row in result.rows} == {None}
    first = result.rows[0]
    assert first["text"] == "Avtal 2024-17 · Ramavtal" and first["account_text"] == "Programvaror"
    assert first["voucher"] == "1001" and first["supplier"] == "Plattformsbolaget AB"
    assert first["cost_id"] == "1001_2026_5420_120000.00_556036-0793_20260114"
    assert len({row["cost_id"] for row in result.rows}) == len(expected)


def test_a_shifted_row_has_one_error(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes())
    assert fault_places(result.table) == [
        (14, "konto_nr", "ledger_organisation"),
        (15, "belopp", "ledger_date"),
        (16, None, "too_many_cells"),
        (17, "konto_nr", "blank"),
        (18, None, "ledger_few_cells"),
    ]
    message = sentence(result.table.faults[0])
    assert "14" in message and "konto_nr" in message and "559012-3456" in message


def test_every_posting_is_accounted_for(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes())
    total = sum((Decimal(row[7].replace(" ", "")) for row in sample_rows()), Decimal(0))
    assert result.totals["read"] == (12, total)
    assert result.totals["refused"] == (5, Decimal("640.00"))
    assert result.totals["all"] == (17, total + Decimal("640.00"))
    assert result.notes["ledger_unsure"] == {"count": 4}


def test_sole_traders_are_anonymous(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes())
    traders = {row["supplier_id"] for row in result.rows if row["supplier"] == "Enskild firma"}
    assert traders == {"XXXXXX-XXXX"}
    assert result.notes["ledger_sole_traders"] == {"count": 3}
    everything = " ".join(str(value) for row in result.rows for value in row.values())
    assert not [
        secret for secret in ("850709", "9805", "620214", "2391", "1146", "Anna", "Olle Ek") if secret in everything
    ]
    assert {row["supplier_id"] for row in result.rows} >= {"556036-0793", "556677-8899", "GB123456789"}


def test_a_posting_that_is_there_twice_counts_twice(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes())
    repeated = [row["cost_id"] for row in result.rows if row["voucher"] == "1007"]
    assert repeated == [f"1007_2026_6540_7500.00_559012-3456_20260331{n}" for n in ("", "#2")]
    assert result.notes["ledger_alike"] == {"count": 1, "rows": [10]}
    assert "duplicate" not in codes_of(result.table.notes)


def variants() -> Mapping[str, bytes]:
    """The sample's correct rows in other file formats and layouts."""
    rows = sample_rows()
    back = [LAYOUT[::-1], *(row[::-1] for row in rows)]
    comma = [LAYOUT, *([*row[:7], row[7].replace(".", ","), *row[8:]] for row in rows)]
    semicolons = "\n".join(";".join(f'"{cell}"' for cell in row) for row in comma)
    numbers = [LAYOUT, *([*row[:7], float(row[7].replace(" ", "")), *row[8:]] for row in rows)]
    return {
        "semicolons": semicolons.encode(),
        "latin-1": semicolons.encode("latin-1"),
        "byte order mark": semicolons.encode("utf-8-sig"),
        "another order": "\n".join(";".join(row) for row in back).encode(),
        "upper case": semicolons.replace("konto_nr", "KONTO_NR").encode(),
        "a workbook": xlsx_bytes({"Reskontra": numbers}),
        "lines above": b"Utdrag 2026;;;\n\n" + semicolons.encode(),
    }


@pytest.mark.parametrize("name", variants())
def test_the_layout_is_recognised_in_any_file_format(tmp_path: Path, name: str) -> None:
    plain = read(tmp_path, ledger([dict(zip(LAYOUT, row, strict=True)) for row in sample_rows()]))
    result = read(tmp_path, variants()[name], "x")
    saved = [{k: v for k, v in row.items() if k != "_row"} for row in result.rows]
    assert saved == [{k: v for k, v in row.items() if k != "_row"} for row in plain.rows]
    assert result.totals == plain.totals


@pytest.mark.parametrize(
    ("row", "place", "code"),
    [
        ({"konto_nr": "5560360793"}, "konto_nr", "ledger_organisation"),
        ({"konto_nr": "165560360793"}, "konto_nr", "ledger_organisation"),
        ({"konto_nr": "2026-01-14"}, "konto_nr", "ledger_date"),
        ({"konto_nr": "20260114"}, "konto_nr", "ledger_date"),
        ({"konto_nr": "1200,50"}, "konto_nr", "ledger_amount"),
        ({"konto_nr": "Programvaror"}, "konto_nr", "ledger_text"),
        ({"konto_nr": "#REF!"}, "konto_nr", "error_cell"),
        ({"belopp": "2026-01-14"}, "belopp", "ledger_date"),
        ({"belopp": "556036-0793"}, "belopp", "ledger_organisation"),
        ({"belopp": "Programvaror", "datum": "100,00"}, "belopp", "ledger_text"),
        ({"datum": "556036-0793"}, "datum", "ledger_organisation"),
        ({"datum": "100.00"}, "datum", "ledger_amount"),
        ({"datum": "14/1 2026"}, "datum", "date_order"),
        ({"belopp": "hundra"}, "belopp", "bad_money"),
        ({"belopp": "1.234"}, "belopp", "two_ways"),
        ({"belopp": "1.2345"}, "belopp", "decimals"),
        ({"datum": "2027-01-14"}, "datum", "future"),
        ({"verifikationsnummer": ""}, "verifikationsnummer", "blank"),
        ({"belopp": ""}, "belopp", "blank"),
        ({"datum": ""}, "datum", "blank"),
        ({"konto_nr": "", "verifikationsnummer": ""}, "verifikationsnummer", "blank"),
    ],
)
def test_one_error_a_row_with_its_place(tmp_path: Path, row: dict[str, str], place: str, code: str) -> None:
    result = read(tmp_path, ledger([row, {}]))
    assert fault_places(result.table) == [(2, place, code)]
    assert len(result.rows) == 1 and result.totals["read"] == (1, Decimal(100))


@pytest.mark.parametrize(
    "row", [{"leverantor_id": ""}, {"kopare": "", "kopare_id": ""}, {"konto_text": ""}, {"forvaltning": ""}]
)
def test_optional_columns_of_a_posting(tmp_path: Path, row: dict[str, str]) -> None:
    assert len(read(tmp_path, ledger([row])).rows) == 1


def test_a_personal_number_in_the_wrong_column_is_not_shown(tmp_path: Path) -> None:
    result = read(tmp_path, ledger([{"konto_nr": "850709-9805"}]))
    assert fault_places(result.table) == [(2, "konto_nr", "ledger_organisation")]
    assert result.table.faults[0].value == "XXXXXX-XXXX"


def test_columns_that_are_missing_unused_or_more(tmp_path: Path) -> None:
    columns = [
        *(c for c in LAYOUT if c not in ("kopare", "konto_text")),
        "motpart",
        "projekt",
        "avdelning",
        "Attestant",
    ]
    result = read(
        tmp_path, ledger([{"motpart": "3", "projekt": "P7", "avdelning": "Bygg", "Attestant": "Eva"}], columns)
    )
    (row,) = result.rows
    assert (row["counterparty"], row["project"], row["unit"]) == ("3", "P7", "Bygg")
    assert result.notes["ledger_columns"] == {"names": ["kopare", "konto_text"]}
    assert result.notes["ignored_columns"]["names"] == ["fakturanummer", "kommun_id", "s_kod_nr", "Attestant"]
    assert result.table.columns["account"] == "konto_nr" and "cost_centre" not in result.table.columns


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    result = read(tmp_path, ledger([{}], [*LAYOUT, "belopp"]))
    assert fault_places(result.table) == [(1, "belopp", "column_twice")] and not result.rows


def test_several_buyers_give_a_note(tmp_path: Path) -> None:
    result = read(tmp_path, ledger([{}, {"kopare_id": "556000-1111", "kopare": "Sala Bostäder AB"}]))
    assert result.notes["ledger_buyers"]["names"] == ["Sala Bostäder AB", "Sala kommun"]


def test_other_tables_are_no_ledgers(tmp_path: Path) -> None:
    own = (
        "kostnad_id;datum;belopp;verifikation;leverantor;leverantor_id;konto\nV-1;2026-01-14;10;1;A;556036-0793;5420\n"
    )
    assert read_ids(tmp_path, own) == ["V-1"]
    (near,) = prepare_file(tmp_path, "verifikationsnummer;belopp;datum\n1;2;2026-01-14\n").tables
    assert "missing_column" in codes_of(near.faults)


def read_ids(folder: Path, content: str) -> list[str]:
    """The ids of costs."""
    with prepare_files(folder, {"fil.csv": content}) as draft:
        sql = f"SELECT cost_id FROM {draft.files[0].tables[0].relation} ORDER BY _row"
        return [cost_id for (cost_id,) in draft.connection.execute(sql).fetchall()]


def test_the_same_voucher_another_year_or_supplier_is_another_cost(tmp_path: Path) -> None:
    rows = [{}, {"datum": "2025-01-14"}, {"leverantor_id": "559012-3456"}, {"konto_nr": "5421"}, {"belopp": "-100"}]
    ids = read_ids(tmp_path, ledger(rows))
    assert len(set(ids)) == 5 and not any("#" in cost_id for cost_id in ids)
    assert read_ids(tmp_path, ledger([{"leverantor": "A", "leverantor_id": ""}])) == [
        "1001_2026_5420_100.00_A_20260114"
    ]


def test_texts_hold_nothing_personal(tmp_path: Path) -> None:
    rows = [
        {"leverantor": "Berg 8507099805", "konto_text": "fråga a.b@exempel.se", "avtal": "168507099805"},
        {"verifikationsnummer": "8507099805", "forvaltning": "850709-9805"},
    ]
    result = read(tmp_path, ledger(rows))
    assert len(result.rows) == 2 and result.notes["ledger_masked"] == {"count": 5}
    assert [row["supplier"] for row in result.rows] == ["Berg XXXXXX-XXXX", PLAIN["leverantor"]]
    texts = [str(value) for row in result.rows for value in row.values()]
    assert not any(privacy.personal_data_kind(text, TODAY) for text in texts) and not any(
        "9805" in text for text in texts
    )


def test_a_longer_export_replaces_and_adds(tmp_path: Path) -> None:
    first = [{"verifikationsnummer": str(1000 + i // 2), "belopp": str(i)} for i in range(10)]
    more = [{"verifikationsnummer": "1900", "belopp": "-7.5"}, *reversed(first), {"verifikationsnummer": "0"}]
    for name, rows in (("jan.csv", first), ("feb.csv", more)):
        (tmp_path / name).write_text(ledger(rows), "utf-8")
    store = Store(tmp_path / "store")
    import_files(store, tmp_path / "jan.csv")
    import_files(store, tmp_path / "feb.csv")
    ((count, total),) = rows_of(store.database(), "(SELECT count(*), sum(amount) FROM costs)")
    assert (count, total) == (12, Decimal(sum(range(10))) - Decimal("7.5") + 100)


def test_amounts_count_as_often_as_they_are_written(tmp_path: Path) -> None:
    result = read(tmp_path, ledger([{}, {}, {"belopp": "-100,00"}]))
    assert Counter(row["amount"] for row in result.rows) == {Decimal(100): 2, Decimal(-100): 1}


@pytest.mark.parametrize("name", ["reskontra.csv", "kostnader.csv"])
def test_a_damaged_letter_in_a_text_refuses_no_amount(tmp_path: Path, name: str) -> None:
    damaged = ledger(
        [{"leverantor": "Bj\ufffdrk AB", "konto_text": "Tj\ufffdnster", "verifikationsnummer": "A\ufffd1"}, {}]
    )
    own = "kostnad_id;datum;belopp;leverantor;text\nK1;2026-01-14;100;Bj\ufffdrk AB;Tj\ufffdnster\n"
    result = read(tmp_path, damaged if name == "reskontra.csv" else own, name)
    assert result.file.fault_count == 0
    assert result.rows[0]["supplier"] == "Bj?rk AB"
    (note,) = [note for note in result.file.all_notes if note.code == "ledger_damaged"]
    assert note.params["count"] == (3 if name == "reskontra.csv" else 2)


def test_what_a_narrow_column_hides_is_a_fault_in_a_number_and_a_remark_in_a_text(tmp_path: Path) -> None:
    rows = [{"belopp": "########"}, {"datum": "####"}, {"leverantor": "#####"}, {"konto_text": "C# 5"}]
    with prepare_files(tmp_path, {"fil.csv": ledger(rows)}) as draft:
        (table,) = draft.files[0].tables
        assert fault_places(table) == [(2, "belopp", "overflow"), (3, "datum", "overflow")]
        assert sentence(table.faults[0], "en") == (
            "Row 2, column belopp: ”########” is what a spreadsheet shows when the column is too narrow, and the value is lost"
            " in the file. Widen the column, save the file again and import it."
        )
        (note,) = [note for note in table.notes if note.code == "overflow_text"]
        assert sentence(note, "en") == (
            "Column leverantor: The spreadsheet's column was too narrow, so #### stands where there was a text. Widen it and save"
            " the file again if the text is needed. Row: 4."
        )
