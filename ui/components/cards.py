"""Cards: a goal with its bullet, or a plain figure, in rows of equal height."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import streamlit as st
from markupsafe import Markup

from analytics.statistics.significance import MIN_DENOMINATOR
from ui.components.bullet import bullet
from ui.components.data_basis import DataBasis, data_basis
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _


@dataclass(frozen=True)
class Share:
    """A share with what it is of; `state` says why there is no value."""

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    state: str = "value"
    all_known: bool = True  # nothing that could change the share is unknown

    @property
    def few(self) -> bool:
        """Whether so few are counted that it is said as "3 av 3"."""
        return self.denominator is not None and self.denominator < MIN_DENOMINATOR


@dataclass(frozen=True)
class Goal:
    """One goal against 100 %."""

    title: str
    now: Share
    before: Share | None = None
    compared: str = ""  # the comparison in words: "samma period i fjol"
    bounds: tuple[float, float] | None = None  # worst and best case
    known: str = ""  # how much is known, in words
    target: str = ""  # the next dated target, in words
    notes: tuple[str, ...] = ()  # what the value has to be read with
    href: str = ""
    data_basis: DataBasis | None = None


@dataclass(frozen=True)
class Figure:
    """One number with its words; the value is ready text."""

    title: str
    value: str
    detail: str = ""
    href: str = ""
    data_basis: DataBasis | None = None
    is_problem: bool = False


def problem_card(title: str, n: int, detail: str, href: str) -> Figure:
    """How many there are of what there should be none of; leads to the list of them."""
    return Figure(title, numbers.count(n), detail, href, is_problem=n > 0)


def state_words(state: str) -> str:
    """Why there is no value, in words."""
    return {
        "not_applicable": _("Not applicable"),
        "not_reported": _("Not reported"),
        "suppressed": _("Suppressed"),
    }.get(state, numbers.MISSING)


def share_text(share: Share) -> str:
    """The share as a card says it: "76 %", "3 av 3", "0 av 0" or why there is no value."""
    if share.value is None:
        return numbers.out_of(0, 0) if share.state == "zero" else state_words(share.state)
    return numbers.share(share.value, share.numerator, share.denominator)


def change_text(now: Share, before: Share | None, compared: str) -> str:
    """The change in words: "5 procentenheter mer än samma period i fjol (71 %)"."""
    if now.value is None or before is None:
        return ""
    if before.value is None:
        return _("Not known for {period}").format(period=compared)
    if now.few or before.few:
        return _("{period}: {value}").format(period=_first_upper(compared), value=share_text(before))
    difference = now.value - before.value
    if _decimals(difference) == 0:  # the difference of what is shown, so that the reader's own sum agrees
        difference = (_hundredths(now.value) - _hundredths(before.value)) / 100
    words = {"size": numbers.points(difference, _decimals(difference)), "period": compared, "value": share_text(before)}
    if abs(difference) < 0.0005:
        return _("Unchanged from {period} ({value})").format(**words)
    more, less = _("{size} more than {period} ({value})"), _("{size} less than {period} ({value})")
    return (more if difference > 0 else less).format(**words)


def _decimals(difference: float) -> int:
    return int(abs(difference) < 0.00995)


def _hundredths(share: float) -> int:
    return int(Decimal(str(share * 100)).quantize(Decimal(1), ROUND_HALF_UP))


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def distance_text(now: Share) -> str:
    """How far it is to 100 %, in words."""
    if now.value is None:
        return ""
    if now.value == 1 and not now.all_known:
        return _("Nothing is left of what is known")
    if now.few and now.denominator is not None and now.numerator is not None:
        return (
            _("{n} left to reach all").format(n=numbers.count(now.denominator - now.numerator)) if now.value < 1 else ""
        )
    left = 1 - now.value
    return (
        _("{size} left to 100%").format(size=numbers.points(left, _decimals(left)))
        if left > 0
        else _("The goal is met")
    )


def _card(title: str, href: str, trust: DataBasis | None, *inside: object) -> Markup:
    heading = tag("a", title, href=href, target="_self") if href else title
    return tag("article", tag("h2", heading), *inside, data_basis(trust) if trust else "", class_="card")


def _lines(*lines: tuple[str, str]) -> list[Markup]:
    return [tag("p", text, class_=kind) for kind, text in lines if text]


def goal_card(goal: Goal) -> Markup:
    """A goal as an article: title, value, bullet, change, distance, what is known, trust strip."""
    before = goal.before.value if goal.before else None
    value = tag(
        "p", share_text(goal.now), class_="card-value" if goal.now.value is not None else "card-value card-unknown"
    )
    lines = _lines(
        ("card-change", change_text(goal.now, goal.before, goal.compared)),
        ("card-detail", ", ".join(filter(None, (distance_text(goal.now), goal.target)))),
        ("card-detail", goal.known),
        *(("card-detail", note) for note in goal.notes),
    )
    return _card(goal.title, goal.href, goal.data_basis, value, bullet(goal.now.value, before, goal.bounds), *lines)


def figure_card(figure: Figure) -> Markup:
    """A plain figure as an article."""
    kind = "card-value card-eyes" if figure.is_problem else "card-value"
    inside = (tag("p", figure.value, class_=kind), *_lines(("card-detail", figure.detail)))
    return _card(figure.title, figure.href, figure.data_basis, *inside)


def draw(cards: Sequence[Goal | Figure]) -> None:
    """A row of cards of equal height, at most three abreast (four stand two and two), one column on a phone."""
    articles = [goal_card(card) if isinstance(card, Goal) else figure_card(card) for card in cards]
    st.html(tag("div", *articles, class_="cards"))
