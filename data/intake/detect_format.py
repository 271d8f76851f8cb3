"""Detects a file's format from its first bytes and opens it with the reader of that format."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from data.formats.eplatform.sheets import open_answer_sheets
from data.formats.ledgers.sie_rows import open_sie
from data.formats.origin import Origin
from data.formats.website.detect import open_listing
from data.readers.decoding import detect_encoding, recoded
from data.readers.delimited import Delimited
from data.readers.errors import Unreadable
from data.readers.file_scan import FileScan, scan_file
from data.readers.gzipped import GZIP, unpack_gzip
from data.readers.sheet import Opened
from data.readers.workbook import open_workbook

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IGNORE = re.I | re.S
_KINDS: Sequence[tuple[re.Pattern[bytes], str]] = (
    (re.compile(rb"%PDF-", _IGNORE), "PDF"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP", _IGNORE), "image"),
    (re.compile(rb"\A\s*<(?:!doctype\s+html|html|head|body|table|meta|style|script)\b", _IGNORE), "HTML"),
    (re.compile(rb"\A\s*<[?!a-zA-Z]", _IGNORE), "XML"),
    (re.compile(rb"\A\s*[{\[]\s*[\"{\[\]}]", _IGNORE), "JSON"),
    (re.compile(rb"\{\\rtf", _IGNORE), "RTF"),
    (re.compile(rb"SQLite format 3|PAR1|ARROW1|.{8}DUCK", _IGNORE), "database"),
)
_PACKED = re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|.{257}ustar", re.S)
FORMATS: Sequence[Callable[[Path, FileScan, Path, Origin], Opened | None]] = (
    open_sie,
    open_answer_sheets,
    open_listing,
)
"""The files that are no plain tables. Each looks at the first bytes: None when the file is not of its kind, Unreadable when
it is but broken. The third argument is a folder for copies."""
_TABLE = re.compile(rb"<(?:html|table|meta)\b", re.I)
_PAGE = re.compile(rb"\s*<!doctype\s+html(?!.*<table\b)", re.I | re.S)


def open_file(path: Path, scan: FileScan, work: Path, origin: Origin, encoding: str | None = None) -> Opened:
    """Open a file, unpacked first where it is packed with gzip.

    `work` is a folder for copies, `origin` what is known of where the file comes from, `encoding` that of its text when
    it is not Unicode. Unreadable when its format cannot be read.
    """
    if scan.size == 0:
        raise Unreadable("empty_file")
    if scan.head.startswith(GZIP):
        path = unpack_gzip(path, work)
        scan = scan_file(path)
        if scan.size == 0:
            raise Unreadable("empty_file")
    if scan.head.startswith((ZIP, OLE)):
        return open_workbook(path, work)
    if encoding:
        path = recoded(path, encoding, work)
        scan = scan_file(path)
    for open_format in FORMATS:
        if opened := open_format(path, scan, work, origin):
            return opened
    _refuse_other_kinds(scan)
    return [Delimited(path, scan, work)], ()


def _refuse_other_kinds(scan: FileScan) -> None:
    """Raise Unreadable when the first bytes are of a format that is no text table."""
    if _PACKED.match(scan.head):
        raise Unreadable("packed")
    head = scan.head.removeprefix(b"\xef\xbb\xbf")
    encoding = detect_encoding(head)
    start = head.decode(encoding, "ignore").encode() if encoding else head
    for pattern, kind in _KINDS:
        if pattern.match(head) or pattern.match(start):
            if _PAGE.match(start):
                raise Unreadable("platform_web_page")
            html = kind == "XML" and _TABLE.search(start[:4096])
            raise Unreadable("wrong_kind", kind="HTML" if html else kind)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("empty_file")
    control_characters = sum(start.count(byte) for byte in (*range(9), *range(14, 26), 28, 29, 30, 31))
    if encoding is None and control_characters > len(start) // 20 + 8:
        raise Unreadable("wrong_kind", kind="binary")
