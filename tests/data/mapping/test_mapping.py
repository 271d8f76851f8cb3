"""Tables with unknown headers: suggestions, how they are then read, and saved mappings."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.__main__ import main
from data.intake.draft import FileDraft, Source, TableDraft
from data.intake.prepare import prepare
from data.mapping.model import ColumnMapping, ColumnSource, Constant, FromColumn, GeneratedId, Layout, layout_key
from data.mapping.saved import SavedMapping, delete_mapping, load_mappings, save_mapping
from data.mapping.suggest import header_layout, likeliest_dataset, suggest
from data.messages.render import sentence
from data.schema.catalogue import Dataset, datasets
from data.store import Store
from tests.data.drafts import TODAY, codes_of, fault_places, prepare_file, xlsx_bytes
from tests.data.ledger_exports import LEDGERS, RAINDANCE, VISMA, Ledger
from tests.data.stores import NOW, ROLE

COSTS = datasets()["costs"]
LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)


def cells(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a text that are not blank, with their numbers, split by the delimiter that gives most cells."""
    delimiter = max(";,\t", key=text.count)
    rows = enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1)
    return [(number, row) for number, row in rows if any(row)]


def layout(text: str) -> Layout:
    """The layout of a text."""
    original = header_layout(cells(text))
    assert original
    return original


def suggested_mapping(dataset: Dataset, original: Layout) -> ColumnMapping:
    """The mapping of all suggestions for a layout."""
    suggestions = suggest(dataset, original.headers, original.rows)
    return ColumnMapping(dataset.code, original.key, {code: s.source for code, s in suggestions.items()})


def columns(text: str) -> dict[str, str]:
    """The suggested headers for the columns of the costs in a text, by code."""
    original = layout(text)
    return {
        code: headers_of(suggestion.source, original)
        for code, suggestion in suggest(COSTS, original.headers, original.rows).items()
    }


def headers_of(part: ColumnSource, original: Layout) -> str:
    """The headers that a source reads."""
    match part:
        case FromColumn(position, _, minus, _):
            return " − ".join(original.headers[i] for i in (position, minus) if i is not None)
        case Constant(text):
            return f"= {text}"
    return "made"


def read(
    folder: Path, content: bytes | str, chosen: ColumnMapping, columns: str = "*", where: str = "true"
) -> tuple[FileDraft, list[tuple[object, ...]]]:
    """A file read by a mapping, and columns of its typed rows."""
    path = folder / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with prepare([Source("bok.csv", path, mapping=chosen)], TODAY) as draft:
        (table,) = draft.files[0].tables
        sql = f"SELECT {columns} FROM {table.relation} WHERE {where} ORDER BY _row"
        return draft.files[0], draft.connection.execute(sql).fetchall()


def table_of(file: FileDraft) -> TableDraft:
    (table,) = file.tables
    return table


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda case: case.name)
def test_ledgers_of_any_system_are_read(tmp_path: Path, ledger: Ledger) -> None:
    original = layout(ledger.text)
    assert likeliest_dataset(original) == COSTS
    assert columns(ledger.text) == {**ledger.read, "cost_id": "made"}
    file, rows = read(
        tmp_path, ledger.text, suggested_mapping(COSTS, original), "booked_on::VARCHAR, amount::VARCHAR, cost_id"
    )
    assert not file.fault_count
    assert [row[0] for row in rows] == ledger.dates
    assert [row[1] for row in rows] == ledger.amounts
    assert len({row[2] for row in rows}) == len(rows)


