"""Faults and notes: their place and code, for values as people write them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.mapping.type_inference import is_value
from data.messages import render
from data.schema.catalogue import datasets
from tests.data.drafts import (
    CASES,
    COUNTS,
    codes_of,
    fault_places,
    prepare_file,
    prepare_files,
    prepare_table,
    typed_rows,
)

COSTS = "kostnad_id;datum;kostnadstyp;belopp\n"


def costs(*amounts: str) -> str:
    """A file of costs with these amounts."""
    return COSTS + "".join(f'K-{i};2026-01-14;fast;"{a}"\n' for i, a in enumerate(amounts))


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12500", "12500"),
        ("12500,5", "12500.5"),
        ("12 500,50", "12500.50"),
        ("12\u00a0500.50", "12500.50"),
        ("12\u202f500", "12500"),
        ("1\u2009234\u2009567,89", "1234567.89"),
        ("\u2212250,00", "-250"),
        ("- 250", "-250"),
        ("+250", "250"),
        ("1.234,50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1.234.567", "1234567"),
        ("1'234.50", "1234.5"),
        ("1 234 kr", "1234"),
        ("1 234,50 SEK", "1234.5"),
        ("kr 99", "99"),
        ("250:-", "250"),
        ("1 234,50-", "-1234.5"),
        ("250 \u2212", "-250"),
        ("7-", "-7"),
        ("(1 234,50)", "-1234.5"),
        ("(250 kr)", "-250"),
        (",5", "0.5"),
        ("12500.0000", "12500"),
        (" 7 ", "7"),
    ],
)
def test_amounts(tmp_path: Path, written: str, amount: str) -> None:
    assert typed_rows(tmp_path, costs(written), "amount, _ok") == [(Decimal(amount), True)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.234", "two_ways"),
        ("12,345", "two_ways"),
        ("0,125", "decimals"),
        ("1234,567", "decimals"),
        ("99999999999999999", "too_large"),
        ("9" * 40, "too_large"),
        ("12 34", "bad_money"),
        ("1e5", "bad_money"),
        ("gratis", "bad_money"),
        ("--5", "bad_money"),
        ("1,234,56", "bad_money"),
        ("#DIV/0!", "error_cell"),
        ("#SAKNAS", "error_cell"),
        ("", "blank"),
        ("\u00a0", "blank"),
        ("inf", "bad_money"),
        ("nan", "bad_money"),
    ],
)
def test_unreadable_amounts(tmp_path: Path, written: str, code: str) -> None:
    assert fault_places(prepare_table(tmp_path, costs(written))) == [(2, "belopp", code)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-03-14", None),
        ("20260314", None),
        ("2026-03-14 13:45", None),
        ("2026-03-14T13:45:01.5Z", None),
        ("2026-03-14T13:45:01+01:00", None),
        (" 2026-03-14\u00a0", None),
        ("2023-02-30", "impossible_date"),
        ("2026-03-14 25:00", "impossible_date"),
        ("14/3/2026", "date_order"),
        ("14.03.2026", "date_order"),
        ("3-14-26", "date_order"),
        ("2026-11-03", "future"),
        ("2026-11-02", None),
        ("0202-01-05", "date_range"),
        ("2026-3-14", "bad_date"),
        ("14 mars 2026", "bad_date"),
        ("45000", "bad_date"),
        ("infinity", "bad_date"),
        ("epoch", "bad_date"),
        ("", "blank"),
        ("   ", "blank"),
    ],
)
def test_dates(tmp_path: Path, written: str, code: str | None) -> None:
    table = prepare_table(tmp_path, CASES + f'1;T-1;"{written}";telefon\n')
    assert fault_places(table) == ([(2, "inkom", code)] if code else [])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-03", None),
        ("202603", None),
        ("2026-03-01", None),
        ("20260301", None),
        ("2026-11", None),
        ("2026-12", "future_month"),
        ("2026-13", "impossible_month"),
        ("2026-03-02", "month_day"),
        ("mars 2026", None),
        ("3/2026", None),
        ("01/03/2026", "bad_month"),
        ("26-mar", "bad_month"),
        ("15 mars 2026", "bad_month"),
        ("mart-26", "bad_month"),
        ("13/2026", "bad_month"),
        ("dec-26", "future_month"),
        ("2026/03/15", "bad_month"),
        ("1026-03", "date_range"),
    ],
)
def test_months(tmp_path: Path, written: str, code: str | None) -> None:
    table = prepare_table(tmp_path, COUNTS + f"T-1;{written};telefon;1\n")
    assert fault_places(table) == ([(2, "manad", code)] if code else [])


MANGLED = [
    *(
        "mar-26",
        "Mar-26",
        "MAR-26",
        "mars-26",
        "mar 26",
        "mars 2026",
        "Mars 2026",
        "mar. 2026",
        "mar.-26",
        "mars, 2026",
    ),
    *(
        "march 2026",
        "mar \u201326",
        "mar '26",
        "mar’26",
        "2026 mars",
        "2026-mar",
        "2026/03",
        "2026.03",
        "2026-3",
        "2026M03",
    ),
    *(
        "3/2026",
        "03/2026",
        "03-2026",
        "3.2026",
        "2026-03-01 00:00:00",
        "2026-03-01T00:00:00",
        "2026/03/01",
        "mars\u00a02026",
    ),
]


@pytest.mark.parametrize("written", MANGLED)
def test_months_as_spreadsheets_make_them(tmp_path: Path, written: str) -> None:
    content = COUNTS + f'T-1;"{written}";telefon;1\n'
    assert typed_rows(tmp_path, content, "month, _ok") == [(date(2026, 3, 1), True)]


@pytest.mark.parametrize("written", [w for w in MANGLED if "00:00" not in w and "\u00a0" not in w])
def test_a_month_is_known_as_one_when_columns_are_mapped(written: str) -> None:
    assert is_value(written)


def test_every_month_by_its_name(tmp_path: Path) -> None:
    text = (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for names in text:
        rows = "".join(f"T-1;{name}-25;telefon;1\n" for name in names.split())
        assert typed_rows(tmp_path, COUNTS + rows, "month") == [(date(2025, i, 1),) for i in range(1, 13)]


def test_the_counts_of_a_template_that_excel_saved_as_csv(tmp_path: Path) -> None:
    content = COUNTS + "T1;mar-26;e-tjänst;40\nT1;mar-26;telefon;10\nT1;apr-26;besök;5\n"
    assert typed_rows(tmp_path, content.encode("cp1252"), "month, channel, cases, _ok") == [
        (date(2026, 3, 1), "e_service", 40, True),
        (date(2026, 3, 1), "phone", 10, True),
        (date(2026, 4, 1), "visit", 5, True),
    ]


@pytest.mark.parametrize(
    ("written", "cases", "state"),
    [
        ("42", 42, "value"),
        ("0", 0, "value"),
        ("1 042", 1042, "value"),
        ("42,0", 42, "value"),
        ("", None, "not_reported"),
        ("  ", None, "not_reported"),
        ("Ej tillämpligt", None, "not_applicable"),
        ("EJ RAPPORTERAT", None, "not_reported"),
        ("skyddat", None, "suppressed"),
    ],
)
def test_the_five_states_of_a_count(tmp_path: Path, written: str, cases: int | None, state: str) -> None:
    content = COUNTS + f"T-1;2026-01;telefon;{written}\n"
    assert typed_rows(tmp_path, content, "cases, cases_state, _ok") == [(cases, state, True)]


def test_blank_counts_are_noted(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, COUNTS + "T-1;2026-01;telefon;\nT-2;2026-01;telefon;ej rapporterat\n")
    (note,) = [n for n in table.notes if n.code == "blank_counts"]
    assert (table.good, table.fault_count) == (table.rows, 0)  # a note stops nothing
    assert (note.params["count"], note.params["rows"]) == (1, [2])


@pytest.mark.parametrize(
    ("written", "code"),
    [("-1", "negative"), ("1,5", "not_whole"), ("1.234", "two_ways"), ("tre", "bad_count"), ("9999999999999", "above")],
)
def test_unreadable_counts(tmp_path: Path, written: str, code: str) -> None:
    assert fault_places(prepare_table(tmp_path, COUNTS + f"T-1;2026-01;telefon;{written}\n")) == [(2, "antal", code)]


def test_a_count_over_ten_million_is_remarked_on_and_read(tmp_path: Path) -> None:
    content = COUNTS + "T-1;2026-01;telefon;10000000\nT-1;2026-02;telefon;10000001\nT-1;2026-03;telefon;25 000 000\n"
    table = prepare_table(tmp_path, content)
    assert (table.good, table.fault_count) == (3, 0)
    (note,) = [n for n in table.notes if n.code == "large_numbers"]
    assert render.sentence(note).endswith(
        "Antal över 10\u00a0000\u00a0000 är ovanliga: 10\u00a0000\u00a0001 och 25\u00a0000\u00a0000. De läses som de står."
        " Kontrollera att ingen har en siffra för mycket. Rader: 3 och 4."
    )


def test_shares_and_years(tmp_path: Path) -> None:
    shares = "kostnad_id;verksamhet_id;andel\nA;X;33,33333333 %\nA;Y;101\nA;Z;-1\nA;V;1,234\nA;U;hälften\n"
    assert fault_places(prepare_table(tmp_path, shares)) == [
        (3, "andel", "above"),
        (4, "andel", "negative"),
        (6, "andel", "bad_percent"),
    ]
    assert typed_rows(tmp_path, shares, "share", "_ok") == [(Decimal("33.33333333"),), (Decimal("1.234"),)]
    budget = "ar;verksamhet_id;kostnadstyp;belopp\n2026;Systemägare;fast;1\n26;B;fast;1\n1899;B;fast;1\n"
    assert fault_places(prepare_table(tmp_path, budget)) == [(3, "ar", "bad_year"), (4, "ar", "below")]
    assert typed_rows(tmp_path, budget, "year, department_id", "_ok") == [(2026, "systemagare")]


def test_allowed_values_and_defaults(tmp_path: Path) -> None:
    content = (
        "tjanst_id;manad;kanal;assisterat;antal;raknesatt\n"
        "T-1;2026-01;E TJÄNST;JA;1;Skattat\nT-1;2026-02;mejl; ;1;\nT-1;2026-03;fax;kanske;1;gissat\n"
    )
    assert fault_places(prepare_table(tmp_path, content)) == [
        (4, "kanal", "unknown_value"), (4, "assisterat", "unknown_value"), (4, "raknesatt", "unknown_value"),
    ]  # fmt: skip
    assert typed_rows(tmp_path, content, "channel, assisted, method", "_ok") == [
        ("e_service", True, "estimated"), ("email", False, "counted"),
    ]  # fmt: skip


def test_the_allowed_values_are_listed(tmp_path: Path) -> None:
    (fault,) = prepare_table(tmp_path, COUNTS + "T-1;2026-01;fax;1\n").faults
    text = render.sentence(fault)
    assert text.startswith("Rad 2, kolumn kanal: ”fax” är inget av de värden")
    assert "e-tjänst, blankett, e-post, telefon" in text


def test_ids_texts_and_addresses(tmp_path: Path) -> None:
    content = (
        "tjanst_id;namn;verksamhet_id;malgrupp;adress\n"
        f"{'x' * 301};a;B;extern;https://sala.se/a\n"
        "2,02401E+11;b;B;extern;javascript:alert(1)\n"
        f"T-3;{'å' * 1001};B;extern;www.sala.se\n"
        "T-4;#REF!;B;extern;http://x\n"
        " T-5\u00a0;Bygg\tlov;B;intern;\n"
    )
    assert fault_places(prepare_table(tmp_path, content)) == [
        (2, "tjanst_id", "too_long"),
        (3, "tjanst_id", "mangled_id"),
        (3, "adress", "bad_url"),
        (4, "namn", "too_long"),
        (4, "adress", "bad_url"),
        (5, "namn", "error_cell"),
    ]
    assert typed_rows(tmp_path, content, "service_id, name", "_ok") == [("T-5", "Bygg lov")]


def test_rules_over_several_columns(tmp_path: Path) -> None:
    content = (
        "arende_id;tjanst_id;etjanst_id;inkom;kanal;avslutat\n"
        "1;T-1;;2026-01-10;telefon;2026-01-09\n2;;;2026-01-10;telefon;\n3;T-1;E-1;2026-01-10;telefon;2026-01-10\n"
    )
    table = prepare_table(tmp_path, content)
    assert fault_places(table) == [(2, "avslutat", "order"), (3, None, "one_of_none"), (4, None, "one_of_both")]
    assert "ligger före datumet i kolumnen inkom" in render.sentence(table.faults[0])
    assert "tjanst_id, etjanst_id" in render.sentence(table.faults[1])


def test_all_faults_of_a_row_and_one_for_each_cell(tmp_path: Path) -> None:
    assert fault_places(prepare_table(tmp_path, CASES + ";;x;y\n")) == [
        (2, None, "one_of_none"), (2, "arende_id", "blank"), (2, "inkom", "bad_date"), (2, "kanal", "unknown_value"),
    ]  # fmt: skip


def test_a_hundred_thousand_faults_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, CASES + "1;T-1;i går;fax\n" * 50_001)
    assert (table.rows, table.good, table.fault_count, len(table.faults)) == (50_001, 0, 100_002, 100_000)
    assert table.faults[-1].row == 50_001


def test_headers_in_any_spelling(tmp_path: Path) -> None:
    content = "ANTAL;Kanal;service_id;Månad\n3;telefon;T-1;2026-01\n"
    table = prepare_table(tmp_path, content)
    assert table.columns == {"cases": "ANTAL", "channel": "Kanal", "service_id": "service_id", "month": "Månad"}
    assert table.good == 1


def test_unused_and_repeated_columns(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, "tjanst_id;manad;Månad;kanal;antal\nT-1;2026-01;2026-02;telefon;1\n")
    assert (fault_places(table), table.good) == ([(1, "Månad", "column_twice")], 0)
    table = prepare_table(tmp_path, "tjanst_id;manad;antal\nT-1;2026-01;x\n")
    assert (fault_places(table), table.good) == ([(None, "kanal", "missing_column"), (2, "antal", "bad_count")], 0)
    text = render.sentence(table.faults[0])
    assert text.startswith("Kolumn kanal:") and "på sidan Importera" in text and "lägg till" not in text.lower()
    assert table.fault_count == 2


def test_the_closest_table_is_named(tmp_path: Path) -> None:
    (fault,) = prepare_file(tmp_path, "datum;kommentar\n2026-01-01;hej\n").faults
    assert "Närmast är" in render.sentence(fault)
    (fault,) = prepare_file(tmp_path, "Vecka;Antal besökare;\n2025 v.36;12;\n").faults
    assert fault.code == "not_recognised"
    assert render.sentence(fault).startswith("Ingen")


def test_where_no_header_is_known_the_first_row_holds_the_headers(tmp_path: Path) -> None:
    content = "service_id_x;navn;enhed;type\nT-1;Byggesag;BYG;x\nT-2;Flytning\n"
    with prepare_files(tmp_path, {"a.csv": content}, tables={"a.csv": "services"}) as draft:
        (table,) = draft.files[0].tables
    assert (table.rows, table.ignored) == (2, ("service_id_x", "navn", "enhed", "type"))


def test_an_unrecognised_file_refers_to_the_page(tmp_path: Path) -> None:
    for content in ("datum;kommentar\n2026-01-01;hej\n", "Vecka;Antal besökare;\n2025 v.36;12;\n"):
        (fault,) = prepare_file(tmp_path, content).faults
        assert "på sidan Importera" in render.sentence(fault)


def test_the_name_breaks_a_tie_and_the_importer_decides(tmp_path: Path) -> None:
    both = "tjanst_id;etjanst_id;manad\nT-1;E-1;2026-01\n"
    assert prepare_table(tmp_path, both).dataset.code == "links"
    with prepare_files(tmp_path, {"a.csv": both}, tables={"a.csv": "case_counts"}) as draft:
        (table,) = draft.files[0].tables
        assert (table.dataset.code, table.good) == ("case_counts", 0)
        assert [f.column for f in table.faults] == ["kanal", "antal", None]  # and both ids at once


def test_headers_and_no_rows(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, COUNTS)
    assert (table.rows, table.fault_count, codes_of(table.notes), table.coverage) == (0, 0, ["no_rows"], None)


def test_repeated_keys(tmp_path: Path) -> None:
    content = COUNTS + "T-1;2026-01;telefon;1\nT-1;2026-01;telefon;1\nT-2;2026-01;telefon;1\nT-2;2026-01;telefon;2\n"
    notes = {n.code: n for n in prepare_table(tmp_path, content).notes}
    assert notes["duplicate"].params["pairs"] == [[2, 3]]
    assert notes["contradiction"].params["pairs"] == [[4, 5]]
    assert "4 och 5" in render.sentence(notes["contradiction"])


def test_references_are_looked_up_in_the_draft(tmp_path: Path) -> None:
    services = "tjanst_id;namn;verksamhet_id;malgrupp\nT-1;Bygglov;B;extern\n"
    counts = COUNTS + "t-1;2026-01;telefon;1\n" + "".join(f"T-{i};2026-01;telefon;1\n" for i in range(2, 9))
    with prepare_files(tmp_path, {"tjanster.csv": services, "antal.csv": counts}) as draft:
        first, second = (file.tables[0] for file in draft.files)
    (note,) = first.notes
    assert (note.code, note.column, note.params["other"]) == ("unmatched", "verksamhet_id", "verksamheter")
    (note,) = second.notes
    assert (note.params["count"], note.params["values"]) == (7, ["T-2", "T-3", "T-4", "T-5", "T-6"])
    assert "3, 4, 5, 6, 7 och 2 till" in render.sentence(note)


def test_names_where_ids_belong_are_read_where_one_has_the_name(tmp_path: Path) -> None:
    departments = "verksamhet_id;namn\nKANS;Kanslienheten\nA;Skola\nB;Skola\n"
    services = (
        "tjanst_id;namn;verksamhet_id;malgrupp\nT-1;Diariet;kanslienheten;extern\nT-2;Plats;Skola;extern\n"
        "T-3;Byte;KANS;extern\nT-4;Kö;Okänd;extern\n"
    )
    with prepare_files(tmp_path, {"verksamheter.csv": departments, "tjanster.csv": services}) as draft:
        (table,) = draft.files[1].tables
        read = draft.connection.execute(f"SELECT department_id FROM {table.relation} ORDER BY _row").fetchall()
    assert read == [("KANS",), ("Skola",), ("KANS",), ("Okänd",)]
    assert [render.sentence(note) for note in table.notes] == [
        "Kolumn verksamhet_id: Namn som lästs som id i tabellen verksamheter: kanslienheten → KANS. Kontrollera dem. Rad: 2.",
        "Kolumn verksamhet_id: Finns inte i tabellen verksamheter: Skola och Okänd. Lägg till dem där, eller rätta dem här. "
        "Till dess behålls raderna och visas på Datakvalitet. Rader: 3 och 5.",
    ]


def test_a_repeated_row_names_the_columns_of_the_file(tmp_path: Path) -> None:
    (note,) = [
        n for n in prepare_table(tmp_path, COUNTS + 2 * "T-1;2026-01;telefon;1\n").notes if n.code == "duplicate"
    ]
    assert render.explanation(note).startswith(
        "Samma rad mer än en gång (samma tjanst_id, manad och kanal, samma värden)"
    )


def test_where_a_column_is_said_is_below_on_the_page_itself(tmp_path: Path) -> None:
    (fault,) = prepare_file(tmp_path, "datum;kommentar\n2026-01-01;hej\n").faults
    assert "ange i fälten nedanför vilken kolumn" in render.sentence(fault, below=True)


def test_case_rows_replace_counts(tmp_path: Path) -> None:
    cases = CASES + "1;T-1;2026-01-03;telefon\n2;T-1;2026-01-04;besök\n"
    counts = COUNTS + "T-1;2026-01;telefon;5\nT-1;2026-01;besök;5\nT-1;2026-02;telefon;5\n"
    with prepare_files(tmp_path, {"arenden.csv": cases, "antal.csv": counts}) as draft:
        notes = {n.code: n for n in draft.files[1].tables[0].notes}
    assert notes["cases_win"].params == {"table": "case_counts", "count": 2, "values": ["T-1 2026-01"]}


def test_shares_that_do_not_sum_to_a_hundred(tmp_path: Path) -> None:
    content = "kostnad_id;verksamhet_id;andel\nA;X;50\nA;Y;40\nB;X;33,33\nB;Y;66,67\n"
    notes = {n.code: n for n in prepare_table(tmp_path, content).notes}
    assert notes["shares_sum"].params["values"] == ["A = 90.00 %"]
    content = "kostnad_id;verksamhet_id;andel\nA;X;0,5\nA;Y;0,5\n"
    assert {"small_shares", "shares_sum"} < set(codes_of(prepare_table(tmp_path, content).notes))


def test_cyclic_departments(tmp_path: Path) -> None:
    content = "verksamhet_id;namn;overordnad_id\nA;a;B\nB;b;A\nC;c;A\nD;d;\n"
    notes = {n.code: n for n in prepare_table(tmp_path, content).notes}
    assert notes["department_cycle"].params["values"] == ["A", "B"]


def test_every_example_in_the_catalogue_is_accepted(tmp_path: Path) -> None:
    for dataset in datasets().values():
        cells = [c.example for c in dataset.columns]
        if dataset.code == "cases":
            cells = [c.example if c.code != "service_id" else "" for c in dataset.columns]
        content = ";".join(c.header for c in dataset.columns) + "\n" + ";".join(cells) + "\n"
        table = prepare_table(tmp_path, content)
        assert (table.dataset.code, fault_places(table), table.good) == (dataset.code, [], 1)
