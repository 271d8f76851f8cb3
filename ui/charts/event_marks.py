"""Marks on a time axis: a numbered dot on the baseline, at the month in which something happened; the list beneath tells what."""

from dataclasses import dataclass
from datetime import date

NARROWEST, WIDTH = 180, 15  # pixels of the plot on the narrowest phone, and of a dot there


@dataclass(frozen=True)
class Mark:
    """A number at a month."""

    month: date
    number: int


def min_months_apart(months: int) -> int:
    """How many months two marks must lie apart on an axis of so many months, for their numbers not to meet on a phone."""
    return max(1, -(-months * WIDTH // NARROWEST))
