"""Ledgers that are imported again: what the database says is what the source says now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.archive.state import BatchTable
from data.base.errors import ImportRefused
from data.base.fault import Fault
from data.cli.draft_output import draft_json
from data.intake.choices import Choice
from data.intake.draft import Draft, Source
from data.intake.prepare import prepare
from data.ledger_source import LedgerAnswer
from data.messages.render import sentence
from data.store import Store
from tests.data.ledger_reading import ledger
from tests.data.stores import NOW, ROLE, import_files, write_csv

Row = Mapping[str, str]
SIE_4I = "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#FNAMN Exempel\n"
SIE_4E = SIE_4I + "#RAR 0 20260101 20261231\n#IB 0 1930 0.00\n"


def row(voucher: str, amount: str, day: str = "2026-01-15", **more: str) -> Row:
    return {"verifikationsnummer": voucher, "belopp": amount, "datum": day, **more}


def supplier(*rows: Row) -> str:
    return ledger(rows, delimiter=";")


def sie(head: str, *vouchers: tuple[str, str, str, str]) -> str:
    """A SIE file of vouchers: number, day, text, amount."""
    return head + "".join(
        f'#VER {number} {day} "{text}"\n{{\n#TRANS 6212 {{}} {amount}\n#TRANS 2440 {{}} {-Decimal(amount)}\n}}\n'
        for number, day, text, amount in vouchers
    )


def stored(folder: Path, *files: str) -> Store:
    """A store into which the files were imported one by one."""
    store = Store(folder / "store")
    for number, text in enumerate(files):
        path = folder / f"{number}.csv"
        path.write_text(text, "utf-8")
        import_files(store, path)
    return store


def amounts(store: Store) -> list[tuple[str, str]]:
    """Day and amount of every posting."""
    rows = (
        store.database()
        .cursor()
        .execute("SELECT booked_on::VARCHAR, amount::VARCHAR FROM costs ORDER BY ALL")
        .fetchall()
    )
    assert len(rows) == len(store.database().cursor().execute("SELECT DISTINCT cost_id FROM costs").fetchall())
    return rows


def check_booked(store: Store) -> None:
    """What was booked is in force or replaced, to the öre."""
    query = "SELECT sum(ore - replaced_ore), sum(postings - replaced_postings) FROM booked_costs"
    (booked,) = store.database().cursor().execute(query).fetchall()
    assert booked == store.database().cursor().execute("SELECT sum(amount * 100), count(*) FROM costs").fetchall()[0]


JAN, FEB = "2026-01-15", "2026-02-15"
ONE = ("A 1", "20260115", "x", "100.00")
TWO = ("A 2", "20260120", "y", "50.00")
NO = '"" ""'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            [supplier(row("1", "1000"), row("2", "50")), supplier(row("1", "1000", FEB), row("2", "60", FEB))],
            [(JAN, "1000.00"), (JAN, "50.00"), (FEB, "1000.00"), (FEB, "60.00")], id="numbers that restart",
        ),
        pytest.param([supplier(row("1", "1000")), supplier(row("1", "900"))], [(JAN, "900.00")], id="corrected amount"),
        pytest.param(
            [supplier(row("1", "1000")), supplier(row("1", "900")),
             supplier(row("1", "1000", leverantor="Bolaget Sverige AB", leverantor_id=""))],
            [(JAN, "1000.00")], id="supplier told otherwise",
        ),
        pytest.param(
            [supplier(row("1", "1000"), row("2", "50", "2026-01-31")), supplier(row("1", "1000"))],
            [(JAN, "1000.00")], id="struck voucher",
        ),
        pytest.param(
            [supplier(row("1", "1000")), supplier(row("1", "1000", "2026-01-16"))],
            [("2026-01-16", "1000.00")], id="corrected day",
        ),
        pytest.param(
            [supplier(row("1", "1000"), row("2", "5", FEB)), supplier(row("3", "7", FEB), row("2", "6", FEB))],
            [(JAN, "1000.00"), (FEB, "6.00"), (FEB, "7.00")], id="a month of a longer file",
        ),
        pytest.param(
            [supplier(row("1", "1", "2026-01-05")), supplier(row("2", "2", "2026-01-25"))],
            [("2026-01-05", "1.00"), ("2026-01-25", "2.00")], id="two halves of a month",
        ),
        pytest.param(
            [supplier(row("1", "1", "2026-01-10"), row("2", "2", "2026-01-20")),
             supplier(row("3", "3", "2026-01-10"), row("4", "4", "2026-01-25"))],
            [("2026-01-10", "1.00"), ("2026-01-10", "3.00"), ("2026-01-20", "2.00"), ("2026-01-25", "4.00")],
            id="two files of a month whose days overlap",
        ),
        pytest.param(
            [supplier(row("1", "1", "2026-01-10"), row("2", "2", "2026-01-31")),
             supplier(row("3", "3", "2026-01-31"), row("4", "4", "2026-02-15"))],
            [("2026-01-10", "1.00"), ("2026-01-31", "2.00"), ("2026-01-31", "3.00"), ("2026-02-15", "4.00")],
            id="a late posting in the next month's file",
        ),
        pytest.param(
            [supplier(row("1", "1", forvaltning="A")), supplier(row("2", "2", forvaltning="B"))],
            [(JAN, "1.00"), (JAN, "2.00")], id="two departments",
        ),
        pytest.param(
            [supplier(row("1", "1")), supplier(row("1", "2", kopare_id="2120000001", kopare="En annan"))],
            [(JAN, "1.00"), (JAN, "2.00")], id="two buyers",
        ),
        pytest.param(
            [supplier(row("1", "1")), supplier(row("1", "2", kopare_id="SE212000209801", kopare="Sala"))],
            [(JAN, "2.00")], id="a buyer spelt otherwise",
        ),
        pytest.param(
            [sie(SIE_4I, (NO, "20260115", "objekt 1", "150.00")), sie(SIE_4I, (NO, "20260115", "objekt 2", "150.00"))],
            [(JAN, "150.00")] * 2, id="4I that repeats day, account and amount",
        ),
        pytest.param(
            [sie(SIE_4I, (NO, "20260115", "avgift", "1.00")), sie(SIE_4I, (NO, "20260122", "avgift", "1.00"))],
            [(JAN, "1.00"), ("2026-01-22", "1.00")], id="4I of two weeks that are alike",
        ),
        pytest.param(
            [sie(SIE_4I, (NO, "20260115", "a", "1.00")), sie(SIE_4I, (NO, "20260115", "a", "1.00"), (NO, "20260115", "b", "2.00"))],
            [(JAN, "1.00"), (JAN, "2.00")], id="a longer 4I",
        ),
        pytest.param(
            [sie(SIE_4I, (NO, "20260115", "a", "1.00"), (NO, "20260115", "b", "2.00")),
             sie(SIE_4I, (NO, "20260115", "a", "1.00"), (NO, "20260115", "c", "3.00"))],
            [(JAN, "1.00"), (JAN, "1.00"), (JAN, "2.00"), (JAN, "3.00")], id="another 4I with a voucher alike",
        ),
        pytest.param(
            [sie(SIE_4I, ONE), sie(SIE_4I, ("A 1", "20260115", "x", "90.00"))], [(JAN, "90.00")], id="a corrected 4I",
        ),
        pytest.param(
            [sie(SIE_4I, ONE), sie(SIE_4I, ("A 1", "20260115", "another", "100.00"))],
            [(JAN, "100.00")] * 2, id="4I with numbers that restart",
        ),
        pytest.param([sie(SIE_4E, ONE, TWO), sie(SIE_4E, TWO)], [("2026-01-20", "50.00")], id="struck in a 4E"),
        pytest.param(
            [sie(SIE_4E, ONE), sie(SIE_4E, ("A 1", "20260115", "x", "90.00"))], [(JAN, "90.00")], id="a corrected 4E",
        ),
        pytest.param(
            [sie(SIE_4E, ONE), sie(SIE_4E, ("A 1", "20260215", "x", "100.00"))],
            [(JAN, "100.00"), (FEB, "100.00")], id="4E with numbers that restart",
        ),
        pytest.param(
            [sie(SIE_4E, ONE), sie(SIE_4E, ("B 1", "20260115", "x", "1.00"))],
            [(JAN, "1.00"), (JAN, "100.00")], id="another series",
        ),
    ],
)  # fmt: skip
def test_a_ledger_is_what_its_source_says_now(
    tmp_path: Path, files: Sequence[str], expected: Sequence[tuple[str, str]]
) -> None:
    store = stored(tmp_path, *files)
    assert amounts(store) == sorted(expected)
    check_booked(store)
    (tmp_path / "before").mkdir()
    before = amounts(stored(tmp_path / "before", *files[:-1]))
    store.undo(len(files), ROLE, NOW)
    assert amounts(store) == before
    store.redo(len(files), ROLE, NOW)
    assert amounts(store) == sorted(expected)


def test_the_report_tells_what_is_added_changed_and_gone(tmp_path: Path) -> None:
    first = supplier(row("1", "1000"), row("2", "50"), row("3", "7"), row("9", "1", "2026-01-20", forvaltning="Annan"))
    store = stored(tmp_path, first)
    path = tmp_path / "again.csv"
    path.write_text(supplier(row("1", "900"), row("3", "7"), row("4", "20.5")), "utf-8")
    with store.prepare([Source("again.csv", path)], NOW.date()) as draft:
        notes = {note.code: note for note in draft.files[0].all_notes}
        assert sentence(notes["ledger_replaces"], "en") == (
            "The file replaces what the same source said before, of 2026-01:"
            " added 1, together 20.50 kr; changed 1, from 1,000.00 to 900.00 kr; gone 2, together 51.00 kr;"
            " as before 1, together 7.00 kr."
        )
        assert sentence(notes["ledger_changed"], "en") == ("Changed, the largest first: 1 (1,000.00 → 900.00 kr).")
        assert sentence(notes["ledger_gone"], "en") == (
            "Gone, the largest first: 2 (50.00 kr) and 9 (1.00 kr). If the file holds only a part of the ledger,"
            " do not import it: export the whole months."
        )
        (file,) = draft_json(draft, {"again.csv": Choice()}, "sv")["files"]
        (told,) = [note for note in file["notes"] if note["code"] == "ledger_replaces"]
        assert json.loads(json.dumps(told["values"])) == {
            "table": "costs", "months": ["2026-01"], "added": 1, "added_total": "20.50", "changed": 1,
            "before": "1000.00", "after": "900.00", "gone": 2, "gone_total": "51.00", "same": 1, "same_total": "7.00",
        }  # fmt: skip


@pytest.mark.parametrize("bad", [{"belopp": "1 0x0"}, {"datum": "2026-13-45"}])
def test_a_posting_whose_row_is_refused_is_not_told_as_gone(tmp_path: Path, bad: dict[str, str]) -> None:
    """Its voucher is in the file; of the three that are replaced two cannot be read, so it is no other part of the ledger."""
    store = stored(tmp_path, supplier(row("1", "1000"), row("2", "50"), row("3", "7"), row("4", "8")))
    path = tmp_path / "again.csv"
    path.write_text(supplier({**row("1", "1000"), **bad}, {**row("2", "50"), **bad}, row("3", "7")), "utf-8")
    with store.prepare([Source("again.csv", path)], NOW.date()) as draft:
        notes = {note.code: note for note in draft.files[0].all_notes}
        assert "ledger_part" not in notes
        assert sentence(notes["ledger_gone"], "en").startswith("Gone, the largest first: 4 (8.00 kr).")
        assert sentence(notes["ledger_gone_refused"], "en") == (
            "Vouchers left out since rows of them have errors, the largest first: 1 (1,000.00 kr) and 2 (50.00 kr)."
            " They are missing among the costs until the rows are right."
        )


def test_the_report_tells_what_stays_beside(tmp_path: Path) -> None:
    store = stored(tmp_path, supplier(row("1", "10", "2026-01-05")))
    path = tmp_path / "again.csv"
    path.write_text(supplier(row("2", "900", "2026-01-25")), "utf-8")
    with store.prepare([Source("again.csv", path)], NOW.date()) as draft:
        (note,) = [note for note in draft.files[0].all_notes if note.code in ("ledger_replaces", "ledger_beside")]
    assert sentence(note, "en") == (
        "Other postings of the same source in these months, which stay because they are not in the file's part of the ledger:"
        " 1, together 10.00 kr."
    )


def test_batches_of_before_sources_were_told_are_replaced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They know no source, and their ids no day: one posting in common tells that it is the same ledger."""
    whole = BatchTable.as_json
    with monkeypatch.context() as before:
        before.setattr(BatchTable, "as_json", lambda table: whole(replace(table, ledger=None)))
        before.setattr("data.formats.ledgers.supplier.DAY_IN_ID", "NULL")
        before.setattr("data.reading_store.prepare_isolated", prepare)  # in this process, where the patches hold
        store = stored(tmp_path, supplier(row("1", "1000"), row("2", "50")))
    ids = store.database().cursor().execute("SELECT cost_id FROM costs ORDER BY ALL").fetchall()
    assert ids == [("1_2026_5420_1000.00_556036-0793",), ("2_2026_5420_50.00_556036-0793",)]
    path = tmp_path / "again.csv"
    path.write_text(supplier(row("1", "1000"), row("3", "7")), "utf-8")
    import_files(store, path)
    assert amounts(store) == [(JAN, "1000.00"), (JAN, "7.00")]
    check_booked(store)


