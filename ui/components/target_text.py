"""The targets of a goal, in words: what the next one takes, and how far ahead of the targets or behind them the goal is."""

from datetime import date

from analytics.forecast.target_path import STILL, Deviation, Target, TargetPath, month_end
from analytics.metrics.scope import months_between
from ui.text import numbers
from ui.text.i18n import _, ngettext

LEAST_TOLD = 0.0005  # of a share: a smaller pace is told with two decimals


def target(
    path: TargetPath,
    now: tuple[date, float],
    pace: float | None,
    whose: str,
    as_of: date = date.max,
    *,
    all_known: bool = True,
) -> str:
    """What the next target takes, and how far ahead of the path or behind it; whose the target is where it is not one's own.

    A target after `as_of` is still to come, also in a month that has begun. Unless all is known, one is only reached
    counted on what is.
    """
    day = min(month_end(now[0]), as_of)
    coming = path.next(day)
    if not path.exact_match:
        return _not_own(coming or path.targets[-1], whose)
    if coming is None:
        return _last(path.targets[-1], now[1], all_known)
    left = next((one for one in path.targets if one.day > day and one.share > now[1]), None)
    deviation = path.deviation(day, now[1])
    sentences = (
        "" if left is coming else _reached(all_known).format(**_named(coming)),
        _takes(left, now, pace) if left else "",
        _stands(deviation) if deviation else "",
    )
    return " ".join(part for part in sentences if part)


def _reached(all_known: bool) -> str:
    if all_known:
        return _("The target {target} in {month} is reached already.")
    return _("Counted on what is reported, the target {target} in {month} is reached already.")


def _named(one: Target) -> dict[str, str]:
    return {"target": numbers.target_percent(one), "month": numbers.month(one.day)}


def _not_own(one: Target, whose: str) -> str:
    template = _("The target for {whose} is {target} in {month}. The selection has no target of its own.")
    return template.format(whose=whose, **_named(one))


def _last(one: Target, share: float, all_known: bool) -> str:
    values = _named(one) | {"left": numbers.points(one.share - share, 1)}
    if share >= one.share and not all_known:
        return _("Counted on what is reported, the last target, {target} in {month}, is reached.").format(**values)
    if share >= one.share:
        return _("The last target, {target} in {month}, is reached.").format(**values)
    return _("The last target, {target} in {month}, is not reached: {left} left.").format(**values)


def _takes(one: Target, now: tuple[date, float], pace: float | None) -> str:
    needed = (one.share - now[1]) / max(1, months_between(now[0], one.day))
    values = _named(one) | {
        "needed": numbers.points(needed, 1 if needed >= LEAST_TOLD else 2),
        "given": numbers.points(pace, 1, signed=True),
    }
    if pace is None:
        return _("To reach the target {target} in {month} takes {needed} a month.").format(**values)
    return _(
        "To reach the target {target} in {month} takes {needed} a month. Over the last year the change "
        "has been {given} a month on average."
    ).format(**values)


def _stands(where: Deviation) -> str:
    """Ahead of the path between the targets or behind it, in points and months."""
    if abs(where.points) < STILL:
        return _("The share follows an even rise between the targets.")
    ahead, size = where.points > 0, numbers.points(where.points)
    if where.months is None:
        template = _("The share is {points} higher than an even rise between the targets.")
        return (template if ahead else _("The share is {points} lower than an even rise between the targets.")).format(
            points=size
        )
    template = _("The share is {points} higher than an even rise between the targets, that is {time} ahead.")
    template = (
        template
        if ahead
        else _("The share is {points} lower than an even rise between the targets, that is {time} behind.")
    )
    return template.format(points=size, time=duration(abs(where.months)))


def distance(where: Deviation) -> str:
    """How far ahead of the targets or behind them: "2 procentenheter efter delmålen, ungefär 3 månader"."""
    if abs(where.points) < STILL:
        return _("in step with the targets")
    ahead = where.points > 0
    if where.months is None:
        template = _("{points} ahead of the targets") if ahead else _("{points} behind the targets")
        return template.format(points=numbers.points(where.points))
    template = _("{points} ahead of the targets, {time}") if ahead else _("{points} behind the targets, {time}")
    return template.format(points=numbers.points(where.points), time=duration(abs(where.months)))


def duration(months: float) -> str:
    """So many months, about: "ungefär 3 månader"."""
    whole = round(months)
    if whole == 0:
        return _("less than a month")
    return ngettext("about {n} month", "about {n} months", whole).format(n=numbers.count(whole))
