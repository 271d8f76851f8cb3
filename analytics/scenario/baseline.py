"""What a scenario starts from: each service's counts for the three goals over a year."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from analytics.costs.break_even import last_year
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.priorities.actions import classes
from analytics.priorities.peers import PeerShare, peer_shares
from analytics.registers.service_history import STEPS
from analytics.registers.services import handling_state, services

Counts = tuple[int, int]  # numerator and denominator


@dataclass(frozen=True)
class ServiceBaseline:
    """A service's numerator and denominator for each goal over the year, and its state at the end.

    `class_` is None when it is no longer in force. `reported` is whether any month is fully reported; `handling` is the
    state of all its steps, and `missing_steps` those that apply but are not digital.
    """

    service_id: str
    department_id: str | None
    class_: str | None
    counts: tuple[Counts, Counts, Counts]
    reported: bool
    handling: str
    missing_steps: tuple[str, ...]


@dataclass(frozen=True)
class Baseline:
    """What every scenario of a scope starts from. `totals` are of the three goals, with cases that belong to no service."""

    totals: tuple[Counts, Counts, Counts]
    services: Mapping[str, ServiceBaseline]
    peers: Mapping[str, PeerShare]


def baseline(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Baseline:
    """The baseline over the twelve months up to the period's last."""
    first, second, third = (counts(measure(cursor, code, last_year(scope))[0]) for code in GOAL_CODES)
    return Baseline((first, second, third), service_baselines(cursor, scope), peer_shares(cursor, scope))


def counts(row: Row | None) -> Counts:
    """Numerator and denominator as whole numbers, 0 of 0 where there is no row."""
    return (int(row.numerator or 0), int(row.denominator or 0)) if row else (0, 0)


def service_baselines(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, ServiceBaseline]:
    """Every service counted in a goal in the twelve months up to the period's last, by id."""
    year, register = last_year(scope), services(cursor)
    goals = [{str(row.by["service"]): row for row in measure(cursor, code, year, "service")} for code in GOAL_CODES]
    offered = classes(cursor, year)
    all_steps = {str(r.by["service"]): r for r in measure(cursor, "digital_handling_services", year, "service")}
    missing: dict[str, list[str]] = {}
    steps = measure(cursor, "digital_steps", year, "service", "step")
    for row in sorted(steps, key=lambda row: STEPS.index(str(row.by["step"]))):
        if row.denominator and not row.numerator:
            missing.setdefault(str(row.by["service"]), []).append(str(row.by["step"]))
    return {
        key: ServiceBaseline(
            service_id=key,
            department_id=register[key].department_id,
            class_=offered.get(key),
            counts=(counts(goals[0].get(key)), counts(goals[1].get(key)), counts(goals[2].get(key))),
            reported=bool(key in goals[1] and goals[1][key].coverage),
            handling=handling_state(all_steps.get(key)),
            missing_steps=tuple(missing.get(key, ())),
        )
        for key in register
        if key in offered or any(key in rows for rows in goals)
    }
