"""A list of pages in a spreadsheet or text file: a column of addresses, and usually one of titles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from data.formats.website.pages import (
    ADDRESS,
    BASIC,
    TABLE,
    Page,
    Pages,
    detect_offer,
    duplicate_notes,
    offer_code,
    one_line,
    write_pages,
)
from data.readers.sheet import HeaderRow, Note, Sheet
from data.schema.catalogue import datasets, fold, value_lists
from data.schema.column_sql import code_of

_WORDS = {
    "url": "url adress address webbadress webadress sidadress lank link href loc uri pageurl sida page webbsida",
    "title": "title titel rubrik namn name sidtitel sidnamn sidrubrik lanktext title1 tjanst",
    "online": "haseservice haretjanst finnsetjanst etjanst eservice",
    "form": "hasform harblankett finnsblankett blankett form",
    "leads_to": "ledertill leadsto",
    "area": "area omrade amne amnesomrade kategori category",
}
HEADERS: Mapping[str, frozenset[str]] = {code: frozenset(words.split()) for code, words in _WORDS.items()}


@dataclass(frozen=True)
class ListColumns:
    """The row of a list's headers, the headers, and the positions of the columns that are read, by code."""

    row: int
    headers: Sequence[str]
    at: Mapping[str, int]


def as_page_list(sheet: Sheet, today: date) -> "ListSheet | None":
    """The sheet as a list of pages; None when it has no column of addresses, or rows without one, as a register has."""
    rows = [(number, list(cells)) for number, cells in sheet.head]
    for i, (number, cells) in enumerate(rows):
        if columns := _columns(number, cells, [below for _, below in rows[i + 1 :]]):
            return ListSheet(sheet, columns, today)
    return None


def _columns(row: int, headers: Sequence[str], below: Sequence[Sequence[str]]) -> ListColumns | None:
    """The columns, if `headers` are those of a list of pages; `below` are the rows below them."""
    names = [fold(header) for header in headers]
    at = {code: next((i for i, name in enumerate(names) if name in known), -1) for code, known in HEADERS.items()}
    shares = {
        i: _address_share([r[i] for r in below if i < len(r)]) for i, name in enumerate(names) if name in HEADERS["url"]
    }
    best = max(shares, key=lambda i: shares[i], default=None)
    if best is None or shares[best] < 0.5 or any(_lacks_address(row, best) for row in below):
        return None
    present = {code: i for code, i in at.items() if i >= 0}
    return ListColumns(row, [header.strip() for header in headers], {**present, "url": best})


def _lacks_address(row: Sequence[str], address: int) -> bool:
    """Whether a row has several values but no address."""
    return sum(bool(cell.strip()) for cell in row) > 1 and not (address < len(row) and row[address].strip())


def _address_share(cells: Sequence[str]) -> float:
    """The share, 0–1, of the cells that are not blank that are addresses."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return sum(bool(ADDRESS.fullmatch(cell)) for cell in filled) / len(filled) if filled else 0.0


class ListSheet(Sheet):
    """A list of pages as a sheet of the table `web_pages`."""

    dataset = TABLE

    def __init__(self, sheet: Sheet, columns: ListColumns, today: date) -> None:
        self.name = sheet.name
        known = {"title", "area"} & set(columns.at)
        self._has_offers = bool({"online", "form", "leads_to"} & set(columns.at))
        self.known_columns = BASIC | known | {"leads_to"}
        self.head = [(columns.row, [column.header for column in datasets()[TABLE].columns])]
        self._sheet, self._columns, self._today = sheet, columns, today

    @property
    def used(self) -> int:
        """The number of columns of the file that are read."""
        return len(set(self._columns.at.values()))

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        source, pages = f"{table}_list", Pages()
        notes = self._sheet.load(connection, source, HeaderRow(self._columns.row, len(self._columns.headers)))
        for page in self._pages(connection, source):
            pages.add(page)
        connection.execute(f"DROP VIEW {source}; DROP TABLE {source}_raw")
        write_pages(connection, table, pages, self._today)
        return [*notes, *duplicate_notes(pages), *self._unused()]

    def _unused(self) -> Sequence[Note]:
        used = set(self._columns.at.values())
        names = [header for i, header in enumerate(self._columns.headers) if header and i not in used]
        return [Note("ignored_columns", {"names": names})] if names else []

    def _pages(self, connection: DuckDBPyConnection, source: str) -> Iterator[Page]:
        at = self._columns.at
        columns = ", ".join(f"c{i}" for i in at.values())
        cursor = connection.cursor().execute(f"SELECT _row, {columns} FROM {source} ORDER BY _row")
        while rows := cursor.fetchmany(10_000):
            for row, *cells in rows:
                texts = {code: (cell or "").strip() for code, cell in zip(at, cells, strict=True)}
                if any(texts.values()):
                    yield self._page(row, texts)

    def _page(self, row: int, texts: Mapping[str, str]) -> Page:
        title, area = one_line(texts.get("title", "")), one_line(texts.get("area", ""))
        leads_to = _leads_to(texts) if self._has_offers else detect_offer(texts["url"], title or "")
        return Page(row, texts["url"], title, leads_to, area)


def _leads_to(texts: Mapping[str, str]) -> str | None:
    """The code of what a row says that the page offers; None when it is unknown."""
    leads_to = code_of(value_lists()["leads_to"], texts.get("leads_to", ""))
    if leads_to:
        return leads_to
    online, form = (code_of(value_lists()["yes_no"], texts.get(code, "")) for code in ("online", "form"))
    if online == "false" and form == "false":
        return "page"
    return offer_code(online == "true", form == "true")
