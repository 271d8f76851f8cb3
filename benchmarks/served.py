"""The dashboard as `asgi` serves it, where `?body=NAME` puts another body into the frame of a page: a file in `bodies/`.

The entry, the frame and the server are the dashboard's own. Only what a page runs is exchanged, so that an empty page is
the same page emptied: same filters, same navigation.
"""

from pathlib import Path

import streamlit as st

from asgi import app
from ui import database

__all__ = ["app"]

BODIES = {file.stem: file for file in (Path(__file__).parent / "bodies").glob("*.py")}
OPEN = database.store()  # kept here, so that `bodies/forget.py` forgets the answers and leaves the database open


class Page(st.Page):
    """A page that runs the body which the address names, or else its own."""

    def run(self) -> None:
        """Run what the address names."""
        self._page = BODIES.get(st.query_params.get("body", ""), self._page)
        super().run()


database.store = lambda: OPEN  # put in its place
st.Page = Page  # type: ignore[misc]  # put in its place
