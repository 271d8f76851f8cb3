"""What was measured against what, and the table of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

HEADER = ("what", "takes", "against", "takes", "ratio", "aim", "met")


@dataclass(frozen=True)
class Ratio:
    """Seconds (or megabytes) of what is measured and of what it is held against, taken in turns; and how large the ratio may be."""

    what: str
    taken: Sequence[float]
    against: str
    base: Sequence[float]
    aim: float
    unit: Literal["s", "MB"] = "s"

    @property
    def value(self) -> float:
        """The ratio of the medians."""
        return median(self.taken) / median(self.base)

    def row(self) -> str:
        """The row of the table."""
        met = "yes" if self.value <= self.aim else "no"
        taken, base = (_written(amounts, self.unit) for amounts in (self.taken, self.base))
        return _row((self.what, taken, self.against, base, f"{self.value:.2f}", f"≤ {self.aim:g}", met))


def _written(amounts: Sequence[float], unit: str) -> str:
    middle = median(amounts)
    if unit == "MB":
        return f"{middle:.2f} MB" if middle < 10 else f"{middle:.0f} MB"
    return f"{middle:.2f} s" if middle >= 1 else f"{1000 * middle:.1f} ms"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def table(ratios: Iterable[Ratio], later: Iterable[tuple[str, str, str]] = ()) -> Iterator[str]:
    """The lines of a Markdown table, each when it is known; at its end what is measured elsewhere: what, against, and its aim."""
    yield from map(_row, (HEADER, tuple("---" for _ in HEADER)))
    yield from (ratio.row() for ratio in ratios)
    yield from (_row((what, "–", against, "–", "–", aim, "make bench-large")) for what, against, aim in later)
