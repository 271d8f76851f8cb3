"""A ledger as a sheet of the table `costs`: every posting has an id of its own, and every krona is told of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from duckdb import DuckDBPyConnection

from data.readers.sheet import Note, Sheet
from data.schema.catalogue import datasets

TABLE = "costs"
COLUMNS = (
    "cost_id", "booked_on", "amount", "supplier", "text", "account", "account_text", "cost_centre", "project",
    "supplier_id", "office", "voucher", "counterparty", "cost_type",
)  # fmt: skip
REPEAT_MARK = "#"  # in an id, before the number of a posting that says the same as another
_ROWS = 5  # rows named in a remark


@dataclass
class PostingSum:
    """How many postings there are of something, and what they make."""

    rows: int = 0
    total: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        """Count a posting."""
        self.rows += 1
        self.total += amount


def reconciliation_notes(
    connection: DuckDBPyConnection,
    typed: str,
    file: PostingSum,
    unsure: int = 0,
    left: Mapping[str, PostingSum] | None = None,
) -> Iterator[Note]:
    """What is said of where every posting of a `file` went: read, refused, `unsure` of its amount, or `left` out and why."""
    ((rows, good, read),) = connection.execute(
        f"SELECT count(*), count(*) FILTER (_ok), coalesce(sum(amount) FILTER (_ok), 0) FROM {typed}"
    ).fetchall()
    yield Note("ledger_read", {"all": file.rows, "total": file.total, "rows": good, "read": Decimal(read)})
    left = {code: one for code, one in (left or {}).items() if one.rows}
    if rows > good:
        refused = file.total - Decimal(read) - sum((one.total for one in left.values()), Decimal(0))
        yield Note("ledger_refused", {"rows": rows - good, "total": refused})
    if unsure:
        yield Note("ledger_unsure", {"count": unsure})
    for code, one in left.items():
        yield Note(code, {"rows": one.rows, "total": one.total})


class LedgerSheet(Sheet):
    """One ledger. `headers` are its columns in the file's own words, None where the file has no word for one.

    A header that is there `twice` is told of.
    """

    dataset = TABLE
    alike = "ledger_alike"  # what is said of postings that can be told apart only by counting them

    def __init__(
        self, name: str | None, row: int, headers: Mapping[str, str | None], twice: Sequence[str] = ()
    ) -> None:
        self.name = name
        self.columns = [code for code in COLUMNS if code in headers]
        self.head = [(row, [*self.columns, *twice])]
        self.original_headers = {code: headers[code] or datasets()[TABLE].column(code).header for code in self.columns}
        self._spare = len(twice)
        self._file, self._unsure = PostingSum(), 0
        self._left: Mapping[str, PostingSum] = {}

    def totals(self, connection: DuckDBPyConnection, typed: str) -> Iterator[Note]:
        """See `Sheet.totals`: where every posting of the file went."""
        return reconciliation_notes(connection, typed, self._file, self._unsure, self._left)

    def _number(self, connection: DuckDBPyConnection, table: str, source: str) -> Sequence[Note]:
        """Make the relation `table` of `source`: `_row`, `_extra`, and the columns as c0, c1 …

        Of rows with the same `cost_id` every one but the first gets a number. Which is first depends on what they say
        and not on where they stand, so that the same postings in a longer file have the same ids.
        """
        others = ", ".join(f'"{code}"' for code in self.columns[1:])
        cells = [f'"{code}" AS c{i}' for i, code in enumerate(self.columns[1:], 1)]
        cells += [f"NULL::VARCHAR AS c{len(self.columns) + i}" for i in range(self._spare)]
        base = f"replace(cost_id, '{REPEAT_MARK}', '')"
        connection.execute(
            f"CREATE TABLE {table}_raw AS SELECT _row::INTEGER AS _row, _extra,"
            f" _base || CASE WHEN _time > 1 THEN '{REPEAT_MARK}' || _time ELSE '' END AS c0, {', '.join(cells)}"
            f" FROM (SELECT *, {base} AS _base,"
            f" row_number() OVER (PARTITION BY {base} ORDER BY {others}, _row) AS _time FROM {source})"
        )
        connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw")
        ((count, rows),) = connection.execute(
            f"SELECT count(*), list(_row ORDER BY _row)[:{_ROWS}] FROM {table} WHERE contains(c0, '{REPEAT_MARK}')"
        ).fetchall()
        return [Note(self.alike, {"count": count, "rows": rows})] if count else []