def test_read_and_refused_sums_make_the_file(tmp_path: Path) -> None:
    text = "Verifikat;Bokf.datum;Nettobelopp\n1;2026-01-14;100,50\n2;2026-13-14;-20,25\n3;2026-01-15;mycket\n4;2026-01-16;-7\n"
    file, _ = read(tmp_path, text, suggested_mapping(COSTS, layout(text)))
    notes = {note.code: dict(note.params) for note in table_of(file).notes}
    assert notes["ledger_read"] == {"all": 4, "total": Decimal("73.25"), "rows": 2, "read": Decimal("93.50")}
    assert notes["ledger_refused"] == {"rows": 2, "total": Decimal("-20.25")}
    assert notes["ledger_unsure"] == {"count": 1}


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda case: case.name)
def test_unknown_headers_are_no_table_without_a_mapping(tmp_path: Path, ledger: Ledger) -> None:
    file = prepare_file(tmp_path, ledger.text)
    assert not sum(table.good for table in file.tables)
    assert [file_layout.headers for file_layout in file.layouts] == [layout(ledger.text).headers]


def test_the_likeliest_table() -> None:
    cases = "Ärendenr;Registrerad;Inkanal;Tjänst;Avslutsdatum\n1;2026-01-14;telefon;T-1;2026-01-20\n"
    counts = "Tjänst;Period;Kontaktväg;Antal ärenden\nT-1;2026-01;telefon;12\nT-2;2026-02;besök;3\n"
    nothing = "Frukt;Färg\näpple;röd\n"
    assert [likeliest_dataset(layout(text)) for text in (cases, counts, nothing)] == [
        datasets()["cases"], datasets()["case_counts"], None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "KLE-nummer;Opgave;Forvaltning;Målgruppe\n02.34;Byggesag;Teknik;borger\n27.1;Ferie;HR;ansatt\n",
        "id;service_name_en;department_name_en;client_target_groups\n1;Permit;Planning;citizens\n2;Leave;HR;employee\n",
        "id;Tjeneste;Avdeling;Målgruppe\n1;Byggesak;Plan;innbygger\n2;Ferie;HR;ansatt\n",
    ],
)
def test_registers_of_services_of_other_countries(tmp_path: Path, text: str) -> None:
    original = layout(text)
    assert likeliest_dataset(original) == datasets()["services"]
    _, rows = read(tmp_path, text, suggested_mapping(datasets()["services"], original), "audience", "_ok")
    assert rows == [("external",), ("internal",)]


def test_readable_values_win_over_a_similar_header() -> None:
    text = "Datum;Verifikationsdatum;Belopp;Summa\nmåndag;2026-01-14;se nästa;100,00\ntisdag;2026-01-15;-;200,00\n"
    assert columns(text)["booked_on"] == "Verifikationsdatum"
    assert columns(text)["amount"] == "Summa"


def test_required_columns_are_suggested_by_values_when_only_one_fits() -> None:
    original = layout("Kolumn A;Kolumn B;Kolumn C\n2026-01-14;x;100,50\n2026-01-15;y;200,00\n")
    suggestions = suggest(COSTS, original.headers, original.rows)
    assert {
        code: (headers_of(suggestion.source, original), suggestion.reason, suggestion.certain)
        for code, suggestion in suggestions.items()
    } == {
        "booked_on": ("Kolumn A", "values", False),
        "amount": ("Kolumn C", "values", False),
        "cost_id": ("made", "generated", True),
    }


@pytest.mark.parametrize(
    ("headers", "amount", "why"),
    [
        ("Belopp inkl moms;Moms;Belopp exkl moms", "Belopp exkl moms", "alias"),
        ("Belopp inkl moms;Moms", "Belopp inkl moms − Moms", "without_vat"),
        ("Belopp;Moms", "Belopp", "perhaps_vat"),
        ("Totalbelopp;Valuta", "Totalbelopp", "with_vat"),
        ("Debet;Kredit", "Debet − Kredit", "difference"),
        ("Debet;Kredit;Belopp", "Belopp", "header"),
    ],
)
def test_amounts_without_vat_come_first_and_no_rate_is_guessed(headers: str, amount: str, why: str) -> None:
    original = layout(f"Datum;{headers}\n" + f"2026-01-14;{';'.join(['100,00'] * 3)}\n" * 3)
    suggestion = suggest(COSTS, original.headers, original.rows)["amount"]
    assert (headers_of(suggestion.source, original), suggestion.reason) == (amount, why)


