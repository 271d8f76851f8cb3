"""Functions that read ledgers through the production checks, and that make ledgers."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.intake.draft import FileDraft, TableDraft
from tests.data.drafts import prepare_files

HERE = Path(__file__).parent
LAYOUT = (
    "kopare_id", "kopare", "verifikationsnummer", "leverantor", "leverantor_id", "konto_nr", "konto_text", "belopp",
    "datum", "forvaltning", "fakturanummer", "grund", "avtal", "kommun_id", "s_kod_nr",
)  # fmt: skip
PLAIN = {
    "kopare_id": "212000-2098", "kopare": "Sala kommun", "verifikationsnummer": "1001",
    "leverantor": "Plattformsbolaget AB", "leverantor_id": "556036-0793", "konto_nr": "5420",
    "konto_text": "Programvaror", "belopp": "100.00", "datum": "2026-01-14", "forvaltning": "Kommunstyrelsen",
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A ledger that was read: the file's draft, its only table, the rows without faults, and all rows."""

    file: FileDraft
    table: TableDraft
    rows: Sequence[Mapping[str, Any]]
    all_rows: Sequence[Mapping[str, Any]]

    @property
    def notes(self) -> Mapping[str, Mapping[str, Any]]:
        """The parameters of the notes by code."""
        return {note.code: note.params for note in self.file.all_notes}

    @property
    def totals(self) -> Mapping[str, tuple[int, Decimal]]:
        """(postings, SEK) read, refused, excluded by reason, and of the whole file."""
        text = self.notes["ledger_read"]
        remaining = {c: (p["rows"], p["total"]) for c, p in self.notes.items() if c.startswith("sie_left_")}
        refused = self.notes.get("ledger_refused", {"rows": 0, "total": Decimal(0)})
        return {
            **remaining,
            "all": (text["all"], text["total"]),
            "read": (text["rows"], text["read"]),
            "refused": (refused["rows"], refused["total"]),
        }


def read(folder: Path, content: bytes | str, name: str = "fil.csv") -> Read:
    """Read a ledger."""
    with prepare_files(folder, {name: content}) as draft:
        file = draft.files[0]
        assert not file.faults, file.faults
        (table,) = file.tables
        cursor = draft.connection.execute(f"FROM {table.relation} ORDER BY _row")
        names = [column[0] for column in cursor.description or ()]
        all_rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Read(file, table, [row for row in all_rows if row["_ok"]], all_rows)


def ledger(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = LAYOUT, delimiter: str = ",") -> str:
    """A supplier ledger of rows given as differences from `PLAIN`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([{**PLAIN, **row}.get(column, "") for column in columns] for row in rows)
    return out.getvalue()


def check_digit(nine: str) -> str:
    """The check digit of a personal identity number."""
    total = sum(n - 9 if n > 9 else n for n in (int(d) * (2 - i % 2) for i, d in enumerate(nine)))
    return str(-total % 10)
