"""A report as slides: a finding on each, with charts and tables that PowerPoint can change, and what is drawn in words."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from ui.reports.documents import columns
from ui.reports.documents.goal_shapes import goals
from ui.reports.documents.packing import described, packed
from ui.reports.documents.theme import BODY, CHART, PX, TABLE, TITLE, layout, presentation
from ui.reports.model import Grid
from ui.reports.outline import Outline

INK, MUTED, LINE, DIGITAL, TOTAL, UNKNOWN, WHITE = map(
    RGBColor.from_string, ("15191E", "545C65", "D8DDE2", "0B5CAD", "3C434A", "6B737C", "FFFFFF")
)
ROWS = 10  # of a table or a chart on a slide
HEIGHT, PADDING = 318.0, 8.0  # points that the rows of a table may take, and those between two
LETTER, LEADING = 0.52, 1.2  # of a text's size: the width of a letter on average, and the height of a line
BARE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table style without any
LONG_TITLES = ((170, 18), (90, 26))  # characters from which a title is smaller, and points
DENSE = 200  # characters of a text from which its table is set smaller
NARROW = 0.85  # of an axis: a longer bar has its label in it
LONGEST_NAME = 46  # characters of a name in a chart; the table has all of it


def write(told: Outline, at: datetime) -> bytes:
    """The presentation as PPTX; the same bytes for the same report."""
    deck, report = _Deck(told), told.report
    notes = [f"{goal.title}: {' '.join(goal.sentences)}" for goal in told.goals]
    goals(deck.slide(report.headline, TITLE, notes), told)
    if report.actions:
        deck.table(Grid(told.actions, ("", ""), report.actions), (0.35, 0.65))
    for section in report.sections:
        if section.grid and section.grid.marks:
            deck.chart(section.heading, section.grid, section.sentences)
            deck.table(section.grid)
        elif section.grid:
            deck.table(section.grid, title=section.heading, notes=section.sentences)
        else:
            deck.table(Grid(section.heading, ("",), tuple((one,) for one in section.sentences)), (1.0,))
    deck.table(report.definitions, (0.16, 0.6, 0.12, 0.12), title=told.method, notes=[report.definitions.title])
    deck.table(Grid(told.sources, ("",), tuple((one,) for one in report.sources)), (1.0,))
    deck.table(Grid(told.number, ("", ""), told.seal), (0.25, 0.75))
    return deck.file(at)


class _Deck:
    """Slides one after the other, each with the report's name and its number at its foot."""

    def __init__(self, told: Outline) -> None:
        self._told = told
        self._made = presentation()

    def slide(self, title: str, kind: int, notes: Sequence[str] = ()) -> Any:
        """A new slide of a layout; the notes say where it comes from."""
        made = self._made.slides.add_slide(layout(self._made, kind))
        made.shapes.title.text = title
        size = next((points for length, points in LONG_TITLES if len(title) > length), None)
        if size:  # nothing here measures text, and PowerPoint makes it smaller only when it is edited
            made.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
        seal = (f"{name}: {value}" for name, value in self._told.seal)
        made.notes_slide.notes_text_frame.text = "\n".join([*notes, self._told.about, *seal])
        return made

    def table(self, grid: Grid, widths: Sequence[float] = (), *, title: str = "", notes: Sequence[str] = ()) -> None:
        """The rows as native tables, as many slides as they need."""
        widths = widths or columns.widths(grid)
        longest = max((len(text) for row in grid.rows for text in row), default=0)
        size = 12 if longest > DENSE or len(grid.rows) > 2 * ROWS else 16
        parts = _parts(grid.rows, widths, size)
        for number, rows in enumerate(parts, 1):
            more = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
            made = self.slide((title or grid.title) + more, TABLE, notes)
            hole = _hole(made, PP_PLACEHOLDER.TABLE)
            named = any(grid.columns)
            lines = [grid.columns, *rows] if named else [*rows]
            frame = hole.insert_table(len(lines), len(grid.columns))
            frame._element.nvGraphicFramePr.cNvPr.set("descr", grid.title)
            _fill(frame.table, lines, grid, widths, size)
            if grid.total and number == len(parts):
                _embolden(frame.table, len(lines) - 1)

    def chart(self, title: str, grid: Grid, sentences: Sequence[str]) -> None:
        """The shares as native bars; what is not known is hatched."""
        for start in range(0, len(grid.rows), ROWS):
            rows, marks = grid.rows[start : start + ROWS], grid.marks[start : start + ROWS]
            more = f" ({start // ROWS + 1}/{-(-len(grid.rows) // ROWS)})" if len(grid.rows) > ROWS else ""
            made = self.slide(title + more, CHART, sentences)
            data = CategoryChartData(number_format="0%")
            data.categories = [_short(row[0]) for row in rows]
            data.add_series(grid.columns[1], marks)
            if None in marks:
                data.add_series(" ", [1 if mark is None else None for mark in marks])
            frame = _hole(made, PP_PLACEHOLDER.CHART).insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
            told = ", ".join(f"{row[0]} {row[1]}" for row in rows)
            frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{grid.title}: {told}.")
            whole = len(rows) - 1 if grid.total and start + ROWS >= len(grid.rows) else None
            _dress(frame.chart, whole, self._told.report.language)
            _label(frame.chart, [row[1] for row in rows], marks)

    def file(self, at: datetime) -> bytes:
        """The bytes; the foot of each slide is read last."""
        language = "sv-SE" if self._told.report.language == "sv" else "en-GB"
        for made in self._made.slides:
            self._foot(made)
            for part in (made, made.notes_slide):
                for run in part._element.iter(qn("a:r"), qn("a:fld")):
                    run.get_or_add_rPr().set("lang", language)
        described(self._made.core_properties, self._told)
        out = BytesIO()
        self._made.save(out)
        return packed(out.getvalue(), at)

    def _foot(self, made: Any) -> None:
        for shape in made.slide_layout.placeholders:  # python-pptx leaves these out
            if shape.placeholder_format.type not in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
                continue
            element = deepcopy(shape._element)
            numbers = [int(one.get("id")) for one in made.shapes._spTree.iter() if one.tag.endswith("}cNvPr")]
            element.nvSpPr.cNvPr.set("id", str(max(numbers) + 1))
            made.shapes._spTree.append(element)
            if shape.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                text = " · ".join(
                    filter(None, (_short(self._told.report.title, 90), self._told.number, self._told.mark))
                )
                made.shapes[-1].text_frame.text = text


