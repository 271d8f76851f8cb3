"""The slides' own template, 16:9: python-pptx's made wider, with the pages' colours and typefaces."""

import re
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu

PX = 6350  # EMU of one of 1920 pixels
TITLE, CHART, TABLE = 0, 1, 2  # layouts
KEPT = {"Title Only": None, "Title and Content": "chart", "Two Content": "tbl"}
BODY = (96, 268, 1728, 690)
PLACES = {
    PP_PLACEHOLDER.TITLE: (96, 60, 1728, 196),
    PP_PLACEHOLDER.BODY: BODY,
    PP_PLACEHOLDER.OBJECT: BODY,
    PP_PLACEHOLDER.FOOTER: (96, 990, 1500, 52),
    PP_PLACEHOLDER.SLIDE_NUMBER: (1624, 990, 200, 52),
}
COLOURS = {"1F497D": "3C434A", "4F81BD": "0B5CAD", "C0504D": "868E97", "9BBB59": "5A93CC", "F79646": "C8640A"}
TITLE_SIZE, FOOT_SIZE = 3400, 1400  # hundredths of a point


def presentation() -> Any:
    """A new presentation without slides; its layouts are a title alone, with a chart, and with a table."""
    made = Presentation()
    made.slide_width, made.slide_height = Emu(1920 * PX), Emu(1080 * PX)
    for layout in list(made.slide_layouts):
        if layout.name not in KEPT:
            made.slide_layouts.remove(layout)
    for page in (made.slide_master, *made.slide_layouts):
        _arrange(page)
    _style(made.slide_master)
    theme = next(one.target_part for one in made.slide_master.part.rels.values() if one.reltype.endswith("/theme"))
    xml = theme.blob.decode()
    for old, new in COLOURS.items():
        xml = xml.replace(f'val="{old}"', f'val="{new}"')
    theme._blob = re.sub(r'(<a:majorFont>\s*<a:latin typeface=")[^"]*', r"\1Georgia", xml).encode()
    out = BytesIO()
    made.save(out)
    return Presentation(out)


def layout(made: Any, kind: int) -> Any:
    """The layout of a kind."""
    holds = {TITLE: None, CHART: PP_PLACEHOLDER.CHART, TABLE: PP_PLACEHOLDER.TABLE}[kind]
    body = {PP_PLACEHOLDER.CHART, PP_PLACEHOLDER.TABLE}
    for one in made.slide_layouts:
        found = body & {shape.placeholder_format.type for shape in one.placeholders}
        if (holds in found) if holds else not found:
            return one
    raise LookupError(kind)


def _arrange(page: Any) -> None:
    """Move what a page holds to its place; of two contents one stays, and says what it is for."""
    contents = [one for one in page.placeholders if one.placeholder_format.type == PP_PLACEHOLDER.OBJECT]
    for shape in list(page.placeholders):
        kind = shape.placeholder_format.type
        if kind not in PLACES or shape in contents[1:]:
            shape._element.getparent().remove(shape._element)
            continue
        shape.left, shape.top, shape.width, shape.height = (Emu(n * PX) for n in PLACES[kind])
        if shape in contents and (holds := KEPT.get(page.name)):
            shape._element.nvSpPr.nvPr.find(qn("p:ph")).set("type", holds)
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            _foot(shape, "l" if kind == PP_PLACEHOLDER.FOOTER else "r")


def _foot(shape: Any, side: str) -> None:
    body = shape._element.txBody.find(qn("a:bodyPr"))
    for inset in ("lIns", "rIns"):
        body.set(inset, "0")
    for level in shape._element.iter(qn("a:lvl1pPr")):
        level.set("algn", side)
        level.find(qn("a:defRPr")).set("sz", str(FOOT_SIZE))


def _style(master: Any) -> None:
    title = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", str(TITLE_SIZE))
    title.insert(0, parse_xml(f'<a:lnSpc {nsdecls("a")}><a:spcPct val="94000"/></a:lnSpc>'))
    for shape in master.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
            body = shape._element.txBody.find(qn("a:bodyPr"))
            body.set("anchor", "t")
            for inset in ("lIns", "rIns", "tIns", "bIns"):
                body.set(inset, "0")
