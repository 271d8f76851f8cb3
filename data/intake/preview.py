"""A preview of a draft before it is imported: column names, first rows and sums of money."""

from collections import Counter
from datetime import date
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name

from data.intake.draft import Draft, TableDraft
from data.mapping.model import Layout
from data.privacy import mask


def column_names(layout: Layout, today: date) -> tuple[str, ...]:
    """The masked headers of a layout, with the column's letter in a spreadsheet where two are the same or it is blank."""
    headers = [mask(header, today) for header in layout.headers]
    counts = Counter(headers)
    return tuple(
        name if name and counts[name] == 1 else f"{name} ({xl_col_to_name(i)})".strip()
        for i, name in enumerate(headers)
    )


def first_rows(draft: Draft, table: TableDraft, count: int, today: date) -> list[tuple[object, ...]]:
    """The first `count` rows of a table, its columns in order; None for a value that cannot be read."""
    columns = ", ".join(f'"{code}"' for code in table.columns)
    if not columns:
        return []
    rows = draft.connection.cursor().execute(f"SELECT {columns} FROM {table.relation} ORDER BY _row LIMIT {count}")
    return [tuple(mask(v, today) if isinstance(v, str) else v for v in row) for row in rows.fetchall()]


def money_totals(draft: Draft, table: TableDraft) -> dict[str, Decimal]:
    """The sum of each money column over the rows without faults, in kronor."""
    money = [code for code in table.columns if table.dataset.column(code).type == "money"]
    if not money:
        return {}
    sums = ", ".join(f'coalesce(sum("{code}") FILTER (_ok), 0)' for code in money)
    (row,) = draft.connection.cursor().execute(f"SELECT {sums} FROM {table.relation}").fetchall()
    return dict(zip(money, row, strict=True))
