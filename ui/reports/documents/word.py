"""A report as a Word document to go on writing in: real headings, real tables whose head stands again on each page."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from ui.reports.documents import columns, pdf
from ui.reports.documents.packing import described, packed
from ui.reports.model import Grid
from ui.reports.outline import Outline

INK, MUTED, LINE = "15191E", "545C65", "D8DDE2"
STYLES = {  # font, points, points before and after, colour
    "Normal": ("Calibri", 11, 0, 4, INK),
    "Title": ("Georgia", 22, 0, 10, INK),
    "Heading 1": ("Georgia", 15, 14, 4, INK),
    "Heading 2": ("Calibri", 12, 8, 2, INK),
    "Caption": ("Calibri", 10, 6, 4, MUTED),
    "Header": ("Calibri", 9, 0, 0, MUTED),
    "Footer": ("Calibri", 9, 0, 0, MUTED),
    "Table text": ("Calibri", 9.5, 1, 1, INK),
    "Contents": ("Calibri", 11, 0, 0, INK),
}
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_KEY = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"  # of Office's extension for SVG
HYPHEN = re.compile(r"(?<=\b[eE])-(?=tjänst|service)")  # one word, never broken
TOC, BOOKMARK = r' TOC \o "1-1" \h \z \u ', "_Toc"
KEPT_TOGETHER, SHORT = 14, 80  # rows of a table that stays on a page, if none of its texts is longer
FULL = 17.0  # centimetres between the margins


def write(told: Outline, at: datetime) -> bytes:
    """The document as DOCX; the same bytes for the same report."""
    report = told.report
    document = _new("sv-SE" if report.language == "sv" else "en-GB")
    described(document.core_properties, told)
    _margins(document, told)
    _say(document.add_paragraph(style="Title"), report.title)
    _say(document.add_paragraph(style="Heading 1"), report.headline)
    _say(document.add_paragraph(style="Caption"), told.about)
    _drawing(document, told)
    for goal in told.goals:
        heading = document.add_paragraph(style="Heading 2")
        _say(_linked(heading, goal.link) if goal.link else heading, goal.title)
        _say(document.add_paragraph(), " · ".join(goal.sentences))
    if report.actions:
        _say(document.add_paragraph(style="Heading 1"), told.actions)
        for title, sentence in report.actions:
            line = document.add_paragraph(style="List Number")
            _say(line, f"{title}. ", bold=True)
            _say(line, sentence)
    headings = [section.heading for section in report.sections] + [told.method] + [told.sources] * bool(report.sources)
    _contents(document, told.contents, headings)
    for number, (section, link) in enumerate(zip(report.sections, told.links, strict=True)):
        _heading(document, section.heading, number)
        for sentence in section.sentences:
            _say(document.add_paragraph(), sentence)
        if section.grid:
            _table(document, section.grid, link=(told.rows, link))
    _heading(document, told.method, len(report.sections))
    _table(document, report.definitions, (2.6, 10.2, 2.1, 2.1))
    if report.sources:
        _heading(document, told.sources, len(report.sections) + 1)
        for source in report.sources:
            _say(document.add_paragraph(style="List Bullet"), source)
    for name, value in told.seal:
        _say(document.add_paragraph(style="Caption"), f"{name}: {value}")
    out = BytesIO()
    document.save(out)
    return packed(out.getvalue(), at)


def _new(language: str) -> Any:
    document = Document()
    for name, (font, size, before, after, colour) in STYLES.items():
        if name not in {style.name for style in document.styles}:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]  # a font of the theme would win over the named one
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), font)
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), RGBColor.from_string(colour), False
        style.font.bold = name.startswith("Heading")
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        for border in style.element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)
    return document


def _margins(document: Any, told: Outline) -> None:
    """A4, what the report is at the top of each page, its number, checksum and the page's number at the bottom."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.0)
    _say(page.header.paragraphs[0], " · ".join(filter(None, (told.report.title, told.mark))))
    foot = page.footer.paragraphs[0]
    stops = foot.paragraph_format.tab_stops
    for stop in list(document.styles["Footer"].paragraph_format.tab_stops):
        stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(Cm(FULL), WD_TAB_ALIGNMENT.RIGHT)
    _say(foot, f"{told.number} · SHA-256 {told.checksum[:12]}\t")
    _field(foot, "PAGE")
    foot.add_run(" (")
    _field(foot, "NUMPAGES")
    foot.add_run(")")


