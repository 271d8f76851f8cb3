"""Our stylesheet and scripts in the browser: in the head of the first page (`asgi`), or else on the page, once a session."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from streamlit.file_util import get_static_dir

from ui.frame.theme import stylesheet
from ui.text.html import join, tag

STREAMLIT = Path(get_static_dir())
SCRIPTS = Path(__file__).parents[2] / "static"  # Streamlit serves the folder as app/static
SERIF = "app/static/headline-serif.woff2"  # as style.css names it
ASKED_FOR = ("Html", "purify.es")  # Streamlit's scripts that each page of ours asks for, when the server has answered


class _Served:
    """How the first page comes to the browser."""

    with_head = False


def serves_head() -> None:
    """Say that the first page has our part of the head, so that no page needs to bring it."""
    _Served.with_head = True


def placed_in(first_page: str, base: str) -> str:
    """Streamlit's first page, served under a base path, with our part: what it will ask for, our scripts, and the style.

    The style stands last in the body, after all that Streamlit will put into the head.
    """
    font = {"rel": "preload", "as_": "font", "type": "font/woff2", "crossorigin": True}
    serif = tag("link", href=f"{base}/{SERIF}", **font)
    head = join((*_modules(base), serif, *_scripts(f"{base}/")))
    return first_page.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{_style()}</body>", 1)


def draw_own() -> None:
    """Bring style and scripts with the page where the first page does not have them, as under plain `streamlit run`."""
    if not _Served.with_head:
        st.html(_style() + join(_scripts("")), unsafe_allow_javascript=True)


def _style() -> Markup:
    return Markup(f"<style>{stylesheet()}</style>")  # noqa: S704 (a file of ours)


def _modules(base: str) -> Iterator[Markup]:
    """A link each to the scripts of Streamlit's that all pages ask for, so that they come with the others."""
    for name in ASKED_FOR:
        (file,) = STREAMLIT.glob(f"static/js/{name}.*.js")
        yield tag("link", href=f"{base}/static/js/{file.name}", rel="modulepreload", crossorigin=True)


def _scripts(base: str) -> Iterator[Markup]:
    """A script element each, whose address changes when the file does, so that no browser keeps an old one."""
    for file in sorted(SCRIPTS.glob("*.js")):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        yield tag("script", src=f"{base}app/static/{file.name}?v={version}", defer=True)
