"""What a file changes: the rows that it may change, new ones that lack what they need, and each old and new value."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from data.base.fault import Change, NewRow
from data.checks.moves import OWNERS
from data.checks.staged import Staged
from data.checks.staging import refuse_rows
from data.schema import id_matching
from data.schema.catalogue import Column, Dataset

MAX_CHANGES = 20_000  # listed for a table
MAX_NEW = 10  # new rows that are listed, where the others are known
_CULLED = ("cases", "case_counts")  # tables that lack rows where small numbers are protected


@dataclass(frozen=True)
class Register:
    """The rows that a file may change: of the database, attached as `known` where `is_known`, and of earlier tables of the draft.

    `drafted` has their (table code, relation).
    """

    connection: DuckDBPyConnection
    is_known: bool
    drafted: Sequence[tuple[str, str]] = ()

    @property
    def is_protected(self) -> bool:
        """Whether the database leaves out small numbers of cases."""
        return self.is_known and bool(self.connection.execute("SELECT protected FROM known.info").fetchall()[0][0])

    def keys(self, dataset: Dataset) -> str | None:
        """SQL for the keys of a table's rows, as `key`; None where any may exist."""
        if self.is_known and dataset.code in _CULLED and self.is_protected:
            return None
        key = f"SELECT row({id_matching.key_sql(dataset)}) AS key"
        parts = [f"{key} FROM {relation} WHERE _ok" for code, relation in self.drafted if code == dataset.code]
        parts += [f"{key} FROM ({known_rows(dataset)})"] if self.is_known else []
        typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in dataset.stored)
        return " UNION ALL ".join([*parts, f"{key} FROM (SELECT {typed}) WHERE false"])


def known_rows(dataset: Dataset) -> str:
    """SQL for the rows of a table in the attached database; rejected links lie in a table of their own."""
    rejected = (
        " UNION ALL BY NAME SELECT *, false AS paired FROM known.rejected_links" if dataset.code == "links" else ""
    )
    return f"FROM known.{dataset.code}{rejected}"


def refuse_new_rows(staged: Staged, register: Register) -> Staged | None:
    """Refuse the rows that are new, in a sheet that lacks what a new row needs; None where no row is known."""
    keys = register.keys(staged.dataset)
    if keys is None:
        return staged
    typed = keyed_rows(staged.dataset, f"FROM {staged.typed}")
    new = f"SELECT _row FROM ({typed}) ANTI JOIN ({keys}) k ON _key IS NOT DISTINCT FROM k.key"
    rows = staged.connection.execute(new).fetchall()
    (total,) = staged.first_row(f"SELECT count(*) FROM {staged.typed}")
    return None if len(rows) == total else refuse_rows(staged, [(row, -1, "new_row", None) for (row,) in rows])


def refuse_disorder(staged: Staged, register: Register) -> Staged:
    """Refuse the rows with a date on the wrong side of one that only the database has."""
    for rule in staged.dataset.rules if register.is_known else ():
        present = [c for c in rule.columns if c in staged.positions]
        if rule.kind == "ordered" and len(present) == 1:
            (here,), (first, last) = present, rule.columns
            there = last if here == first else first
            wrong = "n.{0} > k.{1}" if here == first else "n.{0} < k.{1}"
            rows = staged.connection.execute(
                f"SELECT n._row, {staged.positions[here]}, 'order_known:{there}', n.{here}::VARCHAR"
                f" FROM {_beside_known(staged.dataset, last_rows(staged.dataset, staged.typed))} WHERE {wrong.format(here, there)}"
            ).fetchall()
            staged = refuse_rows(staged, rows)
    return staged


@dataclass(frozen=True)
class Statement:
    """The good rows of a drafted table, and the codes of the columns that its file has values for.

    `is_distinct`: no two of the rows have the same key.
    """

    relation: str
    columns: Collection[str]
    is_distinct: bool = False

    def last_rows(self, dataset: Dataset) -> str:
        """SQL for the last good row of each key, with its `_key`."""
        rows = f"FROM {self.relation} WHERE _ok"
        return keyed_rows(dataset, rows) if self.is_distinct else last_rows(dataset, self.relation)


def find_new_rows(
    connection: DuckDBPyConnection, dataset: Dataset, statement: Statement, earlier: Sequence[Statement] = ()
) -> tuple[int | None, tuple[NewRow, ...]]:
    """How many keys of good rows neither the database has nor an `earlier` table of the draft, and the first of their rows.

    The number is None where that is protected. No row is listed where all are new: they are the file.
    """
    keys = Register(connection, True, [(dataset.code, before.relation) for before in earlier]).keys(dataset)
    if keys is None:
        return None, ()
    new = f"({statement.last_rows(dataset)}) n ANTI JOIN ({keys}) k ON n._key IS NOT DISTINCT FROM k.key"
    ((count,),) = connection.execute(f"SELECT count(*) FROM {new}").fetchall()
    ((good,),) = connection.execute(f"SELECT count(*) FROM {statement.relation} WHERE _ok").fetchall()
    if not 0 < count < good:
        return count, ()
    stated = [column for column in dataset.columns if column.code in statement.columns]
    rows = connection.execute(
        f"SELECT _row, [{', '.join(text_sql(column, 'n') for column in stated)}]::VARCHAR[]"
        f" FROM (SELECT n.* FROM {new} ORDER BY _row LIMIT {MAX_NEW}) n ORDER BY _row"
    ).fetchall()
    codes = [column.code for column in stated]
    named = ((row, [pair for pair in zip(codes, texts, strict=True) if pair[1] is not None]) for row, texts in rows)
    return count, tuple(NewRow(dataset.code, row, tuple(texts)) for row, texts in named)