def prepared(store: Store, folder: Path, *files: str, answer: LedgerAnswer | None = None) -> Draft:
    """The files, prepared together for the store."""
    folder.mkdir(exist_ok=True)
    sources = []
    for number, text in enumerate(files, 1):
        path = folder / f"again-{number}.csv"
        path.write_text(text, "utf-8")
        sources.append(Source(path.name, path, ledger=answer))
    return store.prepare(sources, NOW.date())


RENUMBERED = supplier(row("801", "1000", "2026-01-18"), row("802", "50", "2026-01-19"), row("803", "7", "2026-01-20"))


def test_a_ledger_with_other_numbers_on_other_days_is_asked_about(tmp_path: Path) -> None:
    store = stored(tmp_path, supplier(row("1", "1000"), row("2", "50"), row("3", "7")))
    with prepared(store, tmp_path / "a", RENUMBERED) as draft:
        question = draft.files[0].question
        assert question
        assert sentence(question, "en") == (
            "Most of what is there already, from 0.csv, comes again under other numbers, together 1,057.00 kr (postings: 3)."
            " Say whether the file replaces it or is added beside it. If it replaces it:"
            " changed 3, from 1,057.00 to 1,057.00 kr."
        )
        with pytest.raises(ImportRefused) as refused:
            store.commit(draft, {}, ROLE, NOW)
        assert refused.value.sentence("en") == (
            "again-1.csv may hold postings that are there already, or only a part of the ledger. Say whether it replaces what"
            " is there or is added beside it."
        )
        assert draft_json(draft, {"again-1.csv": Choice()}, "sv")["files"][0]["question"] == "ledger_again"
    before = amounts(store)
    once = ["1000.00", "50.00", "7.00"]
    for answer, expected in ((LedgerAnswer(choice="replace"), once), (LedgerAnswer(choice="add"), once * 2)):
        with prepared(store, tmp_path / "a", RENUMBERED, answer=answer) as draft:
            assert not draft.files[0].question
            (batch,) = store.commit(draft, {}, ROLE, NOW)
        assert sorted(amount for _, amount in amounts(store)) == sorted(expected)
        check_booked(store)
        store.undo(batch.number, ROLE, NOW)
        assert amounts(store) == before


