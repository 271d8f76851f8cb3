"""Our services: every service with its way through the three goals, where it stops, its volume and lead time."""

from collections import Counter

from analytics.metrics.scope import Scope
from analytics.registers.services import BOTTLENECKS, ServiceStatus, service_statuses, services
from ui import database
from ui.charts.base import draw
from ui.charts.ranked_bars import Bar, ranked_bars
from ui.components.cells import share_cell, steps_key
from ui.components.metric_views import part_of, share
from ui.components.service_cells import class_cells, steps_cells
from ui.components.tables import Marked, Table, amounts, percentage, service_table, whole_numbers
from ui.decomposition import goals
from ui.frame import address, page, theme
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _

METRICS = ("e_service_coverage", "digital_submission", "digital_steps", "cases", "lead_time_median")


def statuses(scope: Scope) -> list[ServiceStatus]:
    """Every service in force at the end of the period."""
    return database.answer(service_statuses, scope)


def headline(scope: Scope) -> str:
    """The finding: how many services stop where most stop."""
    counts = Counter(status.bottleneck for status in statuses(scope))
    total = counts.total() - counts["not_applicable"]
    if not counts:
        return _("There are no services in what you have chosen")
    if not total:
        return _("An e-service does not apply to any service here")
    if counts["done"] == total:
        return _("No service stops on its way to the three goals")
    (stop, most), (_next, second) = Counter({code: counts[code] for code in _headlines()}).most_common(2)
    if most > second:
        return _headlines()[stop].format(n=numbers.count(most), of=numbers.count(total))
    template = _("{n} of {of} services stop on their way to the three goals")
    if not counts["done"]:
        template = _("All {of} services stop on their way to the three goals")
    return template.format(n=numbers.count(total - counts["done"]), of=numbers.count(total))


def _headlines() -> dict[str, str]:
    """The finding by where most services stop."""
    return {
        "e_service": _("Most services stop at the first goal: {n} of {of} lack an e-service"),
        "cases": _(
            "Most services stop at the second goal: in {n} of {of}, what is lost most is cases that come another way"
        ),
        "handling": _("Most services stop at the third goal: in {n} of {of}, some step is not digital"),
        "unknown": _("Too little is known of {n} of {of} services to say where they stop"),
    }


@cached_block
def three_goals(scope: Scope) -> None:
    """The rows of the three goals, for what is chosen."""
    goals.draw_goals(scope)


@cached_block
def where_they_stop(scope: Scope) -> None:
    """How many services stop where; a name shows only those in the table."""
    counts = Counter(status.bottleneck for status in statuses(scope))
    roles: dict[str, Role] = {"done": "digital", "unknown": "unknown", "not_applicable": "pale"}
    names = {code: labels.label("bottleneck", code) for code in BOTTLENECKS if counts[code]}
    bars = [
        Bar(name, counts[code], roles.get(code, "grey_2"), address.link_here("services", stop=code))
        for code, name in names.items()
    ]
    draw(ranked_bars(bars, theme.palette(), say=numbers.count), "stops")
    page.reading(_reading(counts))


def _reading(counts: Counter[str]) -> str:
    n = counts["done"]
    texts = [numbers.plural("{n} service stops nowhere.", "{n} services stop nowhere.", n)] if n else []
    if not any(counts[code] for code in ("done", "unknown", "not_applicable")):
        texts = [_("Every service stops somewhere.")]
    return " ".join([*texts, _("Choose a name to see only those services in the table.")])


def table(scope: Scope, stop: str | None) -> Table:
    """Every service, or those that stop at one place: e-service → digital cases → digital steps, volume and lead time."""
    rows = [s for s in statuses(scope) if stop is None or s.bottleneck == stop]
    rows.sort(key=lambda s: -float(s.cases.value or 0))
    register = [database.answer(services)[s.service_id] for s in rows]
    columns = {
        _("Stops at"): [labels.label("bottleneck", s.bottleneck) for s in rows],
        _("Cases"): whole_numbers([s.cases.value for s in rows]),
        _("1 E-service"): [labels.label("service_class", s.class_) for s in rows],
        _("2 Digital cases, %"): [percentage(s.digital) for s in rows],
        _("of cases reported"): [part_of(s.digital) for s in rows],
        _("3 Digital steps"): [part_of(s.steps) for s in rows],
        _("Days, median"): amounts([s.lead_time.value for s in rows]),
        _("Department"): labels.departments_of(scope, [s.service_id for s in rows]),
        _("Audience"): [labels.label("audience", service.audience) for service in register],
    }
    narrowed, nothing = labels.label("bottleneck", stop) if stop else "", _("No service stops there.")
    marks = {
        _("1 E-service"): Marked("state", class_cells([s.class_ for s in rows])),
        _("2 Digital cases, %"): Marked("share", [share_cell(share(s.digital)) for s in rows]),
        _("3 Digital steps"): Marked("steps", steps_cells(scope, rows)),
    }
    shown = (_("Cases"), _("1 E-service"), _("2 Digital cases, %"), _("3 Digital steps"), _("Stops at"))
    ids, more = [s.service_id for s in rows], {"narrowed": narrowed, "nothing": nothing, "marks": marks, "shown": shown}
    return service_table(
        _("Our services"), ids, columns, METRICS, decimals=1, under=_("Department"), key=steps_key(), **more
    )
