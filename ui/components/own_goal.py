"""Whose goal a gap is told of: the department's own, where one is chosen, else the municipality's."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Branch, Gain, share_of
from analytics.statistics.significance import MIN_DENOMINATOR
from ui.components.metric_views import one
from ui.text import labels, numbers
from ui.text.i18n import _

Gaps = Sequence[Gain] | Sequence[Branch]


def points(part: Fraction | float) -> str:
    """A part of a goal: "4,6 procentenheter"."""
    tiny = 0 < part < 0.0005
    return _("less than 0.1 percentage points") if tiny else numbers.points(float(part), 1)


def denominator(scope: Scope, goal: int) -> int | None:
    """What the goal is counted of for the department chosen; None where none is, or several, which have no goal of their own."""
    alone = (
        len(scope.departments) == 1 and not scope.services
    )  # services that are chosen have no goal of their own either
    return int(one(GOALS[goal], scope).denominator or 0) or None if alone else None


def is_few(of: int) -> bool:
    """Whether the department's goal is of so few that a gap is told as a count."""
    return of < MIN_DENOMINATOR


def points_of(gain: Gain | Branch, of: int) -> float:
    """The gap in percentage points of a goal that is counted of so many."""
    return 100 * float(share_of(gain, of))


def name(scope: Scope, goal: int) -> str:
    """Whose goal it is, within a sentence."""
    if scope.services:
        return _("the municipality's goal {goal} in the services chosen").format(goal=goal)
    if len(scope.departments) == 1:
        return _("goal {goal} for {who}").format(goal=goal, who=labels.department(scope.departments[0]))
    if scope.departments:
        return _("the municipality's goal {goal} in the departments chosen").format(goal=goal)
    return _("goal {goal}").format(goal=goal)


def size(gaps: Gaps, scope: Scope, goal: int) -> str:
    """How much the gaps are together of the goal that `name` names: in points, as a count where it is of few."""
    of, left = denominator(scope, goal), sum(gap.remaining for gap in gaps)
    if of is None:
        return points(sum((gap.share for gap in gaps), Fraction(0)))
    return numbers.count(left) if is_few(of) else points(Fraction(left, of))


def unit(scope: Scope, goal: int) -> str:
    """What follows a title of such numbers: that they are in points; nothing where they are counts."""
    of = denominator(scope, goal)
    return "" if of is not None and is_few(of) else _(", in percentage points")


def saying(gaps: Gaps, scope: Scope, goal: int) -> Callable[[Gain | Branch], str]:
    """A function that writes one of the gaps as `size` does, without a unit: with decimals enough for the largest."""
    of = denominator(scope, goal)
    if of is not None and is_few(of):
        return lambda gap: numbers.count(gap.remaining)
    say = _say(max((float(_share(gap, of)) for gap in gaps), default=0.0))
    return lambda gap: say(100 * float(_share(gap, of)))


def _share(gap: Gain | Branch, of: int | None) -> Fraction:
    return gap.share if of is None else share_of(gap, of)


def _say(largest: float) -> Callable[[float | Decimal | None], str]:
    """Percentage points with one decimal, two where all are small; what is too small to be seen is not told as nothing."""
    decimals = 1 if largest >= 0.005 else 2
    least = Decimal(1).scaleb(-decimals)

    def say(value: float | Decimal | None) -> str:
        if value is not None and 0 < value < least / 2:
            return _("under {number}").format(number=numbers.number(least, decimals))
        return numbers.number(value, decimals)

    return say


def part(gain: Gain, scope: Scope, goal: int) -> str:
    """What the gap is of the goal that `name` names: "4,6 procentenheter i mål 2", "1 av 6 i mål 1" where it is of few."""
    of = denominator(scope, goal)
    told = numbers.out_of(gain.remaining, of) if of is not None and is_few(of) else size([gain], scope, goal)
    return _("{part} in goal {goal}").format(part=told, goal=goal)