def test_the_same_costs_from_another_kind_of_ledger_are_asked_about(tmp_path: Path) -> None:
    """Nothing but the amounts is the same: the accounting system's own file after the published supplier ledger."""
    store = stored(tmp_path, supplier(*(row(str(n), f"{n}37.{n}0") for n in range(1, 8))))
    vouchers = [(f"LF {n}", "20260120", "", f"{n}37.{n}0") for n in range(1, 8)]
    with prepared(store, tmp_path / "a", sie(SIE_4E, *vouchers)) as draft:
        question = draft.files[0].question
        assert question and (question.code, question.params["count"]) == ("ledger_again", 7)
    with prepared(store, tmp_path / "a", sie(SIE_4E, *vouchers[:3])) as draft:
        assert not draft.files[0].question  # too few to be no coincidence


def test_a_month_that_an_extract_has_no_row_of_stays_unless_it_is_said_to_be_covered(tmp_path: Path) -> None:
    rows = [row("1", "1"), row("2", "2", FEB), row("3", "3", "2026-03-15")]
    store = stored(tmp_path, supplier(*rows))
    extract = supplier(row("1", "10"), rows[2])
    with prepared(store, tmp_path / "a", extract) as draft:
        notes = {note.code: sentence(note, "en") for note in draft.files[0].all_notes}
        assert notes["ledger_gap"] == (
            "The file has no postings of 2026-02, where the same source has 1, together 2.00 kr. These stay. If there are none"
            " now, say that the file covers these months."
        )
        (batch,) = store.commit(draft, {}, ROLE, NOW)
    assert amounts(store) == [(JAN, "10.00"), (FEB, "2.00"), ("2026-03-15", "3.00")]
    store.undo(batch.number, ROLE, NOW)
    with prepared(store, tmp_path / "a", extract, answer=LedgerAnswer(date(2026, 1, 1))) as draft:
        store.commit(draft, {}, ROLE, NOW)
    assert amounts(store) == [(JAN, "10.00"), ("2026-03-15", "3.00")]
    check_booked(store)


