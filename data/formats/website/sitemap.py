"""A streaming reader of sitemaps (sitemap.xml, sitemaps.org). Entities are never expanded."""

from pathlib import Path
from xml.parsers import expat

from data.formats.website.pages import Page, Pages, detect_offer
from data.readers.decoding import file_encoding, text_pieces
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan
from data.readers.limits import MEBI

FILE_BYTES = 200 * MEBI  # four times the limit of the protocol
MAX_URL = 4096  # characters, and nested elements
MAX_FILES = 1000  # of an index, listed in the error
ROOTS = ("urlset", "sitemapindex")


def sitemap_pages(path: Path, scan: FileScan) -> Pages:
    """The pages of a sitemap. Unreadable when it is malformed, empty, an index of sitemaps, or declares entities."""
    if scan.size > FILE_BYTES:
        raise Unreadable("file_too_large", size=scan.size // MEBI, limit=FILE_BYTES // MEBI)
    reader, first = _SitemapReader(), True
    try:
        for piece in text_pieces(path, file_encoding(path, scan.head)):
            reader.parser.Parse(piece.lstrip("\ufeff\0 \t\r\n") if first else piece, False)
            first = False
        reader.parser.Parse("", True)
    except expat.ExpatError as error:
        raise Unreadable("sitemap_broken", row=error.lineno) from None
    if reader.files:
        raise Unreadable("sitemap_index", names=reader.files)
    if not len(reader.pages):
        raise Unreadable("sitemap_empty")
    return reader.pages


class _SitemapReader:
    """Collects the `loc` of each entry of the root, with the root's prefix, as pages or as files of an index."""

    def __init__(self) -> None:
        self.pages, self.files = Pages(), list[str]()
        self._stack: list[str] = []
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate()  # prefixes are compared as they stand, since some are never declared
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _declared(self, *_: object) -> None:
        raise Unreadable("sitemap_declarations", row=self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._stack.append(name)
        if len(self._stack) > MAX_URL:
            raise Unreadable("sitemap_broken", row=self.parser.CurrentLineNumber)
        prefix, _, local = name.rpartition(":")
        same_prefix = self._stack[0].rpartition(":")[0] == prefix
        self._text = [] if len(self._stack) == 3 and same_prefix and local == "loc" else None

    def _characters(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < MAX_URL:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._stack.pop()
        if self._text is None:
            return
        url, self._text = "".join("".join(self._text).split()), None
        if url and self._stack[0].endswith("sitemapindex"):
            self.files += [url] if len(self.files) < MAX_FILES else []
        elif url:
            self.pages.add(Page(self.parser.CurrentLineNumber, url, leads_to=detect_offer(url, "")))
