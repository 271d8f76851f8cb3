"""Data quality: how much is reported, what is in no register, what cannot all be true, each with what to do and who should."""

from collections import Counter

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope, month_range
from ui.components import figures, headlines, heatmap, metric_views, parts
from ui.components.figures import Figure
from ui.components.metric_views import ask, one, share
from ui.components.parts import Shade
from ui.components.tables import Table
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.quality import headings, issues
from ui.text import labels, numbers
from ui.text.i18n import _

MOST = 25  # services in the picture month by month


def headline(scope: Scope) -> str:
    """How much is reported; where all is, how much there is to mend. A narrowed choice is told only what is its own."""
    row, narrowed = one("reporting", scope), scope.narrowed
    own = [found for found in issues.every_contradiction(scope) if found.departments or not narrowed]
    mend = len(own) if narrowed else len(own) + len(issues.every_unmatched())
    if mend and (not row.denominator or row.value == 1):
        return _mend(mend, narrowed)
    return _reported(row, scope)


def _reported(row: Row, scope: Scope) -> str:
    if not row.denominator and page.has_no_services(scope, any_month=True):
        return headlines.without_services()
    if not row.denominator:
        return labels.label("goal_not_applicable", GOALS[2])
    if row.value == 1:
        return _("Every month of every service is fully reported")
    if row.value == 0:
        return _("No month of any service is fully reported")
    if share(row).few:
        part = numbers.out_of(share(row).numerator, share(row).denominator)
        return _("{part} months are fully reported, counted per service").format(part=part)
    return _("{share} of the services' months are fully reported").format(share=numbers.percent(row.value))


def _mend(n: int, narrowed: bool) -> str:
    if narrowed:
        return numbers.plural("{n} thing needs correcting here", "{n} things need correcting here", n)
    return numbers.plural("{n} thing needs correcting", "{n} things need correcting", n)


@cached_block
def status(scope: Scope) -> None:
    """Share reported, ids in no register, contradictions."""
    figures.draw([_reporting(scope), _unknown_ids(), _not_adding_up(scope)])


def _reporting(scope: Scope) -> Figure:
    row = one("reporting", scope)
    left = int(row.denominator or 0) - int(row.numerator or 0)
    text = numbers.plural(
        "{n} month is missing, counted per service.", "{n} months are missing, counted per service.", left
    )
    return metric_views.figure("reporting", scope, text if left else "")


def _unknown_ids() -> Figure:
    n, rows = len(issues.every_unmatched()), sum(found.rows for found in issues.every_unmatched())
    text = numbers.plural("{n} row has such ids.", "{n} rows have such ids.", rows)
    text = text if n else _("Every id is in the registers.")
    return figures.problem(_("Unknown ids"), n, text, "#unmatched")


def _not_adding_up(scope: Scope) -> Figure:
    times = Counter(found.kind for found in issues.every_contradiction(scope))
    return figures.problem(_("Does not add up"), times.total(), _most_often(times), "#contradictions")


def _most_often(times: Counter[str]) -> str:
    """The kind that there is most of, where there is one."""
    if not times:
        return _("Nothing has been found that does not add up.")
    (top, n), *rest = times.most_common()
    if any(others == n for _kind, others in rest):
        return _("{n} kinds.").format(n=numbers.count(len(times)))
    title = issues.kind_text(top, "title")
    return _("Most often: {kind}.").format(kind=title) if rest else f"{title}."


def has_services(scope: Scope) -> bool:
    """Whether there is any service in the scope that could be reported."""
    return bool(one("reporting", scope).denominator)


def draw_empty() -> None:
    """Message where the services of the scope have nothing to report."""
    page.empty(f"{labels.label('goal_not_applicable', GOALS[2])}.")


def reporting(scope: Scope) -> None:
    """The finding over the months that are reported."""
    title = headings.reported([row for row in ask("reporting", scope, "branch") if row.by["branch"] is not None], scope)
    empty = _("Empty square: nothing is to be reported.")
    reading = empty if is_small(scope) else " ".join((_("Darker square: more is reported."), empty))
    page.heading(title, reading, "reported")


def is_small(scope: Scope) -> bool:
    """Whether the services are few enough to be seen one by one."""
    return len(_services(scope)) <= MOST


def _services(scope: Scope) -> list[str]:
    return [str(row.by["service"]) for row in ask("reporting", scope, "service") if row.denominator]


@cached_block
def by_service(scope: Scope) -> None:
    """Which months each service has reported in full."""
    rows = {(row.by["service"], row.by["month"]): row for row in ask("reporting", scope, "service", "month")}
    months = month_range(scope.month_from, scope.month_to)
    lines = [
        heatmap.Line(labels.service(s), [_yes_or_no(rows.get((s, month))) for month in months], service_link(s))
        for s in sorted(_services(scope), key=labels.service)
    ]
    title = _("Whether the month is fully reported, service by service")
    heatmap.draw(_("Service"), [numbers.month(month) for month in months], lines, title)


def _yes_or_no(row: Row | None) -> heatmap.Cell:
    if row is None or row.value is None:
        return heatmap.nothing_to_report()
    return heatmap.Cell(float(row.value), text=labels.label("yes_no", "true" if row.value else "false"))


def _states() -> list[Shade]:
    return [
        ("value", _("value"), "digital"),
        ("zero", _("zero"), "digital_soft"),
        ("sampled_weeks", _("estimated from counting weeks"), "grey_2"),
        ("not_applicable", labels.label("state", "not_applicable"), "pale"),
        ("suppressed", labels.label("state", "suppressed"), "grey_1"),
        ("not_reported", labels.label("state", "not_reported"), "unknown"),
    ]


@cached_block
def states(scope: Scope) -> None:
    """In which of the five states the figures of cases are, or that counting weeks say them, now and before."""
    now = parts.sums("figures", "state", scope)
    if not now:
        page.heading(_("How the channels are reported"))
        page.reading(_("Nothing is reported yet"))
        return
    title = headings.figures(now.get("not_reported", 0), sum(now.values()))
    page.heading(
        title,
        _(
            "A figure is the number of cases to one service, in one month, in one channel. A single missing channel makes "
            "the month incomplete, and services with only the e-service reported never become fully reported."
        ),
    )
    parts.draw(_states(), now, parts.sums("figures", "state", scope.compared()), scope, shares=True)


def states_by_month(scope: Scope) -> Table:
    """The figures of each month by their state."""
    rows = ask("figures", scope, "month", "state")
    values = {(row.by["month"], row.by["state"]): float(row.value) for row in rows if row.value}
    return parts.months(_("How the channels are reported, month by month"), _states(), values, scope, ("figures",))
