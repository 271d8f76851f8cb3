"""Rows of a drafted table that have the same key and different values, side by side."""

from duckdb import DuckDBPyConnection

from data.base.fault import Contradiction
from data.checks.changes import MAX_CHANGES, keyed_rows, last_rows, text_sql
from data.schema.catalogue import Dataset


def find_contradictions(
    connection: DuckDBPyConnection, dataset: Dataset, relation: str, sheet: str | None
) -> tuple[Contradiction, ...]:
    """Each value in which a row differs from the last row of its key, which is the one that counts; the first of them."""
    columns = [column for column in dataset.columns if not column.key]
    values = ", ".join(
        f"{{'code': '{column.code}', 'text': {text_sql(column, 'n')}, 'later': {text_sql(column, 'k')}}}"
        for column in columns
    )
    rows = keyed_rows(dataset, f"FROM {relation} WHERE _ok")
    differing = (
        f"SELECT n._row, k._row AS later_row, unnest([{values}]) AS value, unnest(range({len(columns)})) AS position"
        f" FROM ({rows}) n JOIN ({last_rows(dataset, relation)}) k ON n._key IS NOT DISTINCT FROM k._key AND n._row < k._row"
    )
    found = connection.execute(
        f"SELECT _row, later_row, value.code, value.text, value.later FROM ({differing})"
        f" WHERE value.text IS DISTINCT FROM value.later ORDER BY _row, position LIMIT {MAX_CHANGES}"
    ).fetchall()
    return tuple(Contradiction(dataset.code, sheet, *row) for row in found)
