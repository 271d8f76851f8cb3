"""Suggested pairs of services and e-services, ranked, with reasons; never a pair that is linked or rejected."""

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
    "rank_pairs",
    "services",
    "suggestions",
    "unpaired_e_services",
    "unpaired_services",
    "in_scope",
]

SURE_SCORE = 80  # a sure pair from here on is almost certain: measured in tests/analytics/pairing/test_suggestions.py
MIN_SCORE = 40  # lowest score of a suggestion
MAX_SUGGESTIONS = 3  # for one service
SAME_ENDING_LIFT = 0.6  # part of the way to 100 for the same end of the address
SAME_PLACE_LIFT = 0.1  # … for the same area, and for the same department
OTHER_AUDIENCE_FACTOR = 0.7  # when one is for residents and the other for employees


@dataclass(frozen=True)
class Suggestion:
    """A pair with its score, 0–100. `sure`: both are unpaired, and neither has another pair with as high a score."""

    service: ServiceCandidate
    e_service: EServiceCandidate
    score: int
    sure: bool

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reasons for and against it."""
        return reasons(self.service, self.e_service)


Candidate = TypeVar("Candidate", ServiceCandidate, EServiceCandidate, Suggestion)


def suggestions(cursor: duckdb.DuckDBPyConnection) -> tuple[Suggestion, ...]:
    """The suggested pairs, the highest score first: at most a few for each service, and the best for each e-service.

    At least one of the two is unpaired. Linked and rejected pairs are left out.
    """
    decided = cursor.execute(
        "SELECT service_id, e_service_id FROM links UNION SELECT service_id, e_service_id FROM rejected_links"
    ).fetchall()
    return rank_pairs(services(cursor), e_services(cursor), decided)


def in_scope(scope: Scope, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Those in the scope's departments, audience and services, or without known ones; a suggestion is where its service is."""
    return tuple(c for c in candidates if _in_scope(scope, c.service if isinstance(c, Suggestion) else c))


def _in_scope(scope: Scope, candidate: ServiceCandidate | EServiceCandidate) -> bool:
    path, audience = candidate.path, candidate.audience
    if scope.services and isinstance(candidate, ServiceCandidate) and candidate.service_id not in scope.services:
        return False
    owned = not scope.departments or not path or any(code in path for code in scope.departments)
    return owned and (not scope.audience or audience in (None, scope.audience))


def sure_from(all_suggestions: Iterable[Suggestion], score: int) -> tuple[Suggestion, ...]:
    """The sure suggestions with at least `score`, which may be approved together."""
    return tuple(one for one in all_suggestions if one.sure and one.score >= score)


def rank_pairs(
    ours: Sequence[ServiceCandidate], theirs: Sequence[EServiceCandidate], decided: Iterable[tuple[str, str]]
) -> tuple[Suggestion, ...]:
    """The suggestions for these, without the pairs in `decided` (service id, e-service id); independent of input order."""
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
    result = [
        Suggestion(
            ours[row],
            theirs[column],
            int(points[row, column]),
            bool(first[row, column]) and ours[row].unpaired and theirs[column].unpaired,
        )
        for row, column in _selected(points)
    ]
    return tuple(sorted(result, key=_order))


def _next_best(points: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The second highest score of each row, or 0: only a row's single best exceeds it."""
    if points.shape[1] < 2:
        return np.zeros((len(points), 1), np.uint8)
    return np.partition(points, -2, axis=1)[:, -2:-1]


def _order(one: Suggestion) -> tuple[object, ...]:
    names = (folded(one.service.name), one.service.service_id, folded(one.e_service.name), one.e_service.e_service_id)
    return -one.score, *names


def _selected(points: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """The indexes of the pairs to suggest: among the best for the service, or the best for the e-service."""
    few = min(MAX_SUGGESTIONS, points.shape[1])
    least = np.partition(points, -few, axis=1)[:, -few]
    most = points.max(axis=0)
    selected = (points >= MIN_SCORE) & ((points >= least[:, None]) | (points >= most[None, :]))
    yield from ((int(row), int(column)) for row, column in np.argwhere(selected))


def _scores(ours: Sequence[ServiceCandidate], theirs: Sequence[EServiceCandidate]) -> Floats:
    """The score of every pair, 0–100: the similarity of the names, raised by other evidence; 100 for the same address."""
    scores = 100 * name_similarity([parse_name(one.name) for one in ours], [parse_name(one.name) for one in theirs])
    audiences = [one.audience for one in ours], [one.audience for one in theirs]
    scores *= np.where(_both_known(*audiences) & ~_equal(*audiences), np.float32(OTHER_AUDIENCE_FACTOR), np.float32(1))
    for ours_values, theirs_values in (
        ([one.area and folded(one.area) for one in ours], [one.area and folded(one.area) for one in theirs]),
        ([one.department_id for one in ours], [one.department_id for one in theirs]),
    ):
        scores += (100 - scores) * np.where(
            _equal(ours_values, theirs_values) & (scores >= MIN_SCORE), np.float32(SAME_PLACE_LIFT), np.float32(0)
        )
    for pair, kind in address_matches([one.url for one in ours], [one.addresses for one in theirs]).items():
        scores[pair] += (100 - scores[pair]) * (1 if kind == "same_address" else SAME_ENDING_LIFT)
    return scores


def _both_known(ours: Sequence[str | None], theirs: Sequence[str | None]) -> NDArray[np.bool_]:
    """Where both are known."""
    both: NDArray[np.bool_] = (
        np.array([bool(one) for one in ours])[:, None] & np.array([bool(one) for one in theirs])[None, :]
    )
    return both


def _equal(ours: Sequence[str | None], theirs: Sequence[str | None]) -> NDArray[np.bool_]:
    """Where both are known and the same."""
    codes = {value: code for code, value in enumerate(dict.fromkeys([*ours, *theirs]))}
    rows, columns = (np.array([codes[value] for value in side]) for side in (ours, theirs))
    equal: NDArray[np.bool_] = (rows[:, None] == columns[None, :]) & _both_known(ours, theirs)
    return equal
