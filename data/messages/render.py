"""Every finding in plain words: what is wrong, where, and what to do. One template a code; Swedish in `locales/`."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from babel.lists import format_list
from babel.numbers import format_decimal

from data.base.fault import Fault
from data.base.language import N_, translations
from data.messages.templates import KINDS, MESSAGES
from data.schema.catalogue import Column, Dataset, datasets

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_LISTED = 8  # names in a sentence before "and 12 more"


def sentence(fault: Fault, language: str = "sv") -> str:
    """Where it is, what is wrong and what to do, in one or two sentences of the language ("sv" or "en")."""
    place, said = location(fault, language), explanation(fault, language)
    return f"{place[0].upper()}{place[1:]}: {said}" if place else said


def location(fault: Fault, language: str = "sv") -> str:
    """The place inside the file, such as "row 14, column inkom"; empty when the whole file is meant."""
    say = translations(language).gettext
    parts = []
    if fault.sheet is not None:
        parts.append(say(N_("sheet %(name)s")) % {"name": fault.sheet})
    if fault.row is not None:
        parts.append(say(N_("row %(row)s")) % {"row": format_number(fault.row, language)})
    if fault.column is not None:
        parts.append(say(N_("column %(name)s")) % {"name": fault.column})
    return ", ".join(parts)


def explanation(fault: Fault, language: str = "sv") -> str:
    """What is wrong and what to do, without the place. KeyError for a code that has no template."""
    words = _template_values(fault, language)
    return translations(language).gettext(MESSAGES[_template(fault)]) % words


def _template(fault: Fault) -> str:
    """The code of the template: some findings have another way out when more is known."""
    table = fault.params.get("table")
    if fault.code == "not_recognised" and table:
        return "nearly_recognised"
    if fault.code == "missing_column" and isinstance(table, str):
        return _missing_template(datasets()[table], fault.column)
    return fault.code


def _missing_template(dataset: Dataset, header: str | None) -> str:
    """The template for a missing column: an id is never to be made up, and one value can hold for a whole file."""
    column = next((c for c in dataset.columns if c.header == header), None)
    if column is None or column.type in ("money", "count"):
        return "missing_column"
    if column.generated_from:
        return "missing_made"
    return "missing_column" if dataset.key == (column.code,) else "missing_constant"


def report_csv(faults: Iterable[Fault], language: str = "sv") -> bytes:
    """The findings as a CSV file for Excel: UTF-8 with a byte order mark, semicolons, no cell that is a formula."""
    say = translations(language).gettext
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    headers = (N_("File"), N_("Sheet"), N_("Row"), N_("Column"), N_("Value"), N_("What is wrong and what to do"))
    writer.writerow([say(header) for header in headers])
    for f in faults:
        cells = (f.file, f.sheet or "", f.row or "", f.column or "", f.value or "", explanation(f, language))
        writer.writerow([escape_formula(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def escape_formula(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def format_number(value: float, language: str) -> str:
    """A number as it is written in the language: 1 234,5."""
    return format_decimal(value, locale=language)


def format_amount(value: Decimal, language: str) -> str:
    """An amount to the öre: 1 234,50."""
    return format_decimal(value, "#,##0.00", locale=language)


def format_items(items: Sequence[object], language: str, total: int | None = None) -> str:
    """The first items as "a, b and c", and how many more there are."""
    texts = [
        format_number(i, language)
        if isinstance(i, int)
        else format_amount(i, language)
        if isinstance(i, Decimal)
        else str(i)
        for i in items[:_LISTED]
    ]
    more = (len(items) if total is None else total) - len(texts)
    if more > 0:
        texts.append(translations(language).gettext(N_("%(count)s more")) % {"count": format_number(more, language)})
    return format_list(texts, locale=language) if texts else ""


def _template_values(fault: Fault, language: str) -> Mapping[str, object]:
    """What fills the template: the finding's own parameters in words, and what the catalogue says of its column."""
    params = fault.params
    words: dict[str, object] = {"value": fault.value or "", "file": fault.file, "today": params.get("today", "")}
    for name, value in params.items():
        words[name] = _format_value(value, language, params.get("count") if name in ("rows", "pairs") else None)
    table = params.get("table")
    if isinstance(table, str):
        dataset = datasets()[table]
        words["table"] = dataset.header
        words["title"] = dataset.title[language]
        field = params.get("field")
        if isinstance(field, str):
            words |= _column_values(dataset.column(field), language)
        words |= _key_values(dataset)
    kind = params.get("kind")
    if isinstance(kind, str):
        words["kind"] = translations(language).gettext(KINDS[kind])
    return words


def _format_value(value: object, language: str, total: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return format_number(value, language)
    if isinstance(value, Decimal):
        return format_amount(value, language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple):
        return format_items(
            [format_items(group, language) for group in value], language, total if isinstance(total, int) else None
        )
    if isinstance(value, list | tuple):
        return format_items(value, language, total if isinstance(total, int) else None)
    return value


def _column_values(column: Column, language: str) -> dict[str, object]:
    names = [v.labels[language] for v in (*column.values, *column.states)]
    return {
        "allowed": ", ".join(names),
        "example": column.example or column.header,
        "min": format_number(column.min, language) if column.min is not None else "",
        "max": format_number(column.max, language) if column.max is not None else "",
    }


def _key_values(dataset: Dataset) -> dict[str, object]:
    return {"key": ", ".join(dataset.column(code).header for code in dataset.key)}
