"""Heat map: every shade can be read in both themes, and only the whole is the darkest."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.heatmap import LEVELS, Cell, _cell, level, nothing_to_report
from ui.frame.theme import STYLE, palettes

RULE = re.compile(r"\.heat-(\d) \{ background: color-mix\(in srgb, var\(--digital\) (\d+)%")
SHADES = {int(n): int(share) / 100 for n, share in RULE.findall(STYLE.read_text("utf-8"))}


def channels(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(rgb: list[float]) -> float:
    """Relative luminance, WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: list[float], b: list[float]) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_every_level_between_nothing_and_all_has_a_shade() -> None:
    assert set(SHADES) == set(range(1, LEVELS))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_on_every_shade_can_be_read(theme: str) -> None:
    p = palettes()[theme]
    ground, blue, text = channels(p.background), channels(p.digital), channels(p.ink)
    for share in SHADES.values():
        mixed = [b * share + g * (1 - share) for b, g in zip(blue, ground, strict=True)]
        assert contrast(mixed, text) >= 4.5
    assert contrast(channels(p.pale), text) >= 4.5
    assert contrast(blue, ground) >= 4.5


@pytest.mark.usefixtures("swedish")
def test_nothing_unknown_and_nothing_to_know_are_told_apart() -> None:
    nothing, unknown, off = (str(_cell(cell)) for cell in (Cell(0.0), Cell(None), nothing_to_report()))
    assert 'class="heat-0"' in nothing and "hatch" not in nothing
    assert 'class="hatch"' in unknown and "heat" not in unknown
    assert "inget ska rapporteras" in off and "hatch" not in off and "–" not in off
    assert ".heat-0 { background: var(--pale); box-shadow: inset 0 0 0 1px var(--compare); }" in STYLE.read_text(
        "utf-8"
    )


@given(st.floats(0, 1))
def test_only_nothing_is_grey_and_only_all_is_darkest(value: float) -> None:
    assert (level(value) == 0) == (value == 0)
    assert (level(value) == LEVELS) == (value == 1)
