"""Text files of every kind, and files that are none."""

import gzip
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.base.fault import Fault
from data.formats.origin import Origin
from data.intake.detect_format import open_file
from data.messages import render as text
from data.readers import gzipped
from data.readers.delimited import Delimited
from data.readers.errors import Unreadable
from data.readers.file_scan import _LineEnds, scan_file
from data.readers.sheet import HeaderRow
from tests.data.drafts import CASES, COUNTS, TODAY, codes_of, fault_places, prepare_file, prepare_table, typed_rows
from tests.data.workbooks import zip_parts

BODY = "tjänst_id;Månad;kanal;antal\nT-1;2026-01;e-tjänst;12\nT-2;2026-02;besök;7\n"
READ = [("T-1", "e_service", 12), ("T-2", "visit", 7)]
TEMPORARY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, newline: str) -> None:
    content = BODY.replace(";", delimiter).replace("\n", newline)
    assert typed_rows(tmp_path, content.encode(), "service_id, channel, cases") == READ


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert typed_rows(tmp_path, BODY.encode(encoding), "service_id, channel, cases") == READ


def test_windows_bytes_far_below_an_ascii_head(tmp_path: Path) -> None:
    lines = [f"T-{i};2026-01;telefon;1\n" for i in range(20_000)]
    content = COUNTS.encode() + "".join(lines).encode() + "T-x;2026-01;besök;1\n".encode("cp1252")
    assert typed_rows(tmp_path, content, "channel", "service_id = 'T-x'") == [("visit",)]


def test_utf8_with_one_damaged_byte_is_still_utf8(tmp_path: Path) -> None:
    content = (
        b"tjanst_id;namn;verksamhet_id;malgrupp\nT-1;Bygglov \xc3\xa5\xc3\xa4;B;extern\nT-2;L\xe5n \xc3\xa5;B;extern\n"
    )
    table = prepare_table(tmp_path, content)
    assert fault_places(table) == [(3, "namn", "control")]
    assert typed_rows(tmp_path, content, "name", "_ok") == [("Bygglov åä",)]


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n\r\n", "\x1a"])
def test_ends_of_files(tmp_path: Path, end: str) -> None:
    assert prepare_table(tmp_path, COUNTS + "T-1;2026-01;telefon;1" + end).good == (1 if end != "\x1a" else 0)


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    content = (
        "Ärenden 2026\n\n" + COUNTS + 'T-1;2026-01;telefon;1\n\n"T\n2";2026-01;telefon;x\n;;;\nT-3;2026-13;telefon;1\n'
    )
    table = prepare_table(tmp_path, content)
    assert (table.header_row, table.rows) == (3, 3)
    assert fault_places(table) == [(6, "antal", "bad_count"), (8, "manad", "impossible_month")]


def test_rows_of_white_space_are_no_rows(tmp_path: Path) -> None:
    assert (
        prepare_table(tmp_path, COUNTS + " ;\u00a0;;\nT-1;2026-01;telefon;1\n;  ;\t;\n ;2026-01;telefon;1\n").rows == 2
    )


def test_sep_line_is_not_a_row(tmp_path: Path) -> None:
    table = prepare_table(
        tmp_path, "sep=,\r\n" + COUNTS.replace(";", ",").replace("\n", "\r\n") + "T-1,2026-01,telefon,x\r\n"
    )
    assert fault_places(table) == [(2, "antal", "bad_count")]


def test_too_many_and_too_few_cells(tmp_path: Path) -> None:
    table = prepare_table(
        tmp_path, COUNTS + "T-1;2026-01;telefon;1;extra\nT-2;2026-01;telefon\nT-3;2026-01;telefon;3;;\n"
    )
    assert fault_places(table) == [(2, None, "too_many_cells")]
    assert (table.rows, table.good) == (3, 2)


def test_a_delimiter_at_the_end_of_every_row(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, "tjanst_id;manad;kanal;antal;\nT-1;2026-01;telefon;1;\n")
    assert (table.good, table.ignored) == (1, ())


