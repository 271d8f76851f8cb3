"""The rooms of the house, and who may walk into which: docs/architecture.md, held by a machine."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What a room may import of ours. The longest path that fits is the room; a name stands for everything in it.
ROOMS = {
    "data": {"data"},
    "analytics": {"analytics"},
    "analytics/__main__.py": {"analytics", "data"},
    "ui": {"ui", "analytics"},
    "ui/database.py": {"ui", "analytics", "data"},
    "pages": {"ui", "analytics"},
    "dashboard.py": {"ui"},
    "asgi.py": {"ui.database"},
}
OURS = {"data", "analytics", "ui", "pages", "dashboard", "asgi", "tests"}
LIBRARIES = {  # which rooms may use a library that is bound to its place
    "streamlit": {"dashboard.py", "asgi.py", "pages", "ui", "ui/database.py"},
    "plotly": {"ui"},
}
READERS = {"ui", "ui/database.py", "pages", "dashboard.py", "asgi.py"}  # the rooms without SQL
SQL = re.compile(r"\bSELECT\b.+\bFROM\b|\b(INSERT|DELETE|MERGE) +(INTO|FROM)\b|\bCREATE +(TABLE|VIEW)\b", re.S)
PAGE_LINES = 60


def imported(node: ast.AST) -> Iterator[str]:
    """The dotted names that this node imports, also by `import_module("…")`."""
    match node:
        case ast.Import(names=names):
            yield from (name.name for name in names)
        case ast.ImportFrom(module=module, names=names, level=0):  # a relative one stays in its room
            yield from (f"{module}.{name.name}" for name in names)
        case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
            yield name


def allowed(name: str, room: str) -> bool:
    """Whether this room may import this name."""
    top = name.partition(".")[0]
    if top in OURS:
        return any(name == own or name.startswith(own + ".") for own in ROOMS[room])
    return room in LIBRARIES.get(top, {room})


def faults(path: PurePosixPath, source: str) -> Iterator[str]:
    """Every way in which a module breaks the rules of its room."""
    room = max((r for r in ROOMS if path.is_relative_to(r)), key=len, default="nowhere")
    if room == "nowhere":
        yield "lies in no room"
        return
    for node in ast.walk(ast.parse(source)):
        yield from (f"imports {name}" for name in imported(node) if not allowed(name, room))
        match node:
            case ast.Constant(value=str(text)) if room in READERS and SQL.search(text):
                yield "holds SQL"
            case ast.Attribute(attr="execute" | "executemany" | "sql") if room in READERS:
                yield "runs SQL"
            case ast.Attribute(attr="session_state") | ast.alias(name="session_state") if room == "pages":
                yield "touches session_state"
            case ast.keyword(arg="unsafe_allow_html"):
                yield "writes unsafe HTML"
    if room == "pages":
        if len(path.parts) < 3:
            yield "is claimed by the old discovery of pages"
        if len(source.splitlines()) > PAGE_LINES:
            yield f"is longer than {PAGE_LINES} lines"


def modules() -> list[Path]:
    """Every module of ours but the tests."""
    rooms = [ROOT / room for room in ROOMS if "/" not in room]
    return [file for room in rooms for file in ([room] if room.suffix else sorted(room.rglob("*.py")))]


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.relative_to(ROOT).as_posix())
def test_a_module_keeps_to_its_room(module: Path) -> None:
    assert not list(faults(PurePosixPath(module.relative_to(ROOT)), module.read_text("utf-8")))


def test_every_module_at_the_top_is_in_a_room() -> None:
    assert {file.name for file in ROOT.glob("*.py")} <= set(ROOMS)


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        (
            "data/build/database.py",
            "from analytics.metrics.scope import Scope",
            "imports analytics.metrics.scope.Scope",
        ),
        ("data/build/database.py", "import ui", "imports ui"),
        ("analytics/metrics/measure.py", "from data.store import Store", "imports data.store.Store"),
        ("analytics/__main__.py", "import ui.database", "imports ui.database"),
        ("ui/components/cards.py", "from data import store", "imports data.store"),
        ("ui/components/cards.py", "import importlib; importlib.import_module('data.store')", "imports data.store"),
        ("pages/follow_up/overview.py", "import data.store", "imports data.store"),
        ("dashboard.py", "from analytics.metrics.scope import Scope", "imports analytics.metrics.scope.Scope"),
        ("dashboard.py", "import pages.follow_up.overview", "imports pages.follow_up.overview"),
        ("asgi.py", "from ui.components.cards import card", "imports ui.components.cards.card"),
        ("asgi.py", "import ui", "imports ui"),
        ("ui/components/cards.py", "from tests.conftest import store", "imports tests.conftest.store"),
        ("analytics/metrics/measure.py", "import streamlit as st", "imports streamlit"),
        ("data/store.py", "from streamlit import cache_data", "imports streamlit.cache_data"),
        ("analytics/metrics/measure.py", "import plotly.graph_objects", "imports plotly.graph_objects"),
        ("pages/follow_up/overview.py", "import plotly.express as px", "imports plotly.express"),
        ("ui/components/cards.py", "query = '''SELECT *\nFROM cases'''", "holds SQL"),
        ("ui/components/cards.py", "cursor.execute(query)", "runs SQL"),
        ("ui/database.py", "cursor.sql(query)", "runs SQL"),
        ("pages/follow_up/overview.py", "st.session_state['x'] = 1", "touches session_state"),
        ("pages/follow_up/overview.py", "from streamlit import session_state", "touches session_state"),
        ("pages/overview.py", "x = 1", "is claimed by the old discovery of pages"),
        ("pages/follow_up/overview.py", "x = 1\n" * 61, "is longer than 60 lines"),
        ("ui/components/cards.py", "st.markdown(text, unsafe_allow_html=True)", "writes unsafe HTML"),
        ("helpers/more.py", "x = 1", "lies in no room"),
    ],
)
def test_a_rule_can_fail(path: str, source: str, fault: str) -> None:
    assert fault in list(faults(PurePosixPath(path), source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ui/database.py", "from data.store import Store\nimport streamlit as st"),
        ("asgi.py", "import ui.database\nfrom ui import store\nimport streamlit as st"),
        ("analytics/__main__.py", "from data.store import Store"),
        (
            "pages/follow_up/overview.py",
            "import streamlit as st\nfrom ui import cards\nfrom analytics.metrics.scope import Scope",
        ),
    ],
)
def test_a_rule_lets_the_right_ones_in(path: str, source: str) -> None:
    assert not list(faults(PurePosixPath(path), source))


def test_the_benchmarks_import_what_exists() -> None:
    """They are run by hand, so nothing else tells when a name of theirs has moved."""
    asked = [
        (file.name, node.module, alias.name)
        for file in sorted(ROOT.glob("benchmarks/**/*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    assert len(asked) > 20
    for file, module, name in asked:
        found = import_module(module)
        assert hasattr(found, name) or find_spec(f"{module}.{name}"), (file, module, name)
