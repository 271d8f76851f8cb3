"""What a file does row by row, as texts and files: changed values, rows that contradict each other or belong to no department."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from data.base.fault import Change, Contradiction, NewRow, WithoutDepartment
from data.base.language import N_, translations
from data.messages.render import capitalised, csv_bytes, format_number, title_inside, value_label
from data.schema.catalogue import Column, Dataset, datasets

_NBSP = "\u00a0"


def written(column: Column, text: str | None, language: str) -> str:
    """A stored value as a letter has it: 130 000 kr, 1 250, 12,5 %, 30 juni 2026, mars 2026; else as in a file."""
    if text is None or any(text == state.code for state in column.states):
        return value_label(column, text, language)
    if column.type in ("money", "count", "percent"):
        number = Decimal(text)
        whole = number == number.to_integral_value()
        pattern = "#,##0" if whole else ("#,##0.00" if column.type == "money" else "#,##0.##")
        unit = {"money": f"{_NBSP}kr", "percent": "%" if language == "en" else f"{_NBSP}%"}.get(column.type, "")
        return format_decimal(number, pattern, locale=language).replace("\u202f", _NBSP).replace("-", "−") + unit
    if column.type in ("date", "month"):
        day = date.fromisoformat(text[:10])
        return format_date(day, "d MMMM y" if column.type == "date" else "MMMM y", locale=language)
    return value_label(column, text, language)


def _named(column: Column, text: str | None, language: str) -> str:
    """A column and what stands in it: "tjänst T-1"."""
    return f"{title_inside(column, language)} {written(column, text, language)}"


def change_texts(change: Change, language: str = "sv") -> tuple[str, str, str, str]:
    """Of a changed value the row's key, the column's title, and the value before and after, as files have them."""
    dataset = datasets()[change.dataset]
    column = dataset.column(change.column)
    old, new = (value_label(column, text, language) for text in (change.old, change.new))
    return _key_text(dataset, change.key, language), column.title[language], old, new


def _key_text(dataset: Dataset, key: Sequence[tuple[str, str]], language: str) -> str:
    """Which row: "Tjänst T-1, kanal telefon"."""
    return capitalised(", ".join(_named(dataset.column(code), text, language) for code, text in key))


@dataclass(frozen=True)
class ChangedRow:
    """A row that is changed: which (of what table and key), its number in the file, and its values, old → new, as a sentence."""

    dataset: str
    key: tuple[tuple[str, str], ...]
    row: int | None
    text: str


def changed_rows(changes: Iterable[Change], language: str = "sv") -> list[ChangedRow]:
    """The changes of each row in one sentence: "Tjänst T-1: namn Bygglov → Bygglov och anmälan; webbadress töms"."""
    rows: dict[tuple[str, tuple[tuple[str, str], ...], int | None], list[Change]] = {}
    for change in changes:
        rows.setdefault((change.dataset, change.key, change.row), []).append(change)
    return [ChangedRow(*which, _row_text(values, language)) for which, values in rows.items()]


def _row_text(changes: Sequence[Change], language: str) -> str:
    key = _key_text(datasets()[changes[0].dataset], changes[0].key, language)
    return f"{key}: {values_text(changes, language)}"


def values_text(changes: Sequence[Change], language: str = "sv") -> str:
    """The values of one row that change: "namn Bygglov → Bygglov och anmälan; adress töms"."""
    return "; ".join(_value_text(change, language) for change in changes)


def _value_text(change: Change, language: str) -> str:
    """A value as it changes: old → new, filled in, or emptied."""
    column = datasets()[change.dataset].column(change.column)
    old, new = written(column, change.old, language), written(column, change.new, language)
    text = N_("%(column)s %(old)s → %(new)s")
    if change.new is None:
        text = N_("%(column)s is emptied (was %(old)s)")
    elif change.old is None:
        text = N_("%(column)s becomes %(new)s")
    return translations(language).gettext(text) % {"column": title_inside(column, language), "old": old, "new": new}


def changes_csv(changes: Iterable[Change], language: str = "sv") -> bytes:
    """The changed values as a CSV file for Excel."""
    headers = (N_("Table"), N_("Which row"), N_("Column"), N_("Before"), N_("After"))
    titles = {code: dataset.title[language] for code, dataset in datasets().items()}
    return csv_bytes(headers, ((titles[c.dataset], *change_texts(c, language)) for c in changes), language)


def new_row_texts(new: NewRow, language: str = "sv") -> tuple[str, str]:
    """Of a new row its number, and what stands in its columns: "Tjänst T-9, namn Bygglov"."""
    columns = ((datasets()[new.dataset].column(code), text) for code, text in new.texts)
    named = ", ".join(_named(column, text, language) for column, text in columns)
    return format_number(new.row, language), capitalised(named)


def new_row_sentence(new: NewRow, language: str = "sv") -> str:
    """A new row: "rad 3: Tjänst T-9, namn Bygglov"."""
    row, text = new_row_texts(new, language)
    return f"{translations(language).gettext(N_('row %(row)s')) % {'row': row}}: {text}"


def contradiction_texts(one: Contradiction, language: str = "sv") -> tuple[str, str, str, str, str]:
    """Of two rows of one key: the row and the later one, the column's title, and the value in each."""
    column = datasets()[one.dataset].column(one.column)
    row, later_row = (format_number(number, language) for number in (one.row, one.later_row))
    text, later_text = (written(column, value, language) for value in (one.text, one.later_text))
    return row, later_row, column.title[language], text, later_text


def contradiction_sentence(one: Contradiction, language: str = "sv") -> str:
    """Two rows of one key and a column in which they differ: "rad 3 och 7: namn Bygglov, Lov"."""
    row, later_row, _, text, later_text = contradiction_texts(one, language)
    column = title_inside(datasets()[one.dataset].column(one.column), language)
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
    """Of a row without a department: its table, its number, and the column's title and the id that lead to none."""
    dataset = datasets()[one.dataset]
    column = dataset.column(one.column)
    return (
        dataset.title[language],
        format_number(one.row, language),
        column.title[language],
        value_label(column, one.text, language),
    )


def without_department_sentence(one: WithoutDepartment, language: str = "sv") -> str:
    """A row without a department: "Tjänster, rad 3: verksamhet KOMM"."""
    title, row, _, text = without_department_texts(one, language)
    column = title_inside(datasets()[one.dataset].column(one.column), language)
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