def _label(chart: Any, texts: Sequence[str], marks: Sequence[float | None]) -> None:
    """Write each bar's label as its number is told, where that is no per cent: "4 av 8", or kronor."""
    for place, (text, mark) in enumerate(zip(texts, marks, strict=True)):
        if mark is None or text.endswith("%"):
            continue
        label = chart.plots[0].series[0].points[place].data_label
        label.position = XL_LABEL_POSITION.INSIDE_END if mark > NARROW else XL_LABEL_POSITION.OUTSIDE_END
        run = label.text_frame.paragraphs[0].add_run()
        run.text, run.font.size, run.font.bold = text, Pt(16), True
        run.font.color.rgb = WHITE if mark > NARROW else INK


def _hole(made: Any, kind: Any) -> Any:
    return next(one for one in made.placeholders if one.placeholder_format.type == kind)


def _short(text: str, most: int = LONGEST_NAME) -> str:
    return text if len(text) <= most else text[: most - 2].rstrip(" ,") + " …"


def _parts(rows: Sequence[Sequence[str]], widths: Sequence[float], size: int) -> list[list[Sequence[str]]]:
    """The rows slide by slide, as many as have room on each by the length of their texts."""
    parts: list[list[Sequence[str]]] = []
    room = 0.0
    for row in rows:
        letters = (BODY[2] / 2 * part / sum(widths) / (size * LETTER) for part in widths)
        lines = max(ceil(len(text) / most) for text, most in zip(row, letters, strict=True))
        height = max(1, lines) * size * LEADING + PADDING
        if not parts or height > room or len(parts[-1]) == ROWS:
            parts.append([])
            room = HEIGHT
        parts[-1].append(row)
        room -= height
    return parts


def _embolden(table: Any, row: int) -> None:
    for cell in table.rows[row].cells:
        cell.text_frame.paragraphs[0].runs[0].font.bold = True


def _fill(table: Any, lines: Sequence[Sequence[str]], grid: Grid, widths: Sequence[float], size: int) -> None:
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = BARE
    table.horz_banding, table.first_row = False, any(grid.columns)
    for place, part in enumerate(widths):
        table.columns[place].width = Emu(round(BODY[2] * PX * part / sum(widths)))
    for number, line in enumerate(lines):
        table.rows[number].height = Emu(54 * PX)
        head = number == 0 and any(grid.columns)
        for place, text in enumerate(line):
            cell = table.cell(number, place)
            cell.margin_left, cell.margin_right = 0, Emu(20 * PX)
            cell.margin_top = cell.margin_bottom = Emu(8 * PX)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if place in grid.numeric else PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = text, Pt(size), False
            run.font.color.rgb = MUTED if head else INK
            thick, colour = (25400, INK) if head else (9525, LINE)
            fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
            line_below = parse_xml(f'<a:lnB {nsdecls("a")} w="{thick}">{fill}</a:lnB>')
            cell._tc.get_or_add_tcPr().insert(0, line_below)


def _dress(chart: Any, whole: int | None, language: str) -> None:
    """Axis 0–100 %, a thin grid, labels at the bars, no legend and no title, the first row on top."""
    percent = '0"\u00a0"%' if language == "sv" else "0%"
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(16), INK
    value, category, plot = chart.value_axis, chart.category_axis, chart.plots[0]
    value.minimum_scale, value.maximum_scale, value.major_unit = 0, 1, 0.5
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = percent, False
    value.major_gridlines.format.line.color.rgb = LINE
    value.format.line.fill.background()
    value.major_tick_mark = category.major_tick_mark = XL_TICK_MARK.NONE
    value.tick_label_position = XL_TICK_LABEL_POSITION.HIGH  # on top, as the order is turned
    category.format.line.color.rgb = MUTED
    category.reverse_order = True
    plot.vary_by_categories, plot.gap_width = False, 60
    shares = plot.series[0]
    shares.format.fill.solid()
    shares.format.fill.fore_color.rgb = DIGITAL
    labels = shares.data_labels  # on the series: one set on a point would hide those of the plot
    labels.show_value, labels.position, labels.font.bold, labels.font.size = (
        True,
        XL_LABEL_POSITION.OUTSIDE_END,
        True,
        Pt(16),
    )
    labels.number_format, labels.number_format_is_linked = percent, False
    if whole is not None:
        fill = shares.points[whole].format.fill
        fill.solid()
        fill.fore_color.rgb = TOTAL
    if len(plot.series) > 1:
        plot.overlap, fill = 100, plot.series[1].format.fill
        fill.patterned()
        fill.pattern, fill.fore_color.rgb, fill.back_color.rgb = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, UNKNOWN, WHITE
