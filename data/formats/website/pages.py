"""The pages that a website publishes, without duplicates, as a sheet of the table `web_pages`."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from duckdb import DuckDBPyConnection

from data.formats.website.urls import page_key, readable_url, site_of
from data.readers.sheet import HeaderRow, Note, Sheet, insert_rows
from data.schema.catalogue import datasets

TABLE = "web_pages"
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/]\S*", re.I)
BASIC = frozenset(("site", "seen_on", "url"))  # the columns that every listing has
TITLE_LENGTH = 200
BATCH = 10_000
_FORM_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|od[ts]|rtf)$", re.I)
_FORM_WORD = re.compile(r"blankett(?:en)?\b", re.I)
_ONLINE_WORD = re.compile(r"\be-?tjänst(?:en)?\b", re.I)
_ONLINE_HOST = re.compile(r"e-?tj[aä]nst|e-?service|minasidor|sj[aä]lvservice", re.I)
_ONLINE_PATH = re.compile(r"/(?:oversikt|overview)/(?:overview|flow)", re.I)


@dataclass(frozen=True)
class Page:
    """A page in a listing, at `line`. `leads_to` is a code of the data catalogue, None when unknown."""

    line: int
    url: str
    title: str | None = None
    leads_to: str | None = None
    area: str | None = None


def detect_offer(url: str, text: str) -> str | None:
    """The code of what a page offers, by its address and its link's text; None when neither shows it."""
    _, _, path = page_key(url).partition("/")
    subdomain = site_of(url).partition(".")[0]
    online = bool(_ONLINE_HOST.match(subdomain) or _ONLINE_PATH.search(f"/{path}") or _ONLINE_WORD.search(text))
    form = bool(_FORM_FILE.search(path.partition("?")[0]) or _FORM_WORD.search(text))
    return offer_code(online, form)


def offer_code(online: bool, form: bool) -> str | None:
    """The code for an e-service, a form, or both; None for neither."""
    if online and form:
        return "both"
    return "e_service" if online else "form" if form else None


def one_line(text: str) -> str | None:
    """A title on one line, without control characters, shortened to `TITLE_LENGTH`; None when blank."""
    title = " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")).split())
    return (title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip() + "…") or None


class Pages:
    """A collection of pages without duplicates; a later entry of a page fills blanks of the first."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self.duplicates = 0

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def add(self, page: Page) -> None:
        """Add a page. A text that is not an address is added as it is, for the checks to report."""
        if not ADDRESS.fullmatch(page.url):
            self._pages[f"{len(self._pages)}\0"] = page
            return
        key = page_key(page.url)
        first = self._pages.get(key)
        self.duplicates += first is not None
        self._pages[key] = _merged(first, page) if first else replace(page, url=readable_url(page.url))


def _merged(first: Page, second: Page) -> Page:
    offers = {first.leads_to, second.leads_to} - {None, "page"}
    leads_to = "both" if len(offers) > 1 else next(iter(offers), first.leads_to or second.leads_to)
    return replace(first, title=first.title or second.title, leads_to=leads_to, area=first.area or second.area)


class PageSheet(Sheet):
    """The pages of a listing as a sheet."""

    dataset = TABLE

    def __init__(self, pages: Pages, known_columns: frozenset[str], today: date) -> None:
        self.known_columns = BASIC | known_columns
        self.head = [(1, [column.header for column in datasets()[TABLE].columns])]
        self._pages, self._today = pages, today

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        write_pages(connection, table, self._pages, self._today)
        return duplicate_notes(self._pages)


def duplicate_notes(pages: Pages) -> Sequence[Note]:
    """A note on pages that occurred more than once."""
    return [Note("pages_twice", {"count": pages.duplicates})] if pages.duplicates else []


def write_pages(connection: DuckDBPyConnection, table: str, pages: Pages, today: date) -> None:
    """Make the relation `table` of the pages, with the columns of `Sheet.load`."""
    cells = ", ".join(f"c{i} VARCHAR" for i in range(len(datasets()[TABLE].columns)))
    connection.execute(f"CREATE TABLE {table}_raw (_row INTEGER, _extra VARCHAR, {cells})")
    rows, last = list[Sequence[object]](), 1
    for page in pages:
        last = max(page.line, last + 1)
        rows.append((last, None, *_cells(page, today.isoformat())))
    for start in range(0, len(rows), BATCH):
        insert_rows(connection, f"{table}_raw", rows[start : start + BATCH])
    connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw")


def _cells(page: Page, today: str) -> Sequence[str | None]:
    """A page's cells in the order of the table's columns."""
    site = site_of(page.url) if ADDRESS.fullmatch(page.url) else "–"
    cells = {
        "site": site,
        "seen_on": today,
        "url": page.url,
        "title": page.title,
        "leads_to": page.leads_to,
        "area": page.area,
    }
    return [cells.get(column.code) for column in datasets()[TABLE].columns]
