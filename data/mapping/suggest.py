"""Suggested mappings of a sheet with unknown headers to a table, with reasons, from headers and values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from rapidfuzz import fuzz

from data.mapping.model import ColumnSource, FromColumn, GeneratedId, Layout, possible_layouts
from data.mapping.recognise import missing_headers
from data.mapping.type_inference import day_order, is_number, is_value, readable_share
from data.privacy import is_personal_header
from data.readers.sheet import Row
from data.schema.catalogue import Column, Dataset, datasets, fold

MIN_SIMILARITY = 82  # of 100: least similarity of two headers that may mean the same
MOST = 100  # columns by which a table is recognised: no table of ours has half as many
_MIN_SCORE = 0.25  # of a candidate, 0–1
_EXCLUSIVE = frozenset(("exkl", "ex", "exklusive", "utan", "netto", "excl", "excluding", "net", "ekskl", "eks"))
_WITH_VAT = "inkl inklusive inc med brutto bruttobelopp incl including gross total totalt totalbelopp"
_INCLUSIVE = frozenset(_WITH_VAT.split())
_OTHER_MONEY = frozenset(("saldo", "balance", "budget", "valuta", "currency", "pris", "price", "ack", "ackumulerat"))
_VAT = frozenset(("moms", "momsbelopp", "momsen", "vat", "vatamount", "mva", "mvabelop", "momsbelob", "momskronor"))
_DEBIT = frozenset(("debet", "debit", "debetbelopp", "debitamount", "debetkr", "debetsek"))
_CREDIT = frozenset(("kredit", "credit", "kreditbelopp", "creditamount", "kreditkr", "kreditsek"))


Reason = Literal[
    "header",
    "alias",
    "similar",
    "values",
    "difference",
    "without_vat",
    "with_vat",
    "perhaps_vat",
    "two_ways",
    "generated",
]


@dataclass(frozen=True)
class Suggestion:
    """A suggested source of a column, and why; not `certain` when the importer should check it."""

    source: ColumnSource
    reason: Reason
    certain: bool


@dataclass(frozen=True)
class _Candidate:
    """A column of the table at a position of the file: the similarity of headers and the `fit` of values (0–1)."""

    column: Column
    position: int
    similarity: float
    fit: float | None
    reason: Reason

    @property
    def score(self) -> float:
        """The candidate's score, 0–1: the similarity, reduced by values that do not fit."""
        return self.similarity * (0.9 if self.fit is None else 0.3 + 0.7 * self.fit**2)


