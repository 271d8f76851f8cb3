"""What a file does row by row, as texts and files: changed values, rows that contradict each other or belong to no department."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.base.fault import Change, Contradiction, NewRow, WithoutDepartment
from data.base.language import N_, translations
from data.messages.render import csv_bytes, format_number, value_label
from data.schema.catalogue import datasets


def change_texts(change: Change, language: str = "sv") -> tuple[str, str, str, str]:
    """Of a changed value the row's key, the column's header, and the value before and after."""
    dataset = datasets()[change.dataset]
    column = dataset.column(change.column)
    keys = ((dataset.column(code), text) for code, text in change.key)
    key = ", ".join(f"{c.header} {value_label(c, text, language)}" for c, text in keys)
    return key, column.header, value_label(column, change.old, language), value_label(column, change.new, language)


@dataclass(frozen=True)
class ChangedRow:
    """A row that is changed: which (of what table and key), its number in the file, and its values, old → new, as a sentence."""

    dataset: str
    key: tuple[tuple[str, str], ...]
    row: int | None
    text: str


def changed_rows(changes: Iterable[Change], language: str = "sv") -> list[ChangedRow]:
    """The changes of each row in one sentence: "tjanst_id T-1: namn Bygglov → Bygglov och anmälan; adress töms"."""
    rows: dict[tuple[str, tuple[tuple[str, str], ...], int | None], list[Change]] = {}
    for change in changes:
        rows.setdefault((change.dataset, change.key, change.row), []).append(change)
    return [ChangedRow(*which, _row_text(values, language)) for which, values in rows.items()]


def _row_text(changes: Sequence[Change], language: str) -> str:
    return f"{change_texts(changes[0], language)[0]}: {values_text(changes, language)}"


def values_text(changes: Sequence[Change], language: str = "sv") -> str:
    """The values of one row that change: "namn Bygglov → Bygglov och anmälan; adress töms"."""
    return "; ".join(_value_text(change, language) for change in changes)


def _value_text(change: Change, language: str) -> str:
    """A value as it changes: old → new, filled in, or emptied."""
    _key, column, old, new = change_texts(change, language)
    text = N_("%(column)s %(old)s → %(new)s")
    if change.new is None:
        text = N_("%(column)s is emptied (was %(old)s)")
    elif change.old is None:
        text = N_("%(column)s becomes %(new)s")
    return translations(language).gettext(text) % {"column": column, "old": old, "new": new}


def changes_csv(changes: Iterable[Change], language: str = "sv") -> bytes:
    """The changed values as a CSV file for Excel."""
    headers = (N_("Table"), N_("Which row"), N_("Column"), N_("Before"), N_("After"))
    titles = {code: dataset.title[language] for code, dataset in datasets().items()}
    return csv_bytes(headers, ((titles[c.dataset], *change_texts(c, language)) for c in changes), language)


def new_row_texts(new: NewRow, language: str = "sv") -> tuple[str, str]:
    """Of a new row its number, and what stands in its columns: "tjanst_id T-9, namn Bygglov"."""
    columns = ((datasets()[new.dataset].column(code), text) for code, text in new.texts)
    return format_number(new.row, language), ", ".join(
        f"{c.header} {value_label(c, text, language)}" for c, text in columns
    )


def new_row_sentence(new: NewRow, language: str = "sv") -> str:
    """A new row: "rad 3: tjanst_id T-9, namn Bygglov"."""
    row, text = new_row_texts(new, language)
    return f"{translations(language).gettext(N_('row %(row)s')) % {'row': row}}: {text}"


def contradiction_texts(one: Contradiction, language: str = "sv") -> tuple[str, str, str, str, str]:
    """Of two rows of one key: the row and the later one, the column's header, and the value in each."""
    column = datasets()[one.dataset].column(one.column)
    row, later_row = (format_number(number, language) for number in (one.row, one.later_row))
    text, later_text = (value_label(column, value, language) for value in (one.text, one.later_text))
    return row, later_row, column.header, text, later_text


def contradiction_sentence(one: Contradiction, language: str = "sv") -> str:
    """Two rows of one key and a column in which they differ: "rad 3 och 7: namn Bygglov, Lov"."""
    row, later_row, column, text, later_text = contradiction_texts(one, language)
    values = {"row": row, "later": later_row, "column": column, "text": text, "later_text": later_text}
    sentence = translations(language).gettext(
        N_("row %(row)s has %(column)s %(text)s, row %(later)s has %(later_text)s")
    )
    return sentence % values


def contradictions_csv(contradictions: Iterable[Contradiction], language: str = "sv") -> bytes:
    """The values in which rows of one key differ as a CSV file for Excel."""
    headers = (N_("Table"), N_("Row"), N_("Later row"), N_("Column"), N_("Value"), N_("Value in the later row"))
    titles = {code: dataset.title[language] for code, dataset in datasets().items()}
    rows = ((titles[c.dataset], c.row, c.later_row, *contradiction_texts(c, language)[2:]) for c in contradictions)
    return csv_bytes(headers, rows, language)


def without_department_texts(one: WithoutDepartment, language: str = "sv") -> tuple[str, str, str, str]:
    """Of a row without a department: its table, its number, and the column and the id that lead to none."""
    dataset = datasets()[one.dataset]
    column = dataset.column(one.column)
    return (
        dataset.title[language],
        format_number(one.row, language),
        column.header,
        value_label(column, one.text, language),
    )


def without_department_sentence(one: WithoutDepartment, language: str = "sv") -> str:
    """A row without a department: "Tjänster, rad 3: verksamhet_id KOMM"."""
    title, row, column, text = without_department_texts(one, language)
    place = translations(language).gettext(N_("row %(row)s")) % {"row": row}
    return f"{title}, {place}: {column} {text}"


def without_department_csv(rows: Iterable[WithoutDepartment], language: str = "sv") -> bytes:
    """The rows without a department as a CSV file for Excel."""
    headers = (N_("File"), N_("Sheet"), N_("Table"), N_("Row"), N_("Column"), N_("Value"))
    listed = (
        (r.file, r.sheet or "", _title(r, language), r.row, *without_department_texts(r, language)[2:]) for r in rows
    )
    return csv_bytes(headers, listed, language)


def _title(row: WithoutDepartment, language: str) -> str:
    return datasets()[row.dataset].title[language]
