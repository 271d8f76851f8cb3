"""The services one by one: what each offers, its digital share, its steps, and how much closer to a goal it can bring us."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import streamlit as st

from analytics.costs.break_even import MONTHS_PER_YEAR, default_assumptions
from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Gain, gains, share_of, without_department_filter
from analytics.registers.service_history import STEPS
from analytics.registers.services import ServiceStatus, service_statuses, services
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components import inclusion, own_goal
from ui.components.cells import Cell, steps_key
from ui.components.html_table import FIRST
from ui.components.metric_views import lowest_goal, one, part_of
from ui.components.own_goal import points
from ui.components.service_cells import class_cells, steps_cells
from ui.components.tables import Marked, Table, amounts, percentage, service_table, whole_numbers
from ui.frame import choices
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _

METRICS = ("e_service_coverage", "digital_submission", "digital_steps", "cases", "lead_time_median")
MOST = Fraction(1, 3)  # of what all can do: from here on one service is named
LEAST = Fraction(1, 1000)  # of the goal: less is written as less


def statuses(scope: Scope) -> list[ServiceStatus]:
    """Every service in force at the end of the period."""
    return database.answer(service_statuses, scope)


def lifts(scope: Scope) -> tuple[int, Sequence[Gain]]:
    """The goal that is furthest away, and how much closer each service here can bring us; none where it is of few."""
    goal = lowest_goal(scope)
    if (one(GOALS[goal], without_department_filter(scope)).denominator or 0) < MIN_DENOMINATOR:
        return goal, ()
    found: Sequence[Gain] = database.answer(gains, scope, goal, database.answer(default_assumptions, scope))
    return goal, [gain for gain in found if gain.is_open]


def asked_stop() -> str | None:
    """What must be left for the services that the address asks for; None where it asks for all."""
    asked = st.query_params.get("stop")
    return asked if asked in labels.labels_of("bottleneck") else None


def finding(scope: Scope, stop: str | None = None) -> str:
    """What is found among the services: the one that does most, or how much all of them can do; how many are asked for."""
    if stop:
        n, left = sum(s.bottleneck == stop for s in statuses(scope)), labels.label("bottleneck", stop)
        return numbers.plural("{n} service: {left}", "{n} services: {left}", n, left=left)
    goal, found = lifts(scope)
    whole = sum((gain.share for gain in found), Fraction(0))
    if not whole:
        return _("Service by service")
    most, own = found[0].share, _own(scope, goal)
    total = points(sum((_share(gain, own) for gain in found), Fraction(0)))
    told = {"goal": goal, "total": total, "service": labels.service(found[0].service_id)}
    if len(found) > 1 and most >= MOST * whole and most > found[1].share:
        part = numbers.number(100 * float(_share(found[0], own)))
        template = _("{service} does most for the municipality's goal {goal}: {part} of {total}")
        template = _("{service} does most for the department's goal {goal}: {part} of {total}") if own else template
        return template.format(part=part, **told)
    n = len(found)
    if own:
        return numbers.plural(
            "{n} service can bring the department {total} closer to goal {goal}",
            "{n} services can bring the department {total} closer to goal {goal}",
            n,
            **told,
        )
    return numbers.plural(
        "{n} service can bring the municipality {total} closer to goal {goal}",
        "{n} services can bring the municipality {total} closer to goal {goal}",
        n,
        **told,
    )


def _own(scope: Scope, goal: int) -> int | None:
    """What the department's own goal is counted of; None where the municipality's is told: none or several, or of few."""
    of = own_goal.denominator(scope, goal)
    return None if of is None or own_goal.is_few(of) else of


def _share(gain: Gain, own: int | None) -> Fraction:
    return share_of(gain, own) if own else gain.share


def reading(scope: Scope, stop: str | None = None) -> str:
    """How many there are, and their order."""
    n = len(statuses(scope))
    if stop:
        return numbers.plural(
            "Of {n} published service.", "Of {n} published services. Those with most cases come first.", n
        )
    return numbers.plural("{n} published service.", "{n} published services, those with most cases first.", n)


def table(scope: Scope, stop: str | None) -> Table:
    """Every service, or those for which the same is left, those with most cases first."""
    rows = [s for s in statuses(scope) if stop is None or s.bottleneck == stop]
    rows.sort(key=lambda s: -float(s.cases.value or 0))
    goal, found = lifts(scope)
    own = _own(scope, goal)
    gained = {gain.service_id: _share(gain, own) for gain in found}
    whose = _("percentage points, own goal") if own else _("percentage points, municipality")
    lift = f"{_('Closer to goal {goal}').format(goal=goal)}, {whose}"
    ids, register = [s.service_id for s in rows], database.answer(services)
    columns = {
        _("Left to do"): [labels.label("bottleneck", s.bottleneck) for s in rows],
        _("Cases"): whole_numbers([s.cases.value for s in rows]),
        _("1 Offers"): [labels.label("service_class", s.class_) for s in rows],
        _("2 Digital cases, %"): [percentage(s.digital) for s in rows],
        _("of cases reported"): [part_of(s.digital) for s in rows],
        _("3 Digital steps"): [part_of(s.steps) for s in rows],
        lift: [100 * float(gained[code]) if code in gained else None for code in ids],
        _("Days, half of the cases"): amounts([s.lead_time.value for s in rows]),
        **inclusion.columns(scope, ids),
        _("Department"): labels.departments_of(scope, ids),
        _("Audience"): [labels.label("audience", register[code].audience) for code in ids],
    }
    steps = f"{labels.label('step', STEPS[0])} → {labels.label('step', STEPS[-1])}"
    year = scope.months == MONTHS_PER_YEAR
    shares = inclusion.cells(scope, ids, [s.digital for s in rows])
    return service_table(
        _("Our services"),
        ids,
        columns,
        (*METRICS, *inclusion.METRICS, "gain"),
        decimals=2,
        narrowed=labels.label("bottleneck", stop) if stop else "",
        nothing=_("No services here."),
        shown=(_("Cases"), _("1 Offers"), _("2 Digital cases, %"), _("3 Digital steps"), lift),
        under=_("Department"),
        marks={
            _("1 Offers"): Marked("state", class_cells([s.class_ for s in rows]), label=_("Offers")),
            _("2 Digital cases, %"): Marked("share", shares, _("2 Digital cases"), label=_("Digital cases")),
            _("3 Digital steps"): Marked("steps", steps_cells(scope, rows), label=_("Digital steps")),
            lift: Marked("number", _lift_cells(ids, gained), _("Closer to goal {goal}").format(goal=goal)),
        },
        second={
            _("Cases"): _("in a year") if year else _("in the period"),
            _("1 Offers"): numbers.month(scope.month_to),
            _("2 Digital cases, %"): _("of those reported"),
            _("3 Digital steps"): steps,
            lift: whose,
        },
        key=steps_key(),
    )


def _lift_cells(ids: Sequence[str], gained: Mapping[str, Fraction]) -> list[Cell]:
    return [_lift_cell(gained.get(code)) for code in ids]


def _lift_cell(lift: Fraction | None) -> Cell:
    if lift is None:
        return Cell(numbers.MISSING, "")
    written = numbers.number(100 * float(max(lift, LEAST)))
    text = _("under {number}").format(number=written) if lift < LEAST else written
    return Cell(tag("b", text), float(lift) * 100)


def choose_stop(scope: Scope) -> str | None:
    """What is left for the services that the reader wants to see; not asked where they are few."""
    names = labels.labels_of("bottleneck")
    if len(statuses(scope)) <= FIRST and "stop" not in st.query_params:
        return None
    with st.columns(3)[0]:
        return choices.choose(_("Left to do"), "stop", names, _("All"))
