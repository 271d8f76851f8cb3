"""Names that stand where ids belong, as other systems export them: read as the id of the only row that has the name."""

from collections.abc import Iterator, Sequence

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.checks.notes import MAX_EXAMPLES, TypedTable, all_rows
from data.schema.catalogue import Column, Dataset, datasets
from data.schema.column_sql import literal
from data.schema.id_matching import folded_sql


def read_names_as_ids(
    connection: DuckDBPyConnection, tables: Sequence[TypedTable], known: bool
) -> dict[str, tuple[Fault, ...]]:
    """Replace names by ids in the good rows of the draft; the notes on it, by relation. `known`: a database is attached."""
    return {table.relation: tuple(_notes(connection, table, tables, known)) for table in tables}


def _notes(
    connection: DuckDBPyConnection, table: TypedTable, tables: Sequence[TypedTable], known: bool
) -> Iterator[Fault]:
    for column in table.dataset.columns:
        other = datasets()[column.references] if column.references else None
        if other and column.code in table.columns and len(other.key) == 1 and _has_names(other):
            yield from _read(connection, table, column, other, _named_sql(tables, known, other, column))


def _has_names(dataset: Dataset) -> bool:
    return any(column.code == "name" for column in dataset.columns)


def _named_sql(tables: Sequence[TypedTable], known: bool, other: Dataset, column: Column) -> str:
    """SQL for the names, folded, that one id alone has, and that are no id themselves."""
    existing = all_rows(tables, known, other.code, f'"{other.key[0]}" AS id, name')
    kept = ", ".join(literal(text) for text in column.literals) or "NULL"
    return (
        f"WITH existing AS ({existing}) SELECT {folded_sql('name')} AS folded, min(id) AS id FROM existing"
        f" WHERE name IS NOT NULL AND coalesce(name NOT IN ({kept}), true)"
        f" AND {folded_sql('name')} NOT IN (SELECT {folded_sql('id')} FROM existing WHERE id IS NOT NULL)"
        f" GROUP BY ALL HAVING count(DISTINCT {folded_sql('id')}) = 1"
    )


def _read(
    connection: DuckDBPyConnection, table: TypedTable, column: Column, other: Dataset, named: str
) -> Iterator[Fault]:
    name = f'"{column.code}"'
    found = f"FROM {table.relation} t JOIN ({named}) n ON {folded_sql(f't.{name}')} = n.folded WHERE t._ok"
    ((count, values, rows),) = connection.execute(
        f"SELECT count(*), list_sort(list(DISTINCT t.{name} || ' → ' || n.id))[:{MAX_EXAMPLES}],"
        f" list(t._row ORDER BY t._row)[:{MAX_EXAMPLES}] {found}"
    ).fetchall()
    if count:
        connection.execute(
            f"UPDATE {table.relation} SET {name} = n.id FROM ({named}) n"
            f" WHERE _ok AND {folded_sql(f'{table.relation}.{name}')} = n.folded"
        )
        yield table.note("names_read", column.code, other=other.header, count=count, values=values, rows=rows)
