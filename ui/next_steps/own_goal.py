"""The department's own goal beside the municipality's: what a gap is of each, where one department is chosen."""

from analytics.metrics.catalogue import GOALS
from analytics.metrics.scope import Scope
from analytics.priorities.ranking import Gain, share_of
from analytics.statistics.significance import MIN_DENOMINATOR
from ui.components.metric_views import one
from ui.next_steps.text import points
from ui.text import labels, numbers
from ui.text.i18n import _


def denominator(scope: Scope, goal: int) -> int | None:
    """What the goal is counted of for the department chosen; None where none is, or several, which have no goal of their own."""
    return int(one(GOALS[goal], scope).denominator or 0) or None if len(scope.departments) == 1 else None


def is_few(of: int) -> bool:
    """Whether the department's goal is of so few that a gap is told as a count."""
    return of < MIN_DENOMINATOR


def points_of(gain: Gain, of: int) -> float:
    """The gap in percentage points of a goal that is counted of so many."""
    return 100 * float(share_of(gain, of))


def describe(gain: Gain, scope: Scope, goal: int) -> str:
    """What the gap is of the department's goal and of the municipality's, as a sentence; of the latter where none is chosen."""
    of, told = denominator(scope, goal), {"points": points(gain.share), "goal": goal}
    if of is None:
        return _("It can bring the municipality {points} closer to goal {goal}.").format(**told)
    who = labels.department(scope.departments[0])
    if is_few(of):
        sentence = _("For {who} it is {part} in goal {goal}, for the municipality {points}.")
        return sentence.format(part=numbers.out_of(gain.remaining, of), who=who, **told)
    sentence = _("It can bring {who} {own} closer to goal {goal}, and the municipality {points}.")
    return sentence.format(own=points(share_of(gain, of)), who=who, **told)