def test_two_ledgers_of_one_draft_are_compared_with_each_other(tmp_path: Path) -> None:
    with Store(tmp_path / "store") as store:
        with prepared(
            store, tmp_path / "a", supplier(row("1", "1000"), row("2", "5")), supplier(row("1", "900"))
        ) as draft:
            codes = [{note.code: note.params for note in file.all_notes} for file in draft.files]
            assert "ledger_replaces" not in codes[0]
            replaced = codes[1]["ledger_replaces"]
            assert (replaced["changed"], replaced["before"], replaced["after"]) == (1, 1000, 900)
            assert (replaced["gone"], replaced["gone_total"]) == (1, 5)
            store.commit(draft, {}, ROLE, NOW)
        assert amounts(store) == [(JAN, "900.00")]


def test_a_ledger_that_repeats_another_of_the_same_draft_is_asked_about(tmp_path: Path) -> None:
    files = supplier(row("1", "1000"), row("2", "50"), row("3", "7")), RENUMBERED
    with Store(tmp_path / "store") as store:
        with prepared(store, tmp_path / "a", *files) as draft:
            assert [bool(file.question) for file in draft.files] == [False, True]
        with prepared(store, tmp_path / "a", *files, answer=LedgerAnswer(choice="replace")) as draft:
            store.commit(draft, {}, ROLE, NOW)
        assert [amount for _, amount in amounts(store)] == ["1000.00", "50.00", "7.00"]


