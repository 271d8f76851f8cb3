"""What holds now in each input table, as rows of its template: after undo, corrections and replaced ledgers.

Imported as they are they change nothing. Where small numbers are protected, what is left out of the database is not here.
"""

from collections.abc import Mapping, Sequence

from data.base.language import N_, translations
from data.messages.render import format_items, format_number
from data.schema.catalogue import Column, Dataset, datasets
from data.schema.templates import MOST_IN_WORKBOOK, Cell, Row, cell_text
from data.serving.server import Database

# since when a row's owner holds is left blank: beside a new owner it would move what lies behind, and blank it says nothing
_SINCE = (("services", "valid_from"), ("departments", "valid_from"))
_PROTECTED = ("cases",)  # so few may have been handled in one way that a list of them would tell how each was
# rows that belong to a department through another table, whose rows name them
_THROUGH = {"e_services": "links", "costs": "cost_shares"}
_HIDDEN = N_(
    "Small numbers are protected: single cases, and counts that are not shown, are not written. Importing the files leaves"
    " them as they are."
)
_WHOLE = N_("No department has rows of its own in %(tables)s: take them for the whole municipality.")
_LARGE = N_("Tables of more than %(rows)s rows are not in the workbook, only as CSV: %(tables)s.")


def current_rows(database: Database, dataset: Dataset, department: str | None = None) -> Sequence[Row]:
    """The rows that hold now in a table, in order of its key; of a department, those of it and of its units.

    A table that no department has rows of gives none then. duckdb.Error as of any query.
    """
    columns = [name for name, _ in dataset.stored]
    names, order = (", ".join(f'"{name}"' for name in some) for some in (columns, dataset.key))
    found = _select(database, dataset, department, names, f"ORDER BY {order}")
    return [_row(dataset, dict(zip(columns, row, strict=True))) for row in found]


def current_texts(database: Database, dataset: Dataset) -> Sequence[Mapping[str, str]]:
    """The rows that hold now in a table, each as texts by column, as the import reads them."""
    return [
        {column.code: cell_text(column, cell) for column, cell in zip(dataset.columns, row, strict=True)}
        for row in current_rows(database, dataset)
    ]


def all_rows(database: Database, department: str | None = None) -> Mapping[str, Sequence[Row]]:
    """The rows of every table by its code."""
    return {code: current_rows(database, dataset, department) for code, dataset in datasets().items()}


def left_out(database: Database, department: str | None = None, language: str = "sv") -> list[str]:
    """What the files do not hold: a sentence for each reason."""
    gettext, tables = translations(language).gettext, datasets().values()
    sentences = [gettext(_HIDDEN)] if database.protected else []
    if department is not None:
        whole = [one.title[language] for one in tables if _condition(one) is None]
        sentences.append(gettext(_WHOLE) % {"tables": format_items(whole, language)})
    large = [t.title[language] for t in tables if _count(database, t, department) > MOST_IN_WORKBOOK]
    if large:
        rows = format_number(MOST_IN_WORKBOOK, language)
        sentences.append(gettext(_LARGE) % {"rows": rows, "tables": format_items(large, language)})
    return sentences


def _count(database: Database, dataset: Dataset, department: str | None) -> int:
    return sum(count for (count,) in _select(database, dataset, department, "count(*)"))


def _select(
    database: Database, dataset: Dataset, department: str | None, columns: str, rest: str = ""
) -> list[tuple[int, ...]]:
    """The columns, in SQL, of the rows in force; none of a table that is protected, or of no department."""
    condition = "true" if department is None else _condition(dataset)
    if condition is None or (database.protected and dataset.code in _PROTECTED):
        return []
    rejected = " UNION ALL BY NAME SELECT *, false AS paired FROM rejected_links" if dataset.code == "links" else ""
    sql = f"SELECT {columns} FROM (FROM {dataset.code}{rejected}) WHERE {condition} {rest}"
    return database.cursor().execute(sql, {} if department is None else {"department": department}).fetchall()


def _row(dataset: Dataset, stored: Mapping[str, object]) -> Row:
    return [
        None if (dataset.code, column.code) in _SINCE else _cell(column, stored[column.code], stored)
        for column in dataset.columns
    ]


def _cell(column: Column, value: object, stored: Mapping[str, object]) -> Cell:
    """A stored value as the import reads it."""
    code = stored[f"{column.code}_state"] if column.states and value is None else value
    code = str(code).lower() if isinstance(code, bool) else code
    word = next((one.labels["sv"] for one in (*column.values, *column.states) if one.code == code), None)
    if word is not None or value is None:
        return word
    return f"{value:%Y-%m}" if column.type == "month" else value  # type: ignore[return-value]


def _condition(dataset: Dataset) -> str | None:
    """SQL for whether a row is one of `$department`: it names it, or a row that is; None where no column can."""
    if dataset.code == "departments":
        return "department_id IN (SELECT department_id FROM department_dim WHERE list_contains(path, $department))"
    named = [
        f'"{column.code}" IN ({own})'
        for column in dataset.columns
        if column.references and column.references != dataset.code and (own := _own_keys(column.references))
    ]
    if other := _THROUGH.get(dataset.code):
        key = dataset.key[0]
        columns = [c for c in datasets()[other].columns if c.references and c.references != dataset.code]
        through = " OR ".join(f'"{c.code}" IN ({_own_keys(c.references)})' for c in columns if c.references)
        named.append(f"{key} IN (SELECT {key} FROM {other} WHERE {through})")
    return " OR ".join(named) or None


def _own_keys(table: str) -> str | None:
    """SQL for the keys of the rows of `$department`."""
    dataset = datasets()[table]
    condition = _condition(dataset)
    return condition and f'SELECT "{dataset.key[0]}" FROM {dataset.code} WHERE {condition}'
