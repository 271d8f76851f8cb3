"""What is behind the change of a goal's share since the comparison: a headline and the line under it."""

from dataclasses import dataclass
from functools import cached_property
from math import hypot, isfinite

from analytics.decomposition.cells import decompose_change
from analytics.decomposition.effects import Cause, Decomposition, add_points
from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR, MIN_SHARE_CHANGE, significant_change
from analytics.statistics.week_estimates import error
from ui import database
from ui.components import metric_views
from ui.components.metric_views import one
from ui.decomposition import text
from ui.decomposition.rounding import RoundedChange, round_change
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized

MOST_OF_IT, HALF_OF_IT, MORE_THAN_ALL = 0.6, 0.4, 1.1  # of a change; with more, others pull against it
AGAINST = 0.25  # what pulls the other way with this much of the strongest cause is told


@dataclass(frozen=True)
class ShareChange:
    """A share now and in the comparison, and why it moved; `sure` is False where chance could have made the change.

    `errors` are half the widths of the intervals that counting weeks give the two, 0 without such weeks: a change that lies
    within them is not sure. `beyond` is whether the comparison begins before the first month that is known: then nobody knows why.
    """

    now: Row
    then: Row
    split: Decomposition | None
    sure: bool = True
    beyond: bool = False
    errors: tuple[float, float] = (0.0, 0.0)

    @property
    def few(self) -> bool:
        """Whether fewer than twenty are counted in either."""
        return min(self.now.denominator or 0, self.then.denominator or 0) < MIN_DENOMINATOR

    @property
    def moved(self) -> bool:
        """Whether any service moved the share."""
        return self.split is not None and any(one.points or one.coverage_reasons for one in self.split.services)

    @cached_property
    def written(self) -> RoundedChange:
        """The change and its causes as a sentence writes them."""
        return self._written()

    @cached_property
    def fine(self) -> RoundedChange:
        """The same with a decimal, so that the parts side by side have as many."""
        return self._written(1)

    @property
    def main(self) -> Cause | None:
        """The largest cause that pulls the way the share went."""
        return next((cause for cause in self.written.causes if cause.points * self.written.change > 0), None)

    @property
    def part(self) -> float:
        """How much of all causes together the largest one is; 0 without one."""
        return self.main.points / add_points(cause.points for cause in self.written.causes) if self.main else 0.0

    def _written(self, decimals: int = 0) -> RoundedChange:
        found = self.split.causes if self.split else ()
        return round_change(float(self.then.value or 0), float(self.now.value or 0), found, decimals)


def load_change(code: str, scope: Scope) -> ShareChange | None:
    """The change of a share between the comparison and the period; None without a comparison."""
    before = scope.compared()
    if before is None:
        return None
    now, then = one(code, scope), one(code, before)
    stock = metrics()[code].time == "stock"
    if not stock and before.month_from < database.period().first:
        return ShareChange(now, then, None, beyond=True)
    errors = database.answer(error, code, scope), database.answer(error, code, before)
    return ShareChange(
        now,
        then,
        database.answer(decompose_change, code, scope),
        stock or significant_change(code, now, then, hypot(*errors)) is not None,
        errors=errors,
    )


@dataclass(frozen=True)
class Finding:
    """What a share did, as a clause short enough for a headline, and why; neither with a full stop, the reason may be blank."""

    clause: str
    reason: str = ""


def describe_change(code: str, change: ShareChange | None, scope: Scope) -> Finding:
    """What a share did and why; also where it is unchanged or nothing is known."""
    words = {"share": labels.label("share_in_sentence", code), "period": metric_views.compared_words(scope)}
    if change is None:
        return Finding(_("There is nothing to compare with"))
    for row, reason in (
        (change.now, _("nothing is reported for the period")),
        (change.then, _("nothing was reported for {period}")),
    ):
        if row.value is None:
            if row.state in ("not_applicable", "zero"):
                return _finding(
                    _("There is nothing to count"), _("the period has nothing to count {share} of"), **words
                )
            return _finding(_("It is not known how {share} changed"), reason, **words)
    if change.beyond:
        reason = _("there are no figures that far back")
        return _finding(_("{share} cannot be compared"), reason, **words)
    return (_few if change.few else _moved)(code, change, scope.departments, **words)


