"""What §§ 4–7 of the guideline ask for beside the goals: exemptions to see to, who answers, the process, faults and needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.period import as_of
from analytics.metrics.scope import Scope, add_months
from analytics.metrics.served import read_once
from analytics.registers.e_services import EService, Exemption, breaches, e_services, exemptions, exemptions_in_force

SOON = timedelta(days=365)  # an exemption that ends within it is looked at now
REASONS = ("ended", "no_analysis", "not_acceptable", "review", "ends", "holds")  # most urgent first
LACKS = ("department", "contact_role", "legal_demands", "reviewed_on")
STAGES = ("start_up", "development", "launch", "follow_up")
BEGUN, LAUNCHED = STAGES[:2], STAGES[2:]


@dataclass(frozen=True)
class ExemptionReview:
    """A decided exemption, what it needs (the first of `REASONS` that is true), and what it costs.

    `points` is how much lower its goal 1 would be without it (0–1, None where that cannot be told), `kronor` what its e-services
    cost in the twelve months up to the end of the period (None where nothing is placed on them).
    """

    exemption: Exemption
    reason: str
    points: float | None
    kronor: float | None


@dataclass(frozen=True)
class Unanswered:
    """A service in force that nobody fully answers for: what is lacking, of `LACKS`, and when it was last reviewed."""

    service_id: str
    lacks: tuple[str, ...]
    reviewed_on: date | None


@dataclass(frozen=True)
class InProcess:
    """An e-service on its way: its stage, since when and whom it waits for, where that is told; `days` it has been there."""

    e_service_id: str
    stage: str
    since: date | None
    waiting_for: str | None
    days: int | None


@dataclass(frozen=True)
class Need:
    """An open fault or need: who reported it, when, about what, and the `days` since then."""

    need_id: str
    kind: str
    title: str
    department_id: str
    service_id: str | None
    e_service_id: str | None
    reported_on: date
    state: str
    days: int


def exemptions_to_review(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[ExemptionReview]:
    """The exemptions in force at the end of the period, and those that have ended while their e-service is live; urgent first."""
    day = as_of(cursor, scope.month_to)
    held, broken = exemptions_in_force(cursor, scope), breaches(cursor, scope)
    gone = {one.e_service_id for one in broken} | {service for one in broken for service in one.services}
    ended = [
        one
        for one in exemptions(cursor).values()
        if one.valid_to and one.valid_to < day and {one.e_service_id, one.service_id} & gone
    ]
    kronor, points = _kronor(cursor, scope), _points(cursor, scope)
    result = [
        ExemptionReview(
            one, _reason(one, day), points if one.kind == "not_applicable" else 0.0, _cost(cursor, one, kronor)
        )
        for one in (*ended, *held)
    ]
    return sorted(result, key=lambda one: (REASONS.index(one.reason), one.exemption.valid_to or date.max))


def _reason(one: Exemption, day: date) -> str:
    if one.valid_to and one.valid_to < day:
        return "ended"
    if one.kind == "other_platform" and one.risk_analysis_on is None:
        return "no_analysis"
    if one.risk_outcome == "unacceptable":
        return "not_acceptable"
    if one.review_on and one.review_on <= day:
        return "review"
    return "ends" if one.valid_to and one.valid_to <= day + SOON else "holds"


def _points(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> float | None:
    """How much lower goal 1 would be with one service more, without an e-service."""
    (row,) = measure(cursor, "e_service_coverage", scope)
    if not row.denominator or row.numerator is None:
        return None
    having, of = float(row.numerator), float(row.denominator)
    return having / of - having / (of + 1)


def _kronor(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Mapping[object, float]:
    year = replace(scope, month_from=add_months(scope.month_to, -11), departments=(), audience=None, services=())
    return {
        row.by["e_service"]: float(row.value)
        for row in measure(cursor, "cost", year, "e_service")
        if row.value is not None
    }


def _cost(cursor: duckdb.DuckDBPyConnection, one: Exemption, kronor: Mapping[object, float]) -> float | None:
    own = (
        [one.e_service_id]
        if one.e_service_id
        else [key for key, e in e_services(cursor).items() if one.service_id in e.services]
    )
    known = [kronor[key] for key in own if key in kronor]
    return sum(known) if known else None


def unanswered(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Unanswered]:
    """The services in force that the metric `answered_for` does not count, those that lack most first."""
    rows = [row for row in measure(cursor, "answered_for", scope, "service") if row.denominator and not row.numerator]
    register, limit = answers(cursor), add_months(scope.month_to, -24)
    result = []
    for service in (str(row.by["service"]) for row in rows):
        known, contact, demands, reviewed = register[service]
        stated = {
            "department": known,
            "contact_role": contact,
            "legal_demands": demands,
            "reviewed_on": reviewed and reviewed >= limit,
        }
        result.append(Unanswered(service, tuple(name for name in LACKS if not stated[name]), reviewed))
    return sorted(result, key=lambda one: -len(one.lacks))


@read_once
def answers(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[bool, str | None, str | None, date | None]]:
    """Of each service whether its department is known, its contact role, its legal demands, and when it was reviewed."""
    rows = cursor.execute(
        """SELECT service_id, d.department_id IS NOT NULL, s.contact_role, s.legal_demands, s.reviewed_on
        FROM services s LEFT JOIN departments d USING (department_id) ORDER BY s.name COLLATE sv, service_id"""
    ).fetchall()
    return {key: tuple(rest) for key, *rest in rows}


@read_once
def _reached(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, date, str | None]]]:
    """The stages that each e-service has reached, in order of time."""
    rows = cursor.execute(
        "SELECT e_service_id, stage, reached_on, waiting_for FROM stages ORDER BY reached_on, list_position($stages, stage)",
        {"stages": list(STAGES)},
    ).fetchall()
    result: dict[str, list[tuple[str, date, str | None]]] = {}
    for key, *rest in rows:
        result.setdefault(key, []).append(tuple(rest))
    return result


def in_process(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[InProcess]:
    """The e-services that are begun but not launched, and those launched at least a year ago without a follow-up in two years.

    In the order of the stages, the longest in each first. One without a service is in the whole organisation alone.
    """
    day = as_of(cursor, scope.month_to)
    followed = measure(cursor, "followed_up", scope, "e_service")
    late = {row.by["e_service"] for row in followed if row.denominator and not row.numerator}
    services = {row.by["service"] for row in measure(cursor, "services", scope, "service") if row.value}
    whole = not scope.narrowed
    result = []
    for key, one in e_services(cursor).items():
        stage, since, waiting = _stage(cursor, one, day)
        if key in late and stage not in LAUNCHED:
            stage, since = "launch", None  # it is live, whatever the register says
        begun = (
            stage in BEGUN and not (one.live_from and one.live_from <= day) and (whole or services & set(one.services))
        )
        if key in late or begun:
            since = since or (one.live_from if key in late else None)
            result.append(InProcess(key, str(stage), since, waiting, (day - since).days if since else None))
    return sorted(result, key=lambda each: (STAGES.index(each.stage), -(each.days or 0), each.e_service_id))


def _stage(cursor: duckdb.DuckDBPyConnection, one: EService, day: date) -> tuple[str | None, date | None, str | None]:
    """The latest stage that it had reached by the day, since when and whom it waits for; else what its register says."""
    reached = [each for each in _reached(cursor).get(one.e_service_id, []) if each[1] <= day]
    return reached[-1] if reached else (one.stage, None, None)


def stage_dates(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, date]]:
    """When each e-service came to each stage that it has reached, the latest time of each."""
    return {key: {stage: day for stage, day, _waiting in reached} for key, reached in _reached(cursor).items()}


def stage_days(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, int]]:
    """How many days the e-services stayed in each stage before the next, in the middle (the median), and how many that is of."""
    stays: dict[str, list[int]] = {}
    for reached in _reached(cursor).values():
        for (stage, since, _), (_next, until, _waiting) in pairwise(reached):
            stays.setdefault(stage, []).append((until - since).days)
    return {stage: (median(stays[stage]), len(stays[stage])) for stage in STAGES if stage in stays}


def open_needs(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Need]:
    """The faults and needs that the metric `open_needs` counts, the oldest first."""
    counted = {row.by["need"] for row in measure(cursor, "open_needs", scope, "need") if row.value}
    day = as_of(cursor, scope.month_to)
    rows = cursor.execute(
        """SELECT need_id, kind, title, department_id, service_id, e_service_id, reported_on, state,
               date_diff('day', reported_on, $day)
        FROM needs ORDER BY reported_on, need_id""",
        {"day": day},
    ).fetchall()
    return [Need(*row) for row in rows if row[0] in counted]


@read_once
def are_needs_reported(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether any fault or need has ever been reported: without one, that none is open is not known."""
    return bool(cursor.execute("SELECT 1 FROM needs LIMIT 1").fetchall())
