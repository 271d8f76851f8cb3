"""The palette of both themes, read from `.streamlit/config.toml`, and the stylesheet."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

Role = Literal["digital", "digital_soft", "grey_1", "grey_2", "grey_3", "grey_4", "pale", "accent", "unknown"]
CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
STYLE = Path(__file__).parent / "static" / "style.css"
ROLES = ("digital", "digital_soft", "grey_1", "grey_2", "grey_3", "grey_4", "accent", "unknown", "muted", "accent_text")
FONT = '"Source Sans", "Source Sans 3", sans-serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one theme by what they mean, each as `#RRGGBB`."""

    name: str
    background: str
    surface: str
    text: str
    line: str
    link: str
    digital: str  # done, digital
    digital_soft: str  # nearly that: another system, assisted
    grey_1: str  # the rest, darkest in light and brightest in dark
    grey_2: str
    grey_3: str
    grey_4: str
    accent: str  # needs eyes
    unknown: str  # the lines of the hatch
    muted: str  # quiet text
    accent_text: str

    def of(self, role: Role) -> str:
        """The colour of a chart role."""
        return self.line if role == "pale" else str(getattr(self, role))


def _palette(name: str, theme: Mapping[str, Any]) -> Palette:
    roles = dict(zip(ROLES, theme["chartCategoricalColors"], strict=True))
    return Palette(
        name=name,
        background=theme["backgroundColor"],
        surface=theme["secondaryBackgroundColor"],
        text=theme["textColor"],
        line=theme["borderColor"],
        link=theme["linkColor"],
        **roles,
    )


@cache
def palettes() -> Mapping[str, Palette]:
    """The palettes `light` and `dark`, as the config file states them."""
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    return {name: _palette(name, theme[name]) for name in ("light", "dark")}


def palette() -> Palette:
    """The palette of the theme that the reader has now; light where that is not known."""
    return palettes()[st.context.theme.type or "light"]


@cache
def stylesheet() -> str:
    """The stylesheet with every colour as a variable that follows the theme, without a round trip."""
    light, dark = palettes()["light"], palettes()["dark"]
    names = ("background", "surface", "text", "line", "link", *ROLES)
    pairs = (f"--{n.replace('_', '-')}: light-dark({getattr(light, n)}, {getattr(dark, n)});" for n in names)
    return f".stApp {{ {' '.join(pairs)} }}\n{STYLE.read_text('utf-8')}"


def apply_style() -> None:
    """Put the stylesheet on the page, once a run."""
    st.html(f"<style>{stylesheet()}</style>")
