"""Personal data in a table: SQL finds candidate cells, Python confirms them by check digit."""

from data.checks.staged import Staged, cell_column
from data.privacy import CANDIDATE, SOLE_TRADER, mask_supplier_id, personal_data_kind
from data.readers.sheet import insert_rows
from data.schema.column_sql import literal

_BATCH = 10_000


def find_personal_cells(staged: Staged) -> int:
    """Create the relation of cells with personal data, without their texts.

    In a column that may have personal identity numbers they are masked instead. Returns the number of masked rows.
    """
    staged.connection.execute(
        f"CREATE TABLE {staged.personal} (_row INTEGER, position INTEGER, kind VARCHAR, listed BOOLEAN)"
    )
    masked = 0
    for position in sorted(staged.irregular):
        column = staged.column(position)
        if column and column.masked:
            masked += _mask_supplier_ids(staged, position, staged.positions.get(column.masked))
        else:
            _find_in_column(staged, position)
    return masked


def _find_in_column(staged: Staged, position: int) -> None:
    cell, listed = cell_column(position), position not in staged.unlisted
    cursor = staged.connection.cursor()
    cursor.execute(f"SELECT _row, {cell} FROM {staged.text} WHERE regexp_matches({cell}, {literal(CANDIDATE)})")
    while batch := cursor.fetchmany(_BATCH):
        kinds = [(row, personal_data_kind(text, staged.today)) for row, text in batch]
        personal = [(row, position, kind, listed) for row, kind in kinds if kind]
        insert_rows(staged.connection, staged.personal, personal)


def _mask_supplier_ids(staged: Staged, position: int, name: int | None) -> int:
    """Mask the supplier ids of sole traders, and their names at position `name`; returns the number of rows."""
    cell, raw = cell_column(position), f"{staged.text}_raw"
    candidates = f"SELECT DISTINCT {cell} FROM {staged.text} WHERE regexp_matches({cell}, {literal(CANDIDATE)})"
    texts = staged.connection.execute(candidates).fetchall()
    masked = {text: mask_supplier_id(text, staged.today) for (text,) in texts}
    persons = [text for text, (_, person) in masked.items() if person]
    (rows,) = staged.connection.execute(
        f"SELECT count(*) FROM {raw} WHERE list_contains(?, {cell})", [persons]
    ).fetchall()
    if name is not None:
        trader = f"UPDATE {raw} SET {cell_column(name)} = {literal(SOLE_TRADER)} WHERE list_contains(?, {cell})"
        staged.connection.execute(trader, [persons])
    staged.connection.execute(
        f"UPDATE {raw} SET {cell} = masked FROM (SELECT unnest(?) AS text, unnest(?) AS masked) WHERE {cell} = text",
        [list(masked), [text for text, _ in masked.values()]],
    )
    return int(rows[0])


def personal_columns(staged: Staged) -> dict[int, tuple[int, str, int]]:
    """The unlisted columns with personal data, by position: first row, its kind, and count of cells."""
    rows = staged.connection.execute(
        f"SELECT position, min(_row), arg_min(kind, _row), count(*) FROM {staged.personal}"
        " WHERE NOT listed GROUP BY position"
    ).fetchall()
    return {position: (row, kind, count) for position, row, kind, count in rows}
