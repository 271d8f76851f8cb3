"""Slides for a meeting (`?visa=bildspel`): one finding a screen, of the pages' own components, for whatever is chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.scope import Scope
from ui.components import actions, courses, department_rows, goal_rows, headlines, questions, tables
from ui.components.goal_rows import Goal
from ui.costs import payers
from ui.costs import summary as costs
from ui.decomposition import goals
from ui.frame import address, filters, page, practice
from ui.frame.cached_blocks import cached
from ui.frame.filters import Choice
from ui.goals import digital_cases, digital_handling, e_services
from ui.next_steps import advice
from ui.overview import first_tour
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _

VIEW, SLIDESHOW, NUMBER = "visa", "bildspel", "bild"  # ?visa=bildspel&bild=2
ROWS = 7  # of a table that a screen has room for, read from ten metres
HEADLINES: Mapping[str, Callable[[Scope], str]] = {
    e_services.GOAL: e_services.headline,
    digital_cases.GOAL: digital_cases.headline,
    digital_handling.GOAL: digital_handling.headline,
}


@dataclass(frozen=True)
class Slide:
    """A finding, the picture of it, and what must be said of the picture."""

    headline: str
    picture: Markup
    note: str = ""


def is_asked_for() -> bool:
    """Whether the address asks for slides instead of a page."""
    return st.query_params.get(VIEW) == SLIDESHOW


def link() -> str:
    """The address of the first slide for what is chosen."""
    return address.link("", **{VIEW: SLIDESHOW})


def slides(scope: Scope) -> list[Slide]:
    """The slides that have something to tell, in the order of a meeting."""
    if first_tour.is_due():
        return [Slide(headlines.overview(scope), Markup())]
    if page.has_no_services(scope, any_month=True):
        return [Slide(_("No service in the selection is published."), Markup())]
    rows = goal_rows.goal_rows([_large(goal) for goal in goals.goals(scope)], "large")
    found = advice.most_important(scope)
    asked = questions.waiting() if scope == scope.whole_organisation() else []
    return [
        *([Slide(questions.heading(), _enlarged(_questions()))] if asked else []),
        Slide(headlines.overview(scope), rows),
        *(_goal(code, scope) for code in GOAL_CODES),
        *([Slide(costs.headline(scope), _enlarged(payers.picture(scope)))] if costs.has_costs(scope) else []),
        *([Slide(_("What matters most to do next"), _enlarged(actions.actions(found, "h2")))] if found else []),
    ]


def _questions() -> Markup:
    """The questions that wait since the last meeting."""
    table = replace(questions.table(None, only_waiting=True), links=())
    return tables.markup("slide-questions", replace(table, rows=table.rows.head(ROWS)))


def _large(goal: Goal) -> Goal:
    """A row without what is clicked or read closely; how far it is from its targets stands on the goal's own slide."""
    reason = goal.change.reason if goal.change and goal.change.is_alike else ""
    change = goal.change and replace(goal.change, reason=reason, why="", note="")
    target = goal.milestone and replace(goal.milestone, distance="")
    return replace(goal, href="", data_basis=None, change=change, milestone=target, without_target="")


def _goal(code: str, scope: Scope) -> Slide:
    """A goal against its targets and by department; over time where there is only one."""
    lead = goal_rows.distance(goals.goal(code, scope), "slide-lead")
    table = department_rows.goal(scope, code)
    of = len(table) - table.total
    if of < 2:
        return Slide(HEADLINES[code](scope), _enlarged(lead + courses.figure(code, scope)))
    note = _("The first {n} of {all}").format(n=numbers.count(ROWS), all=numbers.count(of)) if of > ROWS else ""
    shown = tables.markup(f"slide-{code}", replace(table, links=()))
    return Slide(HEADLINES[code](scope), _enlarged(lead + shown), note)


def _enlarged(picture: Markup) -> Markup:
    return tag("div", picture, class_="enlarged")


def draw(path: str, choice: Choice) -> None:
    """Draw the slide that the address names, with what turns and what ends the slides; on paper they are all there."""
    scope = choice.scope
    asked = st.query_params.get(NUMBER, "")
    every = cached(slides, scope)
    n = min(max(int(asked) if asked.isascii() and asked.isdigit() else 1, 1), len(every))
    chosen = " · ".join((page.describe_scope(scope), *filters.corrections(choice)))
    sheets = (sheet(slide, at, len(every), path, chosen, on_screen=at == n) for at, slide in enumerate(every, 1))
    st.html(tag("div", *sheets, class_="slideshow"))


def sheet(slide: Slide, n: int, of: int, path: str, chosen: str, *, on_screen: bool) -> Markup:
    """A slide as HTML: the finding, its picture, and a foot that says of what it is and where in the row."""
    mark = practice.mark()
    foot = (
        tag("span", join(filter(None, (chosen, slide.note)), " · ")),
        tag("span", mark, class_="tag") if mark else "",
        _turns(n, of, path) if on_screen else "",
        tag("span", _of(n, of), class_="on-paper-only"),
    )
    head, which = ("h1", "sheet") if on_screen else ("h2", "sheet on-paper-only")  # a page has one headline
    return tag("div", tag(head, slide.headline), slide.picture, tag("div", *foot, class_="sheet-foot"), class_=which)


def _turns(n: int, of: int, path: str) -> Markup:
    """What turns the slides, prints them and ends them."""
    end = address.link_same_page(path, **{VIEW: None, NUMBER: None})
    return tag(
        "nav",
        _turn(path, n - 1, of, _("Previous"), "previous"),
        tag("span", _of(n, of), class_="place"),
        _turn(path, n + 1, of, _("Next"), "next"),
        tag("button", _("Print"), type="button", data_print=True),
        tag("a", _("End"), href=end, target="_self", class_="end"),
    )


def _of(n: int, of: int) -> str:
    return _("{n} of {all}").format(n=n, all=of)


def _turn(path: str, to: int, of: int, name: str, class_: str) -> Markup:
    """The link to the slide before or after, where there is one."""
    if not 1 <= to <= of:
        return Markup()
    arrow = {"previous": "←", "next": "→"}[class_]
    href = address.link_same_page(path, **{NUMBER: str(to)})
    return tag("a", arrow, href=href, target="_self", class_=class_, aria_label=name)
