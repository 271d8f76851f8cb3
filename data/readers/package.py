"""Checks of a zipped workbook before it is unpacked: zip bombs, passwords, XML entities, sheets that span too far."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from data.readers.cell_flags import CellFlags, column_number, ods_flags, xlsx_flags
from data.readers.errors import Unreadable
from data.readers.limits import CHUNK, INFLATED_BYTES, INFLATED_RATIO, MEBI, MEMBERS, RATIO_FREE_BYTES, WORKBOOK_CELLS

_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0[DE]\0|\0<\0!\0[DE]")
_FILLED = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.I)
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT_FORMATS = frozenset((9, 10))
PACKAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
)


@dataclass(frozen=True)
class Package:
    """A workbook that passed the checks. `sheets`: paths inside the package by sheet name (XLSX only)."""

    path: Path
    kind: str
    sheets: dict[str, str] = field(default_factory=dict)
    base_1904: bool = False
    percent_styles: frozenset[bytes] = frozenset()
    ods_flags: Mapping[str, CellFlags] = field(default_factory=dict)  # ODS only


def inspect_package(path: Path) -> Package:
    """Check a package. Unreadable when it is damaged, locked, a zip bomb, or no workbook."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_size(package, path.stat().st_size)
            names = set(package.namelist())
            kind = _kind(package, names)
            for info in package.infolist():
                if info.filename.lower().endswith((".xml", ".rels")):
                    _check_member(package, info)
            if kind == "ods":
                return Package(path, kind, ods_flags=ods_flags(path))
            return _xlsx_package(package, path)
    except PACKAGE_ERRORS as error:
        raise Unreadable("damaged_workbook") from error


def _check_size(package: zipfile.ZipFile, packed: int) -> None:
    """Check the declared sizes. Unreadable when locked, or when they are more than a workbook needs."""
    infos = package.infolist()
    declared = sum(info.file_size for info in infos)
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("locked_workbook")
    bomb = declared > RATIO_FREE_BYTES and declared > INFLATED_RATIO * packed
    if bomb or declared > INFLATED_BYTES or len(infos) > MEMBERS:
        raise Unreadable("bomb", size=declared // MEBI, limit=INFLATED_BYTES // MEBI)


def _kind(package: zipfile.ZipFile, names: set[str]) -> str:
    """`xlsx` or `ods`. Unreadable for any other package."""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and b"opendocument.spreadsheet" in package.read("mimetype")[:200]:
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Unreadable("locked_workbook")
        return "ods"
    if "xl/workbook.bin" in names:
        raise Unreadable("wrong_kind", kind="XLSB")
    raise Unreadable("wrong_kind", kind="ZIP")


def member_pieces(package: zipfile.ZipFile, name: str, end: bytes = b">") -> Iterator[bytes]:
    """The member's content in pieces that each end with `end`, so that no tag is cut. Unreadable past the limit."""
    with package.open(name) as stream:
        rest, size = b"", 0
        while block := stream.read(CHUNK):
            size += len(block)
            if size > INFLATED_BYTES:
                raise Unreadable("bomb", size=size // MEBI, limit=INFLATED_BYTES // MEBI)
            rest += block
            cut = rest.rfind(end) + len(end) if end in rest else 0
            if cut:
                yield rest[:cut]
            rest = rest[cut:]
        if rest:
            yield rest


def _check_member(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Check an XML member. Unreadable when it declares entities, or when a sheet spans too many cells."""
    rows = columns = 0
    sheet = _SHEET.fullmatch(info.filename)
    for piece in member_pieces(package, info.filename):
        if _ENTITIES.search(piece):
            raise Unreadable("entities")
        if sheet:
            filled = _FILLED.findall(piece)
            rows = max(rows, *(int(row) for _, row in filled), 0)
            columns = max(columns, *map(column_number, {letters for letters, _ in filled}), 0)
    if rows * columns > WORKBOOK_CELLS:
        raise Unreadable("too_many_cells_in_sheet", rows=rows, columns=columns)


def _xlsx_package(package: zipfile.ZipFile, path: Path) -> Package:
    """The package of an XLSX file: paths of its sheets, base year of its dates, and styles in percent format."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    targets = {r.get("Id"): r.get("Target", "") for r in _parse_part(package, "xl/_rels/workbook.xml.rels")}
    sheets = {}
    for sheet in (e for e in book.iter() if e.tag.endswith("}sheet")):
        target = targets.get(sheet.get(_RELATION_ID), "")
        sheets[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    properties = next((e for e in book.iter() if e.tag.endswith("}workbookPr")), None)
    base_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return Package(path, "xlsx", sheets, base_1904, _percent_styles(_parse_part(package, "xl/styles.xml")))


def _parse_part(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """The parsed XML of a small part; an empty element when it is missing."""
    if name not in package.namelist():
        return ElementTree.Element("none")
    return ElementTree.fromstring(package.read(name))


def _percent_styles(styles: ElementTree.Element) -> frozenset[bytes]:
    formats = {
        int(e.get("numFmtId", "0"))
        for e in styles.iter()
        if e.tag.endswith("}numFmt") and "%" in e.get("formatCode", "")
    }
    cell_formats = next((e for e in styles.iter() if e.tag.endswith("}cellXfs")), ElementTree.Element("none"))
    percent = formats | _PERCENT_FORMATS
    return frozenset(str(i).encode() for i, xf in enumerate(cell_formats) if int(xf.get("numFmtId", "0")) in percent)


def sheet_flags(package: Package, sheet: str) -> CellFlags:
    """The cell flags of a sheet; none for an XLS workbook, whose cells cannot be read so."""
    if package.kind == "ods":
        return package.ods_flags.get(sheet, CellFlags())
    if name := package.sheets.get(sheet):
        with zipfile.ZipFile(package.path) as opened:
            if name in opened.namelist():
                return xlsx_flags(member_pieces(opened, name, b"</row>"), package.percent_styles)
    return CellFlags()
