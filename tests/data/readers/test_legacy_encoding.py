"""8-bit text is told apart by its Swedish letters: read right or asked about, never as other signs."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.intake.draft import Source
from data.intake.prepare import prepare
from data.messages import render
from data.readers.errors import Unreadable
from data.readers.legacy_encoding import ENCODINGS, legacy_encoding
from tests.data.drafts import TODAY, codes_of, fault_places, prepare_file, prepare_table, typed_rows

SERVICES = """tjanst_id;namn;verksamhet_id;malgrupp;omrade
T1;Ansökan om färdtjänst;SKOL;extern;Omsorg och hjälp
T2;Skolskjuts för elev på landsbygd;SKOL;extern;Förskola
"""
LEDGER = """kopare_id;kopare;verifikationsnummer;leverantor;leverantor_id;konto_nr;konto_text;belopp;datum
2120000000;Exempelstad;1;Rådgivning i Örby AB;5560000000;6540;IT-tjänster;1302,03;2025-01-07
"""
TEXT = """Ansökan färdtjänst förskola på Åkeri ÄNDRING Öppettider ÖVRIGT låna idé kafé Åsa Ängsgården hjälp bygglov elev
årsavgift avgift FÖRSKOLA ARKIV kö ö å Sörmländska intäkter miljö §4 50° ”Bygglov” 2025–2026 Rådgivning Örby Malmö"""
WORDS = TEXT.split()
TEMPORARY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@pytest.mark.parametrize("encoding", [*ENCODINGS, "latin-1", "utf-8", "utf-16"])
def test_names_of_services_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert typed_rows(tmp_path, SERVICES.encode(encoding), "name, area, _ok") == [
        ("Ansökan om färdtjänst", "Omsorg och hjälp", True),
        ("Skolskjuts för elev på landsbygd", "Förskola", True),
    ]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_supplier_ledger_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert typed_rows(tmp_path, LEDGER.encode(encoding), "supplier, account_text") == [
        ("Rådgivning i Örby AB", "IT-tjänster")
    ]


@TEMPORARY
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.sampled_from(ENCODINGS))
def test_words_are_read_right_or_asked_about(tmp_path: Path, words: list[str], encoding: str) -> None:
    written = " ".join(words).encode(encoding, "ignore")
    path = tmp_path / "ord.txt"
    path.write_bytes(written)
    try:
        found = legacy_encoding(path)
    except Unreadable:  # asked about
        return
    letters = [c for c in written.decode(found) if c.isalpha()]
    assert letters == [c for c in written.decode(encoding) if c.isalpha()]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_of_some_length_is_never_asked_about(tmp_path: Path, encoding: str) -> None:
    chance = random.Random(1)
    for _ in range(100):
        text = " ".join(chance.choices([word for word in WORDS if word[0] not in "§”à"], k=30)).encode(
            encoding, "ignore"
        )
        (tmp_path / "text.txt").write_bytes(text)
        found = legacy_encoding(tmp_path / "text.txt")
        assert text.decode(found) == text.decode(encoding)


def test_a_file_whose_letters_fit_nothing_is_asked_about(tmp_path: Path) -> None:
    content = SERVICES.encode("cp1252").translate(bytes.maketrans(b"\xe5\xe4\xf6", b"\xb8\xb9\xba"))
    (fault,) = prepare_file(tmp_path, content).faults
    assert render.sentence(fault).endswith(
        "Det går inte att avgöra vilka tecken i filen som är å, ä och ö. Välj på sidan Importera vilken läsning som är rätt,"
        " ange --encoding, eller exportera filen igen som CSV i UTF-8 (i Excel: CSV UTF-8)."
    )


def test_rows_in_another_encoding_than_the_file_are_faults(tmp_path: Path) -> None:
    content = SERVICES.encode("cp1252") + SERVICES.replace("T2", "T3").splitlines()[2].encode("cp850")
    table = prepare_table(tmp_path, content)
    assert (table.good, {row for row, _, _ in fault_places(table)}) == (2, {4})


@pytest.mark.parametrize("right", ["utf-8", "cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp850", "cp437", "mac_roman"])
def test_text_that_another_program_read_wrongly_is_a_fault(tmp_path: Path, right: str, wrong: str) -> None:
    if right == wrong or (right, wrong) in (("cp1252", "latin-1"), ("cp850", "cp437")):
        return
    mangled = SERVICES.encode(right).decode(wrong, "replace")
    table = prepare_table(tmp_path, mangled)
    assert table.good == 0
    assert set(codes_of(table.faults)) <= {"mojibake", "control"}


def test_the_sentence_of_a_text_with_wrong_signs(tmp_path: Path) -> None:
    (fault,) = prepare_table(tmp_path, "datum;rubrik\n2026-01-02;AnsÃ¶kan\n").faults
    assert render.sentence(fault).endswith(
        "”AnsÃ¶kan” har andra tecken där å, ä och ö ska stå. Skriv om texten, eller spara filen på nytt som UTF-8."
    )


@pytest.mark.parametrize(
    "title",
    [
        "SÃO Paulo",
        "Škoda",
        "Miloš",
        "”Ansökan”",
        "12” skärm",
        "Avgift 5 €",
        "E-tjänst™",
        "Ängö – Åsö",
        "Ö",
        "naïve",
        "½ år",
    ],
)
def test_unusual_letters_are_no_fault(tmp_path: Path, title: str) -> None:
    assert typed_rows(tmp_path, f"datum;rubrik\n2026-01-02;{title}\n", "title, _ok") == [(title, True)]


@pytest.mark.parametrize("blank", ["", "\n"])
def test_letters_far_below_an_ascii_head_also_between_blank_lines(tmp_path: Path, blank: str) -> None:
    lines = "".join(f"2026-01-02;rubrik {i}\n" for i in range(20_000))
    content = ("datum;rubrik\n" + lines + blank + "2026-01-03;Ansökan om färdtjänst\n").encode("cp850")
    assert typed_rows(tmp_path, content, "title", "date > '2026-01-02'") == [("Ansökan om färdtjänst",)]


def test_damaged_letters_are_faults(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, SERVICES.replace("ö", "\ufffd"))
    assert fault_places(table) == [(2, "namn", "control"), (3, "namn", "control"), (3, "omrade", "control")]


UNCLEAR = "datum;rubrik\n2026-01-02;Dag ö\n".encode("cp850")


def test_what_can_be_read_in_several_ways_is_asked_about(tmp_path: Path) -> None:
    (fault,) = prepare_file(tmp_path, UNCLEAR).faults
    assert (fault.code, fault.params["readings"]) == (
        "unclear_letters", [("cp1252", "Dag ”"), ("cp850", "Dag ö"), ("mac_roman", "Dag î")],
    )  # fmt: skip
    assert "--encoding" in render.sentence(fault)


@pytest.mark.parametrize("content", [UNCLEAR, "datum;rubrik\n2026-01-02;Dag ö\n".encode()])
def test_what_is_stated_holds_for_files_that_are_not_unicode(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    with prepare([Source("fil.csv", path, encoding="cp850")], TODAY) as draft:
        (table,) = draft.files[0].tables
        assert draft.connection.execute(f"SELECT title FROM {table.relation}").fetchall() == [("Dag ö",)]
