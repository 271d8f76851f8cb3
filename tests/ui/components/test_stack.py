"""Part of a whole: the numbers stand in the markup, neighbours keep their order, and labels wait for room."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.markup import sizes, texts
from ui.charts.base import shade
from ui.components import stack
from ui.components.stack import ORDER, WIDTHS, Part
from ui.frame.theme import STYLE

PAYERS = [
    Part("Utan betalare", 29875, "29 875 kr", "accent", "3 %"),
    Part("Systemägaren", 626433, "626 433 kr", "grey_1", "64 %"),
    Part("Verksamheterna", 320384, "320 384 kr", "pale", "33 %", href="kostnader?payer=A"),
]
PARTS = some.lists(
    some.builds(
        Part,
        some.text(max_size=40),
        some.floats(-10, 1e6, allow_nan=False),
        some.text("0123456789 kr", max_size=12),
        some.sampled_from(ORDER),
    ),
    max_size=8,
)


def test_the_bar_has_the_sizes_and_the_labels_the_words() -> None:
    drawn = str(stack.draw(PAYERS, "Vem som betalar"))
    assert sizes(drawn, "flex-grow")[:3] == [626433, 320384, 29875]
    assert re.findall(r"shade (shade-[\w-]+)", drawn)[:3] == ["shade-grey-1", "shade-pale", "shade-accent"]
    assert 'role="img" aria-label="Vem som betalar"' in drawn
    assert texts(drawn, "li") == [
        "Systemägaren, 64 % 626 433 kr",
        "Verksamheterna, 33 % 320 384 kr",
        "Utan betalare, 3 % 29 875 kr",
    ]
    assert '<a href="kostnader?payer=A" target="_self">Verksamheterna</a>' in drawn


@given(PARTS)
def test_every_part_that_is_something_is_drawn_in_the_order_that_can_be_told_apart(parts: list[Part]) -> None:
    drawn = str(stack.draw(parts, "alt"))
    visible = [part for part in parts if part.value > 0]
    roles = re.findall(r'<i class="(shade shade-[\w -]+)" style', drawn)
    assert sorted(roles) == sorted(shade(part.role) for part in visible)
    assert roles == sorted(roles, key=[shade(role) for role in ORDER].index)
    assert sum(sizes(drawn, "flex-grow")) == pytest.approx(2 * sum(part.value for part in visible), rel=1e-4)
    assert bool(visible) == bool(drawn)


@given(PARTS)
def test_no_label_has_less_room_than_it_takes(parts: list[Part]) -> None:
    """At the width from which labels are shown each has its pixels, or the last borrows of the one before."""
    drawn = str(stack.draw(parts, "alt"))
    found = re.search(r"from-(\d+)", drawn)
    if not found:
        return
    visible = sorted((part for part in parts if part.value > 0), key=lambda part: ORDER.index(part.role))
    room = [int(found[1]) * part.value / sum(p.value for p in visible) for part in visible]
    taken = [max(stack.NARROWEST, len(part.text) * stack.VALUE) for part in visible]
    if "tail" in drawn:
        room[-2:], taken[-2:] = [sum(room[-2:])], [sum(taken[-2:])]
    assert all(r >= t for r, t in zip(room, taken, strict=True))


def test_a_part_too_narrow_for_its_label_makes_a_list() -> None:
    crowded = [Part(str(i), 1, "1", "grey_2") for i in range(30)]
    assert "from-" not in str(stack.draw(crowded, "alt"))
    assert "from-320" in str(stack.draw(crowded[:1], "alt"))
    style = STYLE.read_text("utf-8")
    assert all(f"(min-width: {width}px)" in style and f".from-{width} >" in style for width in WIDTHS)


def test_the_year_before_is_a_thin_bar_that_its_words_describe() -> None:
    drawn = str(stack.draw(PAYERS, "nu", PAYERS[:1], "Året före: 29 875 kr utan betalare"))
    assert 'class="stack thin" role="img" aria-label="Året före: 29 875 kr utan betalare"' in drawn
    assert 'class="stack-before"' not in str(stack.draw(PAYERS, "nu", [Part("A", 0, "0", "grey_1")], "Året före"))


def test_names_from_outside_are_escaped() -> None:
    assert "<script>" not in stack.draw(
        [Part("<script>", 1, "<script>", "grey_1", "<script>", '"><script>')], "<script>"
    )
