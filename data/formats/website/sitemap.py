"""A website's sitemap (sitemap.xml): a stream of addresses. No entity is ever expanded."""

from pathlib import Path
from xml.parsers import expat

from data.formats.website.pages import Page, Pages, detect_offer
from data.readers.decoding import file_encoding, text_pieces
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan
from data.readers.limits import MEBI

FILE_BYTES = 200 * MEBI  # four times what the protocol allows
LONGEST = 4096  # characters of an address
FILES = 1000  # of an index, that are named
ROOTS = ("urlset", "sitemapindex")


def sitemap_pages(path: Path, surveyed: FileScan) -> Pages:
    """The pages of a sitemap. Unreadable when it is damaged, an index of sitemaps, or declares entities."""
    if surveyed.size > FILE_BYTES:
        raise Unreadable("file_too_large", size=surveyed.size // MEBI, limit=FILE_BYTES // MEBI)
    reading, first = _Reading(), True
    try:
        for piece in text_pieces(path, file_encoding(path, surveyed.head)):
            reading.parser.Parse(piece.lstrip("\ufeff\0 \t\r\n") if first else piece, False)
            first = False
        reading.parser.Parse("", True)
    except expat.ExpatError as error:
        raise Unreadable("sitemap_broken", row=error.lineno) from None
    if reading.files:
        raise Unreadable("sitemap_index", names=reading.files)
    if not len(reading.pages):
        raise Unreadable("sitemap_empty")
    return reading.pages


class _Reading:
    """Follows the elements: what counts is `loc` in an entry of the root, in the root's own namespace."""

    def __init__(self) -> None:
        self.pages, self.files = Pages(), list[str]()
        self._stack: list[str] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def _declared(self, *_: object) -> None:
        raise Unreadable("sitemap_declarations", row=self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._stack.append(name)
        if len(self._stack) > LONGEST:
            raise Unreadable("sitemap_broken", row=self.parser.CurrentLineNumber)
        space, _, local = name.rpartition(" ")
        own = self._stack[0].rpartition(" ")[0] == space
        self._text = [] if len(self._stack) == 3 and own and local == "loc" else None

    def _said(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < LONGEST:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._stack.pop()
        if self._text is None:
            return
        url, self._text = "".join("".join(self._text).split()), None
        if url and self._stack[0].endswith("sitemapindex"):
            self.files += [url] if len(self.files) < FILES else []
        elif url:
            self.pages.add(Page(self.parser.CurrentLineNumber, url, leads_to=detect_offer(url, "")))
