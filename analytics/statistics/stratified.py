"""The total of a stratified sample of weeks, with its interval, and what one more week in a stratum would narrow.

Cochran (1977), Sampling Techniques, 3rd ed., ch. 5: within strata simple random sampling without replacement, the variance with
finite population correction (5.12), and Student's t with the effective degrees of freedom of Satterthwaite (5.16). Of a part of
a stratum, some months of a season, the weeks that are not counted are predicted by its mean (Valliant, Dorfman & Royall (2000),
Finite Population Sampling and Inference, ch. 2); of whole strata that is Cochran's variance.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import pi, sqrt
from statistics import fmean, variance

import numpy as np

LEVEL = 0.95  # how often the interval holds the truth
STEPS = 20_000  # of the integral of Student's t


@dataclass(frozen=True)
class Stratum:
    """What each of its counted weeks holds; of the weeks asked about, how many are uncounted and what the others hold (`known`)."""

    counts: tuple[float, ...]
    uncounted: int
    known: float

    @property
    def total(self) -> float | None:
        """What the weeks asked about hold: what was counted, and the mean for each other; None where there is no mean."""
        if not self.uncounted:
            return self.known
        return self.known + self.uncounted * fmean(self.counts) if self.counts else None

    def error(self, more: int = 0) -> float | None:
        """The variance of the total, if so many `more` weeks were counted; None where fewer than two are counted."""
        n, left = len(self.counts) + more, max(self.uncounted - more, 0)
        if not left:
            return 0.0
        if len(self.counts) < 2:
            return None
        return variance(self.counts) * left * (left + n) / n


@dataclass(frozen=True)
class Estimate:
    """A total and the half width of its 95 % interval; None where a stratum with a part in it has fewer than two counted weeks."""

    total: float
    half_width: float | None
    counted: float  # what was counted is never less

    @property
    def low(self) -> float | None:
        """The lower end."""
        return None if self.half_width is None else max(self.counted, self.total - self.half_width)

    @property
    def high(self) -> float | None:
        """The upper end."""
        return None if self.half_width is None else self.total + self.half_width


def estimate(strata: Sequence[Stratum]) -> Estimate | None:
    """The total of the strata; None where one cannot be told."""
    totals = [stratum.total for stratum in strata]
    if any(total is None for total in totals):
        return None
    known = sum(stratum.known for stratum in strata)
    return Estimate(sum(total for total in totals if total is not None), half_width(strata), known)


def half_width(strata: Sequence[Stratum], one_more_in: Collection[int] = (), level: float = LEVEL) -> float | None:
    """Half the width of the total's interval, now or as expected with one more week counted in some strata (indices)."""
    more = [int(i in one_more_in) for i in range(len(strata))]
    errors = [stratum.error(n) for stratum, n in zip(strata, more, strict=True)]
    if any(error is None for error in errors):
        return None
    found = [(error, len(s.counts) + n - 1) for error, s, n in zip(errors, strata, more, strict=True) if error]
    spread = sum(error for error, _df in found)
    if not spread:
        return 0.0
    return quantile(spread**2 / sum(error**2 / df for error, df in found), level) * sqrt(spread)


@cache
def quantile(freedom: float, level: float = LEVEL) -> float:
    """Student's t within ± which the part `level` lies: with t = √ν tan θ, it is that of the integral of cos^(ν-1) θ up to θ."""
    angles = np.linspace(0, pi / 2, STEPS + 1)
    heights = np.cos(angles) ** (freedom - 1)
    areas = np.concatenate(([0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)))
    return float(sqrt(freedom) * np.tan(np.interp(level * areas[-1], areas, angles)))
