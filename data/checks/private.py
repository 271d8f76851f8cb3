"""Personal data in a table: SQL finds candidates in every column, Python looks at the check digit."""

from data.checks.columns import literal
from data.checks.staged import Staged, cell_at
from data.personal import CANDIDATE, kind, pieces

_BATCH = 10_000


def find_personal(staged: Staged) -> None:
    """Make the relation of cells with personal data, with what may be shown of them."""
    staged.connection.execute(
        f"CREATE TABLE {staged.personal} (_row INTEGER, position INTEGER, kind VARCHAR, shown VARCHAR, listed BOOLEAN)"
    )
    for position in sorted(staged.odd):
        _confirm(staged, position)


def _confirm(staged: Staged, position: int) -> None:
    cell, listed = cell_at(position), position not in staged.unlisted
    cursor = staged.connection.cursor()
    cursor.execute(f"SELECT _row, {cell} FROM {staged.text} WHERE regexp_matches({cell}, {literal(CANDIDATE)})")
    while batch := cursor.fetchmany(_BATCH):
        sure = [(row, found, pieces(text, staged.today)) for row, text in batch if (found := kind(text, staged.today))]
        if sure:
            staged.connection.execute(
                f"INSERT INTO {staged.personal} SELECT unnest(?), {position}, unnest(?), unnest(?), {listed}",
                [*map(list, zip(*sure, strict=True))],
            )


def personal_inside(staged: Staged) -> dict[int, tuple[int, str, str, int]]:
    """By position, the columns that are not listed and hold personal data: first row, kind, masked text, how many."""
    found = staged.connection.execute(
        f"SELECT position, min(_row), arg_min(kind, _row), arg_min(shown, _row), count(*) FROM {staged.personal}"
        " WHERE NOT listed GROUP BY position"
    ).fetchall()
    return {position: (row, of, shown, count) for position, row, of, shown, count in found}
