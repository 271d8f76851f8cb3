"""Findings as sentences: the place, what is wrong and what to do, from one template for each code."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from data.base.fault import Fault, Zeros
from data.base.language import N_, translations
from data.messages.templates import KINDS, LEDGER_PARTS, MESSAGES
from data.schema.catalogue import Column, Dataset, datasets, value_lists
from data.schema.templates import escape_formula

_MAX_ITEMS = 8  # items in a sentence before "and 12 more"


def sentence(fault: Fault, language: str = "sv", below: bool = False) -> str:
    """The place, what is wrong and what to do, in one or two sentences in the language ("sv" or "en")."""
    place, text = location(fault, language), explanation(fault, language, below)
    return f"{place[0].upper()}{place[1:]}: {text}" if place else text


def form_sentence(fault: Fault, language: str = "sv") -> str:
    """What is wrong with a row that a form has filled in, its columns called as readers know them."""
    titles = {column.header: title_inside(column, language) for d in datasets().values() for column in d.columns}
    named = {name: str(fault.params[name]).split(", ") for name in ("columns", "other") if name in fault.params}
    params = {name: ", ".join(titles.get(header, header) for header in headers) for name, headers in named.items()}
    text = explanation(replace(fault, params={**fault.params, **params}), language)
    return f"{capitalised(titles.get(fault.column, fault.column))}: {text}" if fault.column else text


def title_inside(column: Column, language: str) -> str:
    """The column's title inside a sentence: with a small letter, but an abbreviation."""
    title = column.title[language]
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def capitalised(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def location(fault: Fault, language: str = "sv") -> str:
    """The place inside the file, such as "row 14, column inkom"; empty for the file as a whole."""
    gettext = translations(language).gettext
    parts = []
    if fault.sheet is not None:
        parts.append(gettext(N_("sheet %(name)s")) % {"name": fault.sheet})
    if fault.row is not None:
        parts.append(gettext(N_("row %(row)s")) % {"row": format_number(fault.row, language)})
    if fault.column is not None:
        parts.append(gettext(N_("column %(name)s")) % {"name": fault.column})
    return ", ".join(parts)


def explanation(fault: Fault, language: str = "sv", below: bool = False) -> str:
    """What is wrong and what to do, without the place. KeyError for a code that has no template.

    `below`: the page where it is put right is the one that is read.
    """
    place = translations(language).gettext(N_("in the fields below") if below else N_("on the page Import"))
    values = {**_template_values(fault, language), "place": place}
    return translations(language).gettext(MESSAGES[_template_code(fault)]) % values


def _template_code(fault: Fault) -> str:
    """The code of the finding's template, which for some codes depends on the parameters."""
    table = fault.params.get("table")
    if fault.code == "not_recognised" and table:
        return "nearly_recognised"
    if fault.code == "missing_column" and isinstance(table, str):
        return _missing_template(datasets()[table], fault.column)
    return fault.code


def _missing_template(dataset: Dataset, header: str | None) -> str:
    """The code of the template for a missing column: whether it can be generated or be one value for the whole file."""
    column = next((c for c in dataset.columns if c.header == header), None)
    if column is None or column.type in ("money", "count"):
        return "missing_column"
    if column.generated_from:
        return "missing_made"
    return "missing_column" if dataset.key == (column.code,) else "missing_constant"


def value_label(column: Column, text: str | None, language: str) -> str:
    """A stored value as it is written in a file; blank in words."""
    if text is None:
        return translations(language).gettext(N_("(blank)"))
    allowed = next((v for v in (*column.values, *column.states) if v.code == text), None)
    if column.type == "month" and not allowed:
        return text[:7]
    return allowed.labels[language] if allowed else text


def zeros_text(zeros: Iterable[Zeros], language: str = "sv") -> str:
    """Channels with their months, such as "telefon jan–feb 2026, besök mars 2026"."""
    labels = {value.code: value.labels[language] for value in value_lists()["channel"]}
    return format_items(
        [f"{labels[z.channel]} {month_span(z.month_from, z.month_to, language)}" for z in zeros], language
    )


def month_span(first: date, last: date, language: str = "sv") -> str:
    """One month, or the first to the last."""
    form = "MMM y" if first.year != last.year or first == last else "MMM"
    texts = [
        format_date(day, pattern, locale=language).replace(".", "") for day, pattern in ((first, form), (last, "MMM y"))
    ]
    return "–".join(dict.fromkeys(texts))


def report_csv(faults: Iterable[Fault], language: str = "sv") -> bytes:
    """The findings as a CSV file for Excel."""
    headers = (N_("File"), N_("Sheet"), N_("Row"), N_("Column"), N_("Value"), N_("What is wrong and what to do"))
    rows = (
        (f.file, f.sheet or "", f.row or "", f.column or "", f.value or "", explanation(f, language)) for f in faults
    )
    return csv_bytes(headers, rows, language)


def csv_bytes(headers: Iterable[str], rows: Iterable[Sequence[object]], language: str) -> bytes:
    """CSV in UTF-8 with a byte order mark, semicolons, formulas escaped."""
    gettext = translations(language).gettext
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([gettext(header) for header in headers])
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def format_number(value: float, language: str) -> str:
    """A number formatted in the language: 1 234,5."""
    return format_decimal(value, locale=language)


def format_items(items: Sequence[object], language: str, total: int | None = None) -> str:
    """The first items as "a, b and c", and how many more there are, of `total` if given."""
    texts = [str(_format_value(item, language)) for item in items[:_MAX_ITEMS]]
    remaining = (len(items) if total is None else total) - len(texts)
    if remaining > 0:
        more = translations(language).gettext(N_("%(count)s more"))
        texts.append(more % {"count": format_number(remaining, language)})
    return format_list(texts, locale=language) if texts else ""


def _template_values(fault: Fault, language: str) -> Mapping[str, object]:
    """The template's values: the finding's parameters formatted, and texts of its table and column from the catalogue."""
    params = fault.params
    values: dict[str, object] = {"value": fault.value or "", "file": fault.file, "today": params.get("today", "")}
    for name, value in params.items():
        values[name] = _format_value(value, language, params.get("count") if name in ("rows", "pairs") else None)
    table = params.get("table")
    if isinstance(table, str):
        dataset = datasets()[table]
        values["table"] = dataset.header
        values["title"] = dataset.title[language]
        field = params.get("field")
        if isinstance(field, str):
            values |= _column_values(dataset.column(field), language)
        values.setdefault("key", ", ".join(dataset.column(code).header for code in dataset.key))
    if fault.code in _LEDGER:
        values |= _LEDGER[fault.code](params, values, language)
    for rows in (params.get("rows"), params.get("pairs")):
        if isinstance(rows, list):
            values["where"] = _rows_text(rows, params.get("count"), language)
    kind = params.get("kind")
    if isinstance(kind, str):
        values["kind"] = translations(language).gettext(KINDS[kind])
    return values


def _rows_text(rows: Sequence[object], total: object, language: str) -> str:
    """The rows that a sentence is about: "Row: 2", "Rows: 2 and 4"."""
    one = len(rows) == 1 and not isinstance(rows[0], list | tuple) and total in (1, None)
    text = translations(language).gettext(N_("Row: %(rows)s") if one else N_("Rows: %(rows)s"))
    return text % {"rows": _format_value(rows, language, total)}


Values = Mapping[str, object]


def _ledger_summary(params: Values, values: Values, language: str) -> Values:
    """What a ledger adds, changes, removes and leaves as before, as far as there is any."""
    gettext = translations(language).gettext
    parts = [gettext(text) % values for name, text in LEDGER_PARTS.items() if params.get(name)]
    return {"parts": "; ".join(parts)}


def _voucher_pairs(params: Values, values: Values, language: str) -> Values:
    """Vouchers with their amount, or the amounts before and after."""
    columns = [params[name] for name in ("names", "amounts", "new") if name in params]
    pairs = [
        f"{name} ({' → '.join(str(_format_value(amount, language)) for amount in amounts)} kr)"
        for name, *amounts in zip(*(column for column in columns if isinstance(column, list)), strict=True)
    ]
    return {"pairs": format_items(pairs, language)}


_LEDGER = {
    "ledger_replaces": _ledger_summary,
    "ledger_again": _ledger_summary,
    "ledger_changed": _voucher_pairs,
    "ledger_gone": _voucher_pairs,
    "ledger_gone_refused": _voucher_pairs,
}


def _format_value(value: object, language: str, total: object = None) -> object:
    """Numbers, dates and lists as text in the language, other values unchanged; `total` is the length of a cut list."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return format_number(value, language)
    if isinstance(value, Decimal):
        return format_decimal(value, "#,##0.00", locale=language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        items = [format_items(item, language) if isinstance(item, list | tuple) else item for item in value]
        return format_items(items, language, total if isinstance(total, int) else None)
    return value


def _column_values(column: Column, language: str) -> dict[str, object]:
    names = [v.labels[language] for v in (*column.values, *column.states)]
    return {
        "allowed": ", ".join(names),
        "example": column.example or column.header,
        "min": format_number(column.min, language) if column.min is not None else "",
        "max": format_number(column.max, language) if column.max is not None else "",
    }
