"""Level shifts of a monthly share: at a change that the register knows, or where there can be no doubt.

What a launch did is a step and no pace: it is fitted as one, so that three months on a new level are not carried on as a trend.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, sqrt
from typing import Literal

import duckdb
import numpy as np

from analytics.forecast.candidates import SEASON, SEASON_PENALTY, TREND_PENALTY, Floats, Integers

SPAN = 12  # months before and after a shift that it is judged by; twice as many where there may be a season
MIN_BEFORE, MIN_AFTER = 3, 2  # months
MIN_SIZE = 0.03  # of the share
MIN_SERVICES = 3  # of a stock: by one or two it moves all the time
KNOWN, UNKNOWN = 2.5, 6.0  # standard errors: at a known change, and elsewhere
MAX_SHIFTS = 3

ChangeKind = Literal["event", "launched", "closed", "published", "withdrawn", "steps"]


@dataclass(frozen=True)
class RegisterChange:
    """A change in the registers in a month; `subject` is a noted event's title, else the e-service's or service's id."""

    month: date
    kind: ChangeKind
    subject: str


@dataclass(frozen=True)
class LevelShift:
    """A shift of the share (1 is 100 percentage points) from a month on, and what changed in the registers then."""

    month: date
    size: float
    changes: tuple[RegisterChange, ...] = ()


_CHANGES = """
WITH chosen AS (SELECT unnest($services) AS service_id),
    own AS (SELECT DISTINCT e_service_id, live_from, live_to FROM e_services JOIN links USING (e_service_id) SEMI JOIN chosen USING
        (service_id) WHERE kind <> 'form'),
    above AS (SELECT DISTINCT unnest(department_path) AS department_id FROM service_months SEMI JOIN chosen USING (service_id))
SELECT date AS day, 'event' AS kind, title AS subject FROM events
    WHERE service_id IN (FROM chosen) OR e_service_id IN (SELECT e_service_id FROM own)
    OR service_id IS NULL AND e_service_id IS NULL AND (department_id IS NULL OR department_id IN (FROM above))
UNION SELECT live_from, 'launched', e_service_id FROM own
UNION SELECT live_to, 'closed', e_service_id FROM own
UNION SELECT published_from, 'published', service_id FROM services SEMI JOIN chosen USING (service_id)
UNION SELECT published_to, 'withdrawn', service_id FROM services SEMI JOIN chosen USING (service_id)
UNION SELECT valid_from, 'steps', service_id FROM handling_steps SEMI JOIN chosen USING (service_id) WHERE $steps
ORDER BY ALL"""


def register_changes(
    cursor: duckdb.DuckDBPyConnection, services: Collection[str], *, steps: bool
) -> tuple[RegisterChange, ...]:
    """What changed around these services, by day; with `steps` also when a handling step got another state."""
    rows = cursor.execute(_CHANGES, {"services": sorted(services), "steps": steps}).fetchall()
    return tuple(RegisterChange(day.replace(day=1), kind, subject) for day, kind, subject in rows if day)


def find_shifts(
    shares: Floats, weights: Floats, known: Collection[int], *, seasonal: bool, least: float = MIN_SIZE
) -> dict[int, float]:
    """The months (indexes) in which the level shifts by `least` or more, the clearest first, and by how much.

    `known` are the months with a known change. It may show in its own month or, since that is part of one, in the next.
    """
    shifts: dict[int, float] = {}
    start = int(np.argmax(weights > 0))
    months = np.arange(start + MIN_BEFORE, len(shares) - MIN_AFTER + 1)
    unknown = UNKNOWN if len(shares) - start >= 2 * SPAN else np.inf  # else it may be a season
    limits = np.where(
        np.isin(months, [*known, *(month + 1 for month in known)]), KNOWN + _searched(len(known)), unknown
    )
    level = shares
    while len(shifts) < min(MAX_SHIFTS, len(months)):
        sizes, errors = _steps(level, weights, months, seasonal)
        strength = np.abs(sizes) / errors / limits
        near = [abs(months - shift) < MIN_AFTER for shift in shifts]
        strength[np.any([np.abs(sizes) < least, *near], axis=0)] = 0.0
        best = int(np.argmax(strength))
        if strength[best] <= 1:
            break
        shifts[int(months[best])] = float(sizes[best])
        level = without_shifts(level, weights, [int(months[best])], seasonal=seasonal)
    return shifts


def _searched(months: int) -> float:
    """How much stricter to be, in standard errors, where many months were looked at."""
    return sqrt(2 * log(max(1, months)))


def without_shifts(values: Floats, weights: Floats, shifts: Sequence[int], *, seasonal: bool) -> Floats:
    """The values as if each shift had been there from the start."""
    level = values
    for shift in shifts:
        size = _steps(level, weights, np.array([shift]), seasonal)[0][0]
        level = np.where(np.arange(len(level)) < shift, level + size, level)
    return level


def _steps(values: Floats, weights: Floats, months: Integers, seasonal: bool) -> tuple[Floats, Floats]:
    """The size of a step in each of the months between two straight lines, and a season, around it; and its standard error."""
    now = np.arange(len(values))
    since = now - months[:, None]
    span = 2 * SPAN if seasonal else SPAN
    within = np.where((since >= -span) & (since < span), weights, 0.0)
    lines = np.stack([np.ones_like(since), since, since >= 0, np.maximum(since, 0)], -1)
    season = np.eye(SEASON)[now % SEASON][:, : SEASON if seasonal else 0]
    regressors = np.concatenate([lines, np.broadcast_to(season, (len(months), *season.shape))], -1).astype(float)
    penalties = np.diag([1e-6, TREND_PENALTY / 2, 1e-6, TREND_PENALTY / 2] + [SEASON_PENALTY] * season.shape[1])
    moments = (regressors * within[..., None]).transpose(0, 2, 1)
    information = moments @ regressors
    inverse = np.linalg.inv(information + penalties)
    coefficients = inverse @ (moments @ values)[..., None]
    residuals = values - (regressors @ coefficients)[..., 0]
    used = np.trace(inverse @ information, axis1=1, axis2=2)
    variance = np.maximum((within * residuals**2).sum(1) / np.maximum(1, (within > 0).sum(1) - used), 1e-8)
    return coefficients[:, 2, 0], np.sqrt(variance * inverse[:, 2, 2])
