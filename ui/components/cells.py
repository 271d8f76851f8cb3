"""The cells of a table: text, numbers, and small marks that say a number or a state at a glance."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from markupsafe import Markup

from ui.components.shares import Share, share_text
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _
from ui.text.numbers import Number

Kind = Literal["text", "date", "number", "bar", "state", "share", "steps", "dots", "left", "coverage"]
Square = Literal["digital", "digital-soft", "grey-1", "grey-2", "pale", "unknown"]


class Cell(NamedTuple):
    """What is written, and what it is sorted by: a number, a text, or blank for a missing value, which comes last."""

    content: object
    sort: str | float | None = None  # None: the text itself


def text_cell(value: object) -> Cell:
    """A text or a date; "–" where it is missing."""
    if value is None:
        return Cell(numbers.MISSING, "")
    return Cell(value.isoformat() if isinstance(value, date) else str(value))


def month_cell(value: date | None) -> Cell:
    """A month, sorted by time; "–" where it is missing."""
    return Cell(numbers.month(value), value.isoformat() if value else "")


def number_cell(value: Number | None, decimals: int = 0) -> Cell:
    """A number with its decimals, sorted as it is written; "–" where it is missing."""
    if value is None:
        return Cell(numbers.MISSING, "")
    return Cell(numbers.number(value, decimals), _sorted(value, decimals))


def bar_cells(values: Sequence[Number | None]) -> list[Cell]:
    """Counts, each with a small bar that is full for the largest of them."""
    most = max((float(value) for value in values if value), default=0.0)
    return [_bar_cell(value, most) for value in values]


def _bar_cell(value: Number | None, most: float) -> Cell:
    if value is None:
        return Cell(numbers.MISSING, "")
    return Cell(_fill(float(value) / most if most else 0.0) + tag("b", numbers.count(value)), _sorted(value, 0))


def state_cell(word: str, square: Square) -> Cell:
    """A state in words behind a small square in its colour."""
    return Cell(join((tag("i", class_=f"square {square}"), tag("span", word))), word)


def share_cell(share: Share) -> Cell:
    """A share of 100 % as a bar with its value, and what it counts of how many; hatched where it is not known."""
    if share.value is None:
        return Cell(tag("span", class_="fill unknown") + tag("b", share_text(share)), "")
    alone = share.few or share.numerator is None  # it says what it is of by itself, or is an average
    under = "" if alone else " " + tag("small", numbers.out_of(share.numerator, share.denominator))
    return Cell(_fill(share.value) + tag("b", share_text(share), under), share.value)


def left_cells(values: Sequence[int | None]) -> list[Cell]:
    """Counts of what is left, each before a bar that is full for the largest of them."""
    most = max((value for value in values if value), default=0)
    return [
        Cell(numbers.MISSING, "")
        if value is None
        else Cell(
            tag("b", numbers.count(value)) + tag("span", _inner(value / most if most else 0.0), class_="length"), value
        )
        for value in values
    ]


def coverage_cell(known: float | None, low: bool) -> Cell:
    """How much is reported, 0–1: its bar is hatched where that is missing; `low` needs eyes."""
    if known is None:
        return Cell(numbers.MISSING, "")
    mini = tag("span", _inner(known), class_="mini" if known >= 1 else "mini hatch")
    return Cell(mini + tag("b", numbers.percent(known), class_="low" if low else None), known)


STEP_SQUARES: dict[str, Square] = {"digital": "digital", "not_digital": "pale", "not_reported": "unknown"}
_SQUARES = {state: tag("i", class_=f"square {mark}") for state, mark in STEP_SQUARES.items()}


def steps_cell(states: Iterable[tuple[str, str]], counted: str, share: float | None) -> Cell:
    """Steps as squares in their order, each a name with its state, and how many are digital; `share` of them, 0–1, sorts.

    One that does not apply has no square. Read out are the steps that are not digital, and those not known.
    """
    known = [(name, state) for name, state in states if state in STEP_SQUARES]
    squares = [_SQUARES[state] for _name, state in known]
    picture = tag("span", *squares, class_="squares", role="img", aria_label=_described(known))
    return Cell(picture + tag("small", counted), "" if share is None else share)


def _described(steps: Sequence[tuple[str, str]]) -> str:
    """The steps that are not digital, and those that are not known, in words."""
    lists = {state: ", ".join(name for name, each in steps if each == state) for state in STEP_SQUARES}
    told = [
        _("Not digital: {steps}.").format(steps=lists["not_digital"]) if lists["not_digital"] else "",
        _("Not reported: {steps}.").format(steps=lists["not_reported"]) if lists["not_reported"] else "",
    ]
    return " ".join(filter(None, told)) or _("Every step is digital.")


def steps_key() -> Markup:
    """What the squares of steps mean."""
    names = [(labels.label("step_state", state), square) for state, square in STEP_SQUARES.items()]
    return tag(
        "p", *(tag("span", tag("i", class_=f"square {mark}"), name) for name, mark in names), class_="squares-key"
    )


def _fill(share: float) -> Markup:
    return tag("span", _inner(share), class_="fill")


def _inner(share: float) -> Markup:
    return tag("i", style=f"width:{css_number(100 * share)}%")


def css_number(value: float) -> str:
    """A number as a stylesheet writes it, with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _sorted(value: Number, decimals: int) -> float:
    return round(float(value), decimals)
