"""What the ledgers of a draft change: postings added, changed, removed and unchanged, in SEK, and what must be asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection

from data.ledger_matching import CONTENT, PairedSide, RepeatedBatch, create_pairs, paired_sides, repeated_batches
from data.ledger_source import (
    SOURCE_COLUMNS,
    LedgerAnswer,
    LedgerFile,
    LedgerSource,
    month_range,
    month_spans,
    replaced_rows,
)
from data.readers.sheet import Note
from data.schema.catalogue import datasets
from data.schema.id_matching import folded_sql

_LISTED = 5  # vouchers listed in a note
_LIVE, _SOURCES, _FILES = "ledger_live", "ledger_live_sources", "ledger_live_files"
_BEFORE, _AFTER, _PAIRS = "ledger_before", "ledger_after", "ledger_pairs"
_IN_DRAFT = 1_000_000_000  # batches from here on are files of the draft
_COLUMNS = ", ".join(("cost_id", *CONTENT))


@dataclass(frozen=True)
class LedgerChanges:
    """What a ledger changes: notes, its source with all that it replaces, and whether it replaces anything.

    `question` is the one of the notes that the importer must answer before the file can be imported.
    """

    notes: tuple[Note, ...]
    source: LedgerSource
    replaces: bool
    question: Note | None = None


def ledger_changes(
    connection: DuckDBPyConnection, files: Sequence[LedgerFile], known: bool
) -> dict[str, LedgerChanges]:
    """By file, what each ledger changes in the database (attached as `known`) and the ledgers before it in the draft."""
    if not files:
        return {}
    months = [month for file in files for month in file.source.covered]
    _stage_live(connection, months, known and _has_sources(connection))
    changes = {file.name: _Comparison(connection, files, number).changes() for number, file in enumerate(files)}
    connection.execute("".join(f"DROP TABLE {name};" for name in (_LIVE, _SOURCES, _FILES, _BEFORE, _AFTER, _PAIRS)))
    return changes


def _has_sources(connection: DuckDBPyConnection) -> bool:
    """Whether the database was built by a program that knows of sources."""
    query = "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'known' AND table_name = 'ledger_sources'"
    return bool(connection.execute(query).fetchall()[0][0])


def _stage_live(connection: DuckDBPyConnection, months: Sequence[date], known: bool) -> None:
    """Make the tables of the postings in force from one month to another, of their sources and of their files."""
    types = dict(datasets()["costs"].stored)
    columns = ", ".join(f"{name} {types[name]}" for name in ("cost_id", *CONTENT))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_LIVE} (_id BIGINT, batch INTEGER, {columns}, shared BOOLEAN);"
        f"CREATE OR REPLACE TEMP TABLE {_SOURCES} ({SOURCE_COLUMNS});"
        f"CREATE OR REPLACE TEMP TABLE {_FILES} (batch INTEGER, file VARCHAR)"
    )
    if known and months:
        shared = "cost_id IN (SELECT cost_id FROM known.cost_shares)"
        connection.execute(
            f"INSERT INTO {_LIVE} SELECT row_number() OVER (), batch, {_COLUMNS}, {shared} FROM known.costs"
            f" WHERE date_trunc('month', booked_on) BETWEEN DATE '{min(months)}' AND DATE '{max(months)}';"
            f"INSERT INTO {_SOURCES} SELECT batch, kind, names FROM known.ledger_sources;"
            f"INSERT INTO {_FILES} SELECT batch, file FROM known.batches"
        )


class _Comparison:
    """One ledger beside the postings in force when it is imported."""

    def __init__(self, connection: DuckDBPyConnection, files: Sequence[LedgerFile], number: int) -> None:
        self._connection, self._files, self._number = connection, files, number
        self._file, self._source = files[number], files[number].source

    def changes(self) -> LedgerChanges:
        """What the file changes; the tables of postings in force have it afterwards."""
        self._stage_incoming()
        answer = self._file.answer or LedgerAnswer()
        if answer.choice == "replace":
            self._source = self._with_repeated(self._source)
        self._stage_replaced(self._source)
        sides = paired_sides(self._connection, _PAIRS, _BEFORE, _AFTER)
        question = None if answer.choice else self._question(sides, asked_of_part=not answer.states_months)
        notes = [*([question] if question else self._beside()), *self._effect(sides), *self._gap()]
        replaces = bool(self._count(_BEFORE)[0])
        self._bring_in()
        return LedgerChanges(tuple(notes), self._source, replaces, question)

    def _stage_incoming(self) -> None:
        """Make the table of the file's postings: of those with the same id, which are on several sheets, the last."""
        sheets = " UNION ALL ".join(
            f"SELECT {i} AS _sheet, _row, {_COLUMNS} FROM {relation} WHERE _ok"
            for i, (relation, _) in enumerate(self._file.sheets)
        )
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_AFTER} AS SELECT coalesce((SELECT max(_id) FROM {_LIVE}), 0)"
            f" + row_number() OVER () AS _id, {_COLUMNS} FROM ({sheets})"
            f" QUALIFY row_number() OVER (PARTITION BY {folded_sql('cost_id')} ORDER BY _sheet DESC, _row DESC) = 1"
        )

    def _stage_replaced(self, source: LedgerSource) -> None:
        """Make the tables of the postings that the file replaces, and of those that are the same before and after."""
        own_numbers = {file.name: _IN_DRAFT + i for i, file in enumerate(self._files)}
        numbers = (*source.replaces, *(own_numbers[name] for name in source.replaces_files))
        replaced = replaced_rows(
            replace(source, replaces=numbers), f"FROM {_LIVE}", f"FROM {_SOURCES}", f"FROM {_AFTER}"
        )
        own = f"batch NOT IN (SELECT batch FROM {_SOURCES})"  # what a table of one's own said of a posting with the same id
        same_id = f"{folded_sql('cost_id')} IN (SELECT {folded_sql('cost_id')} FROM {_AFTER})"
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_BEFORE} AS FROM {_LIVE} WHERE _id IN ({replaced}) OR ({own} AND {same_id})"
        )
        create_pairs(self._connection, _PAIRS, _BEFORE, _AFTER)

    def _with_repeated(self, source: LedgerSource) -> LedgerSource:
        """The source, replacing the batches too of which most comes again."""
        self._stage_replaced(source)
        batches = [one.batch for one in self._repeated()]
        names = tuple(self._files[batch - _IN_DRAFT].name for batch in batches if batch >= _IN_DRAFT)
        return replace(source, replaces=tuple(b for b in batches if b < _IN_DRAFT), replaces_files=names)

    def _repeated(self) -> list[RepeatedBatch]:
        """The batches of which most comes again, though the file does not replace it."""
        unequal = f"FROM {_AFTER} WHERE _id NOT IN (SELECT after_id FROM {_PAIRS} WHERE equal)"
        others, same_day = f"FROM {_LIVE} ANTI JOIN {_BEFORE} USING (_id)", self._source.scope == "vouchers"
        return repeated_batches(self._connection, others, unequal, same_day)

    def _effect(self, sides: dict[str, PairedSide]) -> Iterator[Note]:
        """Notes on what is replaced, and on cost shares of postings that are gone."""
        if not self._count(_BEFORE)[0]:
            return
        changed = sides["changed"]
        yield Note("ledger_replaces", {"months": month_spans(self._source.covered), **_totals(sides)})
        if changed.postings:
            yield Note("ledger_changed", {"names": changed.labels, "amounts": changed.old, "new": changed.new})
        for code, refused in (("ledger_gone", False), ("ledger_gone_refused", True)):
            gone = [(label, amount) for label, amount, is_refused in self._gone() if is_refused == refused][:_LISTED]
            if gone:
                yield Note(code, {"names": [name for name, _ in gone], "amounts": [amount for _, amount in gone]})
        rows = f"{_BEFORE} WHERE shared AND _id NOT IN (SELECT before_id FROM {_PAIRS})"
        count, total = self._count(rows)
        if count:
            names = self._connection.execute(
                f"SELECT coalesce(voucher, cost_id) FROM {rows} ORDER BY abs(amount) DESC, cost_id LIMIT {_LISTED}"
            ).fetchall()
            yield Note("ledger_shares_lost", {"count": count, "total": total, "names": [name for (name,) in names]})

    def _gone(self) -> list[tuple[str, Decimal, bool]]:
        """Voucher and amount of each posting that is gone, the largest first, and whether the file has its voucher refused."""
        refused = " UNION ALL ".join(
            f"SELECT {', '.join(f'if(list_contains(_unread, {c!r}), NULL, {c}) AS {c}' for c in ('voucher', 'booked_on'))}"
            f" FROM {relation} WHERE NOT _ok"
            for relation, _ in self._file.sheets
        )
        return self._connection.execute(
            f"SELECT coalesce(b.voucher, b.booked_on::VARCHAR) AS label, b.amount, EXISTS (FROM ({refused}) r"
            " WHERE r.voucher = b.voucher AND coalesce(date_trunc('month', r.booked_on) = date_trunc('month', b.booked_on), true))"
            f" FROM {_BEFORE} b WHERE _id NOT IN (SELECT before_id FROM {_PAIRS}) ORDER BY abs(b.amount) DESC, label"
        ).fetchall()

    def _beside(self) -> Iterator[Note]:
        """A note on other postings of the source in the same months, that are not replaced."""
        count, total = self._count(f"({self._of_source(self._source.covered)}) ANTI JOIN {_BEFORE} USING (_id)")
        if count:
            yield Note("ledger_beside", {"count": count, "total": total})

    def _gap(self) -> Iterator[Note]:
        """A note on postings of the source in months between those of the file, which has none there."""
        covered = self._source.covered
        between = [month for month in month_range(covered[0], covered[-1]) if month not in covered] if covered else []
        count, total = self._count(f"({self._of_source(between)})")
        if count:
            yield Note("ledger_gap", {"months": month_spans(between), "count": count, "total": total})

    def _of_source(self, months: Sequence[date]) -> str:
        """SQL for the postings in force of the same source in some months."""
        names = ", ".join("'" + name.replace("'", "''") + "'" for name in self._source.names)
        listed = ", ".join(f"'{month:%Y-%m}'" for month in months)
        return (
            f"SELECT l.* FROM {_LIVE} l JOIN {_SOURCES} s USING (batch) WHERE s.kind = '{self._source.kind}'"
            f" AND (len(s.names) = 0 OR list_has_any(s.names, [{names}]::VARCHAR[]))"
            f" AND strftime(booked_on, '%Y-%m') IN ({listed or 'NULL'})"
        )

    def _question(self, sides: dict[str, PairedSide], asked_of_part: bool) -> Note | None:
        """A note that asks: most of another file comes again under other numbers, or most of what is replaced does not."""
        repeated = self._repeated()
        if repeated:
            batches = [one.batch for one in repeated]
            names = self._connection.execute(
                f"SELECT file FROM {_FILES} WHERE list_contains(?, batch) ORDER BY batch", [batches]
            ).fetchall()
            source = self._source.answered(LedgerAnswer(choice="replace"))
            self._stage_replaced(self._with_repeated(source))
            totals = _totals(paired_sides(self._connection, _PAIRS, _BEFORE, _AFTER))
            self._stage_replaced(self._source)
            counts = {"count": sum(one.postings for one in repeated), "sum": sum(one.total for one in repeated)}
            return Note("ledger_again", {"files": [name for (name,) in names], **counts, **totals})
        gone = [amount for _, amount, refused in self._gone() if not refused]
        if asked_of_part and len(gone) > sides["same"].postings + sides["changed"].postings:
            return Note("ledger_part", {"count": len(gone), "total": sum(gone)})
        return None

    def _count(self, relation: str) -> tuple[int, Decimal]:
        """The number of postings, and their sum in SEK."""
        ((count, total),) = self._connection.execute(
            f"SELECT count(*), coalesce(sum(amount), 0) FROM {relation}"
        ).fetchall()
        return count, total

    def _bring_in(self) -> None:
        """Let the postings in force be those after the import of the file."""
        batch = _IN_DRAFT + self._number
        self._connection.execute(
            f"DELETE FROM {_LIVE} WHERE _id IN (SELECT _id FROM {_BEFORE});"
            f"INSERT INTO {_LIVE} SELECT _id, {batch}, {_COLUMNS}, false FROM {_AFTER}"
        )
        rows = {_SOURCES: [batch, self._source.kind, list(self._source.names)], _FILES: [batch, self._file.name]}
        for table, values in rows.items():
            self._connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def _totals(sides: dict[str, PairedSide]) -> dict[str, object]:
    """The parameters of a sentence on what is added, changed, gone and the same."""
    added, changed, gone, same = (sides[name] for name in ("added", "changed", "gone", "same"))
    return {
        "added": added.postings, "added_total": added.after, "changed": changed.postings, "before": changed.before,
        "after": changed.after, "gone": gone.postings, "gone_total": gone.before, "same": same.postings, "same_total": same.before,
    }  # fmt: skip
