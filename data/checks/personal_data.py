"""Personal data in a table: SQL finds candidates in every column, Python looks at the check digit."""

from data.checks.staged import Staged, cell_column
from data.privacy import CANDIDATE, SOLE_TRADER, mask_supplier_id, masked_parts, personal_data_kind
from data.schema.column_sql import literal

_BATCH = 10_000


def find_personal_cells(staged: Staged) -> int:
    """Make the relation of cells with personal data, with what may be shown of them.

    Persons' numbers in a column that may have them are masked instead; returns in how many rows.
    """
    staged.connection.execute(
        f"CREATE TABLE {staged.personal} (_row INTEGER, position INTEGER, kind VARCHAR, shown VARCHAR, listed BOOLEAN)"
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
        sure = [
            (row, found, masked_parts(text, staged.today))
            for row, text in batch
            if (found := personal_data_kind(text, staged.today))
        ]
        if sure:
            staged.connection.execute(
                f"INSERT INTO {staged.personal} SELECT unnest(?), {position}, unnest(?), unnest(?), {listed}",
                [*map(list, zip(*sure, strict=True))],
            )


def _mask_supplier_ids(staged: Staged, position: int, named: int | None) -> int:
    """Make persons' numbers unreadable, and what is `named` beside them: a supplier may be a sole trader."""
    cell, raw = cell_column(position), f"{staged.text}_raw"
    found = f"SELECT DISTINCT {cell} FROM {staged.text} WHERE regexp_matches({cell}, {literal(CANDIDATE)})"
    shown = {text: mask_supplier_id(text, staged.today) for (text,) in staged.connection.execute(found).fetchall()}
    persons = [text for text, (_, person) in shown.items() if person]
    (rows,) = staged.connection.execute(
        f"SELECT count(*) FROM {raw} WHERE list_contains(?, {cell})", [persons]
    ).fetchall()
    if named is not None:
        trader = f"UPDATE {raw} SET {cell_column(named)} = {literal(SOLE_TRADER)} WHERE list_contains(?, {cell})"
        staged.connection.execute(trader, [persons])
    staged.connection.execute(
        f"UPDATE {raw} SET {cell} = shown FROM (SELECT unnest(?) AS text, unnest(?) AS shown) WHERE {cell} = text",
        [list(shown), [text for text, _ in shown.values()]],
    )
    return int(rows[0])


def personal_columns(staged: Staged) -> dict[int, tuple[int, str, str, int]]:
    """By position, the columns that are not listed and hold personal data: first row, kind, masked text, how many."""
    found = staged.connection.execute(
        f"SELECT position, min(_row), arg_min(kind, _row), arg_min(shown, _row), count(*) FROM {staged.personal}"
        " WHERE NOT listed GROUP BY position"
    ).fetchall()
    return {position: (row, of, shown, count) for position, row, of, shown, count in found}
