"""How the cases came in."""

from collections import defaultdict

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import events, parts
from ui.components.metric_views import ask, one
from ui.components.parts import Shade
from ui.components.tables import Table
from ui.frame import page
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
        (ASSISTED, _("assisted"), "digital_soft"),
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


def cases_by_channel(scope: Scope) -> None:
    """How the cases came in, now and before, and what happened; every case that is reported."""
    now = _sums(scope)
    parts.draw(_shades(), now, _sums(scope.compared()), scope, shares=True)
    total, counted = sum(now.values()), one(GOALS[2], scope).denominator or 0
    if total > counted:
        told = {"shown": numbers.count(total), "counted": numbers.count(counted)}
        page.reading(
            _(
                "The picture has all {shown} cases; the goal counts the {counted} where every channel is reported."
            ).format(**told)
        )
    events.listed(scope, GOALS[2])


def months(scope: Scope) -> Table:
    """The cases of each month by how they came in."""
    return parts.months(_("How the cases came in, month by month"), _shades(), _by_month(scope), scope, ("cases",))
