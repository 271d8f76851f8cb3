"""SIE 4: which postings are costs, the sums of the others, and the details of the format."""

import tracemalloc
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.formats.ledgers.sie import SieFile
from data.formats.ledgers.sie_text import is_sie, sie_encoding, split_items
from data.messages.render import sentence
from data.store import Store
from tests.data.drafts import codes_of, fault_places, prepare_file
from tests.data.ledger_reading import HERE, Read, read
from tests.data.stores import import_files, table_rows

SAMPLE = HERE / "sie/4i-dimensions.si"
HEAD = """#FLAGGA 0
#FORMAT PC8
#GEN 20260301 "Eva Ek"
#SIETYP 4
#ORGNR 212000-2098
#FNAMN "Sala kommun"
#RAR 0 20260101 20261231
#DIM 1 "Kostnadsställe"
#DIM 6 Projekt
#DIM 20 Motpart
#OBJEKT 1 1200 "IT-avdelningen"
#OBJEKT 6 P7 "E-tjänster"
#KONTO 5420 Programvaror
#KONTO 6540 "IT-tjänster"
"""
VOUCHER = """#VER L 17 20260114 "Plattformen" 20260120 "Eva Ek"
{
#TRANS 5420 {1 1200 6 "P7" 20 "8"} 12500.50 20260131 "Årsavgift" 1 "eva.ek"
#TRANS 2640 {} 3125.12
#TRANS 2440 {} -15625.62
}
"""


def sie(*vouchers: str, head: str = HEAD, coded: str = "cp437") -> bytes:
    """A SIE file."""
    return (head + "".join(vouchers)).replace("\n", "\r\n").encode(coded)


def ver(*lines: str, start: str = '#VER A 1 20260114 "Text"') -> str:
    """A voucher of these rows."""
    return "\n".join([start, "{", *lines, "}"]) + "\n"


def only(got: Read) -> dict[str, Any]:
    """The only row."""
    (row,) = got.rows
    return dict(row)


def test_the_sample(tmp_path: Path) -> None:
    result = read(tmp_path, SAMPLE.read_bytes(), "4i.si")
    row = only(result)
    assert (row["account"], row["amount"], str(row["booked_on"])) == ("8999", Decimal("1104488.11"), "2010-06-30")
    assert (row["account_text"], row["text"], row["voucher"]) == ("Årets resultat", "Årets resultat", "A 53")
    assert (row["cost_id"], row["cost_type"]) == ("2009-10_A_53_1_20100630", "outside")
    assert result.totals == {
        "all": (4, Decimal(0)),
        "read": (1, Decimal("1104488.11")),
        "refused": (0, Decimal(0)),
        "sie_left_balance": (2, Decimal("-1094488.11")),
        "sie_left_income": (1, Decimal(-10000)),
    }
    assert result.notes["sie_company"] == {"names": "Datakonsulterna AB, 556639-1537"}
    assert "sie_checksum_right" in result.notes


def test_the_sample_comes_into_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    import_files(store, SAMPLE)
    assert table_rows(store.database(), "costs", "cost_id, amount") == [
        ("2009-10_A_53_1_20100630", Decimal("1104488.11"))
    ]


def test_a_posting_with_all_that_it_can_have(tmp_path: Path) -> None:
    result = read(tmp_path, sie(VOUCHER))
    row = only(result)
    row.pop("_row"), row.pop("_ok")
    assert {k: str(v) for k, v in row.items() if v is not None} == {
        "cost_id": "2026_L_17_1_20260114", "booked_on": "2026-01-14", "amount": "12500.50", "text": "Plattformen · Årsavgift",
        "account": "5420", "account_text": "Programvaror", "cost_centre": "1200", "project": "P7",
        "office": "IT-avdelningen", "voucher": "L 17", "counterparty": "8",
    }  # fmt: skip
    assert result.totals["sie_left_balance"] == (2, Decimal("-12500.50"))
    assert "sie_unbalanced" not in result.notes and "sie_checksum_none" in result.notes
    assert result.table.dataset.code == "costs" and not result.table.faults


