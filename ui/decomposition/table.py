"""The services behind a goal's change, with their points of each part."""

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from analytics.decomposition.causes import points_of
from analytics.decomposition.decompose import Counts, ServiceEffect
from analytics.metrics.catalogue import metrics
from analytics.metrics.scope import Scope
from analytics.registers.services import services
from analytics.statistics.significance import MIN_DENOMINATOR
from ui import database
from ui.components.tables import Table
from ui.decomposition import summary, text
from ui.decomposition.chart import parts
from ui.frame.sitemap import service_link
from ui.text import labels
from ui.text.i18n import _, words


def table(scope: Scope, code: str) -> Table:
    """Every service that moved the share: its points, which sum to the change, and its share and what that is of, then and now."""
    found = summary.load_change(code, scope)
    moved = (
        [
            one
            for one in found.split.services
            if one.rate or one.mix or any(points for _why, points in one.coverage_reasons)
        ]
        if found and found.split
        else []
    )
    register = database.answer(services)
    columns: dict[str, object] = {
        _("Service"): [labels.service(one.service) for one in moved],
        _("Department"): [
            labels.department(register[one.service].department_id if one.service in register else None) for one in moved
        ],
        _("All, points"): _hundredths([one.points for one in moved]),
    }
    for part in parts(code):
        values = [sum((points_of(one, kind) for kind in part.kinds), Fraction(0)) for one in moved]
        columns[_("{part}, points").format(part=part.name)] = _hundredths(values)
    columns[_("In or out")] = [
        ", ".join(labels.label("cause_reason", reason) for reason, _points in one.coverage_reasons) for one in moved
    ]
    columns |= _shares(code, moved)
    columns[_("Service id")] = [one.service or "" for one in moved]
    return Table(
        _("What changed, by service: {goal}").format(goal=words(metrics()[code].title)),
        pd.DataFrame(columns),
        (code, "change_rate", "change_mix", "change_coverage"),
        decimals=2,
        links=tuple(service_link(one.service) for one in moved),
        nothing=_("No service moved the share."),
    )


def _hundredths(points: Sequence[Fraction]) -> list[float]:
    return [float(100 * one) for one in points]


def _shares(code: str, moved: Sequence[ServiceEffect]) -> dict[str, object]:
    """The share of each service then and now, and what it is of; where each is counted once, what it had."""
    then, now = [one.then for one in moved], [one.now for one in moved]
    if code == "e_service_coverage":
        return {_("Then"): [_had(one) for one in then], _("Now"): [_had(one) for one in now]}
    of_cases = text.counts_cases(code)
    return {
        _("Then, %"): [_percentage(one) for one in then],
        (_("Then, of cases") if of_cases else _("Then, of")): pd.array(
            [one.denominator or None for one in then], "Int64"
        ),
        _("Now, %"): [_percentage(one) for one in now],
        (_("Now, of cases") if of_cases else _("Now, of")): pd.array([one.denominator or None for one in now], "Int64"),
    }


def _had(counted: Counts) -> str:
    if not counted.denominator:
        return _("not counted")
    return _("e-service") if counted.numerator else _("no e-service")


def _percentage(counted: Counts) -> float | None:
    """The share as 0–100; None where fewer than twenty are counted."""
    share = counted.share
    return None if share is None or counted.denominator < MIN_DENOMINATOR else float(100 * share)
