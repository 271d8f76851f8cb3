"""The pages that a website publishes, each once, as a sheet of the table `web_pages`."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from duckdb import DuckDBPyConnection

from data.formats.website.urls import page_key, readable_url, site_of
from data.readers.sheet import Note, Sheet
from data.schema.catalogue import datasets

TABLE = "web_pages"
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/]+\S*", re.I)
BASIC = frozenset(("site", "seen_on", "url"))  # what every listing tells
TITLE_LENGTH = 200
BATCH = 10_000
_FORM_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|od[ts]|rtf)$", re.I)
_FORM_WORD = re.compile(r"blankett(?:en)?\b", re.I)
_ONLINE_WORD = re.compile(r"\be-?tjänst(?:en)?\b", re.I)
_ONLINE_HOST = re.compile(r"e-?tj[aä]nst|e-?service|minasidor|sj[aä]lvservice", re.I)
_ONLINE_PATH = re.compile(r"/(?:oversikt|overview)/(?:overview|flow)", re.I)


@dataclass(frozen=True)
class Page:
    """A page as a listing tells of it. `line` is where; `leads_to` a code of the catalogue, None when it does not show."""

    line: int
    url: str
    title: str | None = None
    leads_to: str | None = None
    area: str | None = None


def detect_offer(url: str, text: str) -> str | None:
    """What a page offers as far as its address and its link's text show."""
    _, _, place = page_key(url).partition("/")
    first = site_of(url).partition(".")[0]
    online = bool(_ONLINE_HOST.match(first) or _ONLINE_PATH.search(f"/{place}") or _ONLINE_WORD.search(text))
    form = bool(_FORM_FILE.search(place.partition("?")[0]) or _FORM_WORD.search(text))
    return offer_code(online, form)


def offer_code(online: bool, form: bool) -> str | None:
    """The code for an e-service, a form, or both; None for neither."""
    if online and form:
        return "both"
    return "e_service" if online else "form" if form else None


def one_line(text: str) -> str | None:
    """A title on one line, without signs that cannot be shown, and shortened; None when nothing is left."""
    shown = " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")).split())
    return (shown if len(shown) <= TITLE_LENGTH else shown[: TITLE_LENGTH - 1].rstrip() + "…") or None


class Pages:
    """Collects pages, each once; a later telling of one adds what the earlier did not know."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        self.repeated = 0

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def add(self, page: Page) -> None:
        """Take a page in; what is no address is kept as it stands, for the checks to tell of."""
        if not ADDRESS.fullmatch(page.url):
            self._pages[f"{len(self._pages)}\0"] = page
            return
        key = page_key(page.url)
        first = self._pages.get(key)
        self.repeated += first is not None
        self._pages[key] = _merged(first, page) if first else replace(page, url=readable_url(page.url))


def _merged(first: Page, again: Page) -> Page:
    offered = {first.leads_to, again.leads_to} - {None, "page"}
    leads_to = "both" if len(offered) > 1 else next(iter(offered), first.leads_to or again.leads_to)
    return replace(first, title=first.title or again.title, leads_to=leads_to, area=first.area or again.area)


class PageSheet(Sheet):
    """The pages of a listing as a sheet; all of them were seen `today`. `told` are the columns that the listing tells."""

    dataset = TABLE

    def __init__(self, pages: Pages, told: frozenset[str], today: date) -> None:
        self.known_columns = BASIC | told
        self.head = [(1, [column.header for column in datasets()[TABLE].columns])]
        self._pages, self._today = pages, today

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        write_pages(connection, table, self._pages, self._today)
        return duplicate_notes(self._pages)


def duplicate_notes(pages: Pages) -> Sequence[Note]:
    """What is worth saying of pages that were told of more than once."""
    return [Note("pages_twice", {"count": pages.repeated})] if pages.repeated else []


def write_pages(connection: DuckDBPyConnection, table: str, pages: Pages, today: date) -> None:
    """Make the relation `table` of the pages, as `Sheet.load` does."""
    cells = ", ".join(f"c{i} VARCHAR" for i in range(len(datasets()[TABLE].columns)))
    connection.execute(f"CREATE TABLE {table}_raw (_row INTEGER, _extra VARCHAR, {cells})")
    rows, last = [], 1
    for page in pages:
        last = max(page.line, last + 1)
        rows.append((last, None, *_cells(page, today.isoformat())))
        if len(rows) == BATCH:
            _insert(connection, table, rows)
            rows = []
    _insert(connection, table, rows)
    connection.execute(f"CREATE VIEW {table} AS FROM {table}_raw")


def _insert(connection: DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        told = ", ".join(f"unnest(?::{kind}[])" for kind in ("INTEGER", *["VARCHAR"] * (len(columns) - 1)))
        connection.execute(f"INSERT INTO {table}_raw SELECT {told}", columns)


def _cells(page: Page, today: str) -> Sequence[str | None]:
    """A page's cells in the order of the table's columns."""
    site = site_of(page.url) if ADDRESS.fullmatch(page.url) else "–"
    told = {
        "site": site,
        "seen_on": today,
        "url": page.url,
        "title": page.title,
        "leads_to": page.leads_to,
        "area": page.area,
    }
    return [told.get(column.code) for column in datasets()[TABLE].columns]
