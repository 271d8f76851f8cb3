"""What every figure shares: names that are wrapped and never cut, labels that do not meet."""

from hypothesis import given
from hypothesis import strategies as st

from ui.charts.base import space_out, wrap

LONG = "Kollektivtrafikmyndigheten i Region Västmanland med samhällsbyggnadsutskottet"


def test_no_name_is_cut() -> None:
    assert wrap(LONG).replace("- ", "").replace("-<br>", "").replace("<br>", "").replace(" ", "") == LONG.replace(
        " ", ""
    )


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(1, 30))
def test_labels_are_spread_within_bounds_and_in_order(places: list[float], gap: float) -> None:
    moved = space_out(places, gap)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    room = min(gap, 100 / max(1, len(places) - 1))
    ordered = [moved[i] for i in sorted(range(len(places)), key=lambda i: places[i])]
    assert all(b - a >= room - 1e-6 for a, b in zip(ordered, ordered[1:], strict=False))


@given(st.text(max_size=80))
def test_a_name_from_outside_is_escaped(name: str) -> None:
    assert "<" not in wrap(name).replace("<br>", "")
