"""One pass over a file's bytes: checksum, size, first bytes, and whether the lines are regular."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, FILE_BYTES, HEAD_BYTES, MEBI


@dataclass(frozen=True)
class FileScan:
    """The result of one pass over the bytes. `regular`: one kind of line end, no blank lines, no NUL bytes."""

    checksum: str
    size: int
    head: bytes
    nul_bytes: int
    regular: bool


def chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes in pieces that never split CR LF."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            while chunk.endswith(b"\r") and (more := file.read(1)):
                chunk += more
            yield chunk


class _LineEnds:
    """Detects mixed line ends, and blank lines that are not at the end."""

    def __init__(self) -> None:
        self.crlf = self.lf = self.cr = self.blank = False
        self._ending = b"\n"  # the line ends that the last chunk ended with; a file starts like a line

    def add(self, chunk: bytes) -> None:
        self._count_ends(chunk)
        window = self._ending + chunk
        body = window.rstrip(b"\r\n")
        self.blank = self.blank or b"\n\n" in body or b"\n\r\n" in body
        ending = window[len(body) :].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        self._ending = ending[:2]

    def _count_ends(self, chunk: bytes) -> None:
        returns = chunk.count(b"\r")
        if not returns:
            self.lf = self.lf or b"\n" in chunk
            return
        pairs, feeds = chunk.count(b"\r\n"), chunk.count(b"\n")
        self.crlf, self.cr, self.lf = self.crlf or pairs > 0, self.cr or returns != pairs, self.lf or feeds != pairs


def scan_file(path: Path) -> FileScan:
    """Scan a file. Unreadable when it is too large or cannot be read."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise Unreadable("file_too_large", size=size // MEBI, limit=FILE_BYTES // MEBI)
        digest, size, head, nul_bytes, lines = hashlib.sha256(), 0, b"", 0, _LineEnds()
        for chunk in chunks(path):
            digest.update(chunk)
            size += len(chunk)
            head += chunk[: HEAD_BYTES - len(head)] if len(head) < HEAD_BYTES else b""
            nul_bytes += chunk.count(0)
            lines.add(chunk)
    except OSError as error:
        raise Unreadable("cannot_open") from error
    regular = not (nul_bytes or lines.blank or lines.cr or (lines.crlf and lines.lf))
    return FileScan(digest.hexdigest(), size, head, nul_bytes, regular)
