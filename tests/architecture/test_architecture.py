"""What holds the code in its place beside the contracts in pyproject.toml: what import-linter cannot say."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("data", "analytics", "ui", "pages", "dashboard.py", "asgi.py", "serve.py")
WITHOUT_SQL = ("ui", "pages", "dashboard.py", "asgi.py", "serve.py")
ENTRIES = {  # what each may import of ours
    "dashboard.py": ("ui",),
    "asgi.py": ("ui.database", "ui.frame.browser", "ui.frame.uploads", "ui.note.feed"),
    "serve.py": (),
}
OURS = ("analytics", "benchmarks", "data", "pages", "tests", "ui")
SQL = re.compile(r"\bSELECT\b.+\bFROM\b|\b(INSERT|DELETE|MERGE) +(INTO|FROM)\b|\bCREATE +(TABLE|VIEW)\b", re.S)
PAGE_LINES = 60


def imported(node: ast.AST) -> Iterator[str]:
    """The dotted names that a node imports, also by `import_module("…")`."""
    match node:
        case ast.Import(names=names):
            yield from (name.name for name in names)
        case ast.ImportFrom(module=module, names=names, level=0):
            yield from (f"{module}.{name.name}" for name in names)
        case ast.Call(
            func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ) if name.partition(".")[0] in OURS:
            yield f"by name {name}"


def may_import(path: str, name: str) -> bool:
    """Whether the module may import this name, as far as the contracts leave it open."""
    if name.partition(".")[0] in ("benchmarks", "tests") or name.startswith("by name "):
        return False
    allowed = ENTRIES.get(path)
    return allowed is None or name.partition(".")[0] not in OURS or any(f"{name}.".startswith(f"{a}.") for a in allowed)


def faults(path: str, source: str) -> Iterator[str]:
    """Every way in which a module breaks the rules of its place."""
    place = PurePosixPath(path).parts[0]
    if place not in PLACES:
        yield "lies in no known place"
    for node in ast.walk(ast.parse(source)):
        yield from (f"imports {name}" for name in imported(node) if not may_import(path, name))
        match node:
            case ast.Constant(value=str(text)) if place in WITHOUT_SQL and SQL.search(text):
                yield "holds SQL"
            case ast.Attribute(attr="execute" | "executemany" | "sql") if place in WITHOUT_SQL:
                yield "runs SQL"
            case ast.Attribute(attr="session_state") | ast.alias(name="session_state") if place == "pages":
                yield "touches session_state"
            case ast.keyword(arg="unsafe_allow_html"):
                yield "writes unsafe HTML"
    if place == "pages":
        if len(PurePosixPath(path).parts) < 3:
            yield "is claimed by Streamlit's old discovery of pages"
        if len(source.splitlines()) > PAGE_LINES:
            yield f"is longer than {PAGE_LINES} lines"


def modules() -> list[str]:
    """Every module of ours but the tests and the benchmarks."""
    files = {file for place in PLACES for file in ROOT.glob(place if place.endswith(".py") else f"{place}/**/*.py")}
    return sorted(file.relative_to(ROOT).as_posix() for file in files | set(ROOT.glob("*.py")))


@pytest.mark.parametrize("module", modules())
def test_a_module_keeps_the_rules_of_its_place(module: str) -> None:
    assert not list(faults(module, (ROOT / module).read_text("utf-8")))


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("dashboard.py", "from analytics.metrics.scope import Scope", "imports analytics.metrics.scope.Scope"),
        ("dashboard.py", "import pages.follow_up.overview", "imports pages.follow_up.overview"),
        ("asgi.py", "from ui.components.figures import draw", "imports ui.components.figures.draw"),
        ("asgi.py", "import ui", "imports ui"),
        ("ui/components/figures.py", "from tests.conftest import store", "imports tests.conftest.store"),
        ("data/store.py", "import benchmarks.ratios", "imports benchmarks.ratios"),
        ("ui/edits.py", "import importlib; importlib.import_module('data.store')", "imports by name data.store"),
        ("ui/edits.py", "import_module('data.store')", "imports by name data.store"),
        ("ui/components/figures.py", "query = '''SELECT *\nFROM cases'''", "holds SQL"),
        ("ui/components/figures.py", "cursor.execute(query)", "runs SQL"),
        ("ui/database.py", "cursor.sql(query)", "runs SQL"),
        ("pages/follow_up/overview.py", "st.session_state['x'] = 1", "touches session_state"),
        ("pages/follow_up/overview.py", "from streamlit import session_state", "touches session_state"),
        ("pages/overview.py", "x = 1", "is claimed by Streamlit's old discovery of pages"),
        ("pages/follow_up/overview.py", "x = 1\n" * 61, "is longer than 60 lines"),
        ("ui/components/figures.py", "st.markdown(text, unsafe_allow_html=True)", "writes unsafe HTML"),
        ("helpers.py", "x = 1", "lies in no known place"),
    ],
)
def test_a_rule_can_fail(path: str, source: str, fault: str) -> None:
    assert fault in list(faults(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("asgi.py", "import ui.database\nfrom ui import database\nimport streamlit as st"),
        ("dashboard.py", "from ui.frame import page"),
        ("data/store.py", "query = 'SELECT 1 FROM cases'"),
    ],
)
def test_a_rule_lets_the_right_ones_in(path: str, source: str) -> None:
    assert not list(faults(path, source))


def test_the_benchmarks_import_what_exists() -> None:
    """They are run by hand, so nothing else tells when a name of theirs has moved."""
    names = [
        (file.name, node.module, alias.name)
        for file in sorted(ROOT.glob("benchmarks/**/*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    assert len(names) > 20
    for file, module, name in names:
        assert hasattr(import_module(module), name) or find_spec(f"{module}.{name}"), (file, module, name)


def test_pytest_goes_into_every_folder_of_tests(pytestconfig: pytest.Config) -> None:
    """Its own list of folders to pass by has names such as `build`, which a room here may have too."""
    passed_by = pytestconfig.getini("norecursedirs")
    folders = {part for path in Path("tests").rglob("test_*.py") for part in path.parts[:-1]}
    assert [name for name in sorted(folders) if any(fnmatch(name, pattern) for pattern in passed_by)] == []
