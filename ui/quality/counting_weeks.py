"""Counting weeks: what is scaled up from them and how sure that is, who counts which weeks, and what one more would narrow."""

import pandas as pd

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.quality.counting_weeks import DRAWN, Desk, Sample, desks, plan, samples
from analytics.statistics.stratified import estimate, half_width
from analytics.statistics.week_estimates import narrowest, used
from ui import database
from ui.components import tables
from ui.components.cells import Cell
from ui.components.tables import Marked, Table, amounts, service_table, whole_numbers
from ui.frame import address, page
from ui.frame.cached_blocks import cached
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

KEY = "counting-weeks"


def draw(scope: Scope) -> None:
    """The finding, how sure it is, and behind clicks the plan and each season of what was counted; nothing where none is needed."""
    found, year = database.answer(desks, scope), database.period().as_of.year
    if not found and not database.answer(samples, scope):
        return
    page.heading(cached(heading, scope), cached(reading, scope), KEY)
    tables.folded(f"{KEY}-seasons", seasons, scope)
    for each in (year, year + 1):
        tables.folded(f"{KEY}-{each}", planned, scope, each)
    page.link_line(_("Print a tally sheet, or enter a counting week"), address.link("register", "form", do="weeks"))


def heading(scope: Scope) -> str:
    """How many cases are scaled up, else who could count."""
    if found := database.answer(used, GOALS[2], scope):
        cases = round(found.cases.total)
        return numbers.plural(
            "{n} case is estimated from counting weeks", "{n} cases are estimated from counting weeks", cases
        )
    if database.answer(samples, scope):
        if not database.answer(desks, scope):
            return _("Nothing needs to be estimated from the counting weeks")
        return _("Too few weeks are counted yet to estimate from")
    return numbers.plural(
        "{n} department can count weeks instead of months",
        "{n} departments can count weeks instead of months",
        len(database.answer(desks, scope)),
    )


def reading(scope: Scope) -> str:
    """Between which numbers the cases and the goal lie, and where one more week would narrow that most."""
    told = []
    found, more = database.answer(used, GOALS[2], scope), database.answer(narrowest, scope)
    if found and found.shares and found.cases.low is not None:
        between = _("They lie between {low} and {high}, 95 times in 100, and goal 2 then between {first} and {last}.")
        low, high = (numbers.percent(share, 1) for share in found.shares)
        told.append(
            between.format(
                low=numbers.count(found.cases.low), high=numbers.count(found.cases.high), first=low, last=high
            )
        )
    if more:
        year, season, now, then = more
        narrow = _("One more week counted of {season} would narrow that most: from ±{now} to ±{then} cases.")
        told.append(narrow.format(season=_season(year, season), now=numbers.count(now), then=numbers.count(then)))
    return " ".join(told) or _("A channel that nobody can count all year is counted in some weeks of each season.")


def _season(year: int, season: str) -> str:
    return _("{season} {year}").format(season=labels.label("season", season), year=year)


def seasons(scope: Scope) -> Table:
    """A row a service, channel and season: weeks counted, the estimate, its interval, what one more would narrow."""
    rows = sorted(database.answer(samples, scope), key=lambda row: (-_narrows(row), row.service_id, row.channel))
    found = [estimate([row.stratum]) for row in rows]
    columns = {
        _("Channel"): [labels.label("channel", row.channel) for row in rows],
        _("Season"): [_season(row.year, row.season) for row in rows],
        _("Weeks counted"): [numbers.out_of(len(row.counts), row.weeks) for row in rows],
        _("Cases, estimated"): whole_numbers([round(each.total) if each else None for each in found]),
        _("From"): amounts([each.low if each else None for each in found]),
        _("To"): amounts([each.high if each else None for each in found]),
        _("One more week narrows by"): amounts([_narrows(row) or None for row in rows]),
    }
    told = [_estimated(row) for row in rows]
    marks = {_("Cases, estimated"): Marked("number", told)}
    shown = (
        _("Channel"),
        _("Season"),
        _("Weeks counted"),
        _("Cases, estimated"),
        _("One more week narrows by"),
    )
    title = _("What was counted, season by season")
    return service_table(
        title, [row.service_id for row in rows], columns, ("counting_weeks",), decimals=1, marks=marks, shown=shown
    )


def _estimated(row: Sample) -> Cell:
    """The estimate with its interval, or why it has none: one week alone, or weeks that are all alike."""
    found = estimate([row.stratum])
    total = found.total if found else 0
    if found is None or found.low is None or found.high is None:
        span = _("no interval: one week")
    elif found.low == found.high and row.stratum.uncounted:
        span = _("no interval: alike weeks")
    else:
        span = f"{numbers.count(found.low)}–{numbers.count(found.high)}"
    return Cell(f"{numbers.count(total)} ({span})", total)


def _narrows(row: Sample) -> float:
    """How many cases the half width would be less, 0 where there is no interval."""
    now, then = half_width([row.stratum]), half_width([row.stratum], [0])
    return (now or 0.0) - (then or 0.0)


def planned(scope: Scope, year: int) -> Table:
    """A row a department: which weeks of each season it counts in the year, how many of them are counted, and of what."""
    found = database.answer(desks, scope)
    drawn = [database.answer(plan, year, desk.department_id) for desk in found]
    columns = {
        _("Department"): [labels.department(desk.department_id) for desk in found],
        **{
            capitalized(labels.label("season", season)): [
                ",\u00a0".join(numbers.week_number(week.monday) for week in weeks if week.season == season)
                for weeks in drawn
            ]
            for season in DRAWN
        },
        _("Services"): [_services(desk) for desk in found],
    }
    links = tuple(address.link("register", "form", do="weeks", desk=desk.department_id) for desk in found)
    return Table(
        _("Weeks to count in {year}").format(year=year), pd.DataFrame(columns), ("counting_weeks",), links=links
    )


def _services(desk: Desk) -> str:
    """What the department counts: each service with its channels."""
    return ", ".join(
        f"{labels.service(service)} ({', '.join(labels.label('channel', each) for each in ways)})"
        for service, ways in desk.services.items()
    )
