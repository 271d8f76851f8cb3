"""A report on A4, as PDF/UA-1 and PDF/A-2a with its fonts in it, set by typst; and its goals as a drawing of their own."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from ui.components.goal_rows import Goal
from ui.reports.model import Grid
from ui.reports.outline import GoalText, Outline
from ui.text import numbers

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = ("fontpkg_source_sans_3", "fontpkg_source_serif_4")
STANDARDS = ["ua-1", "a-2a"]
LACKING = re.compile(r'the text `"(.+?)"` could not be displayed')
MOST_LACKING = 200  # characters that no font has and that are replaced, one at a time
REPLACEMENT = "?"


def write(told: Outline, at: datetime) -> bytes:
    """The report as PDF; the same bytes for the same report."""
    return draw(told, "all", format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))


def draw(told: Outline, part: str, **how: Any) -> bytes:
    """A part of the report in a format of typst's: "all" of it, or its "goals".

    A character that no font has is written as "?". RuntimeError where the template asks for what there is not.
    """
    data = json.dumps(_values(told), ensure_ascii=False)
    for _attempt in range(MOST_LACKING):
        inputs = {"told": data, "part": part}
        try:
            made, warnings = typst.compile_with_warnings(
                TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs, **how
            )
        except typst.TypstError as error:
            lacking = LACKING.search(str(error))
            if not lacking or lacking[1] not in data:
                raise
            data = data.replace(lacking[1], REPLACEMENT)
            continue
        if warnings:
            raise RuntimeError("; ".join(one.message for one in warnings))
        return bytes(made)
    raise RuntimeError(f"more than {MOST_LACKING} characters are in no font")


@cache
def _fonts() -> typst.Fonts:
    specs = [find_spec(package) for package in FONTS]
    folders = [Path(spec.origin).parent / "files" for spec in specs if spec and spec.origin]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _values(told: Outline) -> Mapping[str, Any]:
    report = told.report
    return {
        "title": report.title,
        "headline": report.headline,
        "lang": report.language,
        "region": "SE" if report.language == "sv" else "GB",
        "about": told.about,
        "mark": told.mark,
        "who": told.who,
        "number": told.number,
        "checksum": told.checksum,
        "axis": told.axis,
        "full": told.full,
        "all-goal": told.all_goal,
        "goals": [_goal(text, goal) for text, goal in zip(told.goals, report.goals, strict=True)],
        "actions-heading": told.actions,
        "actions": report.actions,
        "contents": told.contents,
        "sections": [
            {"heading": one.heading, "sentences": one.sentences, "grid": one.grid and _grid(one.grid), "link": link}
            for one, link in zip(report.sections, told.links, strict=True)
        ],
        "rows": told.rows,
        "method": told.method,
        "definitions": _grid(report.definitions),
        "sources-heading": told.sources,
        "sources": report.sources,
        "seal": told.seal,
    }


def _grid(grid: Grid) -> Mapping[str, Any]:
    return vars(grid)


def _goal(text: GoalText, goal: Goal) -> Mapping[str, Any]:
    number, sign, rest = text.value.partition("%")
    split = bool(sign) and not rest
    drawn, target = text.bullet, goal.milestone
    low, high = drawn.range or (None, None)
    same = ("title", "of", "trust", "distance", "size", "change", "note", "alt", "link")
    told = {name: getattr(text, name) for name in same}
    return {
        **told,
        "big": number.rstrip(numbers.NBSP) if split else text.value,
        "sign": text.value[len(number.rstrip(numbers.NBSP)) :] if split else "",
        "value": drawn.value,
        "before": drawn.before,
        "before-text": text.before,
        "low": low,
        "high": high,
        "range-text": text.range,
        "target": target.share if target else None,
        "target-text": f"{target.name} {target.when}".strip() if target else "",
    }
