"""How large a change and each of its causes is, as it is written: rounded so that the causes sum to the change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from analytics.decomposition.effects import Cause, Kind, add_points
from ui.text import numbers

WHOLE = 0.00995  # from here on points are whole, as in the goals' rows


@dataclass(frozen=True)
class RoundedChange:
    """A change with its causes, in whole units of its last decimal."""

    change: int
    decimals: int
    causes: tuple[Cause, ...]
    units: tuple[int, ...]

    def of(self, cause: Cause) -> str:
        """A cause with its sign: "+9"; beside whole points, one that rounds to nothing has a decimal."""
        return self._said(self.units[self.causes.index(cause)], cause.points)

    def part(self, kinds: Collection[Kind]) -> str:
        """The causes of these kinds together, written as one."""
        return self._said(self._units(kinds), self.exact(kinds))

    def size(self, kinds: Collection[Kind]) -> str:
        """How large they are in words, without a sign: "5 procentenheter"."""
        units = self._units(kinds)
        points = units / self._scale if units else self.exact(kinds)
        return numbers.points(abs(points), max(self.decimals, int(not units)))

    def _units(self, kinds: Collection[Kind]) -> int:
        return sum(units for cause, units in zip(self.causes, self.units, strict=True) if cause.kind in kinds)

    @property
    def _scale(self) -> int:
        return int(100 * 10**self.decimals)

    def _said(self, units: int, points: float) -> str:
        exact = units / self._scale if units or self.decimals else points
        return signed(exact, self.decimals or int(not units))

    def exact(self, kinds: Collection[Kind]) -> float:
        """The points of the causes of these kinds, not rounded."""
        return add_points(cause.points for cause in self.causes if cause.kind in kinds)

    @property
    def points(self) -> str:
        """The size of the change: "11 procentenheter"."""
        return numbers.points(self.change / self._scale, self.decimals)


def round_change(then: float, now: float, causes: Sequence[Cause], decimals: int = 0) -> RoundedChange:
    """The change between two shares as the goal's row has it, or with so many decimals, and its causes."""
    told = _rounded(now * 100 * 10**decimals) - _rounded(then * 100 * 10**decimals)
    if not decimals and (abs(now - then) < WHOLE or not told):
        told = _rounded((now - then) * 1000)
        decimals = int(bool(told))
    scale = 100 * 10**decimals
    return RoundedChange(
        told, decimals, tuple(causes), tuple(apportion([cause.points * scale for cause in causes], told))
    )


def apportion(parts: Sequence[float], whole: int) -> list[int]:
    """Whole numbers near the parts that sum to `whole`, by largest remainder; what is nothing stays nothing."""
    exact = [round(part, 9) if round(part, 9) else part for part in parts]  # else the arithmetic would break ties
    found = [floor(part) for part in exact]
    order = sorted((i for i, part in enumerate(exact) if part), key=lambda i: (found[i] - exact[i], i))
    for turn in range(whole - sum(found) if order else 0):
        found[order[turn % len(order)]] += 1
    return found


def signed(points: float, decimals: int) -> str:
    """Points with a sign and without their word: "+9", "−0,4"; "0" where nothing is left of it."""
    size = Decimal(str(round(abs(points) * 100, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return ("+" if points > 0 else "−") * bool(size) + numbers.number(size, decimals if size else 0)


def _rounded(value: float) -> int:
    return int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP))
