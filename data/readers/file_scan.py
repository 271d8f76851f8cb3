"""One pass over a file's bytes: checksum, and what a fast reading must know beforehand. And: which encoding is it?"""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, FILE_BYTES, HEAD_BYTES, MEBI

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16 LE does, so it is tried first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class FileScan:
    """What one pass over the bytes shows. `regular`: lines are ended one way, none is blank, and none holds NUL."""

    checksum: str
    size: int
    head: bytes
    nul_bytes: int
    regular: bool


def chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes in pieces that never part CR from LF."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            while chunk.endswith(b"\r") and (more := file.read(1)):
                chunk += more
            yield chunk


class _Lines:
    """Notices mixed line ends, and blank lines that have something after them."""

    def __init__(self) -> None:
        self.crlf = self.lf = self.cr = self.blank = False
        self._ending = b"\n"  # the line ends so far that nothing has followed; a file begins like a line

    def see(self, chunk: bytes) -> None:
        self._ends(chunk)
        window = self._ending + chunk
        body = window.rstrip(b"\r\n")
        self.blank = self.blank or b"\n\n" in body or b"\n\r\n" in body
        ending = window[len(body) :].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self._ending = ending[:2]

    def _ends(self, chunk: bytes) -> None:
        returns = chunk.count(b"\r")
        if not returns:
            self.lf = self.lf or b"\n" in chunk
            return
        pairs, feeds = chunk.count(b"\r\n"), chunk.count(b"\n")
        self.crlf, self.cr, self.lf = self.crlf or pairs > 0, self.cr or returns != pairs, self.lf or feeds != pairs


def _scan(path: Path) -> FileScan:
    """Read the file once. OSError when it cannot be read."""
    digest, size, head, nul, lines = hashlib.sha256(), 0, b"", 0, _Lines()
    for chunk in chunks(path):
        digest.update(chunk)
        size += len(chunk)
        head += chunk[: HEAD_BYTES - len(head)] if len(head) < HEAD_BYTES else b""
        nul += chunk.count(0)
        lines.see(chunk)
    plain = not (nul or lines.blank or lines.cr or (lines.crlf and lines.lf))
    return FileScan(digest.hexdigest(), size, head, nul, plain)


def detect_encoding(head: bytes) -> str | None:
    """The encoding that the first bytes tell: a byte order mark, or the zeros of UTF-16. None when they do not."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 4 and odd > 0.4 * len(sample) / 2 and even < odd / 4:
        return "utf-16-le"
    if len(sample) >= 4 and even > 0.4 * len(sample) / 2 and odd < even / 4:
        return "utf-16-be"
    return None


def is_utf8(path: Path) -> bool:
    """Whether the whole file is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def fallback_encoding(path: Path) -> str:
    """The encoding of what is not valid UTF-8: damaged UTF-8 when most of it is, else Windows-1252 or Latin-1."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    bad = good = 0
    undefined = False
    for chunk in chunks(path):
        text = decoder.decode(chunk)
        lost = text.count("\ufffd")
        bad += lost
        good += len(text) - len(text.encode("ascii", "ignore")) - lost
        undefined = undefined or any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d")
    if good and good >= bad:
        return "utf-8"
    return "latin-1" if undefined else "cp1252"


def scan_file(path: Path) -> FileScan:
    """The file's survey. Unreadable when the file is too large or cannot be read."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise Unreadable("file_too_large", size=size // MEBI, limit=FILE_BYTES // MEBI)
        return _scan(path)
    except OSError as error:
        raise Unreadable("cannot_open") from error
