"""The data dictionary of the input tables, generated from the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data.base.language import N_, translations
from data.schema.catalogue import Column, Dataset, datasets

TYPES: Mapping[str, str] = {
    "id": N_("id"),
    "text": N_("text"),
    "url": N_("web address"),
    "date": N_("date, YYYY-MM-DD"),
    "month": N_("month, YYYY-MM"),
    "year": N_("year"),
    "enum": N_("one of"),
    "bool": N_("yes or no"),
    "count": N_("whole number"),
    "money": N_("SEK, at most two decimals"),
    "percent": N_("per cent"),
}


@dataclass(frozen=True)
class Entry:
    """One column in a language: `kind` is the name of its type, `allowed` its allowed values."""

    header: str
    code: str
    kind: str
    required: bool
    key: bool
    allowed: tuple[str, ...]
    default: str | None
    references: str | None
    example: str
    help: str


def entries(dataset: Dataset, language: str = "sv") -> tuple[Entry, ...]:
    """The columns of a table, in order, in the language ("sv" or "en")."""
    return tuple(_entry(column, language) for column in dataset.columns)


def _entry(column: Column, language: str) -> Entry:
    # values in files are Swedish, whatever the reader's language
    allowed = tuple(v.labels["sv"] for v in (*column.values, *column.states)) + column.literals
    return Entry(
        header=column.header,
        code=column.code,
        kind=translations(language).gettext(TYPES[column.type]),
        required=column.required,
        key=column.key,
        allowed=allowed,
        default=column.default,
        references=datasets()[column.references].header if column.references else None,
        example=column.example,
        help=column.help[language],
    )


def markdown() -> str:
    """The page `docs/datasets.md` in English, with the Swedish headers."""
    return "\n".join([*_introduction(), *(line for d in datasets().values() for line in _section(d))])


def _introduction() -> Iterator[str]:
    yield "# What comes in: the input tables"
    yield ""
    yield "Made from `data/datasets.toml` by `make fix`; change that file, not this one."
    yield ""
    yield "Files are CSV (semicolon, comma or tab) or a workbook (XLSX, XLSM, ODS, XLS) with a sheet a table. Headers"
    yield "may stand in any order and any case, with or without å, ä, ö and spaces, or as the code names. **Bold** is"
    yield "required, and 🔑 is the key: a later row with the same key replaces the earlier one. A blank cell means not"
    yield "reported, never zero."
    yield ""


def _section(dataset: Dataset) -> Iterator[str]:
    yield f"## {dataset.header} (`{dataset.code}`)"
    yield ""
    yield f"{dataset.grain['en']}. {dataset.help['en']}"
    yield ""
    yield "| header | code | type | meaning |"
    yield "|---|---|---|---|"
    for entry in entries(dataset, "en"):
        header = f"**{entry.header}**" if entry.required else entry.header
        key = "🔑 " if entry.key else ""
        yield f"| {key}{header} | `{entry.code}` | {_kind(entry)} | {_meaning(entry)} |"
    yield ""
    for rule in dataset.rules:
        names = [f"`{dataset.column(code).header}`" for code in rule.columns]
        if rule.kind == "one_of":
            yield f"Exactly one of {' and '.join(names)} has a value."
        else:
            yield f"{names[0]} may not come after {names[1]}."
        yield ""


def _kind(entry: Entry) -> str:
    allowed = ", ".join(entry.allowed)
    kind = f"{entry.kind}: {allowed}" if allowed else entry.kind
    return f"{kind}; an id in {entry.references}" if entry.references else kind


def _meaning(entry: Entry) -> str:
    parts = [entry.help.replace("|", "\\|")]
    if entry.default:
        parts.append(f"Blank means {entry.default}.")
    if entry.example:
        parts.append(f"Example: `{entry.example}`")
    return " ".join(parts)
