"""Workbooks as other programs write them: XLSX packages with edited parts or written by hand, ODS packages, XLS streams."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_SPACES = " ".join(
    f'xmlns:{short}="urn:{full}"'
    for short, full in {
        "office": "oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)


def edit_package(workbook: bytes, changes: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """The package with (old, new) replaced in the named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename in changes:
                before, after = changes[info.filename]
                assert before in content
                content = content.replace(before, after)
            target.writestr(info.filename, content)
    return out.getvalue()


def zip_parts(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP package with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def workbook_of(sheet: str) -> bytes:
    """An XLSX workbook of one sheet, whose XML this is; small, since it is packed."""
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="urn:r"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    target = 'Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"'
    relations = f"<Relationships><Relationship {target}/></Relationships>"
    return zip_parts(
        {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet1.xml": sheet}
    )


def large_workbook() -> bytes:
    """A workbook with a cell that takes 300 MB."""
    text = "a" * 300 * 1024 * 1024
    return workbook_of(f'<worksheet><row><c t="inlineStr"><is><t>{text}</t></is></c></row></worksheet>')


def ods_workbook(rows: str, manifest: str = "") -> bytes:
    """An ODS workbook with one sheet, `Blad1`, of these row elements."""
    body = f'<office:spreadsheet><table:table table:name="Blad1">{rows}</table:table></office:spreadsheet>'
    return zip_parts(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"<?xml version='1.0'?><office:document-content {_SPACES}><office:body>{body}</office:body>"
            "</office:document-content>",
        }
    )


def ods_row(*cells: str, times: int = 1) -> str:
    """A row element of texts, or of whole cell elements."""
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    inside = "".join(cell if cell.startswith("<") else text.format(cell) for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{times}">{inside}</table:table-row>'


@dataclass(frozen=True)
class Shown:
    """A number and how it is shown: "percent", "date" or "" (plain); or the error of a failed formula."""

    value: float = 0.0
    kind: str = ""
    error: str = ""


Table = Sequence[Sequence[str | Shown]]  # "" is a blank cell
_STYLES = {"": 0, "percent": 1, "date": 2}


@dataclass(frozen=True)
class XlsxSpelling:
    """How a program spells an XLSX workbook: all of these are allowed, or at least opened by Excel."""

    strict: bool = False
    references: bool = True
    quote: str = '"'
    prefix: str = ""
    separator: str = "/"

    def workbook(self, table: Table, base_1904: bool = False, book: str = "", name: str = "Blad1") -> bytes:
        """A workbook of one sheet in this spelling."""
        main, relations = (
            ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
            if self.strict
            else (
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            )
        )
        space = f'xmlns{":x" if self.prefix else ""}="{main}" xmlns:r="{relations}"'
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        relation = f'<Relationship Id="{{}}" Type="{relations}/{{}}" Target="{{}}"/>'
        formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 165, 166))
        parts = {
            "_rels/.rels": f'<Relationships xmlns="{package}">{relation.format("a", "officeDocument", "xl/workbook.xml")}'
            "</Relationships>",
            "xl/workbook.xml": f'<workbook {space}><workbookPr date1904="{base_1904:d}"/>{book}<sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
            + relation.format("rId1", "worksheet", "/xl/worksheets/first.xml")
            + relation.format("rId2", "styles", "styles.xml")
            + "</Relationships>",
            "xl/styles.xml": f'<styleSheet {space}><numFmts count="2"><numFmt numFmtId="165" formatCode="0.0\\ %"/>'
            f'<numFmt numFmtId="166" formatCode="[$-41D]mmm\\-yy;@"/></numFmts><cellXfs count="3">{formats}</cellXfs></styleSheet>',
            "xl/worksheets/first.xml": f"<worksheet {space}><sheetData>{self._rows(table)}</sheetData></worksheet>",
        }
        return zip_parts({key.replace("/", self.separator): self._spelt(part) for key, part in parts.items()})

    def _rows(self, table: Table) -> str:
        rows = (
            "".join(self._cell(chr(65 + i) + str(number), cell) for i, cell in enumerate(cells))
            for number, cells in enumerate(table, 1)
        )
        return "".join(
            f'<row r="{number}">{cells}</row>' if self.references else f"<row>{cells}</row>"
            for number, cells in enumerate(rows, 1)
        )

    def _cell(self, reference: str, cell: str | Shown) -> str:
        place = f' r="{reference}"' if self.references else ""
        if isinstance(cell, str):
            text = f'<c{place} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            return text if cell else "" if self.references else "<c/>"
        if cell.error:
            return f'<c{place} t="e"><f>1/0</f><v>{cell.error}</v></c>'
        return f'<c{place} s="{_STYLES[cell.kind]}"><v>{cell.value!r}</v></c>'

    def _spelt(self, part: str) -> str:
        """The part with this prefix and this kind of quotation mark."""
        if self.prefix and "xmlns:x=" in part:
            part = part.replace("</", "</\0").replace("<", "<x:").replace("<x:/\0", "</x:")
        return part.replace('"', self.quote)


