"""What can be checked of PDF/UA-1 and PDF/A-2a with what comes from the registries: veraPDF comes from none of them."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from tests.ui.reports.samples import AT, FROZEN, hard
from ui.reports.documents import pdf
from ui.reports.outline import outline


def elements(node: Any) -> Iterator[Any]:
    """Every element of the structure below a node, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from elements(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_it_is_tagged_named_and_whole() -> None:
    told = outline(hard()["linked"], FROZEN)
    found = PdfReader(io.BytesIO(pdf.write(told, AT)))
    root: Any = found.trailer["/Root"]
    tree = list(elements(root["/StructTreeRoot"]["/K"]))
    kinds = [str(one["/S"]) for one in tree]
    # headings: one first, none skipped, each with its bookmark, as many as the report has
    headings = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert (
        headings[0] == 1
        and headings.count(1) == 1
        and all(b - a <= 1 for a, b in zip(headings, headings[1:], strict=False))
    )
    assert (
        headings.count(2) == len(told.report.sections) + 4
    )  # what mattered most, contents, how it is counted, sources
    assert len(marks(found.outline)) == len(headings) - 1  # all but that of the contents
    # pictures and links say what they are, tables have heads
    assert all(one.get("/Alt") for one in tree if one["/S"] == "/Figure") and kinds.count("/Figure") == len(told.goals)
    assert kinds.count("/Table") == len([one for one in told.report.sections if one.grid]) + 1
    heads = [one for one in tree if one["/S"] == "/TH"]
    assert heads and all("/Scope" in str(one.get("/A")) for one in heads)
    assert {"/TOC", "/TOCI", "/Link", "/L", "/LI", "/Caption"} & set(kinds) >= {"/TOC", "/TOCI", "/Link", "/L", "/LI"}
    notes = [note.get_object() for page in found.pages for note in page.get("/Annots", ())]
    assert notes and all(
        note["/Subtype"] == "/Link" and note.get("/Contents") and "/StructParent" in note for note in notes
    )
    pages: list[Any] = list(found.pages)
    assert all(page["/Tabs"] == "/S" for page in pages if "/Annots" in page)
    # language, title, identifiers, colours
    assert root["/Lang"] == "sv-SE" and root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/MarkInfo"]["/Marked"].value is True and root["/OutputIntents"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    for name, value in (("pdfuaid:part", "1"), ("pdfaid:part", "2"), ("pdfaid:conformance", "A")):
        assert re.search(rf"{name}(?:>|=\"){value}", xmp)
    assert told.report.headline in xmp and not found.is_encrypted
    # every font is in it, and says which letters its signs are
    fonts = {str(font): font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()}
    for font in fonts.values():
        below = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(name in below for name in ("/FontFile2", "/FontFile3")) and "/ToUnicode" in font


def marks(of: Any) -> list[Any]:
    """The bookmarks, whatever level they stand on."""
    return [found for one in of for found in (marks(one) if isinstance(one, list) else [one])]
