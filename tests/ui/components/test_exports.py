"""A table as a file: what it says of itself, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ui.components.exports import Export

HEAD = [("Tabell", "Alla tjänster"), ("Urval", "=Hela kommunen")]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def export(language: str = "sv", **columns: list[object]) -> Export:
    return Export(HEAD, pd.DataFrame(columns), language)


def rows(file: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_the_head_comes_first_and_then_the_table() -> None:
    told = rows(export(Namn=["Åsa"], Antal=[3]).csv())
    assert told == [["Tabell", "Alla tjänster"], ["Urval", "'=Hela kommunen"], [], ["Namn", "Antal"], ["Åsa", "3"]]


@pytest.mark.parametrize(("language", "delimiter", "written"), [("sv", ";", "0,1"), ("en", ",", "0.1")])
def test_numbers_are_written_as_the_language_does_and_whole(language: str, delimiter: str, written: str) -> None:
    told = rows(export(language, Andel=[0.1, -12.5, None]).csv(), delimiter)
    assert told[4:] == [[written], [f"-12{written[1]}5"], [""]]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_no_text_is_a_formula(texts: list[str]) -> None:
    clean = [text.replace("\x00", "") for text in texts]
    for row in rows(export(Text=list(clean)).csv())[4:]:
        assert not row or not row[0].startswith(DANGEROUS)


def test_a_workbook_holds_the_same_with_types() -> None:
    file = export(Namn=["=1+1", None], Antal=[3, None], Dag=[date(2026, 1, 2), None], Ja=[True, False]).workbook()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert sheet[0][:2] == ["Tabell", "Alla tjänster"]
    assert sheet[1][:2] == ["Urval", "=Hela kommunen"]
    assert sheet[3] == ["Namn", "Antal", "Dag", "Ja"]
    assert sheet[4] == ["=1+1", 3.0, date(2026, 1, 2), True]
    assert sheet[5] == ["", "", "", False]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Alla tjänster", "Alla tjänster"),
        ("Kostnad: per e-tjänst/månad [kr]", "Kostnad per e-tjänst månad kr"),
        ("Tjänsterna som lyfter kommunens mål 2 mest", "Tjänsterna som lyfter …"),
    ],
)
def test_a_sheet_is_named_as_its_table(title: str, name: str) -> None:
    file = Export([("Tabell", title)], pd.DataFrame({"Namn": ["x"]}), "sv").workbook()
    assert CalamineWorkbook.from_filelike(io.BytesIO(file)).sheet_names == [name]


def test_shares_are_per_cents_and_months_are_dates_in_a_workbook() -> None:
    columns = {"Digitalt, %": [12.5, None], "Månad": pd.array([pd.Period("2026-01", "M"), None], pd.PeriodDtype("M"))}
    told = Export(HEAD, pd.DataFrame(columns), "sv")
    with zipfile.ZipFile(io.BytesIO(told.workbook())) as book:
        assert b'formatCode="0.0%"' in book.read("xl/styles.xml")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(told.workbook())).get_sheet_by_index(0).to_python()
    assert sheet[4] == [0.125, date(2026, 1, 1)]
    assert rows(told.csv())[4:] == [["12,5", "2026-01"], ["", ""]]


def test_a_text_that_looks_like_a_formula_is_none_in_a_workbook() -> None:
    file = export(Namn=["=1+1"]).workbook()
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
