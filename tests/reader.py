"""A page as a reader meets it, without a browser. The fixture `look` (conftest.py) opens one."""

import re
import sys
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from ui.frame.sitemap import page_specs

ROOT = Path(__file__).resolve().parents[1]
INLINE = re.compile(r"</?(?:a|b|em|span|strong|time)\b[^>]*>")  # what does not end a line
HEAD = '<div class="frame"'
GLOSSARY = '<ul class="glossary"'  # what static/glossary.js takes words from
LEAKS = re.compile(r"\b(nan|NaN|None(?! of the )|inf|NaT|Traceback)\b|\{\w*\}|%\(\w+\)s")
ESCAPED = re.compile(r"&lt;(?:a href|span class|p class|strong&gt;)")  # our own markup, taken for text
Look = Callable[..., AppTest]  # look(store, page, **query)


def opened(page: str, **query: str) -> AppTest:
    """The page as a new server draws it on the store in the environment."""
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.query_params.update(query)
    address = next(spec.path for spec in page_specs() if spec.file == page)
    app._page_hash = calc_hash(address)  # as a browser that has the address: nothing of the first page is drawn
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    """The page when the button is pressed."""
    app.button(key=key).click().run()
    check(app)
    return app


def head(app: AppTest) -> str:
    """What stands above every page, as HTML: navigation and filters."""
    return next((body for element in app.get("html") if (body := element.proto.body).startswith(HEAD)), "")


def words(app: AppTest) -> str:
    """Everything that the page says in its own words, as HTML; what keeps a word whole, or Swedish, is left out."""
    said = [
        body for element in app.get("html") if not (body := element.proto.body).startswith((HEAD, GLOSSARY, "<style>"))
    ]
    said += [element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning)]
    whole = re.sub(r'<span class="unbroken">(.*?)</span>', r"\1", "\n".join(said))
    return re.sub(r'<span lang="sv">(.*?)</span>', r"\1", whole)


def lines(html: str) -> list[str]:
    """What HTML says, line by line, with plain spaces."""
    told = re.sub(r"<br\s*/?>", " ", INLINE.sub("", html))
    parts = re.split(r"<style.*?</style>|<[^>]*>", told, flags=re.S)
    return [line for part in parts if (line := " ".join(unescape(part).split()))]


class _Tables(HTMLParser):
    """Reads the tables of `ui/components/html_table.py`: rows of cells, each its text and its sort value."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[str, str | None]]]] = []
        self._cell: tuple[list[str], str | None] | None = None
        self._small = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self._cell = [], given.get("data-v", None if "data-number" not in given else "number")
        self._small = self._small or tag == "small"

    def handle_data(self, data: str) -> None:
        if self._cell and not self._small:
            self._cell[0].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell:
            self.tables[-1][-1].append(("".join(self._cell[0]), self._cell[1]))
            self._cell = None
        self._small = self._small and tag != "small"


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables on the page as they are sorted: numbers as numbers, a missing one as NaN, all else as text."""
    parser = _Tables()
    for element in app.get("html"):
        if 'class="datatable' in element.proto.body:
            parser.feed(element.proto.body)
    return [_frame(*rows) for rows in parser.tables]


def _frame(head: list[tuple[str, str | None]], *rows: list[tuple[str, str | None]]) -> pd.DataFrame:
    columns = {}
    for place, (name, kind) in enumerate(head):
        cells = [row[place] for row in rows]
        values = [float(sort or "nan") if kind == "number" else text for text, sort in cells]
        columns[name] = pd.Series(values, dtype=float if kind == "number" else object)
    return pd.DataFrame(columns)


def check(app: AppTest) -> None:
    """The page stands: no error, one headline, nothing of ours that leaks."""
    assert not app.exception
    assert not app.error
    said = words(app)
    assert not LEAKS.search(re.sub(r"<[^>]*>", " ", head(app)))
    headlines = re.findall(r"<h1[^>]*>(.*?)</h1>", said, re.S)
    assert len(headlines) + len(app.title) == 1
    assert all(unescape(text).strip() for text in headlines)
    assert not LEAKS.search(re.sub(r"<[^>]*>", " ", said))
    assert not ESCAPED.search(said)


if __name__ == "__main__":  # python -m tests.reader pages/follow_up/overview.py: what the page says, line by line
    print("\n".join(lines(words(opened(sys.argv[1])))))
