"""§ 3.1, what the e-services give: working time freed, how they are used, and contacts that need not have been made."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import duckdb

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.metrics.served import read_once

EVERY_SERVICE = "alla"  # in the table of handling times: the services without a row of their own
CHASING = "chasing"
HOUR = 60  # minutes


@dataclass(frozen=True)
class HandlingTime:
    """Minutes of work a case by how it comes, kronor an hour, and how wrong the minutes saved may be (0–1)."""

    other_minutes: int
    digital_minutes: int
    fully_digital_minutes: int | None
    hourly_cost: Decimal
    uncertainty: float
    source: str | None

    def saved(self, goal: int) -> int | None:
        """Minutes that a case saves when it comes in digitally (goal 2), or when its every step is digital too (goal 3)."""
        if goal == 2:
            return self.other_minutes - self.digital_minutes
        return None if self.fully_digital_minutes is None else self.digital_minutes - self.fully_digital_minutes


@dataclass(frozen=True)
class Freed:
    """Hours and kronor with the range that the stated uncertainty gives; `cases` is what they are counted on."""

    cases: int = 0
    hours: float = 0.0
    least: float = 0.0
    most: float = 0.0
    kronor: float = 0.0

    def __add__(self, other: "Freed") -> "Freed":
        return Freed(
            self.cases + other.cases,
            self.hours + other.hours,
            self.least + other.least,
            self.most + other.most,
            self.kronor + other.kronor,
        )


@dataclass(frozen=True)
class ServiceBenefit:
    """What a service has freed in the period by a goal (2 or 3), what more is possible, and whether its time is its own."""

    service_id: str
    goal: int
    realised: Freed
    possible: Freed
    own_time: bool


@dataclass(frozen=True)
class Use:
    """How an e-service was used in the period: each share with what it is of, and the step where most gave up, of all told."""

    e_service_id: str
    satisfaction: Row | None
    abandonment: Row | None
    worst_step: str | None
    worst: int
    stopped: int


@dataclass(frozen=True)
class ContactRate:
    """Contacts of a service, month or channel, and the cases of the same services and months; per hundred cases, chasing apart."""

    key: Any
    contacts: int
    chasing: int
    cases: int

    @property
    def per_100(self) -> float | None:
        """All contacts per hundred cases."""
        return 100 * self.contacts / self.cases if self.cases else None

    @property
    def chasing_per_100(self) -> float | None:
        """Contacts that ask where the case is, per hundred cases."""
        return 100 * self.chasing / self.cases if self.cases else None


@read_once
def handling_times(cursor: duckdb.DuckDBPyConnection) -> dict[str, HandlingTime]:
    """The stated times by service id, and by `EVERY_SERVICE`."""
    rows = cursor.execute(
        """SELECT service_id, other_minutes, digital_minutes, fully_digital_minutes, hourly_cost,
               coalesce(uncertainty, 0)::DOUBLE / 100, source FROM handling_times"""
    ).fetchall()
    return {key: HandlingTime(*rest) for key, *rest in rows}


def totals(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> tuple[Freed, Freed] | None:
    """What is freed in the period and what more is possible, of every service and both goals; None where no time is stated."""
    benefits = hours_freed(cursor, scope)
    if not benefits:
        return None
    return sum((one.realised for one in benefits), Freed()), sum((one.possible for one in benefits), Freed())


def hours_freed(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[ServiceBenefit]:
    """What each service has freed and could free by goals 2 and 3, most possible first; none without a stated time."""
    times = handling_times(cursor)
    result = []
    for goal, metric in ((2, "digital_submission"), (3, "digital_handling")):
        for row in measure(cursor, metric, scope, "service"):
            service = str(row.by["service"])
            time = times.get(service) or times.get(EVERY_SERVICE)
            saved = time.saved(goal) if time and row.by["service"] is not None and row.denominator else None
            if time and saved is not None:
                done = int(row.numerator or 0)
                realised, possible = (_freed(n, saved, time) for n in (done, int(row.denominator or 0) - done))
                result.append(ServiceBenefit(service, goal, realised, possible, service in times))
    return sorted(result, key=lambda one: (-one.possible.hours, one.service_id, one.goal))


def _freed(cases: int, saved: int, time: HandlingTime) -> Freed:
    hours = cases * saved / HOUR
    least, most = sorted((hours * (1 - time.uncertainty), hours * (1 + time.uncertainty)))
    return Freed(cases, hours, least, most, hours * float(time.hourly_cost))


def use(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Use]:
    """The e-services of which use is told, those that most gave up in first."""
    graded, left = (
        _by(measure(cursor, metric, scope, "e_service"), "e_service") for metric in ("satisfaction", "abandonment")
    )
    steps = _steps(cursor, scope)
    result = [Use(key, graded.get(key), left.get(key), *_worst(steps.get(key, {}))) for key in {**left, **graded}]
    return sorted(
        result, key=lambda one: (-int((one.abandonment and one.abandonment.numerator) or 0), one.e_service_id)
    )


def _by(rows: list[Row], dimension: str) -> dict[str, Row]:
    return {str(row.by[dimension]): row for row in rows if row.by[dimension] is not None and row.value is not None}


def _worst(steps: Mapping[str, int]) -> tuple[str | None, int, int]:
    if not steps:
        return None, 0, 0
    worst = max(steps, key=lambda step: (steps[step], step))
    return worst, steps[worst], sum(steps.values())


def _steps(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, dict[str, int]]:
    """How many gave up by e-service and step."""
    rows = cursor.execute(
        """SELECT e_service_id, form_step, sum(abandoned)::BIGINT FROM abandoned_steps
        WHERE month BETWEEN $first AND $last GROUP BY ALL""",
        {"first": scope.month_from, "last": scope.month_to},
    ).fetchall()
    steps: dict[str, dict[str, int]] = {}
    for key, step, n in rows:
        steps.setdefault(key, {})[step] = n
    return steps


def contact_rates(
    cursor: duckdb.DuckDBPyConnection, scope: Scope, by: Literal["service", "month", "channel"] = "service"
) -> list[ContactRate]:
    """Contacts in the months of a service that have cases too; most per hundred cases first, months in order.

    A channel is held against the cases of all services and months that have contacts.
    """
    cases = {
        (row.by["service"], row.by["month"]): int(row.value)
        for row in measure(cursor, "cases", scope, "service", "month")
        if row.value is not None
    }
    found: dict[Any, list[Row]] = {}
    for row in measure(cursor, "contacts", scope, "service", "month", "channel", "reason"):
        if row.value is not None and (row.by["service"], row.by["month"]) in cases:
            found.setdefault(row.by[by], []).append(row)
    every = [row for rows in found.values() for row in rows]
    result = [
        ContactRate(
            key,
            sum(int(row.value or 0) for row in rows),
            sum(int(row.value or 0) for row in rows if row.by["reason"] == CHASING),
            sum(
                cases[pair] for pair in {(r.by["service"], r.by["month"]) for r in (every if by == "channel" else rows)}
            ),
        )
        for key, rows in found.items()
    ]
    if by == "month":
        return sorted(result, key=lambda one: one.key)
    return sorted(result, key=lambda one: (-(one.per_100 or 0), one.key))
