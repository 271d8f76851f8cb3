"""What was measured against what, and the table of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEADER = ("what", "takes", "against", "takes", "ratio", "aim", "met")


@dataclass(frozen=True)
class Ratio:
    """Seconds of what is measured and of what it is held against, taken in turns; and how large the ratio may be."""

    what: str
    taken: Sequence[float]
    against: str
    base: Sequence[float]
    aim: float

    @property
    def value(self) -> float:
        """The ratio of the medians."""
        return median(self.taken) / median(self.base)

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        met = "yes" if self.value <= self.aim else "no"
        return (
            self.what,
            _time(self.taken),
            self.against,
            _time(self.base),
            f"{self.value:.2f}",
            f"≤ {self.aim:g}",
            met,
        )


def _time(seconds: Sequence[float]) -> str:
    middle = median(seconds)
    return f"{middle:.2f} s" if middle >= 1 else f"{1000 * middle:.1f} ms"


def table(ratios: Iterable[Ratio]) -> str:
    """The ratios as a Markdown table."""
    rows = [HEADER, tuple("---" for _ in HEADER), *(ratio.cells() for ratio in ratios)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