def _contents(document: Any, title: str, headings: Sequence[str]) -> None:
    """A table of contents, each line of which leads to its heading; Word adds the pages when it is asked to."""
    _say(document.add_paragraph(style="Heading 1"), title)
    for number, heading in enumerate(headings):
        line = document.add_paragraph(style="Contents")
        if number == 0:
            _field_mark(line, "begin")
            line.add_run()._r.append(parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve">{TOC}</w:instrText>'))
            _field_mark(line, "separate")
        link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="{BOOKMARK}{number}" w:history="1"/>')
        line._p.append(link)
        _say(Paragraph(link, line), heading)
        if number == len(headings) - 1:
            _field_mark(line, "end")


def _field_mark(paragraph: Any, kind: str) -> None:
    paragraph.add_run()._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))


def _heading(document: Any, text: str, number: int) -> None:
    """A heading that the table of contents leads to."""
    paragraph = document.add_paragraph(style="Heading 1")
    mark = f'{nsdecls("w")} w:id="{number}"'
    paragraph._p.append(parse_xml(f'<w:bookmarkStart {mark} w:name="{BOOKMARK}{number}"/>'))
    _say(paragraph, text)
    paragraph._p.append(parse_xml(f"<w:bookmarkEnd {mark}/>"))


def _linked(paragraph: Any, address: str) -> Any:
    """What is said into it leads to an address outside the document."""
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} {nsdecls("r")} r:id="{key}" w:history="1"/>')
    paragraph._p.append(link)
    return Paragraph(link, paragraph)


def _say(paragraph: Any, text: str, *, bold: bool | None = None) -> None:
    """Put text into a paragraph, with Word's own hyphen that never breaks in "e-tjänst"."""
    run = paragraph.add_run()
    run.bold = bold
    for place, piece in enumerate(HYPHEN.split(text)):
        if place:
            run._r.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(piece)


def _field(paragraph: Any, code: str) -> None:
    """A value that Word works out, such as the page's number."""
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)


def _table(document: Any, grid: Grid, widths: Sequence[float] = (), link: tuple[str, str] = ("", "")) -> None:
    caption = document.add_paragraph(style="Caption")
    caption.paragraph_format.keep_with_next = True
    _say(caption, grid.title)
    if link[1]:
        _say(caption, " · ")
        _say(_linked(caption, link[1]), link[0])
    parts = widths or columns.widths(grid)
    table = document.add_table(rows=0, cols=len(grid.columns))
    table.autofit = False
    for column, part in zip(table.columns, parts, strict=True):
        column.width = Cm(FULL * part / sum(parts))
    lines = [grid.columns, *grid.rows]
    whole = len(lines) <= KEPT_TOGETHER and all(len(text) <= SHORT for line in lines for text in line)
    for number, texts in enumerate(lines):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if number == 0:
            row._tr.trPr.append(OxmlElement("w:tblHeader"))
        last = grid.total and number == len(lines) - 1
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(FULL * parts[place] / sum(parts))
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles["Table text"]
            right = place in grid.numeric
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            kept = number == 0 or (whole and number < len(lines) - 1)
            paragraph.paragraph_format.keep_with_next = kept
            _say(paragraph, text, bold=(last or number == 0) or None)
            cell._tc.get_or_add_tcPr().append(parse_xml(_rule(number == 0)))
    after = document.add_paragraph(style="Table text")  # two tables in a row would be one
    after.paragraph_format.space_after = Pt(0)


def _rule(head: bool) -> str:
    size, colour = (12, INK) if head else (4, LINE)
    below = f'<w:bottom w:val="single" w:sz="{size}" w:color="{colour}"/>'
    return f"<w:tcBorders {nsdecls('w')}>{below}</w:tcBorders>"


def _drawing(document: Any, told: Outline) -> None:
    """The goals as SVG, and as PNG for a reader that knows none."""
    paragraph = document.add_paragraph()
    picture = paragraph.add_run().add_picture(BytesIO(pdf.draw(told, "goals", format="png", ppi=150)), width=Cm(FULL))
    inline = picture._inline
    inline.docPr.set("descr", " ".join(f"{goal.title}: {goal.alt}" for goal in told.goals))
    for side in "TBLR":  # left out, some take nine points
        inline.set(f"dist{side}", "0")
    svg = pdf.draw(told, "goals", format="svg")
    part = Part(PackURI("/word/media/goals.svg"), "image/svg+xml", svg, document.part.package)
    found = inline.find(".//" + qn("a:blip"))
    link = f'r:embed="{document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)}"'
    blip = f'<asvg:svgBlip xmlns:asvg="{SVG}" {nsdecls("r")} {link}/>'
    found.append(parse_xml(f'<a:extLst {nsdecls("a")}><a:ext uri="{SVG_KEY}">{blip}</a:ext></a:extLst>'))