def excel_ods(table: Table) -> bytes:
    """An ODS workbook as Excel writes it: a failed formula is 0, and only what is shown tells."""
    return ods_workbook("".join(ods_row(*(_ods_cell(cell, "") for cell in cells)) for cells in table))


def libreoffice_ods(table: Table) -> bytes:
    """An ODS workbook as LibreOffice writes it."""
    error = ' calcext:value-type="error"'
    return ods_workbook("".join(ods_row(*(_ods_cell(cell, error) for cell in cells)) for cells in table))


def _ods_cell(cell: str | Shown, error: str) -> str:
    if isinstance(cell, str):
        return cell or "<table:table-cell/>"
    kind, shown = ("percentage", f"{cell.value:.0%}") if cell.kind == "percent" else ("float", str(cell.value))
    attributes = f'office:value-type="{kind}" office:value="{cell.value}"'
    if cell.error:
        attributes, shown = f'table:formula="of:=1/0" office:value-type="float" office:value="0"{error}', cell.error
    return f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"


def xls_workbook(table: Table, base_1904: bool = False) -> bytes:
    """An XLS workbook (BIFF8) of one sheet, `Blad1`."""
    version = struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    book = [(0x809, version), (0x22, struct.pack("<H", base_1904))]
    formats = {165: "0.0\\ %", 166: "mmm\\-yy"}
    book += [(0x41E, struct.pack("<HHB", number, len(code), 0) + code.encode()) for number, code in formats.items()]
    book += [(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 165, 166)]
    name = b"Blad1"
    start = len(_records([*book, (0x85, bytes(8 + len(name))), (0x0A, b"")]))
    book += [(0x85, struct.pack("<IHBB", start, 0, len(name), 0) + name), (0x0A, b"")]
    sheet = [(0x809, struct.pack("<HHHHII", 0x600, 16, 0x0DBB, 0x07CC, 0, 6))]
    sheet += [_xls_cell(row, i, cell) for row, cells in enumerate(table) for i, cell in enumerate(cells) if cell]
    return ole_container(_records(book) + _records([*sheet, (0x0A, b"")]))


def _records(records: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records)


def _xls_cell(row: int, column: int, cell: str | Shown) -> tuple[int, bytes]:
    if isinstance(cell, str):
        return 0x204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + cell.encode("utf-16-le")
    if cell.error:
        result = bytes((2, 0, {"#DIV/0!": 7, "#N/A": 42}[cell.error], 0, 0, 0, 0xFF, 0xFF))
        return 0x06, struct.pack("<HHH", row, column, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x00\x00"
    return 0x203, struct.pack("<HHHd", row, column, _STYLES[cell.kind], cell.value)


def ole_container(stream: bytes) -> bytes:
    """The stream as the workbook of an OLE container."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // 512)
    table = [0xFFFFFFFD, end, *range(3, 2 + count), end]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    root = _entry("Root Entry", 5, 1, end, 0)
    book = _entry("Workbook", 2, free, 2, len(stream))
    directory = (root + book).ljust(512, b"\0")
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    assert len(sectors) == 512
    return header + sectors + directory + stream.ljust(count * 512, b"\0")


def _entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    free = 0xFFFFFFFF
    return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIII", len(text), kind, 1, free, free, child, first, size, 0)