def test_the_date_order_is_never_guessed(tmp_path: Path) -> None:
    unsure = suggest(COSTS, ["Datum", "Belopp"], [["02.03.2026", "1,00"], ["03.04.2026", "2,00"]])["booked_on"]
    assert (unsure.source, unsure.reason, unsure.certain) == (FromColumn(0), "two_ways", False)
    american = suggest(COSTS, ["Datum", "Belopp"], [["02/03/2026", "1,00"], ["03/14/2026", "2,00"]])["booked_on"]
    assert (american.source, american.certain) == (FromColumn(0, order="mdy"), True)
    text = "Datum;Belopp\n02.03.2026;1,00\n3/4/26;2,00\n31.02.2026;3,00\n2026-05-06;4,00\n"
    days = {
        "dmy": ["2026-03-02", "2026-04-03", None, "2026-05-06"],
        "mdy": ["2026-02-03", "2026-03-04", None, "2026-05-06"],
    }
    for order, expected in days.items():
        parts: dict[str, ColumnSource] = {
            "cost_id": GeneratedId(),
            "booked_on": FromColumn(0, order=order),
            "amount": FromColumn(1),
        }
        file, rows = read(tmp_path, text, ColumnMapping("costs", layout(text).key, parts), "booked_on::VARCHAR")
        assert [row[0] for row in rows] == expected
        assert fault_places_of(file) == [(4, "Datum", "impossible_date")]


def fault_places_of(file: FileDraft) -> list[tuple[int | None, str | None, str]]:
    return fault_places(table_of(file))


def test_unreadable_amounts_are_reported_under_the_files_headers(tmp_path: Path) -> None:
    text = "Datum;Debet;Kredit\n2026-01-14;100,50;\n2026-01-14;;20\n2026-01-14;1.234;\n2026-01-14;1;tio\n2026-01-14;;\n"
    parts: dict[str, ColumnSource] = {
        "cost_id": GeneratedId(),
        "booked_on": FromColumn(0),
        "amount": FromColumn(1, subtract=2),
    }
    file, rows = read(tmp_path, text, ColumnMapping("costs", layout(text).key, parts), "amount::VARCHAR", "_ok")
    assert [row[0] for row in rows] == ["100.50", "-20.00"]
    assert fault_places_of(file) == [
        (4, "Debet − Kredit", "two_ways"), (5, "Debet − Kredit", "bad_money"), (6, "Debet − Kredit", "blank"),
    ]  # fmt: skip
    assert "ignored_columns" not in codes_of(file.all_notes)


def test_the_sign_can_be_changed(tmp_path: Path) -> None:
    text = "Datum;Belopp;Rabatt\n2026-01-14;-100,50;-10\n2026-01-15;20 000;1\n"
    for part, amounts in {
        FromColumn(1, negate=True): ["100.50", "-20000.00"],
        FromColumn(1, True, 2): ["90.50", "-19999.00"],
    }.items():
        parts: dict[str, ColumnSource] = {"cost_id": GeneratedId(), "booked_on": FromColumn(0), "amount": part}
        _, rows = read(tmp_path, text, ColumnMapping("costs", layout(text).key, parts), "amount::VARCHAR")
        assert [row[0] for row in rows] == amounts


