"""When a share has changed, and when it must not be said to have."""

from dataclasses import dataclass
from math import sqrt

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row

MIN_DENOMINATOR = 20  # a denominator below this is told as "3 av 3", and neither ranked nor compared
MIN_SHARE_CHANGE = 0.01  # a share that moved less than a point did not move
MIN_COVERAGE_CHANGE = 0.05  # when coverage moved more, a change of the share may be nothing but that
MIN_COVERAGE = 0.5  # below this coverage a change is not told as one


@dataclass(frozen=True)
class Change:
    """How much a share and its coverage changed (1 is 100 percentage points), and the coverage now."""

    points: float
    coverage: float
    known: float

    @property
    def is_reporting(self) -> bool:
        """Whether so much more or less is reported that the change may be nothing but that."""
        return self.known < MIN_COVERAGE or abs(self.coverage) >= MIN_COVERAGE_CHANGE


def significant_change(metric: str, now: Row, then: Row) -> Change | None:
    """The change from one row of a share to another; None when either is unknown, or of too few to compare.

    A share of cases that lies within two standard errors of the other has not changed: two proportions, pooled. A
    stock is no sample, every service is counted: there a change is a change.
    """
    if now.value is None or then.value is None or min(now.denominator or 0, then.denominator or 0) < MIN_DENOMINATOR:
        return None
    if metrics()[metric].time == "flow" and _chance(now, then):
        return None
    known, before = now.coverage or 0.0, then.coverage or 0.0
    return Change(float(now.value) - float(then.value), known - before, known)


def _chance(now: Row, then: Row) -> bool:
    """Whether the difference between two shares is no more than chance would make it."""
    n, m = float(now.denominator or 0), float(then.denominator or 0)
    pooled = (float(now.numerator or 0) + float(then.numerator or 0)) / (n + m)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return abs(float(now.value or 0) - float(then.value or 0)) <= 2 * error
