"""The three goals before and after some services get an e-service, digital steps or a higher uptake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import duckdb

from analytics.costs.break_even import MONTHS_PER_YEAR
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.scope import Scope, add_months
from analytics.priorities.peers import PeerShare
from analytics.registers.services import WITH_E_SERVICE
from analytics.scenario.baseline import Baseline, ServiceBaseline, baseline
from analytics.scenario.changes import KINDS, Change, Gains, Kind, gains, highest_uptake, notes, steps_made_digital
from analytics.statistics.significance import MIN_DENOMINATOR

NOTHING: Gains = (Fraction(0), Fraction(0), Fraction(0))


@dataclass(frozen=True)
class Scenario:
    """Changes under a name. Their order does not matter; of several uptakes of one service the highest holds."""

    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class GoalEffect:
    """A goal's numerator before and after. The denominator is unchanged: a scenario adds no services and no cases."""

    code: str
    before: int
    after: Fraction
    denominator: int

    @property
    def shares(self) -> tuple[Fraction, Fraction] | None:
        """The value before and after (0–1); None when it is not known."""
        if not self.denominator:
            return None
        return Fraction(self.before, self.denominator), self.after / self.denominator


@dataclass(frozen=True)
class ServiceEffect:
    """What the changes of one service add to each goal's numerator, and its own digital share before and after (0–1).

    `uptake` is the share assumed (the highest requested), `peers` its source when it is that of similar services.
    `digital_steps` are the steps that become digital; `notes` are codes for why a change has no effect (`changes.notes`).
    """

    service_id: str
    kinds: tuple[Kind, ...]
    gains: Gains = NOTHING
    cases: int = 0
    before: Fraction | None = None
    after: Fraction | None = None
    uptake: Fraction | None = None
    peers: PeerShare | None = None
    digital_steps: tuple[str, ...] = ()
    new: bool = False  # gets an e-service that it does not have
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """The effect on the three goals, in the guideline's order, and of each service, by id."""

    goals: tuple[GoalEffect, ...]
    services: tuple[ServiceEffect, ...]


def effect(cursor: duckdb.DuckDBPyConnection, scope: Scope, scenario: Scenario, until: date | None = None) -> Effect:
    """The effect of the scenario in the scope; see `apply`."""
    return apply(baseline(cursor, scope), scenario, until)


def apply(start: Baseline, scenario: Scenario, until: date | None = None) -> Effect:
    """The goals over the twelve months up to the period's last, had the changes held; all else as it was.

    Without `until` that is the effect a whole year after the changes. With `until` it is the effect at the end of that
    month: goal 1 has the changes that hold by then; goals 2 and 3 count twelve months, each with the changes that hold in
    it, weighted a twelfth.

    - An e-service: goal 1 gains one if the service is known to lack one and it applies; a share of its cases is digital.
    - An uptake: that share of its cases is digital, never less than now. It requires an e-service.
    - Steps: all its cases are handled digitally when no step remains that is not digital.

    A service whose cases or steps are not known changes nothing in goals 2 and 3.
    """
    months = [None] if until is None else [add_months(until.replace(day=1), -i) for i in range(MONTHS_PER_YEAR)]
    by_service: dict[str, list[Change]] = {}
    for change in scenario.changes:
        by_service.setdefault(change.service_id, []).append(change)
    effects = tuple(
        _service_effect(key, start.services.get(key), by_service[key], start.peers.get(key), months)
        for key in sorted(by_service)
    )
    goals = []
    for i, (code, (before, denominator)) in enumerate(zip(GOAL_CODES, start.totals, strict=True)):
        added = sum((effect.gains[i] for effect in effects), Fraction(0))
        goals.append(GoalEffect(code, before, before + added, denominator))
    return Effect(tuple(goals), effects)


def _service_effect(
    key: str,
    service: ServiceBaseline | None,
    changes: Sequence[Change],
    peers: PeerShare | None,
    months: Sequence[date | None],
) -> ServiceEffect:
    kinds: tuple[Kind, ...] = tuple(k for k in KINDS if any(c.kind == k for c in changes))
    if service is None or service.class_ is None:
        return ServiceEffect(key, kinds, notes=("outside" if service is None else "withdrawn",))
    monthly = [gains(service, [c for c in changes if m is None or c.since <= m], peers) for m in months]
    added = monthly[0][0], _mean([g[1] for g in monthly]), _mean([g[2] for g in monthly])
    digital, cases = service.counts[1]
    uptake, from_peers = highest_uptake(changes, peers) or (None, False)
    return ServiceEffect(
        service_id=key,
        kinds=kinds,
        gains=added,
        cases=cases,
        before=Fraction(digital, cases) if cases else None,
        after=(digital + added[1]) / cases if cases else None,
        uptake=uptake,
        peers=peers if from_peers else None,
        digital_steps=steps_made_digital(service, changes),
        new="e_service" in kinds and service.class_ not in WITH_E_SERVICE,
        notes=notes(service, changes, uptake),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def suggested_scenario(start: Baseline, since: date, most: int = 3) -> Scenario:
    """A scenario to begin with: the `most` services from which goal 2 gains most at the peers' uptake.

    Services without an e-service come after those, by their number of cases.
    """
    ranked: list[tuple[Fraction, int, Change]] = []
    for key, service in start.services.items():
        if service.class_ in (None, "not_applicable", "unknown"):
            continue
        change = Change(key, "uptake" if service.class_ in WITH_E_SERVICE else "e_service", None, since)
        cases = service.counts[1][1]
        gain = gains(service, [change], start.peers.get(key))[1] if cases >= MIN_DENOMINATOR else Fraction(0)
        if gain or change.kind == "e_service":
            ranked.append((gain, cases, change))
    ranked.sort(key=lambda row: (-row[0], -row[1], row[2].service_id))
    return Scenario("", tuple(change for _gain, _cases, change in ranked[:most]))