@pytest.mark.parametrize("coded", ["cp437", "cp850", "utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
def test_a_file_that_lies_about_its_characters(tmp_path: Path, coded: str) -> None:
    row = only(read(tmp_path, sie(VOUCHER, coded=coded)))
    assert (row["text"], row["office"]) == ("Plattformen · Årsavgift", "IT-avdelningen")


def test_encoding_is_detected_by_swedish_letters(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for text, coded, expected in (
        ("åäö ÅÄÖ", "cp437", "cp437"), ("åäö", "cp1252", "cp1252"), ("åäö", "utf-8", "utf-8"), ("abc", "ascii", "utf-8"),
    ):  # fmt: skip
        path.write_bytes(text.encode(coded))
        assert sie_encoding(path, path.read_bytes()) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#TRANS 1910 {} -5.00", ["#TRANS", "1910", (), "-5.00"]),
        ('#TRANS 5010 {1 "456" 7 "47"} 13200.00', ["#TRANS", "5010", ("1", "456", "7", "47"), "13200.00"]),
        ('#TRANS\t5010\t{"1" "a b}"} 1 "" "x"', ["#TRANS", "5010", ("1", "a b}"), "1", "", "x"]),
        ('#FNAMN "Bygg \\"Sala\\" AB"', ["#FNAMN", 'Bygg "Sala" AB']),
        ('#KONTO 1 "utan slut', ["#KONTO", "1", "utan slut"]),
        ('#KONTO 1 "{klamrar}"', ["#KONTO", "1", "{klamrar}"]),
        ("#GEN 20260101", ["#GEN", "20260101"]),
    ],
)
def test_fields(line: str, expected: list[object]) -> None:
    assert [*split_items(line)] == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{ #TRANS 5420 {} 5.00", [["{"], ["#TRANS", "5420", (), "5.00"]]),
        ("{#trans 5420 {} 5.00}", [["{"], ["#TRANS", "5420", (), "5.00"], ["}"]]),
        ('#VER A 1 20260111 "x" {', [["#VER", "A", "1", "20260111", "x"], ["{"]]),
        ("#KONTO 1 a #KONTO 2 #3", [["#KONTO", "1", "a"], ["#KONTO", "2", "#3"]]),
        ('#TRANS 1 {1 "2" #TRANS 2 {} 3', [["#TRANS", "1"], ["#TRANS", "2", (), "3"]]),
    ],
)
def test_several_items_on_a_line(line: str, expected: list[object]) -> None:
    assert [*split_items(line)] == expected


def test_what_is_a_sie_file() -> None:
    assert is_sie(b"#FLAGGA 0\r\n#SIETYP 4\r\n") and is_sie(b"\xef\xbb\xbf\r\n#flagga 1\n#format PC8\n")
    assert not is_sie(b"# en kommentar\nhttps://www.sala.se/\n") and not is_sie(b"#FLAGGA;0\n1;2\n")


def test_added_and_removed_rows(tmp_path: Path) -> None:
    added = '#TRANS 5420 {} 70.00 20260114 "Ny"'
    lines = ["#BTRANS 5420 {} 100.00", "#R" + added[1:], added, "#TRANS 2440 {} -70.00"]
    result = read(tmp_path, sie(ver(*lines)))
    assert only(result)["amount"] == 70 and only(result)["cost_id"] == "2026_A_1_1_20260114"
    assert "sie_unbalanced" not in result.notes and "sie_added_alone" not in result.notes
    alone = read(tmp_path, sie(ver("#RTRANS 5420 {} 70.00", "#TRANS 5420 {} 30.00")))
    assert alone.notes["sie_added_alone"] == {"count": 1} and only(alone)["amount"] == 30


