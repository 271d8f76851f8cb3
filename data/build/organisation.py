"""From which day a service belongs to a department, and a department to its parent: what all imports together say.

Each import says what holds now, and since when: the row's own day, or else the day of the import. What was known first
holds back to the beginning. So the rows of all imports are read in order, not only the last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from data.readers.sheet import insert_rows
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql

BEGINNING = date.min
SPELLS = {"services": "department_spells", "departments": "parent_spells"}  # the table of each dataset's spells
OWNERS = {"services": "department_id", "departments": "parent_id"}  # the column that holds from a day


@dataclass(frozen=True)
class Statement:
    """What a row of an import says: the owner, the board, and since when (None: not stated); `on` is the day of the import."""

    owner: str | None
    on: date
    valid_from: date | None = None
    board: str | None = None


@dataclass
class Spell:
    """An owner from a day until the next spell begins; a department's board follows its parent."""

    valid_from: date
    owner: str | None
    board: str | None = None


def spells(statements: Iterable[Statement]) -> list[Spell]:
    """The spells in order, each with another owner than the one before it.

    A day that is stated also corrects: from it on nothing that was said before holds, and a spell that goes on with the
    same owner begins that day. Without one, only what differs both from what was said last and from what holds is a move.
    """
    result: list[Spell] = []
    last: str | None = None
    for row in statements:
        repeated = row.owner == last
        last = row.owner
        if not result:
            result = [Spell(BEGINNING, row.owner, row.board)]
        elif row.valid_from or not (repeated or row.owner in (result[-1].owner, _at(result, row.on).owner)):
            result = _moved(result, row)
        elif result[-1].owner == row.owner:
            result[-1].board = row.board
    return result


def _moved(ordered: list[Spell], row: Statement) -> list[Spell]:
    """The spells with a statement that holds from its day on."""
    start = row.valid_from or row.on
    result = [one for one in ordered if one.valid_from < start]
    if row.valid_from and len(result) > 1 and result[-1].owner == row.owner:
        result.pop()
    if not result or result[-1].owner != row.owner:
        result.append(Spell(start, row.owner))
    result[-1].board = row.board
    return result


def _at(ordered: list[Spell], day: date) -> Spell:
    return [one for one in ordered if one.valid_from <= day][-1]


def create_spells(connection: DuckDBPyConnection, dataset: Dataset, rows: str) -> None:
    """Create the table of spells of a dataset, from SQL for its rows in all their versions.

    In the dataset's own table stands then what holds on the day of the newest import, and since when.
    """
    table, key, owner = SPELLS[dataset.code], dataset.key[0], OWNERS[dataset.code]
    connection.execute(f"CREATE TABLE {table} (id VARCHAR, owner VARCHAR, board VARCHAR, valid_from DATE)")
    insert_rows(
        connection,
        table,
        [
            (code, spell.owner, spell.board, spell.valid_from)
            for code, statements in _statements(connection, dataset, rows).items()
            for spell in spells(statements)
        ],
    )
    connection.execute(
        f"UPDATE {dataset.code} SET {owner} = s.owner, valid_from = nullif(s.since, DATE '{BEGINNING}') FROM"
        f" (SELECT id, max(valid_from) AS since, arg_max_null(owner, valid_from) AS owner FROM {table}"
        f" WHERE valid_from <= (SELECT today FROM info) GROUP BY ALL) s WHERE s.id = {dataset.code}.{key}"
    )


def _statements(connection: DuckDBPyConnection, dataset: Dataset, rows: str) -> dict[str, list[Statement]]:
    """What the rows say, in the order of the imports, by id; rows that only repeat what was said before are left out.

    A column that a file lacks says nothing: the owner is then that of the row before.
    """
    key, owner = dataset.key[0], OWNERS[dataset.code]
    board, since = f"if({_known('board')}, r.board, t.board)", "r.valid_from"
    if dataset.code == "services":  # from the day of publication on is from the beginning
        board, since = "NULL", f"if(r.valid_from <= t.published_from, DATE '{BEGINNING}', r.valid_from)"
    ordered = connection.execute(
        f"""WITH stated AS (
            SELECT t.{key} AS id, r.{owner} AS owner, {board}::VARCHAR AS board, {since} AS valid_from,
                   {_known(owner)} AS owner_known, {_known("board")} AS board_known,
                   coalesce(b.imported_at::DATE, i.today) AS day, row_number() OVER (ORDER BY r.batch, r._part, r._row) AS position
            FROM ({rows}) r
            JOIN {dataset.code} t ON {folded_sql(f"t.{key}")} = {folded_sql(f"r.{key}")}
            LEFT JOIN batches b ON b.batch = r.batch
            CROSS JOIN info i
            QUALIFY bool_or({_known(owner)}) OVER (PARTITION BY t.{key} ORDER BY r.batch, r._part, r._row)
                 OR NOT bool_or({_known(owner)}) OVER (PARTITION BY t.{key})
        )
        SELECT id, owner, board, valid_from, owner_known, board_known, day FROM stated
        QUALIFY valid_from IS NOT NULL OR row(owner, board, owner_known, board_known) IS DISTINCT FROM
                lag(row(owner, board, owner_known, board_known)) OVER (PARTITION BY id ORDER BY position)
        ORDER BY position"""
    ).fetchall()
    result: dict[str, list[Statement]] = {}
    for code, owner_id, board_name, valid_from, owner_known, board_known, day in ordered:
        statements = result.setdefault(code, [])
        if statements:
            before = statements[-1]
            owner_id = owner_id if owner_known else before.owner
            board_name = board_name if board_known else before.board
        statements.append(Statement(owner_id, day, valid_from, board_name))
    return result


def _known(column: str) -> str:
    """SQL for whether the row's source knows the column."""
    return f"list_contains(r._known_columns, '{column}')"
