"""A report as a workbook: what it says, a sheet for each of its tables, and one with every number as it was measured."""

from datetime import datetime

import pandas as pd

from ui.components.exports import Export, Head, workbook
from ui.components.shares import state_words
from ui.reports.model import Figure, Grid
from ui.reports.outline import Outline
from ui.text.i18n import _, spoken


def write(told: Outline, at: datetime) -> bytes:
    """The workbook as XLSX; the same bytes for the same report."""
    report = told.report
    with spoken(report.language):
        grids = [section.grid for section in report.sections if section.grid] + [report.definitions]
        tables = [(_("What the report says"), _sentences(told)), *((grid.title, _grid(grid)) for grid in grids)]
        tables.append((_("Every number"), _figures(report.figures)))
        sheets = [Export(_head(told, title), rows, report.language) for title, rows in tables]
    properties = {"title": report.title, "subject": report.headline, "created": at, "keywords": told.seal[-1][1]}
    return workbook(sheets, properties)


def _head(told: Outline, title: str) -> Head:
    return ((_("Table"), title), (_("Report"), told.report.title), *told.report.facts, told.seal[0], told.seal[-1])


def _sentences(told: Outline) -> pd.DataFrame:
    report = told.report
    lines = [(_("Finding"), report.headline)]
    lines += [(goal.title, sentence) for goal in told.goals for sentence in goal.sentences]
    lines += [(title, sentence) for title, sentence in report.actions]
    for section in report.sections:
        lines += [(_("Finding"), section.heading), *(("", sentence) for sentence in section.sentences)]
    lines += [(told.sources, source) for source in report.sources] + [*told.seal]
    return pd.DataFrame(lines, columns=[_("What"), _("Text")])


def _grid(grid: Grid) -> pd.DataFrame:
    return pd.DataFrame(list(grid.rows), columns=list(grid.columns))


def _figures(figures: tuple[Figure, ...]) -> pd.DataFrame:
    """Each number with what it is counted from; a share is told in per cent, a cost in kronor."""
    money = [one.metric == "cost" for one in figures]
    columns = {
        _("Figure"): [one.title or one.metric for one in figures],
        _("Whose"): [one.whose or one.of for one in figures],
        _("Counted"): [one.numerator for one in figures],
        _("Of in all"): [one.denominator for one in figures],
        _("Share, %"): [None if cost else _percent(one.value) for one, cost in zip(figures, money, strict=True)],
        _("Kronor"): [one.value if cost else None for one, cost in zip(figures, money, strict=True)],
        _("Known, %"): [_percent(one.coverage) for one in figures],
        _("Months not reported"): [one.silent for one in figures],
        _("State"): [_state(one) for one in figures],
        _("Version of the definition"): [one.version for one in figures],
    }
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def _state(one: Figure) -> str:
    return state_words(one.state) if one.value is None else _("Known")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
