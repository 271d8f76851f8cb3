"""The ledgers of a draft, with what each changes, and what the importer must answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.checks.ledger_changes import LedgerChanges, ledger_changes
from data.intake.draft import FileDraft
from data.ledger_source import LedgerAnswer, LedgerFile


def with_ledgers(
    files: Sequence[FileDraft], answers: Mapping[str, LedgerAnswer | None], connection: DuckDBPyConnection, known: bool
) -> list[FileDraft]:
    """The files with what each ledger changes, in the order in which they will be imported."""
    ledgers = [
        LedgerFile(f.name, sheets, answers.get(f.name))
        for f in files
        if (sheets := [(t.relation, t.ledger) for t in f.tables if t.ledger])
    ]
    changes = ledger_changes(connection, ledgers, known)
    return [_with_changes(f, changes[f.name]) if f.name in changes else f for f in files]


def _with_changes(file: FileDraft, changes: LedgerChanges) -> FileDraft:
    """The file with what it changes as notes of its first ledger sheet."""
    first = next(table for table in file.tables if table.ledger)
    notes = [
        Fault(n.code, file.name, first.sheet, params={"table": first.dataset.code, **n.params}) for n in changes.notes
    ]
    also, in_draft = changes.source.replaces, changes.source.replaces_files
    tables = tuple(
        replace(
            table,
            notes=(*(notes if table is first else ()), *table.notes),
            ledger=table.ledger and replace(table.ledger, replaces=also, replaces_files=in_draft),
        )
        for table in file.tables
    )
    question = next((note for note in notes if changes.question and note.code == changes.question.code), None)
    return replace(file, tables=tables, question=question, empties=changes.replaces)
