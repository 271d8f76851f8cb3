"""Our stylesheet and scripts in the browser: in the head of the first page (`asgi`), or else on the page, once a session."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from streamlit.file_util import get_static_dir

from ui.frame.theme import stylesheet
from ui.text.html import join, tag

SCRIPTS = Path(__file__).parents[2] / "static"  # Streamlit serves the folder as app/static
SERIF = next(Path(get_static_dir()).glob("static/media/SourceSerifVariable-Roman*.woff2")).name


class _Served:
    """How the first page comes to the browser."""

    with_head = False


def serves_head() -> None:
    """Say that the first page has our part of the head, so that no page needs to bring it."""
    _Served.with_head = True


def placed_in(first_page: str, base: str) -> str:
    """Streamlit's first page, served under a base path, with our part: the serif at once, the scripts, and the style.

    The style stands last in the body, after all that Streamlit will put into the head.
    """
    font = {"rel": "preload", "as_": "font", "type": "font/woff2", "crossorigin": True}
    head = join((tag("link", href=f"{base}/static/media/{SERIF}", **font), *_scripts(f"{base}/")))
    return first_page.replace("</head>", f"{head}</head>", 1).replace("</body>", f"{_style()}</body>", 1)


def draw_own() -> None:
    """Bring style and scripts with the page where the first page does not have them, as under plain `streamlit run`."""
    if not _Served.with_head:
        st.html(_style() + join(_scripts("")), unsafe_allow_javascript=True)


def _style() -> Markup:
    return Markup(f"<style>{stylesheet()}</style>")  # noqa: S704 (a file of ours)


def _scripts(base: str) -> Iterator[Markup]:
    """A script element each, whose address changes when the file does, so that no browser keeps an old one."""
    for file in sorted(SCRIPTS.glob("*.js")):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
        yield tag("script", src=f"{base}app/static/{file.name}?v={version}", defer=True)
