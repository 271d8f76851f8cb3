"""The data dictionary of the input tables, generated from the catalogue."""

from collections.abc import Iterator, Mapping

from data.schema.catalogue import Column, Dataset, datasets

TYPES: Mapping[str, str] = {
    "id": "id",
    "text": "text",
    "url": "web address",
    "date": "date, YYYY-MM-DD",
    "month": "month, YYYY-MM",
    "year": "year",
    "enum": "one of",
    "bool": "yes or no",
    "count": "whole number",
    "money": "SEK, at most two decimals",
    "percent": "per cent",
}
_INTRODUCTION = """\
# What comes in: the input tables

Made from `data/datasets.toml` by `make fix`; change that file, not this one.

Files are CSV (semicolon, comma or tab) or a workbook (XLSX, XLSM, ODS, XLS) with a sheet a table. Headers
may stand in any order and any case, with or without å, ä, ö and spaces, or as the code names. **Bold** is
required, and 🔑 is the key: a later row with the same key replaces the earlier one. A blank cell means not
reported, never zero.
"""


def markdown() -> str:
    """The page `docs/datasets.md` in English, with the Swedish headers."""
    return "\n".join([_INTRODUCTION, *(line for d in datasets().values() for line in _section(d))])


def _section(dataset: Dataset) -> Iterator[str]:
    yield f"## {dataset.header} (`{dataset.code}`)"
    yield ""
    yield f"{dataset.grain['en']}. {dataset.help['en']}"
    yield ""
    yield "| header | code | type | meaning |"
    yield "|---|---|---|---|"
    for column in dataset.columns:
        header = f"**{column.header}**" if column.required else column.header
        key = "🔑 " if column.key else ""
        yield f"| {key}{header} | `{column.code}` | {_kind(column)} | {_meaning(column)} |"
    yield ""
    for rule in dataset.rules:
        names = [f"`{dataset.column(code).header}`" for code in rule.columns]
        if rule.kind == "one_of":
            yield f"Exactly one of {' and '.join(names)} has a value."
        else:
            yield f"{names[0]} may not come after {names[1]}."
        yield ""


def _kind(column: Column) -> str:
    """The type, with the allowed values as they are in files, in Swedish, and the table that ids refer to."""
    allowed = ", ".join((*(value.labels["sv"] for value in (*column.values, *column.states)), *column.literals))
    kind = f"{TYPES[column.type]}: {allowed}" if allowed else TYPES[column.type]
    return f"{kind}; an id in {datasets()[column.references].header}" if column.references else kind


def _meaning(column: Column) -> str:
    parts = [column.help["en"].replace("|", "\\|")]
    if column.default:
        parts.append(f"Blank means {column.default}.")
    if column.example:
        parts.append(f"Example: `{column.example}`")
    return " ".join(parts)
