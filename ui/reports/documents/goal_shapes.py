"""The three goals on a slide, as shapes that PowerPoint can change."""

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from ui.reports.documents.theme import PX
from ui.reports.outline import GoalText, Outline

INK, MUTED, LINE, TRACK, DIGITAL, UNKNOWN, WHITE = map(
    RGBColor.from_string, ("15191E", "545C65", "D8DDE2", "E9EDF1", "0B5CAD", "6B737C", "FFFFFF")
)
TOP, ROW = 268, 236  # pixels of 1080: where the rows begin, and how high each is
START, WIDTH, HIGH = 1090, 734, 50  # of a bar
TURNS = 0.5  # from here on a label stands on the left of its mark
Run = tuple[str, int, RGBColor, bool]  # text, points, colour, bold


def goals(slide: Any, told: Outline) -> None:
    """A row for each goal: its value, what it is of and rests on, how it changed, and its bullet."""
    for number, goal in enumerate(told.goals):
        top = TOP + number * ROW
        _shape(slide.shapes, (96, top, 1728, 4 if number == 0 else 2), INK if number == 0 else LINE)
        large = 60 if len(goal.value) < 6 else 24
        _text(slide.shapes, (96, top + 30, 300, 170), [(goal.value, large, INK, True)])
        lines: list[Run] = [(goal.title, 20, INK, True), (goal.of, 16, INK, False), (goal.trust, 14, MUTED, False)]
        lines += [(goal.distance, 14, MUTED, False), (goal.size, 16, INK, True)]
        _text(slide.shapes, (410, top + 12, 650, ROW - 24), *[[run] for run in lines if run[0]], link=goal.link)
        _bullet(slide, goal, top + 96)


def _bullet(slide: Any, goal: GoalText, top: int) -> None:
    """The bullet as a group, which is one picture to a screen reader."""
    group = slide.shapes.add_group_shape()
    group.name = goal.title
    group._element.nvGrpSpPr.cNvPr.set("descr", goal.alt)
    shapes, drawn = group.shapes, goal.bullet
    _shape(shapes, (START, top, WIDTH, HIGH), TRACK, hatched=drawn.value is None)
    if drawn.value:
        _shape(shapes, (START, top, round(drawn.value * WIDTH), HIGH), DIGITAL)
    _shape(shapes, (START + WIDTH - 4, top - 16, 4, HIGH + 32), INK)
    if drawn.milestone:
        at = _x(drawn.milestone.share)
        _shape(shapes, (at - 13, top - 40, 26, 26), WHITE, MSO_SHAPE.DIAMOND, INK)
        _label(shapes, f"{drawn.milestone.name} {drawn.milestone.when}".strip(), drawn.milestone.share, top - 44, 24)
    under = top + HIGH + 18
    if drawn.range:
        low, high = drawn.range
        _shape(shapes, (_x(low), top + HIGH + 4, max(2, _x(high) - _x(low)), 14), WHITE, hatched=True)
        _label(shapes, goal.range, high, under + (34 if drawn.before is not None else 0), 4)
    if drawn.before is not None:
        at = _x(drawn.before)
        _shape(shapes, (at - 7, top - 2, 14, HIGH + 16), WHITE)
        _shape(shapes, (at - 4, top, 8, HIGH + 14), INK)
        _label(shapes, goal.before, drawn.before, under, 6)


def _x(share: float) -> int:
    return START + round(share * WIDTH)


def _label(shapes: Any, text: str, share: float, top: int, gap: int) -> None:
    left, wide = share >= TURNS, 560
    at = _x(share) - gap - wide if left else _x(share) + gap
    _text(shapes, (at, top, wide, 34), [(text, 13, MUTED, False)], right=left)


def _text(
    shapes: Any, place: tuple[int, int, int, int], *lines: list[Run], right: bool = False, link: str = ""
) -> None:
    """Lines of runs in a place; the first run leads to the link."""
    frame = shapes.add_textbox(*(Emu(n * PX) for n in place)).text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        for text, size, colour, bold in line:
            run = paragraph.add_run()
            run.text, run.font.size, run.font.color.rgb, run.font.bold = text, Pt(size), colour, bold
            if link and paragraph is frame.paragraphs[0]:
                run.hyperlink.address = link


def _shape(
    shapes: Any,
    place: tuple[int, int, int, int],
    fill: RGBColor,
    kind: Any = MSO_SHAPE.RECTANGLE,
    edge: RGBColor | None = None,
    *,
    hatched: bool = False,
) -> None:
    made = shapes.add_shape(kind, *(Emu(n * PX) for n in place))
    if hatched:
        made.fill.patterned()
        made.fill.pattern, made.fill.back_color.rgb = MSO_PATTERN.WIDE_UPWARD_DIAGONAL, WHITE
        made.fill.fore_color.rgb = UNKNOWN
    else:
        made.fill.solid()
        made.fill.fore_color.rgb = fill
    made._element.remove(made._element.find(qn("p:style")))  # the theme's shadow
    if edge is None:
        made.line.fill.background()
    else:
        made.line.color.rgb, made.line.width = edge, Pt(2)
