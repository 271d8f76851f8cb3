"""How much a goal changed and its largest part, as they stand in its row; the page *Behind the change* has the whole."""

from dataclasses import replace

from analytics.decomposition.effects import Cause
from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_COVERAGE, MIN_DENOMINATOR, significant_change
from analytics.statistics.week_estimates import error_of_part
from ui.components import metric_views
from ui.components.goal_rows import Change
from ui.components.shares import distance_text
from ui.decomposition import summary, text
from ui.decomposition.rounding import RoundedChange, round_change
from ui.decomposition.summary import Finding, ShareChange, in_part
from ui.frame import address
from ui.text import labels, numbers
from ui.text.i18n import _, capitalized, words


def describe(code: str, scope: Scope) -> Change | None:
    """The change of a share for its row; None where there is no value to change."""
    found, now = summary.load_change(code, scope), metric_views.one(code, scope)
    if now.value is None:
        return None
    if found is None:
        return Change(distance_text(metric_views.share(now)))
    if found.then.value is None or found.beyond:
        return _incomparable(found)
    change = _change(code, found, scope)
    if not _has_more(found, scope):
        return change
    return replace(change, why=_why(code), why_name=_("What is behind it? Goal {n}").format(n=metrics()[code].goal))


def _has_more(found: ShareChange, scope: Scope) -> bool:
    """Whether the page of the change can say more than the row; it has no view of a service alone."""
    moved = [one for one in found.split.services if one.points or one.coverage_reasons] if found.split else []
    return len(scope.services) != 1 and len(moved) > (1 if found.few else 0)


def _why(code: str) -> str:
    return address.link("varfor", goal=str(metrics()[code].goal) if code in GOALS.values() else code)


def _incomparable(found: ShareChange) -> Change:
    size = _("Nothing to compare with")
    if found.beyond:
        return Change(size, _("there are no figures that far back"))
    if found.then.state in ("not_applicable", "zero"):
        return Change(size, _("there was nothing to count in the comparison"))
    return Change(size, _("too little is reported for the comparison"))


def _change(code: str, found: ShareChange, scope: Scope) -> Change:
    if found.few:
        return _few(code, found, scope)
    if (found.now.coverage or 0) < MIN_COVERAGE:
        return Change(_("Cannot be compared"), _("less than half is reported"))
    return _like_for_like(code, found, scope) or _of_all(code, found, scope)


def _of_all(code: str, found: ShareChange, scope: Scope) -> Change:
    """The change of all that is counted."""
    if not found.sure:
        return Change(_("No sure change"), _period(scope))
    if found.now.value == found.then.value or not found.written.change:
        return Change(_("Unchanged"), _period(scope))
    return Change(_size(found.written), _period(scope), _reason(code, found, scope))


def _period(scope: Scope) -> str:
    """Over what it changed, so that it reads on from the size."""
    if scope.comparison == "last_year":
        return _("in a year")
    if scope.comparison == "previous":
        return _("since the previous period")
    return _("since {period}").format(period=metric_views.compared_words(scope))


def _size(written: RoundedChange) -> str:
    """The change with its sign: "+2 procentenheter"."""
    return ("+" if written.change > 0 else "−") + written.points if written.change else _("Unchanged")


def _few(code: str, found: ShareChange, scope: Scope) -> Change:
    """Fewer than twenty: how many more or fewer of as many, or what it was."""
    now, then = metric_views.share(found.now), metric_views.share(found.then)
    moved = (now.numerator or 0) - (then.numerator or 0)
    if now.denominator != then.denominator:
        size = _("from {then}").format(then=numbers.out_of(then.numerator, then.denominator))
    elif not moved:
        return Change(_("Unchanged"), _period(scope))
    elif moved > 0:
        size = numbers.plural("up {n}", "up {n}", moved)
    else:
        size = numbers.plural("down {n}", "down {n}", -moved)
    main = found.main if metrics()[code].time == "stock" else None
    if main and _itself(main, scope):
        main = None
    cause = _(": {cause}").format(cause=text.describe_cause(code, main, scope.departments, brief=True)) if main else ""
    return Change(size, _period(scope), cause)


