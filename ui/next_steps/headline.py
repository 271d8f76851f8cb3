"""The finding of the next steps: how few services are half the way to a goal."""

from collections.abc import Sequence
from fractions import Fraction

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Gain, cumulative_shares, services_needed, without_department_filter
from ui.components import headlines
from ui.components.metric_views import one
from ui.next_steps import ranking
from ui.next_steps.text import points, services, share
from ui.text import labels
from ui.text.i18n import _

HALF = Fraction(1, 2)
NEAR = Fraction(1, 20)  # half the way, give or take


def headline(scope: Scope, goal: int) -> str:
    """The finding: how few services are half the way, true also when little is known or nothing is left."""
    every, row = ranking.load_gains(scope, goal), one(GOALS[goal], scope)
    if not every or ranking.too_few(scope, goal):
        return headlines.goal(GOALS[goal], scope, lambda _scope: "")
    return headlines.of_what_is_known(_finding(every, scope, goal), row, whole=False)


def _finding(every: Sequence[Gain], scope: Scope, goal: int) -> str:
    sums = cumulative_shares(every)
    if not sums:
        return _("What is left of goal {goal} lies where nothing can be done now").format(goal=goal)
    if scope != without_department_filter(scope):
        return _own(every, sums[-1], scope, goal)
    n, total = services_needed(every, HALF), ranking.total_gain(every)
    if n is None:
        there = {"points": points(sums[-1]), "of": points(total), "goal": goal}
        return _("What can be done gives {points} of the {of} left to goal {goal}").format(**there)
    told = {"goal": goal, "name": labels.service(every[0].service_id), "n": services(n)}
    told["share"] = share(sums[n - 1], total)
    if len(every) == 1:
        return _("Only {name} is known to lack something to goal {goal}").format(**told)
    if n == 1:
        return _("{name} alone is {share} of the way to goal {goal}").format(**told)
    if sums[n - 1] > (HALF + NEAR) * total:
        return _("{n} are {share} of the way to goal {goal}").format(**told)
    return _("{n} are half the way to goal {goal}").format(**told)


def _own(every: Sequence[Gain], possible: Fraction, scope: Scope, goal: int) -> str:
    """The finding for what is chosen: how much it can give the municipality, and through how few services."""
    here = [gain for gain in every if gain.is_open]
    sums = cumulative_shares(here)
    n = next(i for i, sum_ in enumerate(sums, 1) if sum_ >= possible / 2)
    one_chosen = len(scope.departments) == 1
    who = labels.department(scope.departments[0]) if one_chosen else _("The departments chosen")
    told = {"who": who, "points": points(possible), "goal": goal, "name": labels.service(here[0].service_id)}
    if ranking.equal_gains(here):
        many = services(len(here)).lower()
        return _("{who} can lift the municipality's goal {goal} by {points}, with {many} that weigh the same").format(
            many=many, **told
        )
    if n == 1:
        half = _("half of it") if 2 * here[0].share == possible else _("most of it")
        most = _("all of it") if len(here) == 1 else half
        return _("{who} can lift the municipality's goal {goal} by {points}, {most} with {name}").format(
            most=most, **told
        )
    many = services(n).lower()
    if sums[n - 1] > (HALF + NEAR) * possible:
        told["share"] = share(sums[n - 1], possible)
        more = _("{who} can lift the municipality's goal {goal} by {points}, {share} of it with {many}")
        return more.format(many=many, **told)
    return _("{who} can lift the municipality's goal {goal} by {points}, half of it with {many}").format(
        many=many, **told
    )
