"""How a forecast's own earlier intervals did on the series at hand, and how wide the next one is for it.

Adaptive conformal inference (Gibbs and Candès 2021, Adaptive conformal inference under distribution shift, NeurIPS 34): a truth
that lay outside makes the next interval wider, one that lay inside narrower again, in steps that are in balance when four of five
lie inside. Each number of months ahead has its own width, moved when the month has come; one further ahead is widened at least as
much as a nearer one, since few of its own have come.
"""

from dataclasses import dataclass

import numpy as np

from analytics.forecast.candidates import SEASON, Floats
from analytics.statistics.confidence import wilson

OUTSIDE = 0.2  # share of the truths outside the interval
STEP = 0.2  # of the width's logarithm for a truth outside, less `OUTSIDE` of it
NARROWEST = -0.2  # of the same, where it begins: who only widens holds too many


@dataclass(frozen=True)
class Record:
    """What the interval's width is multiplied by, by month ahead, and which earlier truths lay inside.

    `inside` is by origin and month ahead, 1 or 0, nan where it is not known. Each interval was as wide as what was known
    then made it.
    """

    factors: Floats
    inside: Floats

    def widened(self, ahead: int) -> Floats:
        """The factors of so many months ahead; beyond what was tried, that of the last."""
        return self.factors[np.minimum(np.arange(ahead), len(self.factors) - 1)]

    @property
    def held(self) -> float | None:
        """The share of the earlier truths up to a year ahead that lay inside; None where there is none."""
        year = self.inside[:, :SEASON]
        known = ~np.isnan(year)
        return float(year[known].mean()) if known.any() else None

    @property
    def fails(self) -> bool:
        """Whether fewer truths lay inside than chance explains, counting only forecasts that share no month to come."""
        if self.held is None:
            return False
        counts = (~np.isnan(self.inside[:, :SEASON])).sum(0)
        independent = float(np.ceil(counts / np.arange(1, len(counts) + 1))[counts > 0].mean())
        return wilson(self.held * independent, independent)[1] < 1 - OUTSIDE


def follow(misses: Floats) -> Record:
    """The record of forecasts that were so many half widths from what came, by origin, one month after another, and month ahead."""
    origins, tested = misses.shape
    scale = np.full(tested, NARROWEST)
    factors = np.full((origins + 1, tested), np.exp(NARROWEST))
    for now in range(1, origins + 1):
        ahead = np.arange(min(tested, now))  # of these what came in the month before is known
        missed = misses[now - 1 - ahead, ahead]
        step = np.where(missed > np.exp(scale[ahead]), 1.0, 0.0) - OUTSIDE
        scale[ahead] = np.maximum(scale[ahead] + STEP * np.where(np.isnan(missed), 0.0, step), NARROWEST)
        factors[now] = np.exp(np.maximum.accumulate(scale))
    return Record(factors[-1], np.where(np.isnan(misses), np.nan, misses <= factors[:-1]))
