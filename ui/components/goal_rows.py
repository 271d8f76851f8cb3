"""Goal rows: each goal on one 0–100 axis with its value, what it is of, the bullet, and how it changed and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ui.components.bullets import Bullet, Milestone, bullet_chart
from ui.components.data_basis import DataBasis, brief, data_basis
from ui.components.shares import Share, share_text
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _


@dataclass(frozen=True)
class Change:
    """How a goal changed: the size in a few words, over what, and a short reason; what follows reads on from the period."""

    size: str  # "+2 procentenheter", "Oförändrat"
    period: str = ""  # "på ett år"
    reason: str = ""  # ": 2 tjänster fick en e-tjänst"
    why: str = ""  # where the whole of it is explained
    why_name: str = ""  # what that is called: "Vad ligger bakom? Mål 2"
    note: str = ""  # a sentence of its own
    is_alike: bool = False  # whether it is of the same services alone, and the reason says what it is of all


@dataclass(frozen=True)
class Goal:
    """One goal against 100 %."""

    title: str
    now: Share
    of: str = ""  # what the value is of: "av tjänsterna har en e-tjänst"
    before: Share | None = None
    compared: str = ""  # the comparison after its value: "året före"
    bounds: tuple[float, float] | None = None  # worst and best case
    milestone: Milestone | None = None
    without_target: str = ""  # said where others have targets, and this has none of its own
    change: Change | None = None
    href: str = ""
    data_basis: DataBasis | None = None


def bullet(goal: Goal) -> Bullet:
    """The goal as its bullet."""
    now, before = goal.now, goal.before
    few = None
    if before and before.value is not None and now.value is not None and (now.few or before.few):
        few = share_text(now), share_text(before)
    then = before.value if before else None
    return Bullet(now.value, then, goal.compared, goal.bounds, goal.milestone, few)


def goal_rows(goals: Sequence[Goal], size: str = "") -> Markup:
    """The rows under one axis. `size` is a class of the stylesheet with other sizes, such as `slide`."""
    axis = tag(
        "div",
        tag("span", numbers.percent(0)),
        tag("span", numbers.percent(0.5)),
        tag("span", _("The goal: {all}").format(all=numbers.percent(1))),
        class_="goal-axis",
        aria_hidden="true",
    )
    return tag("div", tag("div", axis, *map(goal_row, goals), class_="goal-grid"), class_=f"goal-rows {size}".strip())


def goal_row(goal: Goal) -> Markup:
    """A row: the value, the goal and what it is of with its trust strip, the bullet, the change with its reason."""
    title = tag("a", goal.title, href=goal.href, target="_self") if goal.href else goal.title
    what = (
        tag("h2", title),
        tag("p", goal.of) if goal.of and goal.now.value is not None else "",
        data_basis(goal.data_basis, brief(goal.data_basis, goal.now)) if goal.data_basis else "",
    )
    return tag(
        "article",
        value(goal.now),
        tag("div", *what, class_="goal-what"),
        tag("div", distance(goal), bullet_chart(bullet(goal)), class_="goal-way"),
        change(goal.change) if goal.change else tag("div", class_="goal-change"),
        class_="goal",
    )


def distance(goal: Goal, class_: str = "goal-distance") -> Markup:
    """How far ahead of the targets or behind them, above the next one; or that there is none."""
    target = goal.milestone
    told = target.distance if target else goal.without_target
    of = tag("span", target.distance_of) if target and target.distance_of else ""
    return tag("p", told, of, class_=class_) if told else Markup("")


def value(share: Share) -> Markup:
    """The number that stands large; its per cent sign is smaller, counts of few are, and why there is none still more."""
    text = share_text(share)
    if share.value is None:
        return tag("p", text, class_="goal-number none")
    number, sign, rest = text.partition("%")
    if not sign or rest:
        return tag("p", text, class_="goal-number few")
    written = number.rstrip(numbers.NBSP)
    return tag("p", written, tag("small", number[len(written) :] + sign), class_="goal-number")


def change(one: Change) -> Markup:
    """How it changed: the size, and in one sentence over what and why, with the link to the whole of it."""
    sentence: list[object] = [one.period, tag("span", one.reason, class_="reason") if one.reason else ""]
    if one.period or one.reason:
        sentence.append(". ")
    if one.why:
        sentence.append(tag("a", _("What is behind it?"), href=one.why, target="_self", aria_label=one.why_name))
    note = tag("p", one.note, class_="reason") if one.note else ""
    return tag("div", tag("p", tag("strong", one.size)), tag("p", *sentence), note, class_="goal-change")


def draw(goals: Sequence[Goal], size: str = "") -> None:
    """Put the rows on the page."""
    st.html(goal_rows(goals, size))