def test_quotation_marks(tmp_path: Path) -> None:
    content = 'datum;rubrik\n2026-01-02;"Ny ""start""; sida\nmed rad"\n2026-01-03;12" skärm\n'
    assert typed_rows(tmp_path, content, "title") == [('Ny "start"; sida med rad',), ('12" skärm',)]


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    (fault,) = prepare_file(tmp_path, 'datum;rubrik\n2026-01-02;a\n2026-01-03;"b\n2026-01-04;c\n').faults
    assert (fault.code, fault.row) == ("quote_not_closed", 3)


def test_nul_in_a_cell_is_a_fault_of_that_row(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, "datum;rubrik\n2026-01-02;a\0b\n2026-01-03;c\n")
    assert fault_places(table) == [(2, "rubrik", "control")]
    assert table.good == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image"),
        (b"<!DOCTYPE html><html><table><tr><td>tjanst_id</td></tr></table>", "HTML"),
        (b"\xef\xbb\xbf\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "HTML"),
        (b"<?xml version='1.0'?><html><body/></html>", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b'[{"a": 1}]', "JSON"),
        (b"PK\x05\x06" + bytes(18), "binary"),
        (bytes(range(256)) * 50, "binary"),
    ],
)
def test_other_kinds_of_files(tmp_path: Path, content: bytes, kind: str) -> None:
    (fault,) = prepare_file(tmp_path, content, "statistik.csv").faults
    assert (fault.code, fault.params) == ("wrong_kind", {"kind": kind})
    assert "CSV eller XLSX" in text.sentence(fault)


def test_a_packed_table_is_unpacked(tmp_path: Path) -> None:
    content = gzip.compress(b"datum;rubrik\n2026-01-02;a\n") + gzip.compress(b"2026-01-03;b\n")
    assert prepare_table(tmp_path, content, "handelser.csv.gz").good == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x1f\x8b\x08\0", "damaged_gzip"),
        (gzip.compress(b"datum;rubrik\n2026-01-02;a\n")[:-9], "damaged_gzip"),
        (gzip.compress(b"datum;rubrik\n2026-01-02;a\n").replace(b"\x1f\x8b\x08\0", b"\x1f\x8b\x07\0"), "damaged_gzip"),
        (gzip.compress(b""), "empty_file"),
        (gzip.compress(gzip.compress(b"a;b\n")), "packed"),
        (b"7z\xbc\xaf\x27\x1c", "packed"),
        (zip_parts({"sitemap.xml": "<urlset/>"}), "packed"),
    ],
    ids=["header", "cut", "method", "empty", "twice", "7z", "zip"],  # packed bytes hold the time of day
)
def test_packed_files_that_cannot_be_opened(tmp_path: Path, content: bytes, code: str) -> None:
    assert codes_of(prepare_file(tmp_path, content, "statistik.csv.gz").faults) == [code]


def test_a_packed_file_that_grows_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzipped, "INFLATED_BYTES", 1_000_000)
    assert codes_of(prepare_file(tmp_path, gzip.compress(bytes(2_000_000)), "a.gz").faults) == ["bomb"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("packed", "This is a packed archive, whatever the file's name says. Unpack it, and import the files inside."),
        (
            "damaged_gzip",
            "The packed file (gzip) is damaged or ends too early. Fetch it again, or unpack it and import what is inside.",
        ),
    ],
)
def test_packed_files_say_what_to_do(code: str, words: str) -> None:
    assert text.sentence(Fault(code, "a.gz"), "en") == words


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \n \t", b"\xef\xbb\xbf", b";;;\n;;;\n", b"\0" * 5000])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    assert codes_of(prepare_file(tmp_path, content).faults) == ["empty_file"]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot_open"):
        scan_file(tmp_path / "borta.csv")


