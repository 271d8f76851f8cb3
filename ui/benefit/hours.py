"""Working time freed by the goals and what more is possible, always with its range and its assumptions."""

from collections.abc import Iterable

import pandas as pd

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.registers.benefit import (
    EVERY_SERVICE,
    Freed,
    HandlingTime,
    ServiceBenefit,
    handling_times,
    hours_freed,
    totals,
)
from ui import database
from ui.components.cells import Cell, bar_cells
from ui.components.metric_views import ask
from ui.components.tables import Marked, Table, amounts, service_table, whole_numbers
from ui.frame import address
from ui.text import labels, numbers
from ui.text.i18n import _, words


def headline(scope: Scope) -> str:
    """How many hours are freed in the period, and how many more are possible."""
    known = database.answer(totals, scope)
    if known is None:
        return _("What the e-services give is not stated yet")
    realised, possible = known
    return _("{realised} hours freed, {possible} more are possible").format(
        realised=numbers.count(realised.hours), possible=numbers.count(possible.hours)
    )


def reading(scope: Scope) -> str:
    """The range of the hours and what it comes from; what is missing where no time is stated."""
    known = database.answer(totals, scope)
    if known is None:
        return _("State how many minutes a case takes in the table tidsatgang. The template is on the page Importera.")
    realised, possible = known
    between = _("The stated minutes are uncertain: {least}–{most} hours freed, {low}–{high} possible.")
    return between.format(
        least=numbers.count(realised.least), most=numbers.count(realised.most),
        low=numbers.count(possible.least), high=numbers.count(possible.most),
    )  # fmt: skip


def _sum(parts: Iterable[Freed]) -> Freed:
    return sum(parts, Freed())


def by_goal(scope: Scope) -> Table:
    """A row a goal: hours freed and possible with their ranges, and kronor."""
    benefits = database.answer(hours_freed, scope)
    goals = sorted({one.goal for one in benefits})
    parts = {goal: [one for one in benefits if one.goal == goal] for goal in goals}
    realised, possible = (
        {g: _sum(getattr(one, way) for one in parts[g]) for g in goals} for way in ("realised", "possible")
    )
    columns = {
        _("Goal"): [words(metrics()[GOALS[goal]].title) for goal in goals],
        _("Hours freed"): [realised[g].hours for g in goals],
        _("At least, at most"): [_range(realised[g]) for g in goals],
        _("Hours possible"): [possible[g].hours for g in goals],
        _("At least, at most if all is done"): [_range(possible[g]) for g in goals],
        _("SEK freed"): [realised[g].kronor for g in goals],
        _("SEK possible"): [possible[g].kronor for g in goals],
        _("Cases counted on"): [realised[g].cases + possible[g].cases for g in goals],
    }
    shown = tuple(columns)[:6]
    links = tuple(address.link(f"mal-{goal}") for goal in goals)
    nothing = _("No handling time is stated.")
    return Table(
        _("Working time freed, by goal"),
        pd.DataFrame(columns),
        ("hours_freed",),
        links=links,
        shown=shown,
        nothing=nothing,
        marks={
            _("At least, at most"): _ranges(realised.values()),
            _("At least, at most if all is done"): _ranges(possible.values()),
        },
    )


def _range(freed: Freed) -> str:
    return f"{numbers.count(freed.least)}–{numbers.count(freed.most)}"


def _ranges(each: Iterable[Freed]) -> Marked:
    """The ranges as numbers are: at the right, sorted by the least, and named on a phone."""
    return Marked("number", [Cell(_range(one), float(one.least)) for one in each])


def by_service(scope: Scope) -> Table:
    """A row a service: hours freed and possible of both goals together, most possible first."""
    parts: dict[str, list[ServiceBenefit]] = {}
    for one in database.answer(hours_freed, scope):
        parts.setdefault(one.service_id, []).append(one)
    possible = {key: _sum(one.possible for one in each) for key, each in parts.items()}
    realised = {key: _sum(one.realised for one in each) for key, each in parts.items()}
    ids = sorted(parts, key=lambda key: (-possible[key].hours, key))
    columns = {
        _("Department"): labels.departments_of(scope, ids),
        _("Hours freed"): [realised[key].hours for key in ids],
        _("Hours possible"): [possible[key].hours for key in ids],
        _("At least, at most if all is done"): [_range(possible[key]) for key in ids],
        _("Minutes"): [_("own") if parts[key][0].own_time else _("for all") for key in ids],
        _("SEK possible"): [possible[key].kronor for key in ids],
    }
    marks = {
        _("Hours possible"): Marked("bar", bar_cells([possible[key].hours for key in ids])),
        _("At least, at most if all is done"): _ranges(possible[key] for key in ids),
    }
    return service_table(
        _("Working time freed, by service"),
        ids,
        columns,
        ("hours_freed",),
        marks=marks,
    )


def assumptions(_scope: Scope) -> Table:
    """The stated minutes, kronor and uncertainty."""
    benefits = sorted(database.answer(handling_times).items(), key=lambda pair: (pair[0] != EVERY_SERVICE, pair[0]))
    times: list[HandlingTime] = [time for _key, time in benefits]
    columns = {
        _("For"): [_("All other services") if key == EVERY_SERVICE else labels.service(key) for key, _time in benefits],
        _("Minutes, another way"): [time.other_minutes for time in times],
        _("Minutes, e-service"): [time.digital_minutes for time in times],
        _("Minutes, every step digital"): whole_numbers([time.fully_digital_minutes for time in times]),
        _("SEK an hour"): [float(time.hourly_cost) for time in times],
        _("Uncertainty, ± %"): [100 * time.uncertainty for time in times],
        _("Source"): [time.source or "" for time in times],
    }
    return Table(
        _("What the hours are counted on"),
        pd.DataFrame(columns),
        ("hours_freed",),
    )


def lead_times(scope: Scope) -> Table:
    """Days from received to closed of digital cases and of others: half of the cases, and nine in ten."""
    median, late = (
        {row.by["digital"]: row for row in ask(code, scope, "digital")}
        for code in ("lead_time_median", "lead_time_p90")
    )
    ways = [way for way in (True, False) if way in median and median[way].value is not None]
    columns = {
        _("Came in"): [_("through an e-service") if way else _("another way") for way in ways],
        _("Half within, days"): amounts([median[way].value for way in ways]),
        _("Nine in ten within, days"): amounts([late[way].value if way in late else None for way in ways]),
        _("Closed cases"): whole_numbers([median[way].denominator for way in ways]),
    }
    return Table(
        _("How long the residents wait"),
        pd.DataFrame(columns),
        ("lead_time_median", "lead_time_p90"),
        1,
        nothing=_("No closed case has its days."),
    )


def lead_times_heading(scope: Scope) -> str:
    """Which way is faster, and by how much."""
    rows = {row.by["digital"]: row.value for row in ask("lead_time_median", scope, "digital")}
    digital, other = rows.get(True), rows.get(False)
    if digital is None or other is None:
        return _("How long the residents wait")
    days = round(float(other) - float(digital))
    if not days:
        return _("Digital cases take as long as others")
    if days > 0:
        return numbers.plural("Digital cases are done {n} day sooner", "Digital cases are done {n} days sooner", days)
    return numbers.plural("Digital cases are done {n} day later", "Digital cases are done {n} days later", -days)
