"""Personal data is found by check digit, masked in every sentence, and never stored."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import privacy
from data.messages import render as text
from tests.data.drafts import (
    TODAY,
    codes_of,
    fault_places,
    prepare_file,
    prepare_files,
    prepare_table,
    typed_rows,
    xlsx_bytes,
)

NUMBERS = ["198507099805", "19850709-9805", "850709-9805", "8507099805", "850709+9805", "198507699802", "701063-2391"]
INNOCENT = [
    "556036-0793",
    "5560360793",
    "165560360793",
    "2021002908",
    "850709-9806",
    "20261231-1234",
    "123456789012",
    "2026-03-14",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_personal_numbers(number: str) -> None:
    assert privacy.personal_data_kind(number, TODAY) == "personal_number"
    assert privacy.personal_data_kind(f"Pnr:{number}, ringde", TODAY) == "personal_number"
    masked = privacy.mask(f"av {number} igår", TODAY)
    assert masked == f"av {privacy.NUMBER_MASK} igår"


@pytest.mark.parametrize(
    "number",
    [
        "850709 - 9805",
        "1985 07 09 9805",
        "850709/9805",
        "850709.9805",
        "850709 — 9805",
        "SE850709980501",
        "８５０７０９-９８０５",
        "8507\u00ad09-9805",
        "850709\u200b-9805",
    ],
)
def test_personal_numbers_as_people_write_them(number: str) -> None:
    assert privacy.personal_data_kind(number, TODAY) == "personal_number"
    assert not {"9805", "９８０５"} & {privacy.mask(number, TODAY)[i:][:4] for i in range(len(number))}


DISGUISED = [
    "850709\u20099805", "850709\u202f9805", "850709\u20079805", "850709\u30009805", "850709\uff0d9805", "850709\u20629805",
    "\u202a850709\u202c-9805", "𝟖𝟓𝟎𝟕𝟎𝟗-𝟗𝟖𝟎𝟓", "⁸⁵⁰⁷⁰⁹⁹⁸⁰⁵", "٨٥٠٧٠٩-٩٨٠٥", "850709\u0301-9805", "850709\x01-9805",
    "850709  9805", "850709\t9805", "850709_9805", "850709:9805", "850709-98 05", "(850709)9805", "1985/07/09-9805",
    "8 507 099 805", "8,507,099,805", "198\u00a0507\u00a0099\u00a0805", "8.507099805E9", "8,507099805E+09", "8,50709E+09",
    "1,98507099805E+11",
]  # fmt: skip
ADDRESSES = [
    "anna.berg@sala.se",
    "anna.berg＠sala.se",
    "anna.berg﹫sala.se",
    "a@b.cc1x@d.ee",
    f"{'a' * 100}@b.se",
    "a\u200b@b.se",
]


@pytest.mark.parametrize("text", [*DISGUISED, *ADDRESSES])
def test_one_form_for_the_prefilter_and_the_detector(tmp_path: Path, text: str) -> None:
    assert privacy.personal_data_kind(text, TODAY)
    assert "9805" not in privacy.mask(text, TODAY)
    assert re.search(privacy.CANDIDATE, text)
    cell = f'"x {text} y"'
    (fault,) = prepare_table(tmp_path, f"datum;rubrik\n2026-01-02;{cell}\n2026-01-03;a\n").faults
    assert (fault.row, fault.code in ("personal_number", "email")) == (2, True)
    (header, *_) = prepare_table(tmp_path, f"datum;rubrik;{cell}\n2026-01-02;a;\n").faults
    assert header.code == "personal_header"
    assert codes_of(prepare_file(tmp_path, "datum;rubrik\n", f"{text}.csv").faults) == ["personal_name"]


@given(
    st.dates(date(1926, 1, 1), date(2025, 12, 31)),
    st.integers(1, 999),
    st.sampled_from(
        [
            "",
            "-",
            "+",
            " ",
            "  ",
            "_",
            ":",
            "/",
            ".",
            " - ",
            "\u2009",
            "\u2013",
            "\u00ad",
            "\u200f-",
            "\u3000",
            "\uff0d",
        ]
    ),
    st.sampled_from([48, 0xFF10, 0x1D7CE, 0x1D7F6, 0x660, 0x966]),
)
def test_whatever_is_detected_passes_the_prefilter(born: date, serial: int, sign: str, zero: int) -> None:
    digits = f"{born:%y%m%d}{serial:03}"
    if born.year < 1930:  # else it is of the next century
        return
    number = f"{born:%y%m%d}{sign if sign != '+' else '-'}{serial:03}{by_hand(digits)}"
    text = "".join(chr(zero + int(c)) if c.isascii() and c.isdigit() else c for c in number)
    assert privacy.personal_data_kind(text, TODAY) == "personal_number"
    assert re.search(privacy.CANDIDATE, text)
    assert duckdb.execute("SELECT regexp_matches(?, ?)", [text, privacy.CANDIDATE]).fetchall() == [(True,)]
    assert digits[-3:] not in privacy.mask_all(text, TODAY).partition("-")[2]


@given(
    st.integers(10**8, 10**10 - 1).filter(lambda n: str(n).zfill(10)[2] >= "2"),
    st.sampled_from(["", "-", " ", "  ", "_", ":", "\u2009"]),
    st.sampled_from(["", "16", "SE"]),
)
def test_a_number_of_an_organisation_is_none_of_a_person(number: int, sign: str, before: str) -> None:
    digits = str(number).zfill(10)
    text = f"{before}{digits[:6]}{sign}{digits[6:]}"
    assert privacy.mask(text, TODAY) == text


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([" ", "\u00a0", "\u202f", "."]))
def test_an_amount_is_none_of_a_person(amount: Decimal, mark: str) -> None:
    text = f"{amount:,.2f}".replace(".", ";").replace(",", mark).replace(";", ",")
    assert privacy.mask(text, TODAY) == text


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 2)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
)
def test_a_time_is_none_of_a_person(moment: datetime, form: str) -> None:
    assert privacy.mask(f"{moment:{form}}", TODAY) == f"{moment:{form}}"


def test_marks_of_direction_do_not_get_into_names(tmp_path: Path) -> None:
    content = "datum;rubrik\n2026-01-02;\u202eSta\u2066rt\u200f\n"
    assert typed_rows(tmp_path, content, "title") == [("Start",)]
    assert prepare_file(tmp_path, content, "han\u202edelser.csv").name == "handelser.csv"
    assert privacy.mask_all("f\u202eil", TODAY) == "fil"
    assert privacy.mask_all("fil", TODAY) == "fil"


@pytest.mark.parametrize("number", INNOCENT)
def test_other_numbers(number: str) -> None:
    assert privacy.personal_data_kind(number, TODAY) is None
    assert privacy.mask(number, TODAY) == number


def test_dates_of_birth_are_not_in_the_future() -> None:
    assert privacy.personal_data_kind("19850709-9805", date(1985, 7, 8)) is None


@pytest.mark.parametrize("address", ["anna.berg@sala.se", "<a+b@x.example.org>", "mailto:åsa@kommun.se"])
def test_addresses(address: str) -> None:
    assert privacy.personal_data_kind(address, TODAY) == "email"
    assert "@…" in privacy.mask(address, TODAY)


@pytest.mark.parametrize("text", ["https://medium.com/@sala", "a @ b", "pris@5", "x@y"])
def test_texts_that_are_no_address(text: str) -> None:
    assert privacy.personal_data_kind(text, TODAY) is None


def by_hand(digits: str) -> int:
    """The check digit, computed another way."""
    total = 0
    for place, digit in enumerate(digits):
        for part in str(int(digit) * (2 if place % 2 == 0 else 1)):
            total += int(part)
    return (10 - total % 10) % 10


@given(st.dates(date(1926, 1, 1), date(2025, 12, 31)), st.integers(1, 999), st.sampled_from(["", "-"]), st.booleans())
def test_every_number_with_the_right_check_digit(born: date, serial: int, sign: str, long: bool) -> None:
    short = f"{born:%y%m%d}{serial:03}"
    right = by_hand(short)
    start = born.strftime("%Y%m%d" if long or born.year < 1930 else "%y%m%d")
    for digit in range(10):
        expected = "personal_number" if digit == right else None
        assert privacy.personal_data_kind(f"{start}{sign}{serial:03}{digit}", TODAY) == expected


@pytest.mark.parametrize(
    ("table", "header"),
    [
        *(("cases", header) for header in ("Personnummer", "PNR", "Förnamn", "e-mail", "Kön", "Sökande", "namn")),
        ("costs", "E-post"),
        ("services", "Ålder"),
        ("case_counts", "Name"),
    ],
)
def test_headers_of_personal_data(table: str, header: str) -> None:
    assert privacy.is_personal_header(header, table)


@pytest.mark.parametrize(
    ("table", "header"), [("costs", "namn"), ("cases", "kommentar"), ("cases", "kanal"), ("costs", "konto")]
)
def test_other_headers(table: str, header: str) -> None:
    assert not privacy.is_personal_header(header, table)


HEADER = "arende_id;tjanst_id;inkom;kanal;handlaggning;Anteckning;Personnr\n"
SECRETS = ("9805", "850709", "0709-", "1985-07-09", "berg", "a…")  # no part of a number or an address
ROWS = (
    "A-1;T-1;2026-01-02;telefon;digitalt;ok;x\n"
    "850709-9805;T-1;2026-01-02;telefon;digitalt;;\n"
    "A-3;T-1;1985-07-09-9805;anna.berg@sala.se;850709-9805;;\n"
    "A-4;T-1;2026-01-02;telefon;digitalt;ring anna.berg@sala.se om 8507099805;\n"
)


@pytest.mark.parametrize("workbook", [False, True])
def test_in_any_column_listed_or_not(tmp_path: Path, workbook: bool) -> None:
    lines = [line.split(";") for line in (HEADER + ROWS).splitlines()]
    table = prepare_table(tmp_path, xlsx_bytes({"a": lines}) if workbook else HEADER + ROWS)
    assert fault_places(table) == [
        (5, "Anteckning", "personal_column"),
        (1, "Personnr", "personal_header"),
        (3, "arende_id", "personal_number"),
        (4, "inkom", "personal_number"),
        (4, "kanal", "email"),
        (4, "handlaggning", "personal_number"),
    ]
    assert (table.rows, table.good, table.fault_count) == (4, 2, 6)
    assert "ignored_columns" not in codes_of(table.notes), "each has a fault that names it"
    sentences = (
        " ".join(text.sentence(f) for f in (*table.faults, *table.notes)) + text.report_csv(table.faults).decode()
    )
    assert not any(secret in sentences + repr(table.faults) for secret in SECRETS)


def test_nothing_personal_is_left_in_the_draft(tmp_path: Path) -> None:
    with prepare_files(tmp_path, {"a.csv": HEADER + ROWS}) as draft:
        tables = [name for (name,) in draft.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        stored = " ".join(str(draft.connection.execute(f"FROM {name} WHERE _ok").fetchall()) for name in tables)
    assert tables == [t.relation for t in draft.files[0].tables]
    assert not any(secret in stored for secret in SECRETS)


def test_in_too_many_cells_and_in_headers(tmp_path: Path) -> None:
    table = prepare_table(
        tmp_path, "arende_id;tjanst_id;inkom;kanal;anna.berg@sala.se\n1;T-1;2026-01-02;telefon;;850709-9805\n"
    )
    assert (table.ignored, fault_places(table)) == (
        ("…@…",),
        [(1, "…@…", "personal_header"), (2, None, "personal_number")],
    )


def test_in_the_name_of_a_file(tmp_path: Path) -> None:
    file = prepare_file(tmp_path, HEADER, "ärenden 850709-9805.csv")
    assert (file.name, codes_of(file.faults)) == ("ärenden XXXXXX-XXXX.csv", ["personal_name"])
    assert "9805" not in repr(file) and "850709" not in repr(file)


def test_amounts_are_searched_too(tmp_path: Path) -> None:
    costs = "kostnad_id;datum;kostnadstyp;belopp\nK;2026-01-14;fast;8507099805\nL;2026-01-14;fast;5560360793\n"
    assert fault_places(prepare_table(tmp_path, costs)) == [(2, "belopp", "personal_number")]
