"""The most important findings of a scope, weighted in percentage points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.statistics.significance import MIN_DENOMINATOR
from analytics.statistics.week_estimates import change_between


@dataclass(frozen=True)
class Finding:
    """One finding: its kind, its weight (percentage points), and the values of its sentence."""

    kind: str
    weight: float
    values: Mapping[str, Any]


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) or hasattr(value, "__float__") else 0.0


def _largest(rows: list[Row], by: str) -> Row | None:
    """The row with the largest denominator minus numerator; None when two have as much."""
    named = [r for r in rows if r.by[by] is not None and r.denominator is not None]
    named.sort(key=_remaining, reverse=True)
    tie = len(named) > 1 and _remaining(named[0]) == _remaining(named[1])
    return None if tie or not named else named[0]


def _remaining(row: Row) -> float:
    return _number(row.denominator) - _number(row.numerator)


REQUIRED_TABLES = {  # the table to import first when a goal is unknown
    "e_service_coverage": "e_services",
    "digital_submission": "case_counts",
    "digital_handling": "handling_steps",
}


def _unknown_goals(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """The goals that are unknown because their data are not reported."""
    if measure(cursor, "e_service_coverage", scope)[0].state == "not_applicable":
        return
    for code, table in REQUIRED_TABLES.items():
        row = measure(cursor, code, scope)[0]
        if row.state == "not_reported":
            first = table if measure(cursor, "services", scope)[0].value else "services"
            if first == "e_services" and cursor.execute("SELECT count(*) FROM e_services").fetchone() != (0,):
                first = "links"
            yield Finding(f"not_told_{code}", 100.0, {"metric": code, "table": first})


def _without_e_service(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """The services that lack an e-service, and the branch with most of them."""
    total = measure(cursor, "e_service_coverage", scope)[0]
    branches = measure(cursor, "e_service_coverage", scope, "branch")
    top = _largest(branches, "branch") if len(branches) > 1 else None
    missing = _number(total.denominator) - _number(total.numerator)
    if missing:
        there = int(_remaining(top)) if top else 0
        department = top.by["branch"] if top and there else None
        values = {"missing": int(missing), "of": total.denominator, "department": department, "there": there}
        yield Finding("without_e_service", 100 * missing / _number(total.denominator), values)


def _outside_e_service(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """The service with most cases outside its e-service, and how far it could carry the goal."""
    total = measure(cursor, "digital_submission", scope)[0]
    top = _largest(measure(cursor, "digital_submission", scope, "service"), "service")
    if top and _number(top.denominator) >= MIN_DENOMINATOR and _number(top.denominator) > _number(top.numerator):
        outside = _number(top.denominator) - _number(top.numerator)
        points = 100 * outside / _number(total.denominator)
        values = {"service": top.by["service"], "outside": int(outside), "of": top.denominator, "points": points}
        yield Finding("outside_e_service", points, values)


def _stopped_reporting(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """The branch whose reporting fell most since the comparison, when that lowers the total by a point or more.

    No branch is named where another lost half as much or more.
    """
    before = scope.compared()
    if before is None:
        return
    earlier = {r.by["branch"]: r for r in measure(cursor, "reporting", before, "branch") if r.value is not None}
    now = [
        r for r in measure(cursor, "reporting", scope, "branch") if r.by["branch"] in earlier and r.value is not None
    ]
    in_force = sum(_number(r.denominator) for r in now)
    losses = [(_number(earlier[r.by["branch"]].value) - _number(r.value)) * _number(r.denominator) for r in now]
    most, top = max(zip(losses, now, strict=True), key=lambda pair: pair[0], default=(0.0, None))
    if not (top and in_force and most / in_force >= 0.01):
        return
    alone = sum(one >= most / 2 for one in losses) == 1
    rows = (earlier[top.by["branch"]], top) if alone else (measure(cursor, "reporting", s)[0] for s in (before, scope))
    first, last = (row.value for row in rows)
    values = {"department": top.by["branch"] if alone else None, "before": first, "now": last}
    yield Finding("stopped_reporting", 100 * most / in_force, values)


def _fell(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """A goal that fell by a point or more since the comparison, not because less is reported."""
    before = scope.compared()
    for code in GOAL_CODES if before else ():
        fall = change_between(cursor, code, scope, before or scope)
        if fall and fall.is_fall:
            yield Finding("fell", -300 * fall.points, {"metric": code, "points": -100 * fall.points})


def _breaches(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    row = measure(cursor, "guideline_breaches", scope)[0]
    if row.value:
        yield Finding("breaches", 100 * _number(row.value) / _number(row.population), {"count": row.value})


def _unplaced_cost(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    for row in measure(cursor, "cost", scope, "payer"):
        if row.by["payer"] == "unplaced" and row.value:
            total = measure(cursor, "cost", scope)[0]
            yield Finding(
                "unplaced_cost", 100 * (1 - (total.coverage or 0)), {"amount": row.value, "total": total.value}
            )


def _blocking_step(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Iterator[Finding]:
    """The handling step that is not digital in most services."""
    top = _largest(measure(cursor, "digital_steps", scope, "step"), "step")
    total = measure(cursor, "digital_steps", scope)[0]
    if top and total.denominator and _number(top.denominator) > _number(top.numerator):
        missing = _number(top.denominator) - _number(top.numerator)
        values = {"step": top.by["step"], "missing": int(missing), "of": top.denominator}
        yield Finding("blocking_step", 100 * missing / _number(total.denominator), values)


def findings(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Finding]:
    """Every finding of the scope, the largest weight first; empty when there is none."""
    sources = (
        _unknown_goals,
        _fell,
        _stopped_reporting,
        _outside_e_service,
        _without_e_service,
        _breaches,
        _unplaced_cost,
        _blocking_step,
    )
    result = [finding for look in sources for finding in look(cursor, scope)]
    return sorted(result, key=lambda f: -f.weight)
