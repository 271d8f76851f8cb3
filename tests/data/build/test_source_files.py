"""The fingerprint of a build covers every file of the program that the build reads."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.build.source_files import PACKAGE, source_files
from data.store import Store
from tests.data.stores import COUNTS, import_files, write_csv

ARCHIVE = ("data.build.database", "data.archive.log")
EXAMPLE = ("data.build.example",)

# Both scripts stand in an empty package `data` for the real one, whose `__init__` imports far more than a build uses.
CHANGE_EACH_FILE = """
import json, sys, types
sys.modules["data"] = package = types.ModuleType("data")
package.__path__ = [sys.argv[1]]
from data.archive.state import ArchiveState
from data.build.fingerprint import example_fingerprint, fingerprint
from data.build.source_files import PACKAGE, source_files, source_hash
unchanged = {}
for modules, current in (
    (("data.build.database", "data.archive.log"), lambda: fingerprint("")),
    (("data.build.example",), lambda: example_fingerprint(ArchiveState())),
):
    before = current()
    for path in source_files(*modules):
        content = path.read_bytes()
        path.write_bytes(content + b"\\n")
        source_hash.cache_clear()
        unchanged[path.relative_to(PACKAGE).as_posix()] = current() == before
        path.write_bytes(content)
    source_hash.cache_clear()
    assert current() == before
print(json.dumps([str(PACKAGE), unchanged]))
"""
BUILD = """
import json, sys, types
from datetime import datetime
from pathlib import Path
store, package = map(Path, sys.argv[1:])
opened = set()
sys.addaudithook(lambda event, values: opened.add(str(values[0])) if event == "open" else None)
sys.modules["data"] = data = types.ModuleType("data")
data.__path__ = [str(package)]
from data.archive.log import Archive
state = Archive(store / "archive").state(deep=True)
now, built = datetime(2026, 11, 23), store / "built.duckdb"
if state.active:
    from data.build.database import archive_contents, build_database
    build_database(built, archive_contents(state), 1, now)
else:
    from data.build.example import example_contents
    from data.build.database import build_database
    with example_contents(state, store / "scratch") as contents:
        build_database(built, contents, 1, now)
imported = [m.__file__ for n, m in sys.modules.items() if n.startswith("data.") and m.__file__]
print(json.dumps(sorted({*imported, *(name for name in opened if not name.endswith((".pyc", ".pyi")))})))
"""


def run(script: str, *arguments: Path) -> list[object]:
    """What a script prints as JSON, run in a fresh process."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: list[object] = json.loads(done.stdout)
    return result


def test_a_change_of_any_file_changes_the_fingerprint_wherever_the_program_lies(tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "data"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("store", "__pycache__"))
    package, unchanged = run(CHANGE_EACH_FILE, copy)
    assert package == str(copy)
    assert isinstance(unchanged, dict) and not any(unchanged.values())
    assert set(unchanged) == {p.relative_to(PACKAGE).as_posix() for p in source_files(*ARCHIVE, *EXAMPLE)}


@pytest.mark.parametrize("example", [False, True])
def test_every_file_that_a_build_reads_is_hashed(tmp_path: Path, example: bool) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    if not example:
        import_files(Store(folder), write_csv(tmp_path, "c.csv", COUNTS, "T-1;2026-01;e-tjänst;3"))
    read = {Path(str(path)) for path in run(BUILD, folder, PACKAGE)}
    program = {path for path in read if path.is_relative_to(PACKAGE)}
    sample = {path for path in program if path.parent == PACKAGE / "sample"}
    hashed = set(source_files(*ARCHIVE, *(EXAMPLE if example else ())))
    assert program - sample - hashed == set()
    assert bool(sample) is example
    assert {PACKAGE / "build/views.sql", PACKAGE / "build/cost_rules.sql", PACKAGE / "datasets.toml"} <= program


def test_what_a_build_does_not_use_is_not_hashed() -> None:
    hashed = {path.relative_to(PACKAGE).parts[0] for path in source_files(*ARCHIVE, *EXAMPLE)}
    assert not hashed & {"cli", "connections", "fetch", "serving", "store.py", "__init__.py"}
