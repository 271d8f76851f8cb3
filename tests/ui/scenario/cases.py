"""Scenarios on four services of 100 cases each: two without an e-service, two with one (see `register` for their names)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from analytics.metrics.scope import Scope
from analytics.priorities.peers import PeerShare
from analytics.scenario.baseline import Baseline, Counts, ServiceBaseline
from analytics.scenario.changes import Change, Kind
from analytics.scenario.model import Scenario

YEAR = Scope(date(2025, 11, 1), date(2026, 10, 1), comparison=None)
SOON = date(2026, 11, 1)
HALF = Fraction(1, 2)
LIKE = PeerShare(HALF, 3, True)


def fact(key: str, class_: str = "none", cases: Counts = (0, 100), handled: Counts = (0, 100)) -> ServiceBaseline:
    """A service where two steps are not digital."""
    has = int(class_ == "e_service")
    return ServiceBaseline(key, "A", class_, ((has, 1), cases, handled), True, "not_digital", ("decision", "archiving"))


FACTS = (fact("T1"), fact("T4"), fact("T2", "e_service", (10, 100)), fact("T3", "e_service", (10, 100)))


def begin(facts: Sequence[ServiceBaseline] = FACTS, like: PeerShare | None = LIKE) -> Baseline:
    """What a scenario starts from where there are no other services."""
    first, second, third = (
        (sum(one.counts[i][0] for one in facts), sum(one.counts[i][1] for one in facts)) for i in range(3)
    )
    return Baseline(
        (first, second, third), {one.service_id: one for one in facts}, {f.service_id: like for f in facts if like}
    )


def plan(
    new: str = "",
    uptake: str = "",
    steps: str = "",
    *,
    share: Fraction | None = HALF,
    since: date = SOON,
    only: tuple[str, ...] = (),
) -> Scenario:
    """A scenario of services that get something; each argument names some, apart by spaces."""

    def each(keys: str, kind: Kind, value: Fraction | None, named: tuple[str, ...] = ()) -> list[Change]:
        return [Change(key, kind, value, since, named) for key in keys.split()]

    return Scenario(
        "", (*each(new, "e_service", share), *each(uptake, "uptake", share), *each(steps, "steps", None, only))
    )
