"""How a sheet with headers of its own can be read as a table: suggestions that say why, from headers and values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from data.mapping.model import ColumnMapping, ColumnSource, FromColumn, GeneratedId, Layout, possible_layouts
from data.mapping.recognise import missing_headers
from data.mapping.type_inference import day_order, is_number, is_value, readable_share
from data.privacy import is_personal_header
from data.readers.sheet import Row
from data.schema.catalogue import Column, Dataset, datasets, fold

SIMILAR = 82  # of 100: headers less alike than this are not the same word
_MIN_SCORE = 0.25  # a likeness below this is none
_EXCLUSIVE = frozenset(("exkl", "ex", "exklusive", "utan", "netto", "excl", "excluding", "net", "ekskl", "eks"))
_INCLUSIVE = frozenset(
    (
        "inkl",
        "inklusive",
        "inc",
        "med",
        "brutto",
        "bruttobelopp",
        "incl",
        "including",
        "gross",
        "total",
        "totalt",
        "totalbelopp",
    )
)
_OTHER_MONEY = frozenset(("saldo", "balance", "budget", "valuta", "currency", "pris", "price", "ack", "ackumulerat"))
_VAT = frozenset(("moms", "momsbelopp", "momsen", "vat", "vatamount", "mva", "mvabelop", "momsbelob", "momskronor"))
_DEBIT = frozenset(("debet", "debit", "debetbelopp", "debitamount", "debetkr", "debetsek"))
_CREDIT = frozenset(("kredit", "credit", "kreditbelopp", "creditamount", "kreditkr", "kreditsek"))


@dataclass(frozen=True)
class Suggestion:
    """Where a column may come from. `reason`: header, also, alike, values, difference, without_vat, with_vat, perhaps_vat,
    two_ways or made."""

    source: ColumnSource
    reason: str
    certain: bool


@dataclass(frozen=True)
class _Candidate:
    """A column of the table at a position of the file. `similarity` is of the headers, `fit` of the values."""

    column: Column
    position: int
    similarity: float
    fit: float | None
    reason: str

    @property
    def score(self) -> float:
        """How good it is, 0–1: values that cannot be read speak against the best of headers."""
        return self.similarity * (0.9 if self.fit is None else 0.3 + 0.7 * self.fit**2)


def suggest(dataset: Dataset, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Mapping[str, Suggestion]:
    """By column code, where each column of the table may come from; columns that nothing speaks for are left out."""
    layout = Layout(1, tuple(headers), tuple(map(tuple, rows)))
    found = _assign_by_score(list(_candidates(dataset, layout)), layout)
    found |= _assign_by_values(dataset, layout, found)
    suggested = {code: _suggestion(one, layout) for code, one in found.items()}
    for column in dataset.columns:
        if column.type == "money":
            suggested |= _suggest_amount(column, suggested.get(column.code), layout)
    for column in dataset.columns:
        if column.generated_from and column.code not in suggested and set(column.generated_from) & set(suggested):
            suggested[column.code] = Suggestion(GeneratedId(), "made", True)
    return {column.code: suggested[column.code] for column in dataset.columns if column.code in suggested}


def suggested_mapping(dataset: Dataset, layout: Layout) -> ColumnMapping:
    """The mapping that is suggested for a layout."""
    parts = {code: one.source for code, one in suggest(dataset, layout.headers, layout.rows).items()}
    return ColumnMapping(dataset.code, layout.key, parts)


def likeliest_dataset(layout: Layout) -> Dataset | None:
    """The table that the layout most likely is; None when none comes near."""
    scores = {code: _likelihood(dataset, layout) for code, dataset in datasets().items()}
    best = max(scores, key=lambda code: scores[code])
    return datasets()[best] if scores[best] > 0 else None


def _likelihood(dataset: Dataset, layout: Layout) -> float:
    """How much speaks for the table: what is found, less twice what it needs and is not found."""
    found = suggest(dataset, layout.headers, layout.rows)
    return sum(1.0 if one.certain else 0.4 for one in found.values()) - 2 * len(missing_headers(dataset, found))


def header_layout(head: Sequence[Row], sheet: str | None = None) -> Layout | None:
    """The row that most likely holds the headers, as a layout; None when no row can."""
    found = [layout for layout in possible_layouts(head, sheet) if _can_be_headers(layout)]
    width = max((sum(map(bool, layout.headers)) for layout in found), default=0)
    return max(found, key=lambda layout: _header_rank(layout, width), default=None)


def _can_be_headers(layout: Layout) -> bool:
    return sum(map(bool, layout.headers)) >= 2 and not any(is_value(header) for header in layout.headers)


def _header_rank(layout: Layout, width: int) -> tuple[float, float, int]:
    """Known headers first, then a row as wide as the widest, then the uppermost."""
    known = sum(fold(header) in _known_headers() for header in layout.headers if header)
    wide = sum(map(bool, layout.headers)) / width
    return (known if known > 1 else 0, round(wide, 1), -layout.row)


@cache
def _known_headers() -> frozenset[str]:
    """Every header that means something in some table, folded."""
    money = _VAT | _DEBIT | _CREDIT
    return money.union(*(_header_ranks(column) for table in datasets().values() for column in table.columns))


@cache
def _cached_header_ranks(header: str, code: str, also: tuple[str, ...]) -> Mapping[str, int]:
    return {fold(name): i for i, name in reversed(list(enumerate((header, code, *also))))}


def _header_ranks(column: Column) -> Mapping[str, int]:
    """The folded headers that mean the column, with their rank."""
    return _cached_header_ranks(column.header, column.code, column.aliases)


def _candidates(dataset: Dataset, layout: Layout) -> Iterator[_Candidate]:
    for position, header in enumerate(layout.headers):
        cells = layout.cells(position)
        for column in dataset.columns if header and not _is_personal(header, cells, dataset) else ():
            likeness, why = _likeness(column, header)
            one = _Candidate(
                column, position, likeness if cells else 0.6 * likeness, readable_share(column, cells), why
            )
            if one.score >= _MIN_SCORE and not (column.type == "text" and one.fit == 0):
                yield one


def _is_personal(header: str, cells: Sequence[str], dataset: Dataset) -> bool:
    """Whether a column looks like personal data: it is never suggested as anything."""
    return any(is_personal_header(word, dataset.code) for word in (header, *header.split())) or any(
        "@" in c for c in cells
    )


def _likeness(column: Column, header: str) -> tuple[float, str]:
    """How sure the header is to mean the column, 0–1, and why."""
    folded, words = fold(header), set(_words(header))
    if column.type == "money" and _is_part(folded):
        return 0, ""
    rank = _header_ranks(column).get(folded)
    if rank is not None:
        likeness, why = (1.0, "header") if rank < 2 else (0.97 - rank / 1000, "also")
    else:
        alike = max(_similarity(folded, words, name) for name in (column.header, *column.aliases))
        likeness, why = (0.4 + 0.4 * (alike - SIMILAR) / (100 - SIMILAR) if alike >= SIMILAR else 0.0), "alike"
    if column.type == "money":
        likeness *= 0.5 if words & _OTHER_MONEY else 0.7 if words & _INCLUSIVE else 1
    return likeness, why


def _words(header: str) -> list[str]:
    return [fold(word) for word in re.split(r"[\s_./()-]+", header) if word]


def _similarity(folded: str, words: set[str], name: str) -> float:
    """How alike two headers are, 0–100, letter by letter; a header that holds all the words of a name is rather alike."""
    within = len(name) > 3 and set(_words(name)) <= words
    return max(fuzz.ratio(folded, fold(name)), 90.0 if within else 0.0)


def _is_part(folded: str) -> bool:
    """Whether a header means VAT, debit or credit: never the whole amount."""
    return folded in _VAT | _DEBIT | _CREDIT


def _assign_by_score(candidates: Sequence[_Candidate], layout: Layout) -> dict[str, _Candidate]:
    """The best candidates, each column and each position once. Where columns stand makes no difference."""

    def rank(one: _Candidate) -> tuple[object, ...]:
        return (-one.score, one.column.code, fold(layout.headers[one.position]), tuple(layout.cells(one.position)))

    found: dict[str, _Candidate] = {}
    for one in sorted(candidates, key=rank):
        if one.column.code not in found and one.position not in {c.position for c in found.values()}:
            found[one.column.code] = one
    return found


def _assign_by_values(dataset: Dataset, layout: Layout, found: Mapping[str, _Candidate]) -> dict[str, _Candidate]:
    """Required columns that no header tells of, where exactly one column that is left has such values."""
    taken = {one.position for one in found.values()}
    left = [i for i, header in enumerate(layout.headers) if i not in taken and not _is_part(fold(header))]
    told: dict[str, _Candidate] = {}
    for column in dataset.columns:
        if column.required and column.code not in found and column.type in ("date", "month", "money", "enum"):
            fit = [i for i in left if _values_identify(column, layout.cells(i))]
            if len(fit) == 1:
                told[column.code] = _Candidate(column, fit[0], 0.3, 1.0, "values")
                left.remove(fit[0])
    return told


def _values_identify(column: Column, cells: Sequence[str]) -> bool:
    """Whether the values can hardly be anything else: an amount has decimals somewhere."""
    if len(cells) < 2 or readable_share(column, cells) != 1:
        return False
    return column.type != "money" or any(is_number(cell) and cell[-3:-2] in (",", ".") for cell in cells)


def _suggestion(one: _Candidate, layout: Layout) -> Suggestion:
    cells = layout.cells(one.position)
    order, certain = day_order(cells) if one.column.type == "date" else ("ymd", True)
    sure = one.reason in ("header", "also") and one.fit in (None, 1) and certain
    return Suggestion(FromColumn(one.position, order=order), one.reason if certain else "two_ways", sure)


def _suggest_amount(column: Column, found: Suggestion | None, layout: Layout) -> dict[str, Suggestion]:
    """The amount as debit less credit, or less its VAT, where the file has no better; no rate is ever guessed."""
    at = found.source.position if found and isinstance(found.source, FromColumn) else None
    words = set(_words(layout.headers[at])) if at is not None else set[str]()
    debit, credit, vat = (_only_position(layout, names) for names in (_DEBIT, _CREDIT, _VAT))
    if debit is not None and credit is not None and (at is None or not (found and found.certain)):
        return {column.code: Suggestion(FromColumn(debit, subtract=credit), "difference", True)}
    if at is None or found is None or words & _EXCLUSIVE:
        return {}
    if vat is None:
        return {column.code: replace(found, reason="with_vat", certain=False)} if words & _INCLUSIVE else {}
    if words & _INCLUSIVE:
        return {column.code: Suggestion(FromColumn(at, subtract=vat), "without_vat", found.reason != "values")}
    return {column.code: replace(found, reason="perhaps_vat", certain=False)}


def _only_position(layout: Layout, names: frozenset[str]) -> int | None:
    """The position of the only header among the names that has numbers below it."""
    found = [i for i, header in enumerate(layout.headers) if fold(header) in names]
    return found[0] if len(found) == 1 and all(map(is_number, layout.cells(found[0]))) else None