def test_constants_fill_every_row_that_is_not_blank(tmp_path: Path) -> None:
    text = "Tjänst;Period;Antal\nT-1;2026-01;12\n;;\nT-2;2026-02;3\n"
    parts: dict[str, ColumnSource] = {
        "service_id": FromColumn(0),
        "month": FromColumn(1),
        "cases": FromColumn(2),
        "channel": Constant("telefon"),
    }
    file, rows = read(
        tmp_path, text, ColumnMapping("case_counts", layout(text).key, parts), "service_id, channel, cases"
    )
    assert rows == [("T-1", "phone", 12), ("T-2", "phone", 3)]
    wrong = ColumnMapping("case_counts", layout(text).key, {**parts, "channel": Constant("fax")})
    assert fault_places_of(read(tmp_path, text, wrong)[0]) == [
        (2, "kanal", "unknown_value"),
        (4, "kanal", "unknown_value"),
    ]
    assert table_of(file).columns["channel"] == "kanal"


def test_missing_columns_are_reported(tmp_path: Path) -> None:
    text = "Datum;Text\n2026-01-14;a\n"
    file, rows = read(
        tmp_path, text, ColumnMapping("costs", layout(text).key, {"booked_on": FromColumn(0)}), "cost_id", "_ok"
    )
    assert not rows
    assert fault_places_of(file) == [(None, "kostnad_id", "missing_column"), (None, "belopp", "missing_column")]
    made, amount = map(sentence, table_of(file).faults)
    assert "låt det skapas där" in made and "lägg till" not in made.lower()
    assert amount.startswith("Kolumn belopp:") and "lägg till" in amount


def test_one_column_can_be_read_as_two(tmp_path: Path) -> None:
    text = "Datum;Belopp;Text\n2026-01-14;1,00;SMS\n"
    parts: dict[str, ColumnSource] = {
        "cost_id": GeneratedId(),
        "booked_on": FromColumn(0),
        "amount": FromColumn(1),
        "text": FromColumn(2),
        "category": FromColumn(2),
    }
    _, rows = read(tmp_path, text, ColumnMapping("costs", layout(text).key, parts), "text, category")
    assert rows == [("SMS", "SMS")]


def test_personal_columns_are_still_refused_and_sole_traders_masked(tmp_path: Path) -> None:
    text = (
        "Datum;Belopp;Orgnr;Leverantör;Beställare e-post;Fri text\n"
        "2026-01-14;1,00;850709-9805;Anna Anders Snickeri;a@sala.se;x\n"
        "2026-01-15;2,00;556000-0000;Bolaget AB;b@sala.se;x\n"
    )
    original = layout(text)
    file, rows = read(tmp_path, text, suggested_mapping(COSTS, original), "supplier_id, supplier, cost_id")
    assert [row[:2] for row in rows] == [("XXXXXX-XXXX", "Enskild firma"), ("556000-0000", "Bolaget AB")]
    assert fault_places_of(file) == [(2, "Beställare e-post", "personal_column")]
    assert "9805" not in str(rows)
    assert "ledger_sole_traders" in codes_of(file.all_notes)
    text = "Datum;Belopp;Text\n2026-01-14;1,00;ring 850709-9805\n"
    file, _ = read(tmp_path, text, suggested_mapping(COSTS, layout(text)))
    assert fault_places_of(file) == [(2, "Text", "personal_number")]


def test_a_generated_id_stays_when_the_file_grows_is_sorted_or_divided(tmp_path: Path) -> None:
    head, *lines = RAINDANCE.text.split("\n\n")[1].splitlines()
    more = [lines[2].replace("26001043", "26001050"), lines[2].replace("2026-02-20", "2026-03-01")]
    chosen = suggested_mapping(COSTS, layout("\n".join([head, *lines])))

    def ids(some: list[str]) -> set[tuple[object, ...]]:
        return set(read(tmp_path, "\n".join([head, *some]), chosen, "cost_id, booked_on, amount, voucher")[1])

    all_of_them = ids([*lines, *more])
    assert len({row[0] for row in all_of_them}) == 5
    assert ids(lines) < all_of_them
    assert ids([*more, *lines[::-1]]) == all_of_them
    assert ids(lines[:2]) | ids(lines[2:] + more) == all_of_them
    respelt = [line.replace("-1 234,50", "-1234.5").replace("2026-02-20", "20260220") for line in lines]
    assert ids(respelt) == ids(lines)


