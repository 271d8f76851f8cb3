"""Recognises a listing of a website's pages by its content, never by the file's name."""

import re
from collections.abc import Sequence
from pathlib import Path

from data.formats.origin import Origin
from data.formats.website.links import linked_pages
from data.formats.website.pages import ADDRESS, Page, Pages, PageSheet, detect_offer
from data.formats.website.sitemap import ROOTS, sitemap_pages
from data.readers.decoding import after_prolog, file_encoding, head_text, is_html
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan
from data.readers.limits import MEBI
from data.readers.sheet import Opened

PAGE_BYTES = 32 * MEBI  # of a saved page
_FIRST = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_SAMPLE_LINES = 30  # read to recognise a list


def open_listing(path: Path, scan: FileScan, work: Path, origin: Origin) -> Opened | None:
    """The pages that a file lists, as one sheet; None when it is not a listing, or is a table.

    Unreadable when it is malformed, or an index of other sitemaps.
    """
    head = head_text(scan.head)
    root = _FIRST.search(after_prolog(head))
    if head.lstrip("\0 \t\r\n")[:1] == "<":
        if root and root[2].lower() in ROOTS:
            return [PageSheet(sitemap_pages(path, scan), frozenset(), origin.today)], ()
        pages = _saved_page(path, scan) if is_html(head) else None
        return None if pages is None else ([PageSheet(pages, frozenset(("title", "leads_to")), origin.today)], ())
    return ([PageSheet(_plain_list(path, scan), frozenset(), origin.today)], ()) if _is_plain(head) else None


def _saved_page(path: Path, scan: FileScan) -> Pages | None:
    if scan.size > PAGE_BYTES:
        raise Unreadable("file_too_large", size=scan.size // MEBI, limit=PAGE_BYTES // MEBI)
    return linked_pages(path.read_text(file_encoding(path, scan.head), "replace"))


def _is_plain(head: str) -> bool:
    """Whether every line of a text is an address."""
    lines = _lines(head.splitlines()[:_SAMPLE_LINES])
    return bool(lines) and all(ADDRESS.fullmatch(line) for line in lines)


def _lines(lines: Sequence[str]) -> list[str]:
    """The lines that are neither blank nor comments."""
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _plain_list(path: Path, scan: FileScan) -> Pages:
    pages = Pages()
    with path.open(encoding=file_encoding(path, scan.head), errors="replace") as file:
        for number, line in enumerate(file, 1):
            for url in _lines([line.removeprefix("\ufeff")]):
                pages.add(Page(number, url[:4096], leads_to=detect_offer(url, "")))
    return pages