def of_weeks(code: str, scope: Scope) -> str:
    """Between which ends a change lies by what counting weeks leave open, and whether it may be none; blank without such weeks."""
    change = load_change(code, scope)
    if change is None:
        return ""
    half = hypot(*change.errors)
    if not half or change.now.value is None or change.then.value is None:
        return ""
    if not isfinite(half):
        return _("Some of it is estimated from counting weeks, too few to say how sure the change is.")
    size = float(change.now.value) - float(change.then.value)
    low, high = (numbers.points(end, 1, signed=True) for end in (size - half, size + half))
    between = _("With what the counting weeks leave open, the change lies between {low} and {high}.")
    none = _("So it may be none at all.") if abs(size) <= half else ""
    return " ".join(filter(None, (between.format(low=low, high=high), none)))


def _finding(clause: str, reason: str, /, **words: str) -> Finding:
    """A finding with its words in place."""
    return Finding(capitalized(clause.format(**words)), reason.format(**words))


def _few(code: str, change: ShareChange, chosen: tuple[str, ...], share: str, period: str) -> Finding:
    """The finding of fewer than twenty: counts and no points. Services are no sample, so what happened can be said."""
    told = {
        "share": share,
        "period": period,
        "now": metric_views.part_of(change.now),
        "then": metric_views.part_of(change.then),
    }
    if told["now"] == told["then"] and not change.written.causes:
        return _finding(_("{share} is unchanged"), "{now}", **told)
    main = change.main
    if metrics()[code].time == "stock" and main:
        cause = text.describe_cause(code, main, chosen)
        return _finding(_("{share} is {now}"), _("it was {then} {period}: {cause}"), **told, cause=cause)
    return _finding(_("{share} is {now}"), _("it was {then} {period}. That is too few to draw conclusions"), **told)


def _moved(code: str, change: ShareChange, chosen: tuple[str, ...], share: str, period: str) -> Finding:
    told, still = change.written, change.now.value == change.then.value
    if not (still or change.sure):
        return _finding(
            _("it is uncertain whether {share} has changed"),
            "{reason}",
            share=share,
            reason=_balance(code, told, chosen),
        )
    if still or not told.change:
        return _finding(_("{share} is unchanged"), "{reason}", share=share, reason=_balance(code, told, chosen))
    rose, fell = _("{share} rose by {size}"), _("{share} fell by {size}")
    clause = rose if told.change > 0 else fell
    reason = _reason(code, change, chosen)
    if min(change.now.coverage or 0, change.then.coverage or 0) < MIN_COVERAGE:
        known = _("counted on what is reported")
        reason = f"{known}. {capitalized(reason)}" if reason else known
    return _finding(clause, "{reason}", share=share, size=told.points, reason=reason)


def _reason(code: str, change: ShareChange, chosen: tuple[str, ...]) -> str:
    """The cause that mattered most, or the two that pull against each other; blank where there is none."""
    told, main = change.written, change.main
    if main is None:
        return ""
    other = next((cause for cause in told.causes if cause.points * main.points < 0), None)
    if other and (abs(other.points) >= AGAINST * abs(main.points) or change.part > MORE_THAN_ALL):
        return _two(code, told, main, other, chosen)
    templates = (
        _("all of it: {cause}"),
        _("most of it: {cause}"),
        _("about half of it: {cause}"),
        _("the largest part: {cause}"),
    )
    return in_part(change.part, templates).format(cause=text.describe_cause(code, main, chosen))


def in_part(part: float, templates: tuple[str, str, str, str]) -> str:
    """The template for all, most, about half, or the largest part of a change."""
    every, most, half, largest = templates
    if 0.995 <= part <= 1.005:
        return every
    if MOST_OF_IT <= part <= MORE_THAN_ALL:
        return most
    return half if HALF_OF_IT <= part <= MORE_THAN_ALL else largest


def _balance(code: str, rounded: RoundedChange, chosen: tuple[str, ...]) -> str:
    """What has evened out, where it is worth a word."""
    up = next((cause for cause in rounded.causes if cause.points >= MIN_SHARE_CHANGE), None)
    down = next((cause for cause in rounded.causes if cause.points <= -MIN_SHARE_CHANGE), None)
    if up and down:
        first, second = sorted((up, down), key=lambda cause: -abs(cause.points))
        return _two(code, rounded, first, second, chosen)
    even = next((cause for cause in rounded.causes if not cause.points and cause.kind == "rate"), None)
    return text.describe_cause(code, even, chosen) if even and code == "e_service_coverage" else ""


def _two(code: str, rounded: RoundedChange, main: Cause, other: Cause, chosen: tuple[str, ...]) -> str:
    """Two causes that pull against each other, each with its points."""
    said = {
        "cause": text.describe_cause(code, main, chosen, brief=True),
        "points": rounded.of(main),
        "other": text.describe_cause(code, other, chosen, brief=True),
        "against": rounded.of(other),
    }
    return _("{cause} ({points}), but {other} ({against})").format(**said)
