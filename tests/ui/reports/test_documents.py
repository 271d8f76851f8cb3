"""The files of a report hold all that it says, whatever it says, and are the same bytes every time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.ui.reports.samples import AT, FROZEN, hard, report
from ui.reports.documents import excel, pdf, slides, word
from ui.reports.outline import GoalText, Outline, dated, outline

CASES = {"plain": report(), **hard()}


def texts(value: Any) -> Iterator[str]:
    """Every text that a reader is told: of the tables, the sentences and the names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def told(one: Outline, *, joined: bool = True) -> list[str]:
    """All that a report says; a goal in sentences, or part by part."""
    of, grids = one.report, [section.grid for section in one.report.sections if section.grid]
    tables = [(grid.title, grid.columns, grid.rows) for grid in (*grids, of.definitions)]
    goals = [(goal.title, *(goal.sentences if joined else _parts(goal))) for goal in one.goals]
    found = [(section.heading, section.sentences) for section in of.sections]
    return [*texts([of.title, of.headline, goals, of.actions, found, tables, of.sources, one.seal])]


def _parts(goal: GoalText) -> list[str]:
    return [goal.value, goal.of, goal.trust, goal.distance, goal.size, goal.change, goal.note]


def plain(text: str) -> str:
    """Letters alone: how a line is broken or a hyphen kept whole is the writer's business."""
    return "".join(text.split()).replace("\u2011", "-")


