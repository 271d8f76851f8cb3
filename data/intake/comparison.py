"""A draft beside what is known: notes, new rows, changed values, rows that contradict each other or belong to no department."""

from collections.abc import Sequence
from dataclasses import replace

from duckdb import DuckDBPyConnection

from data.base.fault import Change, Contradiction, NewRow
from data.checks.changes import Statement, find_changes, find_new_rows
from data.checks.contradictions import find_contradictions
from data.checks.names_as_ids import read_names_as_ids
from data.checks.notes import REPEATED, TypedTable, find_notes
from data.checks.replaced_counts import replaced_counts
from data.checks.without_department import find_without_department
from data.intake.draft import FileDraft, TableDraft


def with_notes(files: Sequence[FileDraft], connection: DuckDBPyConnection, known: bool) -> list[FileDraft]:
    """The files with the notes that need all of them, and with what they change in the database where it is `known`."""
    typed = [
        TypedTable(t.dataset, t.relation, f.name, t.sheet, t.columns, t.from_source)
        for f in files
        for t in f.tables
        if t.good
    ]
    names_of = read_names_as_ids(connection, typed, known)
    notes_of = find_notes(connection, typed, known)
    without = find_without_department(connection, typed, known)
    earlier: dict[str, list[Statement]] = {}

    def noted(table: TableDraft) -> TableDraft:
        count, changes, new, new_rows = 0, tuple[Change, ...](), None, tuple[NewRow, ...]()
        own = (*names_of.get(table.relation, ()), *notes_of.get(table.relation, ()))
        if known and table.good and table.ledger is None:
            columns = frozenset(table.columns) if table.known_columns is None else table.known_columns
            statement = Statement(table.relation, columns, not REPEATED & {note.code for note in own})
            before = () if table.from_source else earlier.setdefault(table.dataset.code, [])
            new, new_rows = find_new_rows(connection, table.dataset, statement, before)
            count, changes = find_changes(connection, table.dataset, statement, table.from_source, before)
            earlier.setdefault(table.dataset.code, []).append(statement)
            if table.dataset.code == "cases":
                replaced, of_counts = replaced_counts(connection, statement)
                count, changes = count + replaced, (*changes, *of_counts)
        differing = tuple[Contradiction, ...]()
        if any(note.code == "contradiction" for note in own):
            differing = find_contradictions(connection, table.dataset, table.relation, table.sheet)
        unplaced, listed = without.get(table.relation, (0, ()))
        return replace(
            table, notes=(*table.notes, *own), changes=changes, change_count=count, new_count=new,
            new_rows=new_rows,
            contradictions=differing, without_department=listed, without_department_count=unplaced,
        )  # fmt: skip

    return [replace(f, tables=tuple(map(noted, f.tables))) for f in files]
