"""What a report says of the one before it: which of the numbers that were told are other now, and why."""

from collections.abc import Sequence

from analytics.metrics.scope import Scope
from ui import database
from ui.frame import filters
from ui.reports import revisions
from ui.reports.model import Grid, Report, Section
from ui.text import numbers
from ui.text.i18n import _

MOST = 24  # lines in the report; the page of the earlier report has all of them


def previous(scope: Scope) -> list[tuple[int, Report]]:
    """What was told before of the same departments, audience and services: the latest report of other months, and of these."""
    latest: dict[bool, tuple[int, Report]] = {}
    store = database.store()
    for frozen in reversed(store.reports()):
        same = frozen.months == (filters.month_code(scope.month_from), filters.month_code(scope.month_to))
        if frozen.damaged or same in latest or set(frozen.departments) != set(scope.departments):
            continue
        try:
            report = Report.from_json(store.report(frozen.number))
        except (database.StoreError, LookupError, TypeError):  # damaged, from before the protection, or of another kind
            continue
        if _whose(report) == (set(scope.departments), scope.audience or "", set(scope.services)):
            latest[same] = frozen.number, report
    return [latest[same] for same in (False, True) if same in latest]


def _whose(report: Report) -> tuple[set[str], str, set[str]]:
    of = report.period
    return set(of.departments), of.audience, set(of.services)


def sections(scope: Scope) -> Sequence[Section]:
    """What differs from the reports before, a section each; that nothing does, where it is so of the last one."""
    found = [_section(scope, number, report) for number, report in previous(scope)]
    return [one for place, one in enumerate(found) if place == 0 or one.grid]


def _section(scope: Scope, number: int, report: Report) -> Section:
    found = revisions.lines(report, revisions.revisions(report, scope))
    differ = [one for one in found if one.reason]
    told = [_("It was report {n}, “{title}”.").format(n=number, title=report.title)]
    if (left := len(differ) - MOST) > 0:
        told.append(
            numbers.plural(
                "{n} more is other now: the page of that report has every number.",
                "{n} more are other now: the page of that report has every number.",
                left,
            )
        )
    columns = (
        _("Figure"),
        _("As reported"),
        _("The same period, known today"),
        _("Why it differs"),
        numbers.months(scope.month_from, scope.month_to),
    )
    rows = tuple(
        (one.name, one.reported, one.known, revisions.reason_words(one.reason), one.now) for one in differ[:MOST]
    )
    grid = Grid(_("What differs from the last report"), columns, rows, (1, 2, 4)) if rows else None
    return Section(_headline(len(differ), len(found)), tuple(told), grid)


def _headline(differ: int, every: int) -> str:
    if not differ:
        return _("Every number of the last report still holds")
    told = {"n": numbers.count(differ), "all": numbers.count(every)}
    return _("{n} of {all} numbers of the last report are other now").format(**told)