def cells(file: bytes) -> list[list[list[Any]]]:
    """The cells of each sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.parametrize("case", CASES)
def test_the_workbook(case: str) -> None:
    one = outline(CASES[case], FROZEN)
    file = excel.write(one, AT)
    assert file == excel.write(one, AT)
    sheets = cells(file)
    said = {cell for sheet in sheets for row in sheet for cell in row}
    assert not {text for text in told(one) if text} - said
    numbers = [row for row in sheets[-1] if len(row) == 10][-len(CASES[case].figures) :] if CASES[case].figures else []
    assert [row[2] for row in numbers] == [one.numerator or "" for one in CASES[case].figures]
    assert [row[-1] for row in numbers] == [one.version for one in CASES[case].figures]
    assert {"Anmärkning", "Frysta", FROZEN.sha256} & said >= {FROZEN.sha256}


def read(file: bytes) -> tuple[str, PdfReader]:
    """What a PDF says, and the PDF."""
    found = PdfReader(io.BytesIO(file))
    return plain("".join(page.extract_text() for page in found.pages)), found


@pytest.mark.parametrize("case", CASES)
def test_the_pdf(case: str) -> None:
    one = outline(CASES[case], FROZEN)
    file = pdf.write(one, AT)
    said, found = read(file)
    if case == "letters":  # what no font has is written otherwise, and the rest is there
        assert "Åäö" in said and plain("slut <b>&amp; =1+1") in said and "😀" not in said
        one = replace(one, report=replace(one.report, headline=""))
    assert not [text for text in told(one, joined=False) if plain(text).replace("-", "") not in said.replace("-", "")]
    assert len(found.pages) <= {"forty": 8}.get(case, 4)
    if case == "english":  # the words around the numbers are the report's too, not the reader's
        assert plain("24.7% the year before") in said
    links = {
        str(a["/A"]["/URI"])
        for page in found.pages
        for note in page.get("/Annots", ())
        if "/URI" in (a := note.get_object()).get("/A", {})
    }
    dated = {f"https://sala.example/mal-{n}?from=2026-01&as_of=2026-11-24" for n in range(1, 5)}
    assert links == (dated if case == "linked" else set())
    assert len(found.outline) >= 1 and found.metadata is not None and found.metadata.title
    root: Any = found.trailer["/Root"]
    assert root["/Lang"] == ("en-GB" if case == "english" else "sv-SE")
    assert str(root["/MarkInfo"]["/Marked"]) == "True" and b"pdfuaid" in file and b"pdfaid" in file
    pages: list[Any] = list(found.pages)
    fonts = {font for page in pages for font in page["/Resources"]["/Font"].values()}
    assert all("Source" in str(font.get_object()["/BaseFont"]) for font in fonts)


def test_the_pdf_is_the_same_bytes_every_time() -> None:
    one = outline(report(), FROZEN)
    assert pdf.write(one, AT) == pdf.write(one, AT)


@pytest.mark.parametrize("case", CASES)
def test_the_word_document(case: str) -> None:
    one = outline(CASES[case], FROZEN)
    file = word.write(one, AT)
    found = Document(io.BytesIO(file))
    paragraphs = [*found.paragraphs, *(p for table in found.tables for cell in table._cells for p in cell.paragraphs)]
    said = plain("".join(paragraph.text for paragraph in paragraphs))
    assert not [text for text in told(one, joined=False) if plain(text) not in said]
    headings = [p.text for p in found.paragraphs if p.style.name == "Heading 1"]
    contents = [p.text for p in found.paragraphs if p.style.name == "Contents"]
    assert contents == headings[headings.index(one.contents) + 1 :] and len(contents) >= 1
    marks = {one.get(qn("w:name")) for one in found.element.body.iter(qn("w:bookmarkStart"))}
    assert {one.get(qn("w:anchor")) for one in found.element.body.iter(qn("w:hyperlink"))} - {None} == marks
    for table in found.tables:  # a reader of one kind goes by the grid, one of another by the cells
        grid = [column.width for column in table.columns]
        assert grid == [cell.width for cell in table.rows[0].cells] and sum(grid) == pytest.approx(Cm(17), abs=5000)
    assert headings[0] == one.report.headline and {s.heading for s in one.report.sections} <= {*headings}
    assert all(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in found.tables)
    assert 'descr="Mål 1 E-tjänster: ' in found.element.xml and "image/svg+xml" in str(packages(file))
    if case == "plain":
        assert file == word.write(one, AT)


@pytest.mark.parametrize("case", CASES)
def test_the_slides(case: str) -> None:
    one = outline(CASES[case], FROZEN)
    file = slides.write(one, AT)
    found = Presentation(io.BytesIO(file))
    said = plain("".join(text for slide in found.slides for text in spoken_on(slide)))
    assert not [text for text in told(one, joined=False) if plain(text) not in said]
    assert found.slide_width * 9 == found.slide_height * 16
    graphics = [shape for slide in found.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in graphics)
    if case == "plain":
        assert [sum(shape.has_chart for shape in graphics), len(found.slides)] == [4, 13]
        payers = next(
            shape.chart
            for shape in graphics
            if shape.has_chart and "betalar" in shape._element.nvGraphicFramePr.cNvPr.get("descr")
        )
        labels = [point.data_label.text_frame.text for point in (payers.plots[0].series[0].points[n] for n in range(3))]
        assert [plain(text) for text in labels] == ["640kr", "360kr", "1000kr"]  # as they are told, not as per cents
        assert file == slides.write(one, AT)


def packages(file: bytes) -> str:
    """The kinds of the parts of an Office file."""
    with ZipFile(io.BytesIO(file)) as found:
        return found.read("[Content_Types].xml").decode()


def spoken_on(slide: Any) -> Iterator[str]:
    """What stands on a slide, and in its notes."""
    yield slide.notes_slide.notes_text_frame.text
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def test_words_of_the_workbook() -> None:
    sheets = cells(excel.write(outline(report(), FROZEN), AT))
    assert [sheet[0][1] for sheet in (sheets[0], sheets[-1])] == ["Det här säger rapporten", "Alla tal"]
    (columns,) = (row for row in sheets[-1] if "Antal" in row)
    counts = ["Antal", "Av totalt", "Andel, %", "Kronor", "Känt, %", "Månader som inte är rapporterade"]
    assert columns == ["Tal", "Vems", *counts, "Läge", "Definitionens version"]
    assert [row[8] for row in sheets[-1][-3:]] == ["Känt", "Ej rapporterat", "Känt"]
    english = cells(excel.write(outline(hard()["english"], FROZEN), AT))
    assert [sheet[0][1] for sheet in (english[0], english[-1])] == ["What the report says", "Every number"]


def test_a_link_leads_to_the_day_of_the_report() -> None:
    assert dated("mal-2", FROZEN) == "mal-2?as_of=2026-11-24" and dated("", FROZEN) == ""
    assert dated("mal-2?as_of=2026-03-01", FROZEN) == "mal-2?as_of=2026-03-01"  # frozen as known on a day before
    assert (
        dated("mal-2?to=2026-08", replace(FROZEN, protected=True)) == "mal-2?to=2026-08"
    )  # which shows no earlier day
