"""The store of the notes, made once a worker and only read."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st

from tests.conftest import TODAY
from tests.ui.note.cases import COVERS, tables
from ui.text import i18n

OPEN = pytest.MonkeyPatch


def opened(folder: Path, monkeypatch: OPEN) -> None:
    """Read this store from here on."""
    monkeypatch.setenv("DASHBOARD_STORE", str(folder))
    st.cache_resource.clear()


@pytest.fixture
def known(small_stores: Callable[..., Path], monkeypatch: OPEN) -> Iterator[Path]:
    """The store with the two departments, in Swedish; afterwards no language is fixed."""
    folder = small_stores(tables(), COVERS, TODAY) / "store"
    opened(folder, monkeypatch)
    i18n.set_language("sv")
    yield folder
    i18n._spoken.set(None)
    st.cache_resource.clear()
