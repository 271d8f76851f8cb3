"""Chance that comes out the same on every machine: each stream has its own seed and draws only `random()`."""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

WEEKDAYS = (1.25, 1.15, 1.1, 1.0, 0.85, 0.5, 0.75)  # Monday to Sunday, for what is sent in online
OFFICE_DAYS = (1.3, 1.1, 1.0, 1.0, 0.8, 0.0, 0.0)  # for what staff open and register
CLOSED_DAYS = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})


class RandomStream:
    """One stream of chance, named by what it is for."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"sala {name}")

    def part(self) -> float:
        """A number from 0 up to 1."""
        return self._random.random()

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.part() < probability

    def number(self, mean: float) -> int:
        """A whole number around the mean (Poisson, drawn in parts so that large means work too)."""
        total = 0
        while mean > 0:
            limit, product = math.exp(-min(mean, 10.0)), self.part()
            while product > limit:
                total, product = total + 1, product * self.part()
            mean -= 10.0
        return total

    def pick(self, weights: Mapping[str, float]) -> str:
        """One of the keys, by weight."""
        left = self.part() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return next(reversed(list(weights)))

    def days(self, usual: float) -> int:
        """Days something takes: skewed, around the usual, with a few that take several times as long."""
        spread = -math.log(1 - self.part()) - math.log(1 - self.part())
        return round(usual * spread / 1.68 * (3.5 if self.happens(0.07) else 1.0))


def day_weights(first: date, last: date, by_weekday: Sequence[float]) -> dict[str, float]:
    """The days from first to last (ISO) with their weights; closed days get nothing where weekends get nothing."""
    office = by_weekday[6] == 0
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return {
        day.isoformat(): by_weekday[day.weekday()]
        for day in days
        if by_weekday[day.weekday()] > 0 and not (office and (day.month, day.day) in CLOSED_DAYS)
    }


def office_day(day: date) -> date:
    """The day itself, or the first day after it when the office is open."""
    while day.weekday() > 4 or (day.month, day.day) in CLOSED_DAYS:
        day += timedelta(1)
    return day
