"""The stylesheet, and the palette of both themes as it names them: what Plotly must be told, for it knows no variables."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st

Role = Literal["digital", "digital_soft", "grey_1", "grey_2", "grey_3", "pale", "compare", "accent", "unknown"]
STYLE = Path(__file__).parent / "static" / "style.css"
TOKEN = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\);")
FONT = '"Source Sans", "Source Sans 3", sans-serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one theme by what they mean, each as `#RRGGBB`: the tokens of the stylesheet."""

    name: str
    background: str
    surface: str
    ink: str
    muted: str  # quiet text
    line: str
    track: str  # what a bar could fill
    link: str
    digital: str  # done, digital
    digital_soft: str  # nearly that: another system, assisted
    grey_1: str  # the rest, darkest in light and brightest in dark
    grey_2: str
    grey_3: str
    pale: str  # with an outline of grey_2
    compare: str  # the year before
    unknown: str  # the lines of the hatch
    accent: str  # needs eyes
    accent_text: str

    def of(self, role: Role) -> str:
        """The colour of a chart role."""
        return str(getattr(self, role))


@cache
def palettes() -> Mapping[str, Palette]:
    """The palettes `light` and `dark`, as the stylesheet states them."""
    tokens = {name.replace("-", "_"): pair for name, *pair in TOKEN.findall(stylesheet())}
    colours = [field.name for field in fields(Palette) if field.name != "name"]
    return {name: Palette(name, *(tokens[key][i] for key in colours)) for i, name in enumerate(("light", "dark"))}


def palette() -> Palette:
    """The palette of the theme that the reader has now; light where that is not known."""
    return palettes()[st.context.theme.type or "light"]


@cache
def stylesheet() -> str:
    """The stylesheet: every colour is a variable that follows the theme, without a round trip."""
    return STYLE.read_text("utf-8")
