"""Where the services stop on their way through the three goals."""

from collections import Counter

import streamlit as st

from analytics.metrics.scope import Scope
from analytics.registers.services import BOTTLENECKS
from ui.components import ranking
from ui.components.ranking import Bar
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.services.matrix import statuses
from ui.text import labels, numbers
from ui.text.i18n import _

ROLES: dict[str, Role] = {"done": "digital", "unknown": "unknown", "not_applicable": "pale"}


def headline(scope: Scope) -> str:
    """The finding: how many services stop where most stop."""
    counts = Counter(status.bottleneck for status in statuses(scope))
    total = counts.total() - counts["not_applicable"]
    if not counts:
        return _("There are no services in the selection")
    if not total:
        return _("No service in the selection needs an e-service")
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
        "e_service": _("{n} of {of} services stop at goal 1: they lack an e-service"),
        "cases": _("{n} of {of} services stop at goal 2: most cases come another way"),
        "handling": _("{n} of {of} services stop at goal 3: some step is not digital"),
        "unknown": _("Too little is known of {n} of {of} services to say where they stop"),
    }


@cached_block
def ranked(scope: Scope) -> None:
    """How many services stop where; a name shows only those in the table."""
    counts = Counter(status.bottleneck for status in statuses(scope))
    bars = [
        Bar(
            labels.label("bottleneck", code),
            counts[code],
            numbers.count(counts[code]),
            address.link_here("services", stop=code),
            role=ROLES.get(code, "grey_3"),
        )
        for code in BOTTLENECKS
        if counts[code]
    ]
    if bars:
        st.html(ranking.draw(bars, _("Where the services stop")))


def reading(scope: Scope) -> str:
    """How many stop nowhere, and what a name does."""
    return describe(Counter(status.bottleneck for status in statuses(scope)))


def describe(counts: Counter[str]) -> str:
    """The same of how many stop where."""
    n = counts["done"]
    texts = [numbers.plural("{n} service stops nowhere.", "{n} services stop nowhere.", n)] if n else []
    if not any(counts[code] for code in ("done", "unknown", "not_applicable")):
        texts = [_("Every service stops somewhere.")]
    return " ".join([*texts, _("Choose a name to see only those services in the table.")])
