"""What is left for the services to the three goals."""

from collections import Counter

import streamlit as st

from analytics.metrics.scope import Scope
from analytics.registers.services import BOTTLENECKS
from ui.components import headlines, ranking
from ui.components.ranking import Bar
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.services.matrix import statuses
from ui.text import labels, numbers
from ui.text.i18n import _

ROLES: dict[str, Role] = {"done": "digital", "unknown": "unknown", "not_applicable": "pale"}


def headline(scope: Scope) -> str:
    """The finding: what is most often left, and for how many services."""
    counts = Counter(status.bottleneck for status in statuses(scope))
    total = counts.total() - counts["not_applicable"]
    if not counts:
        return headlines.without_services()
    if not total:
        return _("No service in the selection needs an e-service")
    if counts["done"] == total:
        return _("Nothing is left to the three goals")
    (stop, most), (_next, second) = Counter({code: counts[code] for code in _headlines()}).most_common(2)
    if total == 1:
        return _of_one()[stop]
    if most > second:
        return _headlines()[stop].format(n=numbers.count(most), of=numbers.count(total))
    template = _("{n} of {of} services have something left to the three goals")
    if not counts["done"]:
        template = _("None of the {of} services has reached all three goals")
    return template.format(n=numbers.count(total - counts["done"]), of=numbers.count(total))


def _headlines() -> dict[str, str]:
    """The finding by what is left for most services."""
    return {
        "e_service": _("The most common gap is an e-service: {n} of {of} services lack one"),
        "cases": _("The most common gap is cases that come in another way: {n} of {of} services"),
        "handling": _("The most common gap is a step that is not digital: {n} of {of} services"),
        "unknown": _("We know too little about {n} of {of} services to say what is left"),
    }


def _of_one() -> dict[str, str]:
    """The same of a single service."""
    return {
        "e_service": _("The service lacks an e-service"),
        "cases": _("Cases to the service come in another way"),
        "handling": _("Some step of the service is not digital"),
        "unknown": _("We know too little about the service to say what is left"),
    }


@cached_block
def ranked(scope: Scope) -> None:
    """How many services have what left; a name shows only those in the table."""
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
        st.html(ranking.draw(bars, _("What is left for the services")))


def reading(scope: Scope) -> str:
    """For how many nothing is left, and what a name does."""
    return describe(Counter(status.bottleneck for status in statuses(scope)))


def describe(counts: Counter[str]) -> str:
    """The same of how many have what left."""
    n, every = counts["done"], counts.total()
    texts = [numbers.plural("Nothing is left for {n} service.", "Nothing is left for {n} services.", n)] if n else []
    if not any(counts[code] for code in ("done", "unknown", "not_applicable")):
        texts = [_("Something is left for every service.")]
    if need := every - counts["not_applicable"] if counts["not_applicable"] else 0:
        of = _("{n} of {all} published services need an e-service.")
        texts.insert(0, of.format(n=numbers.count(need), all=numbers.count(every)))
    return " ".join([*texts, _("Choose a name to see only those services in the table.")])