def find_changes(
    connection: DuckDBPyConnection,
    dataset: Dataset,
    statement: Statement,
    from_source: bool,
    earlier: Sequence[Statement] = (),
) -> tuple[int, tuple[Change, ...]]:
    """The number of values that a table changes in the database attached as `known`, and the first of them.

    What `earlier` tables of the same draft change comes before it. Of counts `from_source` only higher ones change anything.
    """
    columns = statement.columns
    dated = "valid_from" if dataset.code in OWNERS else None  # of moves, which are told apart
    compared = [c for c in dataset.columns if c.code in columns and not c.key and c.code != dated]
    if not compared:
        return 0, ()
    keys = [dataset.column(code) for code in dataset.key]
    values = ", ".join(_compared(c, i, from_source) for i, c in enumerate(compared))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE changes AS FROM ("
        f"SELECT n._row, [{', '.join(text_sql(c, 'k') for c in keys)}]::VARCHAR[] AS key, unnest([{values}]) AS change"
        f" FROM {_beside_known(dataset, statement.last_rows(dataset), earlier)}) WHERE change.differs"
    )
    ((count,),) = connection.execute("SELECT count(*) FROM changes").fetchall()
    rows = connection.execute(
        f"SELECT key, change.code, change.old, change.new, _row FROM changes ORDER BY _row, change.position LIMIT {MAX_CHANGES}"
    ).fetchall()
    connection.execute("DROP TABLE changes")
    named = [c.code for c in keys]
    changes = (([pair for pair in zip(named, key, strict=True) if pair[1] is not None], *rest) for key, *rest in rows)
    return count, tuple(Change(dataset.code, tuple(key), *rest) for key, *rest in changes)


def keyed_rows(dataset: Dataset, rows: str) -> str:
    """SQL for the rows with their `_key`."""
    return f"SELECT *, row({id_matching.key_sql(dataset)}) AS _key FROM ({rows})"


def _beside_known(dataset: Dataset, last: str, earlier: Sequence[Statement] = ()) -> str:
    """SQL for the last good row of each key in the draft, `n`, joined with the row that it changes, `k`."""
    known = keyed_rows(dataset, known_rows(dataset))
    for statement in earlier:
        known = _changed(dataset, known, statement)
    return f"({last}) n JOIN ({known}) k ON n._key IS NOT DISTINCT FROM k._key"


def last_rows(dataset: Dataset, relation: str) -> str:
    """SQL for the last good row of each key, with its `_key`."""
    number = f"row_number() OVER (PARTITION BY {id_matching.key_sql(dataset)} ORDER BY _row DESC)"
    return keyed_rows(dataset, f"FROM {relation} WHERE _ok QUALIFY {number} = 1")


def _changed(dataset: Dataset, rows: str, statement: Statement) -> str:
    """SQL for the rows as the statement leaves them: with its values in the columns that it has."""
    owner = {f"{c.code}_state": c.code for c in dataset.columns if c.states}
    stated = [name for name, _ in dataset.stored if owner.get(name, name) in set(statement.columns) - set(dataset.key)]
    if not stated:
        return rows
    values = ", ".join(f'if(s._key IS NULL, r."{name}", s."{name}") AS "{name}"' for name in stated)
    last = statement.last_rows(dataset)
    return f"SELECT r.* REPLACE ({values}) FROM ({rows}) r LEFT JOIN ({last}) s ON r._key IS NOT DISTINCT FROM s._key"


def _compared(column: Column, position: int, from_source: bool) -> str:
    """SQL for a column's texts before and after, and whether they differ; ids are compared as they are matched."""
    old, new = (text_sql(column, side) for side in "kn")
    differs = f"{old} IS DISTINCT FROM {new}"
    if column.references:
        differs = f"{id_matching.folded_sql(old)} IS DISTINCT FROM {id_matching.folded_sql(new)}"
    if column.type == "count" and from_source:
        differs = f"n.{column.code} > k.{column.code} OR (n.{column.code} IS NOT NULL AND k.{column.code} IS NULL)"
    return f"{{'position': {position}, 'code': '{column.code}', 'old': {old}, 'new': {new}, 'differs': {differs}}}"


def text_sql(column: Column, side: str) -> str:
    """SQL for a value as text, or its state where it has none."""
    text = f'{side}."{column.code}"::VARCHAR'
    return f'coalesce({text}, {side}."{column.code}_state")' if column.states else text
