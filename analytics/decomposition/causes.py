"""The causes of a change of a share, largest first, each with the services behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from analytics.decomposition.effects import (
    NOTHING,
    CoverageReason,
    Decomposition,
    ServiceEffect,
    add_points,
    most_first,
)

Kind = Literal["rate", "season", "mix"] | CoverageReason
MOVED: tuple[CoverageReason, ...] = ("moved_in", "moved_out")


@dataclass(frozen=True)
class Cause:
    """Points of the change with one cause. `services` change in its direction, largest first; `opposing` in the other.

    `branch` is the department behind most of a change of coverage (where services have moved, the one they came from or went to);
    the rest, less than half as much, is a separate cause.
    """

    kind: Kind
    points: float
    services: tuple[str | None, ...]
    opposing: tuple[str | None, ...] = ()
    branch: str | None = None
    dominant: bool = False  # whether the first service has at least half of the points
    whole_branch: bool = False  # whether all counted services of the branch are in it


def causes(split: Decomposition) -> list[Cause]:
    """The causes, which sum to the change, the largest first; empty ones are left out."""
    result = [_cause(kind, split.services) for kind in ("rate", "season", "mix")]
    reasons: dict[CoverageReason, list[ServiceEffect]] = defaultdict(list)
    for one in split.services:
        for reason, _points in one.coverage_reasons:
            reasons[reason].append(one)
    for reason, effects in sorted(reasons.items()):
        result += _by_branch(reason, effects, split)
    return sorted(
        (c for c in result if c.services or c.opposing), key=lambda c: (most_first(c.points), c.kind, str(c.branch))
    )


def points_of(one: ServiceEffect, kind: Kind) -> float:
    """A service's points of a kind of cause."""
    parts: dict[Kind, float] = {"rate": one.rate, "season": one.season, "mix": one.mix, **dict(one.coverage_reasons)}
    return parts.get(kind, 0.0)


def _by_branch(reason: CoverageReason, effects: list[ServiceEffect], split: Decomposition) -> list[Cause]:
    """A reason for a change of coverage as one cause, or as two where one department is behind most of it."""
    points: dict[str | None, list[float]] = defaultdict(list)
    for one in effects:
        points[_whose(one, reason)].append(points_of(one, reason))
    branches = {branch: add_points(own) for branch, own in points.items()}
    top = max(branches, key=lambda branch: (-most_first(branches[branch]), str(branch)))
    rest = add_points(branches.values()) - branches[top]
    if top is None or 2 * abs(rest) > abs(branches[top]) + NOTHING:
        return [_cause(reason, effects)]
    inside, outside = ([one for one in effects if (_whose(one, reason) == top) == within] for within in (True, False))
    whole_branch = all(one in inside for one in split.services if one.branch == top)
    cause = replace(_cause(reason, inside), branch=top, whole_branch=whole_branch)
    return [cause, _cause(reason, outside)] if outside else [cause]


def _whose(one: ServiceEffect, reason: CoverageReason) -> str | None:
    return one.elsewhere if reason in MOVED else one.branch


def _cause(kind: Kind, effects: Iterable[ServiceEffect]) -> Cause:
    parts = {one.service: points_of(one, kind) for one in effects}
    whole = add_points(parts.values())
    order = sorted((s for s in parts if parts[s]), key=lambda service: (most_first(parts[service]), str(service)))
    sign = _sign(whole)
    agreeing = tuple(service for service in order if parts[service] * sign > 0)
    dominant = bool(agreeing) and 2 * parts[agreeing[0]] * sign >= abs(whole) - NOTHING
    return Cause(kind, whole, agreeing, tuple(s for s in order if s not in agreeing), dominant=dominant)


def _sign(points: float) -> int:
    return -1 if points < 0 else 1
