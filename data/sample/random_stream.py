"""Random numbers that are equal on every machine: each stream has its own seed and uses only `random()`."""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

WEEKDAYS = (1.25, 1.15, 1.1, 1.0, 0.85, 0.5, 0.75)  # weights Monday to Sunday of cases submitted online
OFFICE_DAYS = (1.3, 1.1, 1.0, 1.0, 0.8, 0.0, 0.0)  # weights of cases registered by staff
CLOSED_DAYS = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})


class RandomStream:
    """One stream of random numbers, seeded by its name."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"sala {name}")

    def uniform(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform() < probability

    def poisson(self, mean: float) -> int:
        """A Poisson number (Knuth's method, in steps of mean 10 so that large means do not underflow)."""
        total = 0
        while mean > 0:
            limit, product = math.exp(-min(mean, 10.0)), self.uniform()
            while product > limit:
                total, product = total + 1, product * self.uniform()
            mean -= 10.0
        return total

    def choose(self, weights: Mapping[str, float]) -> str:
        """One of the keys, with probability by weight."""
        remaining = self.uniform() * sum(weights.values())
        for key, weight in weights.items():
            remaining -= weight
            if remaining < 0:
                return key
        return next(reversed(list(weights)))

    def handling_days(self, typical: float) -> int:
        """A number of days: gamma distributed around `typical`, 7 % of them 3.5 times as long."""
        factor = -math.log(1 - self.uniform()) - math.log(1 - self.uniform())
        return round(typical * factor / 1.68 * (3.5 if self.happens(0.07) else 1.0))


def day_weights(first: date, last: date, by_weekday: Sequence[float]) -> dict[str, float]:
    """The days from first to last (ISO) by weight; without closed days when Sundays have weight 0."""
    office = by_weekday[6] == 0
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return {
        day.isoformat(): by_weekday[day.weekday()]
        for day in days
        if by_weekday[day.weekday()] > 0 and not (office and (day.month, day.day) in CLOSED_DAYS)
    }


def office_day(day: date) -> date:
    """The first day from `day` on when the office is open."""
    while day.weekday() > 4 or (day.month, day.day) in CLOSED_DAYS:
        day += timedelta(1)
    return day