def test_unbalanced_vouchers_are_read_with_a_note(tmp_path: Path) -> None:
    second = ver("#TRANS 6540 {} 5.00", "#TRANS 2440 {} -8.25", start="#VER B 9 20260115")
    result = read(tmp_path, sie(VOUCHER, ver("#TRANS 5420 {} 10.00", "#TRANS 2440 {} -9.00"), second))
    assert result.notes["sie_unbalanced"] == {
        "count": 2,
        "names": ["A 1", "B 9"],
        "amounts": [Decimal(1), Decimal("-3.25")],
    }
    assert result.totals["read"] == (3, Decimal("12515.50")) and result.totals["all"][1] == Decimal("-2.25")
    note, *others = result.file.all_notes
    assert note.code == "sie_unbalanced" and others, "it stands before the others"
    assert "-3.25" in sentence(note, "en") and "3,25" in sentence(note, "sv")


ACCOUNTS = ["1910", "2640", "3010", "4010", "5420", "6540", "7010", "8400", "8999", "9100", "0100"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_what_is_a_cost_by_its_class(tmp_path: Path, account: str) -> None:
    result = read(tmp_path, sie(ver(f"#TRANS {account} {{}} 7.00")))
    place = {"1": "balance", "2": "balance", "3": "income", "9": "other", "0": "other"}.get(account[0])
    assert len(result.rows) == (place is None)
    assert result.totals.get(f"sie_left_{place}", result.totals["read"]) == (1, Decimal(7))
    assert [row["cost_type"] for row in result.rows] == (
        ["outside"] if account == "8999" else [None] * len(result.rows)
    )


@pytest.mark.parametrize(("kind", "costs"), [("K", 1), ("I", 0), ("T", 0), ("S", 0), ("O", 1)])
def test_account_type_takes_precedence_over_class(tmp_path: Path, kind: str, costs: int) -> None:
    result = read(tmp_path, sie(f"#KTYP 8300 {kind}\n", ver("#TRANS 8300 {} 7.00")))
    assert len(result.rows) == costs


def test_the_checksum(tmp_path: Path) -> None:
    summed = "#FORMATPC8#SIETYP4#VERA120260114En text#TRANS54201200-5.00#TRANS24405.00"
    body = (
        '#FORMAT PC8\n#SIETYP 4\n#VER A 1 20260114 "En text"\n{\n#TRANS 5420 {1 "200"} -5.00\n#TRANS 2440 {} 5.00\n}\n'
    )
    for text, code in ((zlib.crc32(summed.encode()), "sie_checksum_right"), (17, "sie_checksum_wrong")):
        result = read(tmp_path, f"#FLAGGA 0\n#KSUMMA\n{body}#KSUMMA {text}\n")
        assert code in result.notes and len(result.rows) == 1
    changed = SAMPLE.read_bytes().replace(b"1104488.11", b"1104488.12")
    assert "sie_checksum_wrong" in read(tmp_path, changed).notes
    assert "sie_checksum_right" in read(tmp_path, SAMPLE.read_bytes().decode("cp437").encode()).notes


def test_ids_without_year_or_number(tmp_path: Path) -> None:
    head = "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#FNAMN Lön\n"
    lines = ["#TRANS 5420 {} 5.00", "#TRANS 5420 {} 5.00", "#TRANS 2440 {} -10.00"]
    result = read(tmp_path, sie(ver(*lines), ver(*lines, start='#VER "" "" 20260115'), head=head))
    *numbered, first, second = [row["cost_id"] for row in result.rows]
    assert numbered == ["20260114_A_1_1", "20260114_A_1_2"]
    assert first.startswith("20260115_5420_5.00_") and second == f"{first}#2"
    assert {row["account_text"] for row in result.rows} == {None}


def test_a_voucher_number_that_is_there_twice_loses_nothing(tmp_path: Path) -> None:
    result = read(tmp_path, sie(VOUCHER, VOUCHER))
    assert [row["cost_id"] for row in result.rows] == ["2026_L_17_1_20260114", "2026_L_17_1_20260114#2"]
    assert result.notes["sie_twice"]["count"] == 1


def test_suppliers_and_dimensions_of_other_numbers(tmp_path: Path) -> None:
    head = (
        '#FLAGGA 0\n#SIETYP 4\n#DIM 11 Ansvar\n#DIM 12 Projekt\n#DIM 9 Leverantör\n#OBJEKT 9 5560360793 "Bolaget AB"\n'
    )
    head += '#OBJEKT 9 850709-9805 "Anna Berg"\n#DIM 13 Verksamhet\n#OBJEKT 13 62 "Bygg och miljö"\n'
    lines = ["#TRANS 5420 {11 44 12 P1 9 5560360793 13 62} 5.00", "#TRANS 5420 {9 850709-9805 7 Anna 13 63} 6.00"]
    first, second = read(tmp_path, sie(ver(*lines), head=head)).rows
    assert (first["cost_centre"], first["project"]) == ("44", "P1")
    assert (first["unit"], second["unit"]) == ("Bygg och miljö", "63")
    assert (first["supplier"], first["supplier_id"]) == ("Bolaget AB", "556036-0793")
    assert (second["supplier"], second["supplier_id"]) == ("Enskild firma", "XXXXXX-XXXX")


def test_nothing_personal_is_kept(tmp_path: Path) -> None:
    text = '#VER A 1 20260114 "Fråga eva.ek@sala.se om 850709-9805" 20260114 "Eva Ek"'
    result = read(tmp_path, sie(ver('#TRANS 5420 {} 5.00 20260114 "ring 8507099805" 1 "evek"', start=text)))
    assert only(result)["text"] == "Fråga …@… om XXXXXX-XXXX · ring XXXXXX-XXXX"
    assert result.notes["ledger_masked"] == {"count": 1}
    assert "Eva" not in str(result.rows) and "evek" not in str(result.rows)
    alone = read(tmp_path, sie(VOUCHER, head=HEAD.replace("212000-2098", "850709-9805")))
    assert "sie_company" not in alone.notes


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (sie(head=HEAD.replace("#SIETYP 4", "#SIETYP 1")), "sie_balances", None),
        (sie(head=HEAD.replace("#SIETYP 4", "#SIETYP 3")), "sie_balances", None),
        (sie(head=HEAD.replace("#SIETYP 4\n", "")), "sie_balances", None),
        (sie(VOUCHER, head=HEAD + "#VALUTA EUR\n"), "sie_currency", None),
        (sie(VOUCHER)[:-3], "sie_cut", None),
        (b"#FLAGGA 0\n#SIETYP 4\n#FNAMN " + b"x" * (1 << 20), "sie_broken", 3),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, code: str, row: int | None) -> None:
    file = prepare_file(tmp_path, content)
    assert [(fault.code, fault.row) for fault in file.faults] == [(code, row)] and not file.tables
    assert "%(" not in sentence(file.faults[0]) and len(sentence(file.faults[0], "en")) > 40


