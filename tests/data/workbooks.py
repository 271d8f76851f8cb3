"""Workbooks as other programs write them: XLSX packages with edited parts, and ODS packages."""

import io
import zipfile
from collections.abc import Mapping

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
