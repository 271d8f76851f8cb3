"""How the cases came in."""

from collections import defaultdict

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope, month_range
from ui.components import events, parts
from ui.components.metric_views import ask, from_weeks, one
from ui.components.parts import Shade
from ui.components.tables import Table, whole_numbers
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _

ASSISTED, REST = "assisted", "rest"
NAMED: tuple[tuple[str, Role], ...] = (
    ("phone", "grey_1"),
    ("form", "grey_2"),
    ("email", "grey_3"),
)  # dark and light by turns


def _part(row: Row) -> str:
    """Which part of the picture a row belongs to: the channels that are few share one."""
    channel = str(row.by["channel"])
    if channel == "e_service":
        return ASSISTED if row.by["assisted"] else channel
    return channel if channel in dict(NAMED) or channel == "unknown" else REST


def _shades() -> list[Shade]:
    named: list[Shade] = [(code, labels.label("channel", code), role) for code, role in NAMED]
    return [
        ("e_service", labels.label("channel", "e_service"), "digital"),
        (ASSISTED, _("typed in by staff"), "digital_soft"),
        *named,
        (REST, _("other channels"), "pale"),
        ("unknown", labels.label("channel", "unknown"), "unknown"),
    ]


def _by_month(scope: Scope) -> dict[tuple[object, object], float]:
    """Every case that is reported, by month and part."""
    values: dict[tuple[object, object], float] = defaultdict(float)
    for row in ask("cases", scope, "month", "channel", "assisted"):
        if row.value is not None:
            values[row.by["month"], _part(row)] += float(row.value)
    return values


def _sums(scope: Scope | None) -> dict[object, float]:
    sums: dict[object, float] = defaultdict(float)
    for (_month, part), value in (_by_month(scope) if scope else {}).items():
        sums[part] += value
    return sums


def heading(scope: Scope) -> str:
    """How most cases came in, and how next most; plain where two are as many, or others are more."""
    sums = dict(_sums(scope))
    sums["e_service"] = sums.get("e_service", 0) + sums.pop(ASSISTED, 0)
    order = sorted((part for part in sums if sums[part]), key=lambda part: -sums[part])
    named = {"e_service", *dict(NAMED)}
    if not order or order[0] not in named or (len(order) > 1 and sums[order[0]] == sums[order[1]]):
        return _("How the cases came in")
    first, second = order[0], order[1] if len(order) > 1 else None
    told = {
        "channel": labels.label("channel", first),
        "next": labels.label("channel", second) if second in named else "",
    }
    tied = len(order) > 2 and sums[order[1]] == sums[order[2]]
    if second in named and not tied:
        return _("Most cases came in by {channel}, next most by {next}").format(**told)
    return _("Most cases came in by {channel}").format(**told)


@cached_block
def cases_by_channel(scope: Scope, listed: bool = True) -> None:
    """How the cases came in, now and before; every case that is reported. `listed`: also what happened."""
    now = _sums(scope)
    parts.draw(_shades(), now, _sums(scope.compared()), scope, shares=True)
    total, counted = sum(now.values()), one(GOALS[2], scope).denominator or 0
    if total > counted:
        told = {"shown": numbers.count(total), "counted": numbers.count(counted)}
        page.reading(
            _(
                "The picture shows all {shown} cases. The goal is counted on the {counted} where every channel "
                "is reported."
            ).format(**told)
        )
    if listed:
        events.listed(scope, GOALS[2])


def months(scope: Scope) -> Table:
    """The cases of each month by how they came in."""
    table = parts.months(_("How the cases came in, month by month"), _shades(), _by_month(scope), scope, ("cases",))
    if weeks := from_weeks("cases", scope, "month"):
        every = month_range(scope.month_from, scope.month_to)
        table.rows[_("From counting weeks")] = whole_numbers([weeks.get(month) for month in every])
    return table
