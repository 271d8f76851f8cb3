"""How the cases came in, month by month."""

from collections import defaultdict

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from ui.components import events, trends
from ui.components.metric_views import ask, one
from ui.components.trends import Shade
from ui.frame import page
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.i18n import _

ASSISTED, REST = "assisted", "rest"
NAMED: tuple[tuple[str, Role], ...] = (
    ("phone", "grey_1"),
    ("form", "grey_4"),
    ("email", "grey_2"),
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


def cases_by_channel(scope: Scope) -> None:
    """How the cases came in, month by month; every case that is reported."""
    values: dict[tuple[object, object], float] = defaultdict(float)
    for row in ask("cases", scope, "month", "channel", "assisted"):
        if row.value is not None:
            values[row.by["month"], _part(row)] += float(row.value)
    partly = [row.by["month"] for row in ask("reporting", scope, "month") if row.value == 0 and row.denominator]
    trends.over_time("channels", _shades(), values, scope, marked=True, partly=partly)
    if any(month in partly for month, _part in values):
        page.reading(_("Hatched months: not every channel is reported for any service."))
    total, counted = sum(values.values()), one(GOALS[2], scope).denominator or 0
    if total > counted:
        told = {"shown": numbers.count(total), "counted": numbers.count(counted)}
        page.reading(
            _(
                "The picture has all {shown} cases; the goal counts the {counted} where every channel is reported."
            ).format(**told)
        )
    events.listed(scope, GOALS[2])