def suggest(dataset: Dataset, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Mapping[str, Suggestion]:
    """The suggested source of each column, by code; columns without one are left out."""
    layout = Layout(1, tuple(headers), tuple(map(tuple, rows)))
    candidates = _assign_by_score(list(_candidates(dataset, layout)), layout)
    candidates |= _assign_by_values(dataset, layout, candidates)
    suggested = {code: _suggestion(candidate, layout) for code, candidate in candidates.items()}
    for column in dataset.columns:
        if column.type == "money":
            suggested |= _suggest_amount(column, suggested.get(column.code), layout)
    for column in dataset.columns:
        if column.generated_from and column.code not in suggested and set(column.generated_from) & set(suggested):
            suggested[column.code] = Suggestion(GeneratedId(), "generated", True)
    return {column.code: suggested[column.code] for column in dataset.columns if column.code in suggested}


def likeliest_dataset(layout: Layout) -> Dataset | None:
    """The table that the layout most likely is, by its first columns; None when no table scores above 0."""
    layout = Layout(layout.row, layout.headers[:MOST], tuple(row[:MOST] for row in layout.rows))
    scores = {code: _table_score(dataset, layout) for code, dataset in datasets().items()}
    best = max(scores, key=lambda code: scores[code])
    return datasets()[best] if scores[best] > 0 else None


def _table_score(dataset: Dataset, layout: Layout) -> float:
    """The table's score: the suggested columns, minus twice the number of missing required ones."""
    suggestions = suggest(dataset, layout.headers, layout.rows)
    missing = missing_headers(dataset, suggestions)
    return sum(1.0 if s.certain else 0.4 for s in suggestions.values()) - 2 * len(missing)


def header_layout(head: Sequence[Row], sheet: str | None = None) -> Layout | None:
    """The layout of the row that most likely holds the headers; None when no row can."""
    candidates = [layout for layout in possible_layouts(head, sheet) if _can_be_headers(layout)]
    width = max((sum(map(bool, layout.headers)) for layout in candidates), default=0)
    return max(candidates, key=lambda layout: _header_rank(layout, width), default=None)


def _can_be_headers(layout: Layout) -> bool:
    return sum(map(bool, layout.headers)) >= 2 and not any(is_value(header) for header in layout.headers)


def _header_rank(layout: Layout, width: int) -> tuple[float, float, int]:
    """Sort key, larger is better: known headers, then width relative to `width`, then nearer the top."""
    known = sum(fold(header) in known_headers() for header in layout.headers if header)
    relative_width = sum(map(bool, layout.headers)) / width
    return (known if known > 1 else 0, round(relative_width, 1), -layout.row)


@cache
def known_headers() -> frozenset[str]:
    """Every header that is known in some table, folded."""
    money = _VAT | _DEBIT | _CREDIT
    return money.union(
        *(_header_ranks(c.header, c.code, *c.aliases) for table in datasets().values() for c in table.columns)
    )


@cache
def _header_ranks(*names: str) -> Mapping[str, int]:
    """The folded `names` of a column, with their rank."""
    return {fold(name): i for i, name in reversed([*enumerate(names)])}


def _candidates(dataset: Dataset, layout: Layout) -> Iterator[_Candidate]:
    for position, header in enumerate(layout.headers):
        cells = layout.cells(position)
        for column in dataset.columns if header and not _is_personal(header, cells, dataset) else ():
            similarity, reason = _header_similarity(column, header)
            similarity = similarity if cells else 0.6 * similarity
            candidate = _Candidate(column, position, similarity, readable_share(column, cells), reason)
            if candidate.score >= _MIN_SCORE and not (column.type == "text" and candidate.fit == 0):
                yield candidate


def _is_personal(header: str, cells: Sequence[str], dataset: Dataset) -> bool:
    """Whether a column looks like personal data, which is never suggested as a source."""
    names = (header, *header.split())
    return any("@" in cell for cell in cells) or any(is_personal_header(name, dataset.code) for name in names)


def _header_similarity(column: Column, header: str) -> tuple[float, Reason]:
    """The similarity of the header to the column's headers, 0–1, and the reason."""
    folded, words = fold(header), set(_words(header))
    if column.type == "money" and _is_part(folded):
        return 0, "similar"
    rank = _header_ranks(column.header, column.code, *column.aliases).get(folded)
    reason: Reason = "similar" if rank is None else "header" if rank < 2 else "alias"
    if rank is None:
        score = max(_similarity(folded, words, name) for name in (column.header, *column.aliases))
        similarity = 0.4 + 0.4 * (score - MIN_SIMILARITY) / (100 - MIN_SIMILARITY) if score >= MIN_SIMILARITY else 0.0
    else:
        similarity = 1.0 if rank < 2 else 0.97 - rank / 1000
    if column.type == "money":
        similarity *= 0.5 if words & _OTHER_MONEY else 0.7 if words & _INCLUSIVE else 1
    return similarity, reason


def _words(header: str) -> list[str]:
    return [fold(word) for word in re.split(r"[\s_./()-]+", header) if word]


def _similarity(folded: str, words: set[str], name: str) -> float:
    """The similarity of two headers, 0–100, by letters; at least 90 when one holds all the words of the other."""
    contained = len(name) > 3 and set(_words(name)) <= words
    return max(fuzz.ratio(folded, fold(name)), 90.0 if contained else 0.0)


def _is_part(folded: str) -> bool:
    """Whether a header means VAT, debit or credit, and not the whole amount."""
    return folded in _VAT | _DEBIT | _CREDIT


def _assign_by_score(candidates: Sequence[_Candidate], layout: Layout) -> dict[str, _Candidate]:
    """The best candidates, each column and each position once, regardless of the order of the file's columns."""

    def rank(c: _Candidate) -> tuple[object, ...]:
        return (-c.score, c.column.code, fold(layout.headers[c.position]), tuple(layout.cells(c.position)))

    assigned: dict[str, _Candidate] = {}
    for candidate in sorted(candidates, key=rank):
        code, taken = candidate.column.code, {c.position for c in assigned.values()}
        if code not in assigned and candidate.position not in taken:
            assigned[code] = candidate
    return assigned


def _assign_by_values(dataset: Dataset, layout: Layout, assigned: Mapping[str, _Candidate]) -> dict[str, _Candidate]:
    """Candidates for required columns without one, where exactly one unassigned position has fitting values."""
    taken = {candidate.position for candidate in assigned.values()}
    unassigned = [i for i, header in enumerate(layout.headers) if i not in taken and not _is_part(fold(header))]
    result: dict[str, _Candidate] = {}
    for column in dataset.columns:
        if column.required and column.code not in assigned and column.type in ("date", "month", "money", "enum"):
            fitting = [i for i in unassigned if _values_identify(column, layout.cells(i))]
            if len(fitting) == 1:
                result[column.code] = _Candidate(column, fitting[0], 0.3, 1.0, "values")
                unassigned.remove(fitting[0])
    return result


def _values_identify(column: Column, cells: Sequence[str]) -> bool:
    """Whether all values fit the column and hardly another: of amounts, some have decimals."""
    if len(cells) < 2 or readable_share(column, cells) != 1:
        return False
    return column.type != "money" or any(is_number(cell) and cell[-3:-2] in (",", ".") for cell in cells)


def _suggestion(candidate: _Candidate, layout: Layout) -> Suggestion:
    cells = layout.cells(candidate.position)
    order, certain = day_order(cells) if candidate.column.type == "date" else ("ymd", True)
    source, reason = FromColumn(candidate.position, order=order), candidate.reason if certain else "two_ways"
    return Suggestion(source, reason, reason in ("header", "alias") and candidate.fit in (None, 1))


def _suggest_amount(column: Column, suggestion: Suggestion | None, layout: Layout) -> dict[str, Suggestion]:
    """The source of an amount as debit − credit, or amount − VAT; a VAT rate is never guessed."""
    position = suggestion.source.position if suggestion and isinstance(suggestion.source, FromColumn) else None
    words = set(_words(layout.headers[position])) if position is not None else set[str]()
    debit, credit, vat = (_only_position(layout, names) for names in (_DEBIT, _CREDIT, _VAT))
    if debit is not None and credit is not None and (position is None or not (suggestion and suggestion.certain)):
        return {column.code: Suggestion(FromColumn(debit, subtract=credit), "difference", True)}
    if position is None or suggestion is None or words & _EXCLUSIVE:
        return {}
    if vat is None:
        return {column.code: replace(suggestion, reason="with_vat", certain=False)} if words & _INCLUSIVE else {}
    if words & _INCLUSIVE:
        source = FromColumn(position, subtract=vat)
        return {column.code: Suggestion(source, "without_vat", suggestion.reason != "values")}
    return {column.code: replace(suggestion, reason="perhaps_vat", certain=False)}


def _only_position(layout: Layout, names: frozenset[str]) -> int | None:
    """The position of the only header among the names, if all cells below it are numbers; else None."""
    positions = [i for i, header in enumerate(layout.headers) if fold(header) in names]
    return positions[0] if len(positions) == 1 and all(map(is_number, layout.cells(positions[0]))) else None
