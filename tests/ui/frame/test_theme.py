"""The colours: one place for each, and far enough apart for every eye, in both themes and in grey."""

import re
import tomllib
from dataclasses import replace
from itertools import combinations, pairwise
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

from ui.frame.theme import Palette, palettes, stylesheet

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
LEAST_OF_TEXT, LEAST_OF_MARKS, LEAST_DIFFERENCE, LEAST_OF_A_YEAR, LEAST_ON_PAPER = 6.2, 3.2, 14, 12, 11.5
TEXTS = ("ink", "muted", "link", "accent_text")
MARKS = ("digital", "digital_soft", "grey_1", "grey_2", "grey_3", "compare", "unknown", "accent")
STACKED = ("digital", "digital_soft", "grey_1", "grey_2", "grey_3", "pale")  # in this order; then the hatch
PAYERS = ("grey_1", "pale", "accent")
# What three kinds of colour blindness see, by Machado, Oliveira and Fernandes (2009), and a grey print
EYES = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)
Triple = tuple[float, ...]
theme = pytest.mark.parametrize("palette", palettes().values(), ids=lambda palette: palette.name)


def linear(colour: str) -> Triple:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def contrast(one: str, other: str) -> float:
    low, high = sorted(times(TO_XYZ, linear(colour))[1] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, eye: str) -> Triple:
    seen = tuple(min(1.0, max(0.0, c)) for c in times(EYES[eye], linear(colour)))
    x, y, z = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116
        for t in (a / b for a, b in zip(times(TO_XYZ, seen), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Triple, other: Triple) -> float:
    """CIEDE2000, after Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    widened = 1 + 0.5 * (1 - sqrt(mean / (mean + 25**7)))
    c1, c2 = hypot(a1 * widened, b1), hypot(a2 * widened, b2)
    h1, h2 = (degrees(atan2(b, a * widened)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    far = 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    middle = (h1 + h2 if not c1 * c2 else 2 * h1 + turn) / (1 if not c1 * c2 else 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight = (
        1
        - 0.17 * cos(radians(middle - 30))
        + 0.24 * cos(radians(2 * middle))
        + 0.32 * cos(radians(3 * middle + 6))
        - 0.20 * cos(radians(4 * middle - 63))
    )
    by_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    by_chroma, by_hue = (c2 - c1) / (1 + 0.045 * chroma), far / (1 + 0.015 * chroma * weight)
    bend = -sin(radians(60 * exp(-(((middle % 360 - 275) / 25) ** 2)))) * 2 * sqrt(chroma**7 / (chroma**7 + 25**7))
    return sqrt(by_light**2 + by_chroma**2 + by_hue**2 + bend * by_chroma * by_hue)


@pytest.mark.parametrize(
    ("one", "other", "apart"),  # pairs of Sharma's own table
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ],
)
def test_the_difference_is_counted_as_published(one: Triple, other: Triple, apart: float) -> None:
    assert difference(one, other) == pytest.approx(apart, abs=5e-5)


@theme
def test_text_and_marks_stand_out(palette: Palette) -> None:
    texts = {role: contrast(getattr(palette, role), palette.background) for role in TEXTS}
    marks = {role: contrast(getattr(palette, role), palette.background) for role in MARKS}
    assert min(texts.values()) >= LEAST_OF_TEXT, texts
    assert min(marks.values()) >= LEAST_OF_MARKS, marks


@theme
@pytest.mark.parametrize("eye", EYES)
def test_neighbours_differ_for_every_eye(palette: Palette, eye: str) -> None:
    for order in (STACKED, PAYERS):
        for one, other in pairwise(order):
            apart = difference(lab(getattr(palette, one), eye), lab(getattr(palette, other), eye))
            assert apart >= LEAST_DIFFERENCE, (one, other, apart)
    assert difference(lab(palette.digital, eye), lab(palette.compare, eye)) >= LEAST_OF_A_YEAR


def test_a_grey_print_tells_any_two_apart_for_those_between_may_be_empty() -> None:
    block = re.search(r"@media print \{[^\n]*\n  \.stApp \{([^}]*)\}", stylesheet())
    assert block
    of_paper = dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block[1]))
    paper = replace(palettes()["light"], **{name.replace("-", "_"): colour for name, colour in of_paper.items()})
    for order in (STACKED, PAYERS):
        for one, other in combinations(order, 2):
            apart = difference(lab(getattr(paper, one), "grey"), lab(getattr(paper, other), "grey"))
            assert apart >= LEAST_ON_PAPER, (one, other, apart)
    assert min(contrast(colour, paper.background) for colour in (paper.grey_1, paper.grey_3)) >= LEAST_OF_MARKS


def test_streamlits_own_parts_have_the_same_colours() -> None:
    config = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    tokens = {
        "backgroundColor": "background",
        "secondaryBackgroundColor": "surface",
        "textColor": "ink",
        "borderColor": "line",
        "dataframeBorderColor": "line",
        "linkColor": "link",
    }
    primary = {"light": "digital", "dark": "digital_soft"}  # white text stands on it
    for name, palette in palettes().items():
        assert config[name] == {key: getattr(palette, token) for key, token in tokens.items()} | {
            "primaryColor": getattr(palette, primary[name])
        }
    assert contrast("#FFFFFF", palettes()["dark"].digital_soft) >= 4.5