def test_a_file_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "stor.csv"
    with path.open("wb") as file:
        file.truncate(1025 * 1024 * 1024)
    with pytest.raises(Unreadable, match="file_too_large"):
        scan_file(path)


def test_a_thousand_columns(tmp_path: Path) -> None:
    header = "tjanst_id;manad;kanal;antal;" + ";".join(f"x{i}" for i in range(996))
    table = prepare_table(tmp_path, f"{header}\nT-1;2026-01;telefon;1{';7' * 996}\n")
    assert (table.good, len(table.ignored)) == (1, 996)
    (note,) = [n for n in table.notes if n.code == "ignored_columns"]
    assert "x0, x1" in text.sentence(note)
    assert "och 988 till" in text.sentence(note)


def test_a_name_that_duckdb_would_take_for_a_pattern(tmp_path: Path) -> None:
    path = tmp_path / "ärenden [2026]*.csv.gz"
    path.write_text(CASES + "1;T-1;2026-01-02;telefon\n", "utf-8")
    assert open_file(path, scan_file(path), tmp_path, Origin(TODAY))[0][0].head[0][0] == 1
    folder = tmp_path / "a?[b]"
    folder.mkdir()
    assert prepare_table(folder, CASES + "1;T-1;2026-01-02;telefon\n").good == 1


CELL = st.text(st.sampled_from("a1å ;\"\n\r\u00a0'#"), max_size=5)


@TEMPORARY
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
@example([["", "", "\r\n"]], "\r\n", False)  # a line's end within the only cell
def test_duckdb_and_csv_read_the_same(tmp_path: Path, cells: list[list[str]], newline: str, quote: bool) -> None:
    def field(text: str) -> str:
        doubled = text.replace('"', '""')
        return f'"{doubled}"' if quote or set(text) & set(';"\r\n') else text

    lines = [["a", "b", "c"], *cells]
    content = "".join(";".join(map(field, line)) + newline for line in lines)
    assert same_both_ways(tmp_path, content.encode())


@TEMPORARY
@given(st.binary(max_size=60))
def test_duckdb_and_csv_read_any_bytes_the_same(tmp_path: Path, content: bytes) -> None:
    with suppress(Unreadable):  # whose letters cannot be told
        assert same_both_ways(tmp_path, b"a;b;c\n" + content)


def same_both_ways(folder: Path, content: bytes) -> bool:
    """Whether DuckDB's reader declines the file, or reads the same as the csv module."""
    import duckdb

    path = folder / "ways.csv"
    path.write_bytes(content)
    with duckdb.connect() as connection:
        scan = scan_file(path)
        sheet = Delimited(path, scan, folder)
        if not (scan.regular and sheet._load_with_duckdb(connection, "fast", HeaderRow(1, 3))):
            return True
        sheet._load_with_csv(connection, "slow", HeaderRow(1, 3))
        strip = ", ".join(f"nullif(trim(c{i}), '')" for i in range(3))
        rows = f"SELECT _row, _extra, {strip} FROM {{}} WHERE trim(concat(c0, c1, c2)) <> '' ORDER BY _row"
        fast, slow = (connection.execute(rows.format(name)).fetchall() for name in ("fast", "slow"))
        assert fast == slow
        return True


@given(st.lists(st.sampled_from(["a", "\n", "\r\n", "\r", ";"]), max_size=12), st.randoms(use_true_random=False))
def test_blank_lines_are_detected_across_chunks(parts: list[str], chance: random.Random) -> None:
    content = "".join(parts)
    lines, whole = _LineEnds(), content.encode()
    while whole:
        cut = chance.randint(1, len(whole))
        while whole[cut - 1 : cut] == b"\r" and cut < len(whole):
            cut += 1
        lines.add(whole[:cut])
        whole = whole[cut:]
    body = content.replace("\r\n", "\n").rstrip("\r\n")
    if "\r" not in content.replace("\r\n", "\n"):
        assert lines.blank == ("" in body.split("\n") if body else False)
