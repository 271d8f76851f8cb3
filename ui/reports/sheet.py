"""A frozen report as it is read: nothing on it is counted anew."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from ui import database
from ui.components import goal_rows
from ui.components.cells import text_cell
from ui.components.html_table import Column, html_table
from ui.reports.model import Grid, Report
from ui.reports.outline import about, dated, seal
from ui.text.html import definition_list, join, tag
from ui.text.i18n import _


def sheet(report: Report, frozen: database.FrozenReport) -> Markup:
    """The whole report: what it is of, the goals, what to do, each finding with its table, how it is counted, and its seal."""
    parts = [
        tag("p", report.title, class_="report-title"),
        tag("h1", report.headline),
        tag("p", about(report), class_="quiet"),
        goal_rows.goal_rows([replace(goal, href=dated(goal.href, frozen)) for goal in report.goals]),
        tag("ul", *(tag("li", text) for text in _basis(report)), class_="quiet"),
    ]
    if report.actions:
        parts.append(tag("h2", _("What mattered most")))
        parts.append(
            tag("ol", *(tag("li", tag("strong", title), ". ", sentence) for title, sentence in report.actions))
        )
    for number, section in enumerate(report.sections):
        parts.append(tag("h2", section.heading))
        parts += [tag("p", sentence, class_="reading") for sentence in section.sentences]
        parts += [_grid(f"report-{number}", section.grid)] if section.grid else []
        if section.link:
            href = dated(section.link, frozen)
            parts.append(tag("p", tag("a", _("The rows behind the table"), href=href, target="_self"), class_="quiet"))
    parts += [tag("h2", _("How it is counted, and where it comes from")), _grid("definitions", report.definitions)]
    parts.append(tag("ul", *(tag("li", source) for source in report.sources)))
    parts.append(definition_list(seal(frozen), "facts seal"))
    return join(parts)


def _basis(report: Report) -> Sequence[str]:
    """What each goal's number rests on."""
    return [f"{goal.title}: {text}" for goal, text in zip(report.goals, report.basis, strict=True) if text]


def _grid(key: str, grid: Grid) -> Markup:
    columns = [
        Column(name, [text_cell(row[place]) for row in grid.rows], "number" if place in grid.numeric else "text")
        for place, name in enumerate(grid.columns)
    ]
    return html_table(key, grid.title, columns, (), (), total=grid.total)
