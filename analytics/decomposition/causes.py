"""The causes behind a split, largest first: what each would be called in a sentence, and whose it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from analytics.decomposition.decompose import ZERO, CoverageReason, Decomposition, ServiceEffect

Kind = Literal["rate", "mix"] | CoverageReason


@dataclass(frozen=True)
class Cause:
    """Points of the change that have one reason. `services` are those that pull its way, most first; `opposing` those that do not.

    `branch` is the department that stands for a coming or going; the rest, less than half as much, is a cause of its own.
    """

    kind: Kind
    points: Fraction
    services: tuple[str | None, ...]
    opposing: tuple[str | None, ...] = ()
    branch: str | None = None
    dominant: bool = False  # whether the first service has at least half of the points
    whole_branch: bool = False  # whether no other service of the branch is counted


def causes(split: Decomposition) -> list[Cause]:
    """The causes that sum to the change, the largest first; those that nothing belongs to are left out."""
    told = [_cause("rate", split.services), _cause("mix", split.services)]
    reasons: dict[CoverageReason, list[ServiceEffect]] = defaultdict(list)
    for one in split.services:
        for why, _points in one.coverage_reasons:
            reasons[why].append(one)
    for why, moved in sorted(reasons.items()):
        told += _by_branch(why, moved, split)
    return sorted((c for c in told if c.services or c.opposing), key=lambda c: (-abs(c.points), c.kind, str(c.branch)))


def points_of(one: ServiceEffect, kind: Kind) -> Fraction:
    """A service's points of a kind of cause."""
    if kind == "rate":
        return one.rate
    return one.mix if kind == "mix" else dict(one.coverage_reasons).get(kind, ZERO)


def _by_branch(why: CoverageReason, moved: list[ServiceEffect], split: Decomposition) -> list[Cause]:
    """A reason for coming or going as one cause, or as two where one department stands for it."""
    points = sum((points_of(one, why) for one in moved), ZERO)
    branches: dict[str | None, Fraction] = defaultdict(Fraction)
    for one in moved:
        branches[one.branch] += points_of(one, why)
    top = max(branches, key=lambda branch: (abs(branches[branch]), str(branch)))
    if top is None or 2 * abs(points - branches[top]) > abs(branches[top]):
        return [_cause(why, moved)]
    own, rest = ([one for one in moved if (one.branch == top) == mine] for mine in (True, False))
    whole = all(one in own for one in split.services if one.branch == top)
    found = replace(_cause(why, own), branch=top, whole_branch=whole)
    return [found, _cause(why, rest)] if rest else [found]


def _cause(kind: Kind, moved: Iterable[ServiceEffect]) -> Cause:
    parts = {one.service: points_of(one, kind) for one in moved}
    whole = sum(parts.values(), ZERO)
    order = sorted((s for s in parts if parts[s]), key=lambda service: (-abs(parts[service]), str(service)))
    way = _sign(whole)
    along = tuple(service for service in order if parts[service] * way > 0)
    leading = bool(along) and 2 * parts[along[0]] * way >= abs(whole)
    return Cause(kind, whole, along, tuple(s for s in order if s not in along), dominant=leading)


def _sign(points: Fraction) -> int:
    return -1 if points < 0 else 1
