"""Which services and e-services probably belong together: ranked, with why, and none that somebody has decided on already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.metrics.scope import Scope
from analytics.pairing.addresses import address_matches
from analytics.pairing.candidates import (
    EServiceCandidate,
    ServiceCandidate,
    e_services,
    services,
    unpaired_e_services,
    unpaired_services,
)
from analytics.pairing.reasons import Reason, reasons
from analytics.pairing.similarity import Floats, name_similarity
from analytics.pairing.tokens import folded, parse_name

__all__ = [
    "MIN_SCORE",
    "SURE_SCORE",
    "EServiceCandidate",
    "Reason",
    "ServiceCandidate",
    "Suggestion",
    "sure_from",
    "e_services",
    "ranked",
    "services",
    "suggestions",
    "unpaired_e_services",
    "unpaired_services",
    "in_scope",
]

SURE_SCORE = (
    80  # from here on a sure pair is as good as certain; measured in tests/analytics/pairing/test_suggestions.py
)
MIN_SCORE = 40  # below this a pair is not worth a look
MAX_SUGGESTIONS = 3  # suggestions for one service
SAME_ENDING_LIFT, SAME_PLACE_LIFT = (
    0.6,
    0.1,
)  # how much of the way to 100 the same end of the address goes; the same area, the same department
OTHER_AUDIENCE_FACTOR = 0.7  # what is left when one is for residents and the other for employees


@dataclass(frozen=True)
class Suggestion:
    """A pair that probably belongs together, 0–100. `sure`: nobody fits either of them better, and both lack one."""

    service: ServiceCandidate
    e_service: EServiceCandidate
    score: int
    sure: bool

    @property
    def why(self) -> tuple[Reason, ...]:
        """What speaks for it, and what against."""
        return reasons(self.service, self.e_service)


Placed = TypeVar("Placed", ServiceCandidate, EServiceCandidate, Suggestion)


def suggestions(cursor: duckdb.DuckDBPyConnection) -> tuple[Suggestion, ...]:
    """The pairs worth a look, the likeliest first: a few for each service, and the best for each e-service.

    At least one of the two has nobody yet. A pair that stands, or that somebody has rejected, is never among them.
    """
    told = cursor.execute(
        "SELECT service_id, e_service_id FROM links UNION SELECT service_id, e_service_id FROM rejected_links"
    )
    decided = told.fetchall()
    return ranked(services(cursor), e_services(cursor), decided)


def in_scope(scope: Scope, found: Iterable[Placed]) -> tuple[Placed, ...]:
    """Those of the departments and the audience; of a suggestion the service decides. Where neither is known it stays."""
    return tuple(one for one in found if _within(scope, one.service if isinstance(one, Suggestion) else one))


def _within(scope: Scope, one: ServiceCandidate | EServiceCandidate) -> bool:
    owned = not scope.departments or not one.path or any(code in one.path for code in scope.departments)
    return owned and (not scope.audience or one.audience in (None, scope.audience))


def sure_from(found: Iterable[Suggestion], line: int) -> tuple[Suggestion, ...]:
    """The sure ones at the line or above it: what is approved at once."""
    return tuple(one for one in found if one.sure and one.score >= line)


def ranked(
    ours: Sequence[ServiceCandidate], theirs: Sequence[EServiceCandidate], decided: Iterable[tuple[str, str]]
) -> tuple[Suggestion, ...]:
    """The suggestions for these, without the pairs that are decided on already. The order of what comes in does not matter."""
    if not ours or not theirs:
        return ()
    scores = _scores(ours, theirs)
    rows = {one.service_id: row for row, one in enumerate(ours)}
    columns = {one.e_service_id: column for column, one in enumerate(theirs)}
    for service, e_service in decided:
        if service in rows and e_service in columns:
            scores[rows[service], columns[e_service]] = 0
    scores[np.ix_([not one.unpaired for one in ours], [not one.unpaired for one in theirs])] = 0
    points = np.rint(scores).astype(np.uint8)
    first = (points > _next_best(points)) & (points > _next_best(points.T).T)
    found = [
        Suggestion(
            ours[row],
            theirs[column],
            int(points[row, column]),
            bool(first[row, column]) and ours[row].unpaired and theirs[column].unpaired,
        )
        for row, column in _worth(points)
    ]
    return tuple(sorted(found, key=_order))


def _next_best(points: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For each row, what only its best is above."""
    if points.shape[1] < 2:
        return np.zeros((len(points), 1), np.uint8)
    return np.partition(points, -2, axis=1)[:, -2:-1]


def _order(one: Suggestion) -> tuple[object, ...]:
    names = (folded(one.service.name), one.service.service_id, folded(one.e_service.name), one.e_service.e_service_id)
    return -one.score, *names


def _worth(points: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """The places of the pairs worth a look: with what is among the best for the service, or the best for the e-service."""
    few = min(MAX_SUGGESTIONS, points.shape[1])
    least = np.partition(points, -few, axis=1)[:, -few]
    most = points.max(axis=0)
    worth = (points >= MIN_SCORE) & ((points >= least[:, None]) | (points >= most[None, :]))
    yield from ((int(row), int(column)) for row, column in np.argwhere(worth))


def _scores(ours: Sequence[ServiceCandidate], theirs: Sequence[EServiceCandidate]) -> Floats:
    """The likeness of every pair, 0–100: that of the names, lifted by what else speaks for it; the same address all the way."""
    scores = 100 * name_similarity([parse_name(one.name) for one in ours], [parse_name(one.name) for one in theirs])
    own, other = ([one.audience for one in side] for side in (ours, theirs))
    scores *= np.where(_both(own, other) & ~_equal(own, other), np.float32(OTHER_AUDIENCE_FACTOR), np.float32(1))
    for mine, yours in (
        ([one.area and folded(one.area) for one in ours], [one.area and folded(one.area) for one in theirs]),
        ([one.department_id for one in ours], [one.department_id for one in theirs]),
    ):
        scores += (100 - scores) * np.where(
            _equal(mine, yours) & (scores >= MIN_SCORE), np.float32(SAME_PLACE_LIFT), np.float32(0)
        )
    for place, how in address_matches([one.url for one in ours], [one.addresses for one in theirs]).items():
        scores[place] += (100 - scores[place]) * (1 if how == "same_address" else SAME_ENDING_LIFT)
    return scores


def _both(own: Sequence[str | None], other: Sequence[str | None]) -> NDArray[np.bool_]:
    """Where both are known."""
    both: NDArray[np.bool_] = (
        np.array([bool(one) for one in own])[:, None] & np.array([bool(one) for one in other])[None, :]
    )
    return both


def _equal(own: Sequence[str | None], other: Sequence[str | None]) -> NDArray[np.bool_]:
    """Where both are known and the same."""
    codes = {value: code for code, value in enumerate(dict.fromkeys([*own, *other]))}
    mine, yours = (np.array([codes[value] for value in side]) for side in (own, other))
    equal: NDArray[np.bool_] = (mine[:, None] == yours[None, :]) & _both(own, other)
    return equal