def test_sheets_with_one_layout_are_read_by_one_mapping(tmp_path: Path) -> None:
    head = ["Bokföringsdag", "Summa", "Avser"]
    book = xlsx_bytes(
        {
            "Januari": [["Utdrag"], [], head, [date(2026, 1, 14), 1250.5, "SMS"]],
            "Februari": [head, [date(2026, 2, 14), -3, "SMS"]],
            "Pivot": [["Summa", "Antal"], [1247.5, 2]],
        }
    )
    path = tmp_path / "bok.xlsx"
    path.write_bytes(book)
    original = layout(f"{';'.join(head)}\n2026-01-14;1250,50;SMS\n")
    with prepare([Source("bok.xlsx", path, mapping=suggested_mapping(COSTS, original))], TODAY) as draft:
        (file,) = draft.files
        rows = [
            draft.connection.execute(f"SELECT amount::FLOAT, text FROM {t.relation}").fetchall() for t in file.tables
        ]
    assert rows == [[(1250.5, "SMS")], [(-3.0, "SMS")]]
    assert not file.fault_count
    assert codes_of(file.notes) == ["not_recognised"]


class TestSavedMappings:
    """A saved mapping is used again for its layout, and holds no cell of the file."""

    def test_a_mapping_is_loaded_for_the_same_headers_only(self, tmp_path: Path) -> None:
        original = layout(VISMA.text)
        chosen = suggested_mapping(COSTS, original)
        save_mapping(tmp_path, chosen, TODAY)
        assert load_mappings(tmp_path) == {original.key: SavedMapping(chosen, TODAY)}
        assert layout_key([*map(str.upper, original.headers), ""]) == original.key != layout_key(original.headers[::-1])
        delete_mapping(tmp_path, original.key)
        assert load_mappings(tmp_path) == {}

    def test_no_cell_of_the_file_is_saved(self, tmp_path: Path) -> None:
        save_mapping(tmp_path, suggested_mapping(COSTS, layout(RAINDANCE.text)), TODAY)
        text = (tmp_path / "layouts.json").read_text("utf-8")
        saved = set(json.loads(text)["layouts"][layout(RAINDANCE.text).key])
        assert saved == {"table", "parts", "on"}
        assert not [cell for _, row in cells(RAINDANCE.text) for cell in row if len(cell) > 4 and cell in text]

    @pytest.mark.parametrize(
        "damaged",
        ["", "[]", '{"layouts": []}', '{"layouts": {"a": {"table": "gone", "parts": {}, "on": "2026-01-01"}}}',
         '{"layouts": {"a": {"table": "costs", "parts": {"amount": {"column": -1, "minus": null, "order": "ymd"}}, "on": "x"}}}',
         '{"layouts": {"a": 1}}'],
    )  # fmt: skip
    def test_a_damaged_file_is_ignored(self, tmp_path: Path, damaged: str) -> None:
        (tmp_path / "layouts.json").write_text(damaged, "utf-8")
        assert load_mappings(tmp_path) == {}

    def test_the_next_file_is_read_at_once(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "store")
        store.save_mapping(suggested_mapping(COSTS, layout(VISMA.text)), NOW)
        path = tmp_path / "februari.csv"
        path.write_text(VISMA.text.replace("2026-01", "2026-02"), "utf-8")
        sources = [Source(path.name, path)]
        with store.prepare(sources, today=TODAY) as draft:
            (file,) = draft.files
            assert (table_of(file).good, file.fault_count) == (2, 0)
            (note,) = [note for note in file.all_notes if note.code == "mapped"]
            assert sentence(note, "en") == f"Read as Costs, by the column choices from {NOW.date()}."
            store.commit(draft, {}, ROLE, NOW)
        with store.database().cursor() as cursor:
            assert cursor.execute("SELECT sum(amount)::INTEGER FROM costs").fetchall() == [(12000,)]
        for source, use_saved in ((sources[0], False), (Source(path.name, path, table="events"), True)):
            with store.prepare([source], TODAY, use_saved_mappings=use_saved) as draft:
                assert not sum(table.good for table in draft.files[0].tables)
        store.delete_mapping(layout(VISMA.text).key, NOW)
        with store.prepare(sources, today=TODAY) as draft:
            assert not sum(table.good for table in draft.files[0].tables)

    def test_on_the_command_line_too(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        store = Store(tmp_path / "store")
        store.save_mapping(suggested_mapping(COSTS, layout(VISMA.text)), NOW)
        path = tmp_path / "bok.csv"
        path.write_text(VISMA.text, "utf-8")
        arguments = ["import", str(path), "--store", str(store.folder), "--language", "en"]
        assert main([*arguments, "--by-headers"]) == 1
        assert "Read as" not in capsys.readouterr().out
        assert main(arguments) == 0
        assert f"Read as Costs, by the column choices from {NOW.date()}." in capsys.readouterr().out


@LAWS
@given(st.sampled_from(LEDGERS), st.randoms(use_true_random=False))
def test_the_order_of_columns_makes_no_difference(ledger: Ledger, random: Random) -> None:
    original = layout(ledger.text)
    order = list(range(len(original.headers)))
    random.shuffle(order)
    rows = [[row[i] if i < len(row) else "" for i in order] for row in original.rows]
    reordered = Layout(1, tuple(original.headers[i] for i in order), tuple(map(tuple, rows)))

    def described(any_layout: Layout) -> dict[str, tuple[str, str, bool]]:
        suggestions = suggest(COSTS, any_layout.headers, any_layout.rows)
        return {code: (headers_of(s.source, any_layout), s.reason, s.certain) for code, s in suggestions.items()}

    assert described(reordered) == described(original)
    assert likeliest_dataset(reordered) == likeliest_dataset(original)


CELL = {
    "cost_id": st.sampled_from(["K-1", "K-2", "K-3", ""]),
    "booked_on": st.sampled_from(["2026-01-14", "20260115", "2026-02-30", "14.1.2026", ""]),
    "amount": st.sampled_from(["1 234,50", "-7", "1.234", "tio", ""]),
    "supplier": st.sampled_from(["Bolaget AB", "Å", ""]),
    "account": st.sampled_from(["5420", "#REF!", ""]),
    "cost_type": st.sampled_from(["fast", "rörlig", "okänd", ""]),
}


@LAWS
@given(st.permutations(list(CELL)), st.data())
def test_a_mapping_reads_what_renamed_headers_would(tmp_path: Path, order: list[str], data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.tuples(*(CELL[code] for code in order)), min_size=1, max_size=6))
    body = "".join(";".join(line) + "\n" for line in lines)
    by_hand = ";".join(COSTS.column(code).header for code in order) + "\n" + body
    strange = [f"Rubrik {letter}" for letter, _ in zip("QWERTY", order, strict=True)]
    chosen = ColumnMapping(
        "costs", Layout(1, tuple(strange)).key, {code: FromColumn(i) for i, code in enumerate(order)}
    )
    mapped, rows = read(tmp_path, ";".join(strange) + "\n" + body, chosen)
    path = tmp_path / "by hand"
    path.write_text(by_hand, "utf-8")
    with prepare([Source("kostnader.csv", path)], TODAY) as draft:
        (table,) = draft.files[0].tables
        assert draft.connection.execute(f"FROM {table.relation} ORDER BY _row").fetchall() == rows
    assert [(f.row, f.code, f.value) for f in table.faults] == [(f.row, f.code, f.value) for f in mapped.all_faults]
    assert [
        strange[order.index(next(c for c in order if COSTS.column(c).header == f.column))] for f in table.faults
    ] == [f.column for f in mapped.all_faults]
