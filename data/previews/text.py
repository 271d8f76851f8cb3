"""What a change would do, in sentences, for a page and for the command line; and as plain values for JSON."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from data.base.language import N_, translations
from data.messages.render import format_number, month_span
from data.previews.goals import Goal, GoalPreview
from data.previews.losses import Losses, LostTable
from data.schema.catalogue import datasets

BEFORE_IMPORT, AFTER_IMPORT = N_("What becomes of the goals if this is imported:"), N_("What became of the goals:")
BEFORE_SAVE = N_("What becomes of the goals if this is saved:")
BEFORE_UNDO = N_("What becomes of the goals if it is undone:")
TOO_MUCH = N_(
    "There is too much to work out beforehand what becomes of the goals. It is shown when the import is done."
)
UNCHANGED = N_("The goals do not change.")


def goal_lines(preview: GoalPreview | None, language: str, heading: str = BEFORE_IMPORT) -> list[str]:
    """The goals before a change and after it; that they do not change, or that there is too much to tell beforehand."""
    gettext = translations(language).gettext
    if preview is None:
        return [gettext(TOO_MUCH)]
    if not preview.pairs:
        return []
    if all(before == after for before, after in preview.pairs):
        return [gettext(UNCHANGED)]
    head = f"{gettext(heading).removesuffix(':')} ({_months(preview, language)}):"
    return [head, *(goal_line(*pair, language) for pair in preview.pairs)]


def goal_line(before: Goal, after: Goal | None, language: str) -> str:
    """A goal by its number and title, with its value before and after: "Mål 2, Digitala ärenden: 54 → 20 %"."""
    old, new = _values(before, after, language)
    values = {"number": before.number, "title": before.titles[language], "before": old, "after": new}
    if old == new:
        unchanged = N_("Goal %(number)d, %(title)s: %(after)s, unchanged")
        nearly = N_("Goal %(number)d, %(title)s: %(after)s, nearly unchanged")
        return translations(language).gettext(unchanged if before == after else nearly) % values
    if new.endswith("%"):
        values["before"] = old.removesuffix("%").rstrip()  # the unit stands once
    return translations(language).gettext(N_("Goal %(number)d, %(title)s: %(before)s → %(after)s")) % values


def _values(before: Goal, after: Goal | None, language: str) -> tuple[str, str]:
    """The value before and after; with a decimal where they differ and are the same without."""
    rounded = _value(before, language), _value(after, language)
    finer = _value(before, language, 1), _value(after, language, 1)
    return finer if rounded[0] == rounded[1] and finer[0] != finer[1] else rounded


def _value(goal: Goal | None, language: str, decimals: int = 0) -> str:
    """A share, or what it is of where that is few; in words where there is none."""
    gettext = translations(language).gettext
    if goal is None or goal.state == "not_reported":
        return gettext(N_("not reported"))
    if goal.state == "suppressed":
        return gettext(N_("not shown"))
    if goal.state == "not_applicable":
        return gettext(N_("not applicable"))
    if goal.value is None or goal.is_few:
        part, whole = (format_number(number or 0, language) for number in (goal.numerator, goal.denominator))
        return gettext(N_("%(part)s of %(whole)s")) % {"part": part, "whole": whole}
    step = Decimal(1).scaleb(-decimals)
    points = (100 * Decimal(str(goal.value))).quantize(step)
    if 0 < goal.value < 1:  # only the whole is 100 %, and only nothing is 0 %
        points = min(max(points, step), 100 - step)
    return gettext(N_("%(points)s%%")) % {"points": format_decimal(points, "0.0" if decimals else "0", locale=language)}


def _months(preview: GoalPreview, language: str) -> str:
    """Which months the goals are of, before and after where they differ."""
    gettext = translations(language).gettext
    sides = [goals for goals in (preview.before, preview.after) if goals]
    before, after = (month_span(each.month_from, each.month_to, language) for each in (sides[0], sides[-1]))
    if before == after:
        return gettext(N_("the whole municipality, %(after)s")) % {"after": after}
    return gettext(N_("the whole municipality, before: %(before)s, after: %(after)s")) % {
        "before": before,
        "after": after,
    }


def losses_lines(losses: Losses, language: str) -> list[str]:
    """What undoing an import loses."""
    gettext = translations(language).gettext
    head = gettext(N_("This is lost if import %(batch)d, %(file)s, is undone:"))
    lines = [head % {"batch": losses.batch, "file": losses.file}]
    lines += [_table_line(table, language) for table in losses.tables]
    if not all(table.is_emptied for table in losses.tables):
        lines.append(gettext(N_("Values that the import changed are again what earlier imports say.")))
    lines += (
        [gettext(N_("There is too much to work out beforehand what becomes of the goals."))]
        if losses.goals is None
        else goal_lines(losses.goals, language, BEFORE_UNDO)
    )
    if losses.to_example:
        lines.append(gettext(N_("Nothing else is imported, so the pages show example data afterwards.")))
    return lines


def _table_line(table: LostTable, language: str) -> str:
    """A table with the rows and months that are lost, and whether none is left."""
    catalogue = translations(language)
    rows = catalogue.gettext(N_("number of rows not shown"))
    if table.rows is not None:
        rows = catalogue.ngettext("%(count)s row", "%(count)s rows", table.rows)
        rows %= {"count": format_number(table.rows, language)}
    parts = [rows, *([month_span(*table.months, language)] if table.months else [])]
    line = f"{datasets()[table.dataset].title[language]}: {', '.join(parts)}."
    emptied = catalogue.gettext(N_("No other import has rows of it."))
    return f"{line} {emptied}" if table.is_emptied else line


def preview_json(preview: GoalPreview | None) -> list[dict[str, Any]] | None:
    """The goals before and after as plain values for JSON; None where it was too much to work out."""
    if preview is None:
        return None
    return [
        {"goal": before.number, "before": _goal_json(before), "after": _goal_json(after)}
        for before, after in preview.pairs
    ]


def _goal_json(goal: Goal | None) -> dict[str, Any] | None:
    if goal is None:
        return None
    return {name: getattr(goal, name) for name in ("value", "numerator", "denominator", "state")}


def losses_json(losses: Losses) -> dict[str, Any]:
    """What undoing an import loses as plain values for JSON."""
    tables = [
        {
            "table": table.dataset,
            "rows": table.rows,
            "months": table.months and [f"{month:%Y-%m}" for month in table.months],
            "emptied": table.is_emptied,
        }
        for table in losses.tables
    ]
    goals = preview_json(losses.goals)
    return {"batch": losses.batch, "tables": tables, "goals": goals, "to_example": losses.to_example}
