"""What a ledger that is imported again changes: postings added, changed, removed and unchanged, in SEK."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce

from duckdb import DuckDBPyConnection

from data.ledger_source import LedgerSource, content_sql, replaced_rows
from data.readers.sheet import Note

_LISTED = 5  # vouchers listed in a note
_BEFORE, _AFTER = "ledger_before", "ledger_after"


def ledger_changes(
    connection: DuckDBPyConnection, relations: Sequence[str], sources: Sequence[LedgerSource]
) -> Iterator[Note]:
    """Notes on what the sheets of one file, in `relations`, replace in the database that is attached as `known`."""
    source = reduce(LedgerSource.union, sources)
    if not _has_sources(connection):
        return
    incoming = " UNION ALL BY NAME ".join(f"SELECT * FROM {relation} WHERE _ok" for relation in relations)
    replaced = replaced_rows(source, "SELECT rowid AS _id, * FROM known.costs", "FROM known.ledger_sources", incoming)
    _stage(connection, _BEFORE, f"FROM known.costs WHERE rowid IN ({replaced})")
    _stage(connection, _AFTER, incoming)
    if _sum(connection, _BEFORE)[0]:
        yield from _replacement(connection, source)
    yield from _beside(connection, source)
    connection.execute(f"DROP TABLE {_BEFORE}; DROP TABLE {_AFTER}")


def _has_sources(connection: DuckDBPyConnection) -> bool:
    """Whether the database was built by a program that knows of sources."""
    query = "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'known' AND table_name = 'ledger_sources'"
    return bool(connection.execute(query).fetchall()[0][0])


def _stage(connection: DuckDBPyConnection, name: str, rows: str) -> None:
    """Make a table of postings, each with a key of its content, numbered among equal ones, and its line in its voucher."""
    content, line = content_sql(), "concat_ws('|', coalesce(voucher, ''), coalesce(account, ''))"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT booked_on, amount, coalesce(voucher, booked_on::VARCHAR) AS label,"
        f" {line} AS line, {content} || '|' || row_number() OVER (PARTITION BY {content}) AS content_key FROM ({rows})"
    )


def _replacement(connection: DuckDBPyConnection, source: LedgerSource) -> Iterator[Note]:
    """Notes on the postings that are replaced."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ledger_pairs AS WITH before AS ({_remaining(_BEFORE, _AFTER)}),"
        f" after AS ({_remaining(_AFTER, _BEFORE)})"
        " SELECT coalesce(b.label, a.label) AS label, b.amount AS old, a.amount AS new"
        " FROM before b FULL JOIN after a ON a.line = b.line AND a.number = b.number"
    )
    same = _sum(connection, f"{_BEFORE} WHERE content_key IN (SELECT content_key FROM {_AFTER})")
    added, gone = (_pairs(connection, condition) for condition in ("old IS NULL", "new IS NULL"))
    changed = _pairs(connection, "old IS NOT NULL AND new IS NOT NULL")
    yield Note(
        "ledger_replaces",
        {
            "from": _month(source.first), "to": _month(source.last), "added": added[0], "added_total": added[2],
            "changed": changed[0], "before": changed[1], "after": changed[2], "gone": gone[0], "gone_total": gone[1],
            "same": same[0], "same_total": same[1],
        },
    )  # fmt: skip
    if changed[0]:
        yield Note("ledger_changed", {"names": changed[3], "amounts": changed[4], "new": changed[5]})
    if gone[0]:
        yield Note("ledger_gone", {"names": gone[3], "amounts": gone[4]})
    connection.execute("DROP TABLE ledger_pairs")


def _remaining(table: str, other: str) -> str:
    """SQL for the postings of one table that the other does not have, numbered within their line of a voucher."""
    number = "row_number() OVER (PARTITION BY line ORDER BY booked_on, amount, content_key) AS number"
    return f"SELECT *, {number} FROM {table} WHERE content_key NOT IN (SELECT content_key FROM {other})"


Pairs = tuple[int, Decimal, Decimal, list[str], list[Decimal], list[Decimal]]


def _pairs(connection: DuckDBPyConnection, condition: str) -> Pairs:
    """The number of pairs, their sums before and after, and of the largest the voucher and both amounts."""
    order = "ORDER BY abs(coalesce(old, 0) - coalesce(new, 0)) DESC, label"
    listed = ", ".join(f"coalesce(list({name} {order})[:{_LISTED}], [])" for name in ("label", "old", "new"))
    (row,) = connection.execute(
        f"SELECT count(*), coalesce(sum(old), 0), coalesce(sum(new), 0), {listed} FROM ledger_pairs WHERE {condition}"
    ).fetchall()
    count, before, after, labels, old, new = row
    return count, before, after, labels, old, new


def _sum(connection: DuckDBPyConnection, relation: str) -> tuple[int, Decimal]:
    ((count, total),) = connection.execute(f"SELECT count(*), coalesce(sum(amount), 0) FROM {relation}").fetchall()
    return count, total


def _beside(connection: DuckDBPyConnection, source: LedgerSource) -> Iterator[Note]:
    """A note on other postings of the source in the same months, that are not replaced."""
    ((count, total),) = connection.execute(
        "SELECT count(*), coalesce(sum(amount), 0) FROM known.costs JOIN known.ledger_sources s USING (batch)"
        " WHERE s.kind = $kind AND list_has_any(s.names, $names) AND strftime(booked_on, '%Y-%m') BETWEEN $first AND $last",
        {"kind": source.kind, "names": list(source.names), "first": _month(source.first), "last": _month(source.last)},
    ).fetchall()
    replaced, replaced_total = _sum(connection, _BEFORE)
    if count > replaced:
        yield Note("ledger_beside", {"count": count - replaced, "total": total - replaced_total})


def _month(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""
