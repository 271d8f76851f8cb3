"""The finding of the next steps: how few services make up half of what is left to a goal."""

from collections.abc import Sequence
from fractions import Fraction

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Gain, cumulative_shares, services_needed, without_department_filter
from analytics.statistics.significance import MIN_COVERAGE
from ui.components import headlines, own_goal
from ui.components.metric_views import one
from ui.components.own_goal import points
from ui.next_steps import ranking
from ui.next_steps.text import services, share
from ui.text import labels, numbers
from ui.text.i18n import _

HALF = Fraction(1, 2)
NEAR = Fraction(1, 20)  # of half, give or take


def headline(scope: Scope, goal: int) -> str:
    """The finding: how few services make up half of what is left, true also when little is known or nothing is left."""
    every, row = ranking.load_gains(scope, goal), one(GOALS[goal], scope)
    if not every or ranking.too_few(scope, goal):
        return headlines.goal(GOALS[goal], scope, lambda _scope: "")
    found = headlines.of_what_is_known(_finding(every, scope, goal), row, whole=False)
    return (
        headlines.fitting(found, _("Less than half is reported for goal {goal}").format(goal=goal))
        if _little(row)
        else found
    )


def _little(row: Row) -> bool:
    return (row.coverage or 0) < MIN_COVERAGE


def _finding(every: Sequence[Gain], scope: Scope, goal: int) -> str:
    sums = cumulative_shares(every)
    if not sums:
        return _("Nothing of what is left to goal {goal} can be acted on now").format(goal=goal)
    if scope != without_department_filter(scope):
        return _own(every, sums[-1], scope, goal)
    n, total = services_needed(every, HALF), ranking.total_gain(every)
    if n is None:
        possible = {"share": share(sums[-1], total), "goal": goal}
        return _("{share} of what is left to goal {goal} can be acted on now").format(**possible)
    told = {"goal": goal, "name": labels.service(every[0].service_id), "n": services(n)}
    told["share"] = share(sums[n - 1], total)
    if len(every) == 1:
        only = (
            _("Only {name} is left to goal {goal}, of what we know"),
            _("One service is left to goal {goal}, of what we know"),
        )
        return headlines.fitting(*(text.format(**told) for text in only))
    if n == 1:
        alone = (
            _("{name} alone makes up {share} of what is left to goal {goal}"),
            _("One service makes up {share} of what is left to goal {goal}"),
        )
        return headlines.fitting(*(text.format(**told) for text in alone))
    if sums[n - 1] > (HALF + NEAR) * total:
        return _("{n} make up {share} of what is left to goal {goal}").format(**told)
    return _("{n} make up half of what is left to goal {goal}").format(**told)


def _own(every: Sequence[Gain], possible: Fraction, scope: Scope, goal: int) -> str:
    """The finding for what is chosen: how much closer it can come to its own goal, and the municipality to its.

    Of the municipality alone where several are chosen or fewer than twenty are counted; without a name that is too long for
    a headline.
    """
    named = labels.department(scope.departments[0]) if len(scope.departments) == 1 else _("The departments chosen")
    by_department = scope.departments and not scope.services
    whose = (named, _("The department")) if by_department else (_("The services chosen"),)
    of = own_goal.denominator(scope, goal)
    if of is None or own_goal.is_few(of):
        template = _("{who} can add {points} to goal {goal}")
        told = {"points": points(possible), "goal": goal}
        return headlines.fitting(*(template.format(who=who, **told) for who in whose))
    both = _("{who} can come {own} closer to goal {goal}, the municipality {more}")
    alone = _("{who} can come {own} closer to goal {goal}")
    own = points(Fraction(sum(gain.remaining for gain in every if gain.is_open), of))
    written = {"own": own, "more": numbers.number(100 * float(possible)), "goal": goal}
    return headlines.fitting(*(template.format(who=who, **written) for template in (both, alone) for who in whose))
