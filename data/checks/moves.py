"""What the registers of a draft move: services to other departments, and departments to other parents."""

from collections.abc import Container, Iterator

from duckdb import DuckDBPyConnection

from data.readers.sheet import Note
from data.schema.catalogue import Dataset
from data.schema.id_matching import folded_sql

OWNERS = {"services": "department_id", "departments": "parent_id"}  # the column that holds from a day, by table
_LISTED = 5  # moves listed in a note


def moves(connection: DuckDBPyConnection, dataset: Dataset, relation: str, columns: Container[str]) -> Iterator[Note]:
    """Notes of the rows that move, old → new, from the day that they state or the day of the import.

    `columns` are those that the file has: one that it lacks moves nothing. The current database is attached as `known`.
    """
    key, owner = dataset.key[0], OWNERS[dataset.code]
    other = "false"
    if owner in columns:
        other = f"{folded_sql(f'n.{owner}')} IS DISTINCT FROM {folded_sql(f'k.{owner}')}"
    rows = connection.execute(
        f"""SELECT k.{key}, coalesce(k.{owner}, '–'), coalesce(n.{owner}, '–'), {other}, k.valid_from, n.valid_from
        FROM (FROM {relation} WHERE _ok
              QUALIFY row_number() OVER (PARTITION BY {folded_sql(key)} ORDER BY _row DESC) = 1) n
        JOIN known.{dataset.code} k ON {folded_sql(f"k.{key}")} = {folded_sql(f"n.{key}")}
        WHERE {other} OR n.valid_from <> k.valid_from ORDER BY n._row"""
    ).fetchall()
    texts: dict[str, list[str]] = {"moved_today": [], "moved_from": [], "moved_day": []}
    for code, old, new, moved, since, day in rows:
        if not moved:
            texts["moved_day"].append(f"{code} {new} {since} → {day}")
        elif day is None:
            texts["moved_today"].append(f"{code} {old} → {new}")
        else:
            texts["moved_from"].append(f"{code} {old} → {new} {day}")
    for note, values in texts.items():
        if values:
            yield Note(note, {"count": len(values), "values": values[:_LISTED]})