def test_a_ledger_without_rows_empties_the_months_that_it_covers(tmp_path: Path) -> None:
    store, head = stored(tmp_path, supplier(row("1", "1"), row("2", "2", FEB))), supplier()
    with prepared(store, tmp_path / "a", head) as draft:
        refused = store.refusal(draft, {})
        assert refused and refused.text == ImportRefused.NOTHING_TO_IMPORT
    with prepared(store, tmp_path / "a", head, answer=LedgerAnswer(date(2026, 1, 1), date(2026, 1, 1))) as draft:
        (batch,) = store.commit(draft, {}, ROLE, NOW)
    assert amounts(store) == [(FEB, "2.00")]
    check_booked(store)
    store.undo(batch.number, ROLE, NOW)
    assert len(amounts(store)) == 2


def test_a_file_that_lacks_most_of_what_it_would_replace_is_asked_about(tmp_path: Path) -> None:
    store = stored(tmp_path, supplier(*(row(str(n), str(n)) for n in range(1, 6))))
    with prepared(store, tmp_path / "a", supplier(row("1", "1"))) as draft:
        question = draft.files[0].question
        assert question
        assert sentence(question, "en") == (
            "Most of what the file would replace is not in it, together 14.00 kr (postings: 4). Say whether these are gone, so that"
            " the file replaces them, or whether it is another part of the ledger, to be added beside them."
        )


BALANCES = "#RES 0 6212 {0}\n#UB 0 2440 -{0}\n"


def test_a_sie_file_whose_vouchers_add_up_to_its_balances_is_the_year_up_to_its_end(tmp_path: Path) -> None:
    """February is gone from the ledger; what is booked after the file was made stays."""
    march, april = ("A 3", "20260310", "z", "5.00"), ("A 4", "20260410", "z", "9.00")
    first = sie(SIE_4E, ONE, ("A 2", "20260215", "y", "50.00"), march, april)
    whole = SIE_4E + "#GEN 20260331\n" + BALANCES.format("105.00")
    for head, expected in (
        (whole, ["100.00", "5.00", "9.00"]),
        (SIE_4E + BALANCES.format("1.00"), ["100.00", "50.00", "5.00", "9.00"]),
    ):
        (tmp_path / head[-9:-1]).mkdir()
        store = stored(tmp_path / head[-9:-1], first, sie(head, ONE, march))
        assert [amount for _, amount in amounts(store)] == expected
        check_booked(store)


