"""Helpers that prepare drafts of files given as text or bytes, and read the results."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from data.intake.draft import Draft, FileDraft, Source, TableDraft
from data.intake.prepare import StoreContext, prepare

TODAY = date(2026, 11, 2)
COUNTS = "tjanst_id;manad;kanal;antal\n"
CASES = "arende_id;tjanst_id;inkom;kanal\n"


@contextmanager
def prepare_files(
    folder: Path, files: Mapping[str, bytes | str], known: Path | None = None, tables: Mapping[str, str] | None = None
) -> Iterator[Draft]:
    """The draft of files by name; text is written as UTF-8."""
    sources = []
    for i, (name, content) in enumerate(files.items()):
        path = folder / f"upload-{i}"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        sources.append(Source(name, path, table=(tables or {}).get(name)))
    with prepare(sources, TODAY, StoreContext(known)) as draft:
        yield draft


def prepare_file(folder: Path, content: bytes | str, name: str = "fil.csv") -> FileDraft:
    """The draft of a single file, without its connection."""
    with prepare_files(folder, {name: content}) as draft:
        return draft.files[0]


def prepare_table(folder: Path, content: bytes | str, name: str = "fil.csv") -> TableDraft:
    """The only table of a single file without faults of its own."""
    file = prepare_file(folder, content, name)
    assert not file.faults
    (table,) = file.tables
    return table


def typed_rows(folder: Path, content: bytes | str, columns: str, where: str = "true") -> list[tuple[object, ...]]:
    """Columns of the typed rows of a file's only table, in order."""
    with prepare_files(folder, {"fil.csv": content}) as draft:
        (table,) = draft.files[0].tables
        sql = f"SELECT {columns} FROM {table.relation} WHERE {where} ORDER BY _row"
        result: list[tuple[object, ...]] = draft.connection.execute(sql).fetchall()
        return result


def fault_places(table: TableDraft) -> list[tuple[int | None, str | None, str]]:
    """(row, column, code) of each fault."""
    return [(f.row, f.column, f.code) for f in table.faults]


def codes_of(faults: Sequence[object]) -> list[str]:
    """The codes of faults or notes."""
    return [str(getattr(f, "code", "")) for f in faults]


def xlsx_bytes(sheets: Mapping[str, Sequence[Any]]) -> bytes:
    """A workbook with these sheets; dates are written as dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for i, line in enumerate(lines):
                sheet.write_row(i, 0, line)
    return out.getvalue()
