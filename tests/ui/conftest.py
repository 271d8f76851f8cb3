"""What the tests of the words share: the language, a store to take names from, and what a block says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from tests.conftest import imported
from tests.reader import lines
from ui.text import i18n

NAMES = {
    "departments": "verksamhet_id;namn\nA;Vård och omsorg\nB;Beta\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\nT2;Nyckel;A;intern\nT3;Resa;B;intern\n",
}


@pytest.fixture
def english() -> Iterator[None]:
    """The sentences as they stand in the code."""
    i18n.set_language("en")
    yield
    i18n._spoken.set(None)


@pytest.fixture
def swedish() -> Iterator[None]:
    """The sentences as most readers meet them."""
    i18n.set_language("sv")
    yield
    i18n._spoken.set(None)


@pytest.fixture(scope="session")
def _registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with the names; only read."""
    return imported(tmp_path_factory.mktemp("names"), NAMES).folder


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, _registered: Path) -> Iterator[None]:
    """Three services of two departments, and nothing else; afterwards no language is fixed."""
    monkeypatch.setenv("DASHBOARD_STORE", str(_registered))
    st.cache_resource.clear()
    yield
    i18n._spoken.set(None)
    st.cache_resource.clear()


@pytest.fixture
def on_example(monkeypatch: pytest.MonkeyPatch, example: Path) -> Iterator[None]:
    """The names and numbers of the example."""
    monkeypatch.setenv("DASHBOARD_STORE", str(example))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What blocks say from here on, line by line; the list grows."""
    said: list[str] = []
    monkeypatch.setattr(st, "html", lambda body: said.extend(lines(str(body))))
    return said
