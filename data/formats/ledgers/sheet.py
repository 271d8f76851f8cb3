"""A ledger as a sheet of the table `costs`: unique posting ids, and notes that account for every posting."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection

from data.privacy import mask_all, mask_supplier_id
from data.readers.sheet import Note, Sheet
from data.schema.catalogue import datasets, fold

TABLE = "costs"
COLUMNS = (
    "cost_id", "booked_on", "amount", "supplier", "text", "account", "account_text", "cost_centre", "project",
    "supplier_id", "office", "unit", "voucher", "counterparty", "cost_type",
)  # fmt: skip
REPEAT_MARK = "#"  # in an id, before the number of a posting whose id would repeat another's
_ROWS = 5  # rows listed in a note


@dataclass
class PostingSum:
    """A number of postings and the sum of their amounts in SEK."""

    rows: int = 0
    total: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        """Add a posting."""
        self.rows += 1
        self.total += amount


def reconciliation_notes(
    connection: DuckDBPyConnection,
    typed: str,
    file: PostingSum,
    uncertain: int = 0,
    excluded: Mapping[str, PostingSum] | None = None,
) -> Iterator[Note]:
    """Notes on the postings of a `file`: read, refused, of `uncertain` amount, and `excluded` by the note's code."""
    ((rows, good, read),) = connection.execute(
        f"SELECT count(*), count(*) FILTER (_ok), coalesce(sum(amount) FILTER (_ok), 0) FROM {typed}"
    ).fetchall()
    yield Note("ledger_read", {"all": file.rows, "total": file.total, "rows": good, "read": Decimal(read)})
    excluded = {code: part for code, part in (excluded or {}).items() if part.rows}
    if rows > good:
        refused = file.total - Decimal(read) - sum((part.total for part in excluded.values()), Decimal(0))
        yield Note("ledger_refused", {"rows": rows - good, "total": refused})
    if uncertain:
        yield Note("ledger_unsure", {"count": uncertain})
    for code, part in excluded.items():
        yield Note(code, {"rows": part.rows, "total": part.total})


def ledger_names(organisations: Iterable[tuple[str | None, str | None]], today: date) -> tuple[str, ...]:
    """The numbers and names of organisations, each in one spelling, by which a later file is known to be of the same source."""
    numbers, names = set[str](), set[str]()
    for number, name in organisations:
        numbers |= {mask_supplier_id(number, today)[0]} if number else set()
        names |= {fold(mask_all(name, today))} if name else set()
    return (*sorted(numbers), *sorted(names))


class LedgerSheet(Sheet):
    """One ledger. `repeat_note` is the code of the note on postings that differ in nothing but their number."""

    dataset = TABLE
    repeat_note = "ledger_alike"

    def __init__(
        self, name: str | None, row: int, headers: Mapping[str, str | None], repeated: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.columns = [code for code in COLUMNS if code in headers]
        self.head = [(row, [*self.columns, *repeated])]
        self.original_headers = {code: headers[code] or datasets()[TABLE].column(code).header for code in self.columns}
        self._repeated = len(repeated)
        self._file, self._uncertain = PostingSum(), 0
        self._excluded: Mapping[str, PostingSum] = {}

    def totals(self, connection: DuckDBPyConnection, typed: str) -> Iterator[Note]:
        """See `Sheet.totals`: notes that account for every posting of the file."""
        return reconciliation_notes(connection, typed, self._file, self._uncertain, self._excluded)

    def _number_ids(self, connection: DuckDBPyConnection, table: str, source: str) -> Sequence[Note]:
        """Make the relation `table` of `source`, with columns `_row`, `_extra`, c0, c1 …, and unique ids in c0.

        Of rows with the same `cost_id` all but the first are numbered. They are ordered by their values and not by row,
        so that the same postings in a longer file have the same ids.
        """
        others = ", ".join(f'"{code}"' for code in self.columns[1:])
        cells = [f'"{code}" AS c{i}' for i, code in enumerate(self.columns[1:], 1)]
        cells += [f"NULL::VARCHAR AS c{len(self.columns) + i}" for i in range(self._repeated)]
        base = f"replace(cost_id, '{REPEAT_MARK}', '')"
        connection.execute(
            f"CREATE TABLE {table}_raw AS SELECT _row::INTEGER AS _row, _extra,"
            f" _base || CASE WHEN _number > 1 THEN '{REPEAT_MARK}' || _number ELSE '' END AS c0, {', '.join(cells)}"
            f" FROM (SELECT *, {base} AS _base,"
            f" row_number() OVER (PARTITION BY {base} ORDER BY {others}, _row) AS _number FROM {source})"
        )
        connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw")
        ((count, rows),) = connection.execute(
            f"SELECT count(*), list(_row ORDER BY _row)[:{_ROWS}] FROM {table} WHERE contains(c0, '{REPEAT_MARK}')"
        ).fetchall()
        return [Note(self.repeat_note, {"count": count, "rows": rows})] if count else []
