"""Whether a share has changed significantly between two periods."""

from dataclasses import dataclass
from math import hypot, sqrt

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import Row

MIN_DENOMINATOR = 20  # a smaller denominator is shown as "3 av 3", and neither ranked nor compared
MIN_SHARE_CHANGE = 0.01  # a change of a share below one percentage point is not reported
MIN_COVERAGE_CHANGE = 0.05  # from this change of coverage on, it may be all that changed a share
MIN_COVERAGE = 0.5  # below this coverage a change may be one of the reporting alone


@dataclass(frozen=True)
class Change:
    """The change of a share and of its coverage (1 is 100 percentage points), and the coverage now (0–1)."""

    points: float
    coverage_change: float
    current_coverage: float

    @property
    def is_fall(self) -> bool:
        """Whether it fell by a point or more, not because less is reported."""
        return self.points <= -MIN_SHARE_CHANGE and not self.is_reporting

    @property
    def is_reporting(self) -> bool:
        """Whether the change may come from the reporting alone."""
        return self.current_coverage < MIN_COVERAGE or abs(self.coverage_change) >= MIN_COVERAGE_CHANGE


def significant_change(metric: str, now: Row, then: Row, error: float = 0.0) -> Change | None:
    """The change of a share from `then` to `now`; None when either is unknown or too small, or the change is not significant.

    A flow has to change by more than two standard errors (pooled test of two proportions) and `error`, half the width of the
    interval that the change has for other reasons, together. A stock is no sample: each change of it is significant.
    """
    if now.value is None or then.value is None or min(now.denominator or 0, then.denominator or 0) < MIN_DENOMINATOR:
        return None
    if metrics()[metric].time == "flow" and _within_error(now, then, error):
        return None
    known, before = now.coverage or 0.0, then.coverage or 0.0
    return Change(float(now.value) - float(then.value), known - before, known)


def _within_error(now: Row, then: Row, other: float) -> bool:
    """Whether two shares differ by at most two standard errors of a pooled test of two proportions and another error."""
    n, m = float(now.denominator or 0), float(then.denominator or 0)
    pooled = (float(now.numerator or 0) + float(then.numerator or 0)) / (n + m)
    chance = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return abs(float(now.value or 0) - float(then.value or 0)) <= hypot(2 * chance, other)