ONE = [("2026-01-10", Decimal(1000))]


def booked(result: Read) -> list[tuple[str, Decimal]]:
    """Day and amount of the postings that were read."""
    return [(str(row["booked_on"]), row["amount"]) for row in result.rows]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ('#VER A 2 20260111 "x"\n{ #TRANS 5420 {} 500.00\n#TRANS 2440 {} -500.00\n}', "500"),
        ('#VER A 2 20260111 "x"\n{#TRANS 5420 {} 500.00\n#TRANS 2440 {} -500.00}', "500"),
        ('#VER A 2 20260111 "x" { #TRANS 5420 {} 500.00 #TRANS 2440 {} -500.00 }', "500"),
        ('#VER A 2 20260111 "x"\n#TRANS 5420 {} 500.00\n#TRANS 2440 {} -500.00\n}', "500"),
        (ver('#TRANS 5420 {} 500.00 00000000 "t"', "#TRANS 2440 {} -500 0", start="#VER A 2 20260111"), "500"),
        (ver('#TRANS 5420 {} 500.00 2026-01-11 "t"', "#TRANS 2440 {} -500.", start="#VER A 2 2026-01-11"), "500"),
        (ver('#TRANS 5420 {} 500.00 20260111 "t"', "#TRANS 2440 {} -500.00", start="#VER A 2 00000000"), "500"),
        (ver("#TRANS 5420 {} .50", "#TRANS 2440 {} -.50", start="#VER A 2 20260111"), "0.50"),
        (ver("#TRANS 5420 {} 500", "#TRANS 2440 {} -500", start='#VER "" 2 20260111 "x"'), "500"),
        (ver("#TRANS 5420 {} 500", "#TRANS 2440 {} -500", start='#VER 2 20260111 "x"'), "500"),
        (ver("#TRANS 5420 {} 500", "#TRANS 2440 {} -500", start="#VER 20260111"), "500"),
        (ver("#TRANS 5420 500", "#TRANS 2440 -500 }", start="#VER A 2 20260111")[:-3], "500"),
        (ver("#TRANS 5420 {} 500", "#TRANS 2440 {} -500", start="#VER A 2 20260111")[:-2], "500"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_vouchers_as_programs_write_them(tmp_path: Path, second: str, expected: str, end: str) -> None:
    first = ver("#TRANS 5420 {} 1000.00", "#TRANS 2440 {} -1000.00", start='#VER A 1 20260110 "Licens"')
    last = ver("#TRANS 5420 {} 1.00", "#TRANS 2440 {} -1.00", start="#VER A 3 20260112")
    result = read(tmp_path, (HEAD + first + second + "\n" + last).replace("\n", end))
    assert booked(result) == [*ONE, ("2026-01-11", Decimal(expected)), ("2026-01-12", Decimal(1))]
    assert result.totals["all"] == (6, Decimal(0)) and not result.table.faults and "sie_unbalanced" not in result.notes
    assert result.totals["sie_left_balance"] == (3, -sum(amount for _, amount in booked(result)))


@pytest.mark.parametrize(
    ("line", "code", "value"),
    [
        ("#TRANS 5420 {} fem", "sie_row", "…"),
        ("#TRANS ABC {} 5.00", "sie_row", "…"),
        ("#TRANS 5420", "sie_row", "…"),
        ("#TRANS 5420 {1 1200 5.00", "sie_row", "…"),
        ("#TRANS 5420 {} 10 000.00 20260115", "sie_row", "000.00"),
        ("#TRANS 5420 {} -1 500.50", "sie_row", "500.50"),
        ("}\n#TRANS 5420 {} 5.00", "sie_loose", "…"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path, line: str, code: str, value: str) -> None:
    first = ver("#TRANS 5420 {} 1000.00", "#TRANS 2440 {} -1000.00", start='#VER A 1 20260110 "Licens"')
    result = read(tmp_path, sie(first, ver(line, start="#VER A 2 20260111"), first.replace("A 1", "A 3")))
    assert booked(result) == ONE * 2
    (fault,) = result.table.faults
    assert (fault.code, fault.row, fault.value or "…") == (code, 22 + line.count("\n"), value)
    certain = Decimal(5) if "5.00" in line and ("ABC" in line or code == "sie_loose") else None
    assert result.totals["refused"] == (1, certain or Decimal(0)) and ("ledger_unsure" in result.notes) == (not certain)
    assert result.totals["all"] == (5, certain or Decimal(0)) and result.totals["read"] == (2, Decimal(2000))


def test_rows_that_cannot_be_read_say_what_to_do(tmp_path: Path) -> None:
    faults = read(tmp_path, sie(ver("#TRANS 5420 {} 10 000.00"), "#TRANS 5420 {} 5.00\n")).table.faults
    assert [sentence(fault, "en") for fault in faults] == [
        "Row 17, column belopp: The posting cannot be read: ”000.00” cannot stand here. A space in an amount, or a quotation"
        " mark that is missing, is the usual reason. Export the file again from the ledger, or import the good rows.",
        "Row 19: The posting stands outside the vouchers, so it has no date. Export the file again from the ledger,"
        " or import the good rows.",
    ]


def test_the_good_rows_of_a_year_can_be_imported(tmp_path: Path) -> None:
    store, path = Store(tmp_path / "store"), tmp_path / "ar.se"
    path.write_bytes(sie(VOUCHER, ver("#TRANS 5420 {} 10 000.00", start="#VER A 2 20260111")))
    import_files(store, path, take="good")
    assert table_rows(store.database(), "costs", "voucher, amount") == [("L 17", Decimal("12500.50"))]


@pytest.mark.parametrize("letter", ["\ufffd", "\x07"])
def test_a_damaged_letter_in_a_text_refuses_no_amount(tmp_path: Path, letter: str) -> None:
    result = read(
        tmp_path, (HEAD + VOUCHER).replace("Årsavgift", f"{letter}rsavgift").replace("#VER L", f"#VER {letter}")
    )
    row = only(result)
    assert (row["text"], row["amount"], row["voucher"]) == ("Plattformen · ?rsavgift", Decimal("12500.50"), "? 17")
    (note,) = [note for note in result.file.all_notes if note.code == "ledger_damaged"]
    assert sentence(note, "en") == (
        "Texts with letters that are damaged in the file, where ? now stands: 2. No amount is affected."
    )


def test_a_misread_letter_in_a_text_refuses_no_amount(tmp_path: Path) -> None:
    row = only(read(tmp_path, (HEAD + VOUCHER).replace("Årsavgift", "Avgift fÃ¶r e-tj„nst")))
    assert (row["text"], row["amount"]) == ("Plattformen · Avgift f??r e-tj?nst", Decimal("12500.50"))


def test_one_damaged_letter_makes_no_mojibake_of_the_others(tmp_path: Path) -> None:
    damaged = (HEAD + VOUCHER).encode().replace("Årsavgift".encode(), b"\xc5rsavgift")
    assert only(read(tmp_path, damaged))["office"] == "IT-avdelningen" and b"\xc3\xa4" in damaged
    assert only(read(tmp_path, damaged.replace(b"IT-avd", "IT-ö".encode())))["office"] == "IT-öelningen"


def test_a_ledger_without_costs_says_so(tmp_path: Path) -> None:
    (note,) = [
        note
        for note in read(tmp_path, sie(ver("#TRANS 3010 {} 1.00", "#TRANS 2440 {} -1.00"))).table.notes
        if note.code == "sie_no_costs"
    ]
    assert sentence(note, "en") == (
        "The file has no cost postings: none of its vouchers has a row on an account in classes 4 to 8, so there is nothing to"
        " import. Check that the right period and the right part of the ledger were exported."
    )


def test_kronor_are_fine_and_a_file_without_vouchers_is_empty(tmp_path: Path) -> None:
    assert len(read(tmp_path, sie("#VALUTA SEK\n", VOUCHER)).rows) == 1
    assert "sie_no_costs" in codes_of(read(tmp_path, sie()).table.notes)


def test_a_day_that_is_none_is_an_error_of_its_row(tmp_path: Path) -> None:
    result = read(tmp_path, sie(ver("#TRANS 5420 {} 5.00", start="#VER A 1 20260231"), VOUCHER))
    assert fault_places(result.table) == [(17, "datum", "impossible_date")]
    assert result.totals["refused"] == (1, Decimal(5)) and result.totals["read"][0] == 1


def test_a_large_file_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "stor.se"
    lines = [f'#TRANS 5420 {{}} 5.00 20260114 "{"Text " * 2000}"'] * 8
    with path.open("wb") as file:
        file.write(sie())
        for i in range(400):
            file.write(sie(ver(*lines, start=f"#VER A {i} 20260114"), head=""))
    tracemalloc.start()
    count = sum(len(voucher.postings) for voucher in SieFile(path, sie()).vouchers())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3_200 and most < path.stat().st_size / 2
