"""What if some services got an e-service, a digital handling or a higher uptake: the three goals before and after."""

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
    """Changes under a name. Their order means nothing; of several uptakes of one service the highest holds."""

    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class GoalEffect:
    """A goal before and after. The denominator is the same: a scenario brings no services and no cases."""

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
    new: bool = False  # whether it gets an e-service that it does not have
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """The three goals, in the guideline's order, and what each service brings, by id."""

    goals: tuple[GoalEffect, ...]
    services: tuple[ServiceEffect, ...]


def effect(cursor: duckdb.DuckDBPyConnection, scope: Scope, scenario: Scenario, until: date | None = None) -> Effect:
    """What the scenario brings in the scope; see `apply`."""
    return apply(baseline(cursor, scope), scenario, until)


def apply(begin: Baseline, scenario: Scenario, until: date | None = None) -> Effect:
    """The goals as the twelve months up to the period's last had been with the changes; all else stays as it was.

    That is a whole year after the date of the changes. With `until` it is told as at the end of that month instead. Goal
    1 then has the changes that hold by that month; goals 2 and 3 count twelve months, each with the changes that hold in
    it, and a month weighs a twelfth.

    - An e-service: goal 1 has one more if the service is known to lack it and it applies. A share of its cases comes
      in digitally.
    - An uptake: that share of its cases comes in digitally, never less than now. It takes an e-service.
    - Steps: all its cases are handled digitally, when no step is left that is not digital.

    Only what is counted in the goals today is moved: a service whose cases or steps are not known moves nothing there.
    """
    months = [None] if until is None else [add_months(until.replace(day=1), -i) for i in range(MONTHS_PER_YEAR)]
    asked: dict[str, list[Change]] = {}
    for change in scenario.changes:
        asked.setdefault(change.service_id, []).append(change)
    parts = tuple(
        _part(key, begin.services.get(key), asked[key], begin.peers.get(key), months) for key in sorted(asked)
    )
    goals = []
    for i, (code, (before, of)) in enumerate(zip(GOAL_CODES, begin.totals, strict=True)):
        goals.append(GoalEffect(code, before, before + sum((p.gains[i] for p in parts), Fraction(0)), of))
    return Effect(tuple(goals), parts)


def _part(
    key: str,
    fact: ServiceBaseline | None,
    changes: Sequence[Change],
    like: PeerShare | None,
    months: Sequence[date | None],
) -> ServiceEffect:
    kinds: tuple[Kind, ...] = tuple(k for k in KINDS if any(c.kind == k for c in changes))
    if fact is None or fact.class_ is None:
        return ServiceEffect(key, kinds, notes=("outside" if fact is None else "withdrawn",))
    each = [gains(fact, [c for c in changes if m is None or c.since <= m], like) for m in months]
    added = each[0][0], _mean([g[1] for g in each]), _mean([g[2] for g in each])
    digital, cases = fact.counts[1]
    uptake, rests_on_like = highest_uptake(changes, like) or (None, False)
    return ServiceEffect(
        service_id=key,
        kinds=kinds,
        gains=added,
        cases=cases,
        before=Fraction(digital, cases) if cases else None,
        after=(digital + added[1]) / cases if cases else None,
        uptake=uptake,
        peers=like if rests_on_like else None,
        digital_steps=steps_made_digital(fact, changes),
        new="e_service" in kinds and fact.class_ not in WITH_E_SERVICE,
        notes=notes(fact, changes, uptake),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def suggested_scenario(begin: Baseline, since: date, most: int = 3) -> Scenario:
    """A scenario to begin with: those services that goal 2 gains most from, where an uptake as services like them have is
    higher than theirs. Where there is none, those that lack an e-service.
    """
    ranked: list[tuple[Fraction, int, Change]] = []
    for key, fact in begin.services.items():
        if fact.class_ in (None, "not_applicable", "unknown"):
            continue
        change = Change(key, "uptake" if fact.class_ in WITH_E_SERVICE else "e_service", None, since)
        gain = gains(fact, [change], begin.peers.get(key))[1] if fact.counts[1][1] >= MIN_DENOMINATOR else Fraction(0)
        if gain or change.kind == "e_service":
            ranked.append((gain, fact.counts[1][1], change))
    ranked.sort(key=lambda one: (-one[0], -one[1], one[2].service_id))
    return Scenario("", tuple(change for _gain, _cases, change in ranked[:most]))
