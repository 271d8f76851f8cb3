"""A frozen report as every reader of it places it: what it holds, and the few words around that, in its own language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui import database
from ui.components import bullets
from ui.components.bullets import Bullet
from ui.components.goal_rows import Goal, bullet
from ui.components.shares import share_text
from ui.reports.model import Report
from ui.text import numbers
from ui.text.i18n import _, spoken

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class GoalText:
    """A goal in words, and its bullet; `trust` is what its number rests on, `link` the address of its rows, "" for none."""

    title: str
    value: str
    of: str
    trust: str
    distance: str
    size: str
    change: str
    note: str
    alt: str
    range: str
    before: str
    link: str
    bullet: Bullet

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is told of the goal, what is not left out."""
        first = " ".join(filter(None, (self.value, self.of)))
        size = " ".join(filter(None, (self.size, self.change)))
        return tuple(filter(None, (first, self.trust, self.distance, size, self.note)))


@dataclass(frozen=True)
class Outline:
    """A report, its goals in words, its seal, and the headings and names that stand in every file of it."""

    report: Report
    goals: tuple[GoalText, ...]
    seal: tuple[tuple[str, str], ...]
    links: tuple[str, ...]  # the address of each section's rows, "" for none
    about: str  # what it is of, in a line
    who: str
    checksum: str
    mark: str  # that figures are invented or for practice
    contents: str
    all_goal: str  # what the axis ends at
    axis: tuple[str, str]
    full: str
    actions: str
    rows: str  # what leads to the rows of a table
    method: str
    sources: str
    number: str  # "Rapport 7"


def outline(report: Report, frozen: database.FrozenReport) -> Outline:
    """The report with the words around it, in the language that it was frozen in."""
    report = Report.from_json(_clean(report.as_json()))
    with spoken(report.language):
        return Outline(
            report=report,
            goals=tuple(
                _goal(goal, trust, _absolute(report, goal.href, frozen))
                for goal, trust in zip(report.goals, report.basis, strict=True)
            ),
            seal=(*seal(frozen), *_own_address(report, frozen)),
            links=tuple(_absolute(report, one.link, frozen) for one in report.sections),
            about=about(report),
            who=frozen.who,
            checksum=frozen.sha256,
            mark=dict(report.facts).get(_("Note"), ""),
            contents=_("Contents"),
            all_goal=_("The goal: {all}").format(all=numbers.percent(1)),
            axis=(numbers.percent(0), numbers.percent(0.5)),
            full=numbers.percent(1),
            actions=_("What mattered most"),
            rows=_("The rows behind the table"),
            method=_("How it is counted, and where it comes from"),
            sources=_("Sources"),
            number=_("Report {n}").format(n=frozen.number),
        )


def about(report: Report) -> str:
    """What the report is of, in a line: the selection, then each other fact under its name."""
    return " · ".join(f"{name}: {text}" if place else text for place, (name, text) in enumerate(report.facts))


def dated(link: str, frozen: database.FrozenReport) -> str:
    """The address with the figures as they were known when the report was frozen; today's where small numbers are protected."""
    if not link or frozen.at is None or frozen.protected:  # an earlier day is not shown of protected data
        return link
    if "as_of=" in link:  # it was frozen as known on a day before
        return link
    return f"{link}{'&' if '?' in link else '?'}as_of={frozen.at.date().isoformat()}"


def _absolute(report: Report, link: str, frozen: database.FrozenReport) -> str:
    """The address as a file needs it; "" where it is not known where the pages are."""
    return report.home + dated(link, frozen) if report.home and link else ""


def _own_address(report: Report, frozen: database.FrozenReport) -> tuple[tuple[str, str], ...]:
    if not report.home:
        return ()
    return (
        (_("Address"), f"{report.home}{report.address}{'&' if '?' in report.address else '?'}report={frozen.number}"),
    )


def seal(frozen: database.FrozenReport) -> tuple[tuple[str, str], ...]:
    """Who froze it and when, and the digest that its bytes still have."""
    at = numbers.moment(frozen.at) if frozen.at else numbers.MISSING
    return (
        (_("Frozen"), _("{moment}, by {who}").format(moment=at, who=frozen.who)),
        (_("Report"), str(frozen.number)),
        (_("Checksum (SHA-256)"), frozen.sha256),
    )


def _clean(value: Any) -> Any:
    """The value without control characters, which no document may have in its text."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _goal(goal: Goal, trust: str, link: str) -> GoalText:
    drawn, change, target = bullet(goal), goal.change, goal.milestone
    return GoalText(
        title=goal.title,
        value=share_text(goal.now),
        of=goal.of if goal.now.value is not None else "",
        trust=trust,
        distance=f"{target.distance}{target.distance_of}" if target else goal.without_target,
        size=change.size if change else "",
        change=f"{change.period}{change.reason}." if change and (change.period or change.reason) else "",
        note=change.note if change else "",
        alt=bullets.alt(drawn),
        range=drawn.range_label,
        before=drawn.tick_label if drawn.before is not None else "",
        link=link,
        bullet=drawn,
    )