def test_a_sie_file_covers_the_months_up_to_the_day_that_it_states(tmp_path: Path) -> None:
    first = sie(SIE_4E, ONE, ("A 2", "20260215", "y", "50.00"), ("A 3", "20260410", "z", "9.00"))
    store = stored(tmp_path, first, sie(SIE_4E + "#OMFATTN 20260331\n", ONE))
    assert [amount for _, amount in amounts(store)] == ["100.00", "9.00"]


def test_a_sie_file_without_costs_is_asked_whether_those_of_its_months_are_gone(tmp_path: Path) -> None:
    store = stored(tmp_path, sie(SIE_4E, ONE, ("A 2", "20260215", "y", "50.00")))
    income = sie(SIE_4E, ONE).replace("6212", "3010")
    with prepared(store, tmp_path / "a", income) as draft:
        question = draft.files[0].question
        assert question and question.code == "ledger_part"
    with prepared(store, tmp_path / "a", income, answer=LedgerAnswer(choice="replace")) as draft:
        store.commit(draft, {}, ROLE, NOW)
    assert amounts(store) == [(FEB, "50.00")]
    with prepared(store, tmp_path / "a", income.replace("3010", "3020")) as draft:
        refused = store.refusal(draft, {})
        assert refused and refused.text == ImportRefused.NOTHING_TO_IMPORT


SUMS = ("added_total", "before", "after", "gone_total")


def ids(store: Store) -> dict[str, str]:
    """The amount of each posting by its id."""
    return dict(store.database().cursor().execute("SELECT cost_id, amount::VARCHAR FROM costs").fetchall())


def test_a_posting_that_comes_again_keeps_its_id_and_what_refers_to_it(tmp_path: Path) -> None:
    """A row is put in before it, its amount is corrected, and its voucher gets another number."""
    head = SIE_4E + "#VER A 1 20260115 x\n{\n"
    store = stored(tmp_path, head + "#TRANS 6212 {} 100.00\n#TRANS 6540 {} 40.00\n#TRANS 2440 {} -140.00\n}\n")
    (kept,) = [cost for cost, amount in ids(store).items() if amount == "40.00"]
    shares = write_csv(tmp_path, "andelar.csv", "kostnad_id;verksamhet_id;andel", f"{kept};A;50", f"{kept};B;50")
    own = write_csv(tmp_path, "egna.csv", "kostnad_id;datum;belopp;bestallare", f"{kept};2026-01-15;40;A")
    import_files(store, shares)
    import_files(store, own)
    longer = head + "#TRANS 6070 {} 3.00\n#TRANS 6212 {} 100.00\n#TRANS 6540 {} 45.00\n#TRANS 2440 {} -148.00\n}\n"
    with prepared(store, tmp_path / "a", longer) as draft:
        notes = {note.code: note.params for note in draft.files[0].all_notes}
        assert "ledger_shares_lost" not in notes
        sums = {name: Decimal(str(value)) for name, value in notes["ledger_replaces"].items() if name in SUMS}
        assert sums["added_total"] + sums["after"] - sums["before"] - sums["gone_total"] == 148 - 140
        store.commit(draft, {}, ROLE, NOW)
    assert ids(store)[kept] == "45.00"
    assert len(ids(store)) == 3
    query = "SELECT ordered_by FROM costs SEMI JOIN cost_shares USING (cost_id)"
    assert store.database().cursor().execute(query).fetchall() == [("A",)]
    with prepared(store, tmp_path / "a", head + "#TRANS 6212 {} 100.00\n#TRANS 2440 {} -100.00\n}\n") as draft:
        (lost,) = [note for note in draft.files[0].all_notes if note.code == "ledger_shares_lost"]
        assert sentence(lost, "en") == (
            "Cost shares of postings that are gone, and which then belong to no posting: 1, together 45.00 kr, voucher A 1."
        )


def test_a_table_of_ones_own_is_replaced_by_its_ids_alone(tmp_path: Path) -> None:
    head = "kostnad_id;datum;belopp\n"
    store = stored(tmp_path, f"{head}K1;2026-01-10;1\nK2;2026-01-11;2\n", f"{head}K2;2026-01-11;3\n")
    assert amounts(store) == [("2026-01-10", "1.00"), ("2026-01-11", "3.00")]
    check_booked(store)


def test_every_sentence_has_its_values() -> None:
    assert "%(" not in sentence(Fault("ledger_beside", "a", params={"count": 1, "total": Decimal(2)}))
