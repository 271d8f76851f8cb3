"""What an importer sees of a file before it is taken: names of its columns, and its first rows as they are read."""

from collections import Counter
from datetime import date
from decimal import Decimal

from data.checks.table import column_letters
from data.intake.draft import Draft, TableDraft
from data.mapping.model import Layout
from data.privacy import mask


def column_names(layout: Layout, today: date) -> tuple[str, ...]:
    """The headers as they are shown, each once: with their letter in a spreadsheet where that is needed."""
    shown = [mask(header, today) for header in layout.headers]
    often = Counter(shown)
    return tuple(
        name if name and often[name] == 1 else f"{name} ({column_letters(i)})".strip() for i, name in enumerate(shown)
    )


def first_rows(draft: Draft, table: TableDraft, count: int, today: date) -> list[tuple[object, ...]]:
    """The first rows of a table as they are read, its columns in order; NULL for what cannot be read."""
    columns = ", ".join(f'"{code}"' for code in table.columns)
    if not columns:
        return []
    rows = draft.connection.cursor().execute(f"SELECT {columns} FROM {table.relation} ORDER BY _row LIMIT {count}")
    return [tuple(mask(v, today) if isinstance(v, str) else v for v in row) for row in rows.fetchall()]


def money_totals(draft: Draft, table: TableDraft) -> dict[str, Decimal]:
    """What the rows without faults make in each column of money."""
    money = [code for code in table.columns if table.dataset.column(code).type == "money"]
    if not money:
        return {}
    sums = ", ".join(f'coalesce(sum("{code}") FILTER (_ok), 0)' for code in money)
    (row,) = draft.connection.cursor().execute(f"SELECT {sums} FROM {table.relation}").fetchall()
    return dict(zip(money, row, strict=True))