def _reason(code: str, found: ShareChange, scope: Scope) -> str:
    """The largest cause with how much of the change it is; it reads on from the period."""
    main = found.main
    if main is None or _itself(main, scope):
        return ""
    if main.kind == "rate" and code != GOALS[1]:
        return in_part(found.part, _in_part()).format(where=_where(main))
    return in_part(found.part, _because()).format(cause=text.describe_cause(code, main, scope.departments, brief=True))


def _itself(main: Cause, scope: Scope) -> bool:
    """Whether it only says of the one service that is looked at that its share changed: it is all there is of itself."""
    return main.kind == "rate" and len(scope.services) == 1


def _because() -> tuple[str, str, str, str]:
    return (
        _(": {cause}"),
        _(", most of it: {cause}"),
        _(", about half of it: {cause}"),
        _(", the largest part: {cause}"),
    )


def _in_part() -> tuple[str, str, str, str]:
    """Where the services themselves got more or less digital."""
    return (
        _(", all of it in {where}"),
        _(", most of it in {where}"),
        _(", about half of it in {where}"),
        _(", the largest part in {where}"),
    )


def _where(cause: Cause) -> str:
    """The services behind it: one by its name, several by their number."""
    if len(cause.services) == 1:
        return labels.service(cause.services[0])
    return numbers.plural("{n} service", "{n} services", len(cause.services))


def _like_for_like(code: str, found: ShareChange, scope: Scope) -> Change | None:
    """A share of cases in the service-months that are fully reported both times; None where the change of all is told the same."""
    if metrics()[code].time == "stock" or found.split is None:
        return None
    before, after = found.split.like_for_like
    if min(before.denominator, after.denominator) < MIN_DENOMINATOR:
        return None
    shares = [counts.share or 0 for counts in (before, after)]
    alike = round_change(shares[0], shares[1], ())
    rows = tuple(
        replace(row, value=value, numerator=counts.numerator, denominator=counts.denominator)
        for row, value, counts in zip((found.now, found.then), reversed(shares), (after, before), strict=True)
    )
    error = error_of_part(found.errors, (found.now, found.then), (rows[0], rows[1]))
    sure = significant_change(code, rows[0], rows[1], error) is not None
    same = (alike.change, alike.decimals, sure) == (found.written.change, found.written.decimals, found.sure)
    if same or not (sure or found.sure):
        return None
    period = _("{period}, counted on the same services").format(period=_period(scope))
    of_all = signed_of(found.written) if found.sure else _("no sure change")
    return Change(
        _size(alike) if sure else _("No sure change"),
        period,
        _(". With changed reporting: {points}").format(points=of_all),
        is_alike=True,
    )


def finding(code: str, scope: Scope) -> Finding:
    """What the page of a change says first: the change in the same services, as the goal's row does, where that of all differs."""
    change = summary.load_change(code, scope)
    of_all = summary.describe_change(code, change, scope)
    if change is None or change.few or change.beyond:
        return of_all
    alike = _like_for_like(code, change, scope) if (change.now.coverage or 0) >= MIN_COVERAGE else None
    if alike is None:
        return of_all
    size = alike.size[:1].lower() + alike.size[1:]
    clause = _("{goal}: {size}, counted on the same services").format(goal=words(metrics()[code].title), size=size)
    return Finding(clause, ". ".join(filter(None, (alike.reason.lstrip(". "), capitalized(of_all.reason)))))


def signed_of(written: RoundedChange) -> str:
    """The change with its sign and without its word: "+11"."""
    size = numbers.number(abs(written.change) / 10**written.decimals, written.decimals)
    return ("+" if written.change > 0 else "−") + size if written.change else size
