"""A change and its causes as they are written: the reader's own sum agrees."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as hs

from analytics.decomposition.effects import Cause, Kind
from ui.decomposition.rounding import apportion, round_change, signed
from ui.text import i18n


@given(hs.lists(hs.fractions(-50, 50, max_denominator=1000), min_size=1, max_size=8), hs.booleans())
def test_what_is_written_sums_to_the_whole(exact: list[Fraction], up: bool) -> None:
    """The whole is the sum, rounded up or down: so is the difference of two rounded shares."""
    whole = (ceil if up else floor)(sum(exact))
    written = apportion([float(part) for part in exact], whole)
    if any(exact):
        assert sum(written) == whole
    for part, found in zip(exact, written, strict=True):
        assert abs(part - found) < 2
        assert part or not found


def test_parts_side_by_side_have_as_many_decimals() -> None:
    i18n.set_language("sv")
    sizes: dict[Kind, int] = {"rate": 800, "season": 30, "mix": 3}
    causes = [Cause(kind, n / 10_000, ("T1",)) for kind, n in sizes.items()]
    fine, whole = round_change(0.5, 0.5833, causes, 1), round_change(0.5, 0.5833, causes)
    assert [fine.part([cause.kind]) for cause in causes] == ["+8,0", "+0,3", "0"]
    assert [whole.of(cause) for cause in causes] == ["+8", "+0,3", "0"]


@pytest.mark.parametrize(
    ("points", "decimals", "expected"), [(0.09, 0, "+9"), (-0.004, 1, "−0,4"), (0.0, 1, "0"), (-0.0001, 1, "0")]
)
def test_points_have_a_sign(points: float, decimals: int, expected: str) -> None:
    i18n.set_language("sv")
    assert signed(points, decimals) == expected
