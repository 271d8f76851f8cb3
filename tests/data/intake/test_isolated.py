"""A file that ends, or halts, the process that reads it is a fault of that file, and of nothing else."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.base.fault import Fault
from data.intake import isolated, transfer
from data.intake.child import DISK_FULL
from data.intake.draft import Draft, FileDraft, Source
from data.intake.isolated import prepare_isolated
from data.intake.prepare import Progress, StoreContext, prepare
from data.intake.transfer import FILE, read_draft, write_draft
from data.messages.render import sentence
from tests.data.command import run_command
from tests.data.drafts import COUNTS, TODAY
from tests.data.workbooks import large_workbook, workbook_of

SAMPLE = Path(isolated.__file__).parents[1] / "sample"
GOOD = (COUNTS + "T-1;2026-01;telefon;3\n").encode()
MEBI = 1024 * 1024


def slow() -> bytes:
    """A workbook that takes many seconds to read."""
    return workbook_of(f"<worksheet>{'<x/>' * 40_000_000}</worksheet>")


def isolated_draft(folder: Path, files: dict[str, bytes], progress: Progress | None = None) -> Draft:
    """The draft of files by name, read in another process."""
    (folder / "in").mkdir(exist_ok=True)
    sources = []
    for i, (name, content) in enumerate(files.items()):
        path = folder / "in" / str(i)
        path.write_bytes(content)
        sources.append(Source(name, path))
    return prepare_isolated(sources, TODAY, StoreContext(folder=folder), progress)


def sentences(files: Sequence[FileDraft]) -> dict[str, list[str]]:
    return {file.name: [sentence(fault) for fault in file.faults] for file in files}


def children(parent: int) -> list[int]:
    """The processes that a process has started to read files: a test before may have started others, such as a browser."""
    result = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, started_by = stat.read_text().rpartition(")")[2].split()[:2]
            command = stat.with_name("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(started_by) == parent and state != "Z" and b"data.intake" in command:
            result.append(int(stat.parent.name))
    return result


def readers() -> list[int]:
    """The processes that are reading files."""
    return [reader for server in children(os.getpid()) for reader in children(server)]


def test_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "MEMORY", 250 * MEBI)
    with isolated_draft(tmp_path, {"a.csv": GOOD, "stor.xlsx": large_workbook(), "b.csv": GOOD}) as draft:
        assert sentences(draft.files) == {
            "a.csv": [],
            "stor.xlsx": [
                "Filen kunde inte läsas: den tar mer än 250 MB minne. Kopiera tabellen till en ny fil, eller dela upp den."
            ],
            "b.csv": [],
        }
        assert [table.good for file in draft.files for table in file.tables] == [1, 1]


def test_too_much_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 5)
    with isolated_draft(tmp_path, {"seg.xlsx": slow()}) as draft:
        assert sentences(draft.files) == {
            "seg.xlsx": [
                "Filen kunde inte läsas: den var inte klar efter 5 sekunder. Kopiera tabellen till en ny fil, eller dela upp den."
            ]
        }
    assert readers() == []


def test_a_killed_process(tmp_path: Path) -> None:
    killed = list[int]()

    def kill(name: str, share: float) -> None:
        if name == "seg.xlsx" and share and not killed:
            killed.extend(readers())
            for reader in readers():
                os.kill(reader, signal.SIGKILL)

    with isolated_draft(tmp_path, {"a.csv": GOOD, "seg.xlsx": slow()}, kill) as draft:
        assert sentences(draft.files) == {
            "a.csv": [],
            "seg.xlsx": [
                "Filen kunde inte läsas: den är skadad, eller gjord på ett sätt som inte går att läsa."
                " Öppna den i programmet den kommer från, spara den på nytt och försök igen."
            ],
        }
    assert killed


def test_who_stops_waiting_stops_the_reading(tmp_path: Path) -> None:
    names = []

    def leave(name: str, share: float) -> None:
        names.append(name)
        if share:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        isolated_draft(tmp_path, {"seg.xlsx": slow()}, leave)
    assert set(names) == {"seg.xlsx"}
    assert readers() == []
    assert list((tmp_path / "drops").iterdir()) == []


BARE = """
import os
del os.fork
from data.intake import child
child.limit_resources = child.limit_rights = lambda *_: None
"""  # the process that reads, on a system that limits nothing (Windows)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process that reads has no fork, no limits on resources and no Landlock."""
    (tmp_path / "sitecustomize.py").write_text(BARE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), str(Path(isolated.__file__).parents[2]))))
    isolated._Reader.close_idle()
    yield
    isolated._Reader.close_idle()


@pytest.mark.usefixtures("bare")
def test_a_system_that_limits_nothing_reads_too(tmp_path: Path) -> None:
    """One process a request, which cannot fork: the next request starts another."""
    for _ in range(2):
        with isolated_draft(tmp_path, {"a.csv": GOOD, "b.csv": b"PK\x03\x04"}) as draft:
            assert [len(file.faults) for file in draft.files] == [0, 1]
            assert [table.good for file in draft.files for table in file.tables] == [1]


@pytest.mark.usefixtures("bare")
def test_time_holds_also_where_a_system_limits_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 1)
    with isolated_draft(tmp_path, {"seg.xlsx": slow()}) as draft:
        assert [fault.code for fault in draft.files[0].faults] == ["reading_slow"]
    assert children(os.getpid()) == []


def test_a_full_disk_is_no_fault_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, request: Any, look: Callable[[], None]) -> int:
        return DISK_FULL

    monkeypatch.setattr(isolated._Reader, "serve", full)
    with pytest.raises(OSError, match="No space left"):
        isolated_draft(tmp_path, {"a.csv": GOOD})


def test_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolated._Reader.close_idle()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OSError, match="no process can read"):
        isolated_draft(tmp_path, {"a.csv": GOOD})
    isolated._Reader.close_idle()


def test_the_command_line_says_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(isolated, "MEMORY", 250 * MEBI)
    (tmp_path / "stor.xlsx").write_bytes(large_workbook())
    answer = run_command(capsys, "import", "--store", tmp_path / "store", "--dry-run", tmp_path / "stor.xlsx")
    assert (answer.code, answer.err) == (1, "")
    assert "Filen kunde inte läsas" in answer.out


def test_the_draft_is_the_same_as_without_a_process(tmp_path: Path) -> None:
    sources = [Source(path.name, path) for path in sorted(SAMPLE.glob("*.csv"))]
    (tmp_path / "fel.csv").write_text(COUNTS + "T-1;2026-13;telefon;3,5\nT-9;2026-01;telefon;-1\n850709-9805;;;\n")
    sources.append(Source("fel.csv", tmp_path / "fel.csv"))
    context = StoreContext(folder=tmp_path)
    with prepare_isolated(sources, TODAY, context) as other, prepare(sources, TODAY, context) as own:
        assert [comparable(file) for file in other.files] == [comparable(file) for file in own.files]
        for theirs, ours in zip(tables(other), tables(own), strict=True):
            assert theirs == ours


def comparable(file: FileDraft) -> str:
    """The file without the names of its relations."""
    without = replace(file, tables=tuple(replace(table, relation="") for table in file.tables))
    return json.dumps(without, default=transfer._encode)


def tables(draft: Draft) -> list[list[tuple[Any, ...]]]:
    relations = [table.relation for file in draft.files for table in file.tables]
    return [draft.connection.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in relations]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: [],
        lambda raw: {"files": [{**raw["files"][0], "size": "4"}]},
        lambda raw: {"files": [{**raw["files"][0], "more": 4}]},
        lambda raw: {
            "files": [{**raw["files"][0], "tables": [{**raw["files"][0]["tables"][0], "dataset": {"$table": "x"}}]}]
        },
        lambda raw: {"files": raw["files"] * 2},
    ],
)
def test_a_draft_that_is_none_is_refused(tmp_path: Path, change: Callable[[Any], Any]) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD)
    with prepare([Source("a.csv", tmp_path / "a.csv")], TODAY) as draft:
        write_draft(draft, tmp_path)
    raw = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(change(raw)))
    with ExitStack() as stack, pytest.raises((TypeError, ValueError, LookupError, duckdb.Error)):
        read_draft(tmp_path, stack)


def test_a_draft_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(65 * MEBI)
    with ExitStack() as stack, pytest.raises(ValueError, match="too large"):
        read_draft(tmp_path, stack)


def test_only_what_has_a_place_in_json_is_written(tmp_path: Path) -> None:
    with duckdb.connect() as connection, ExitStack() as stack:
        draft = Draft([FileDraft("a", "", 0, faults=(Fault("x", "a", params={"o": object()}),))], connection, stack)
        with pytest.raises(TypeError):
            write_draft(draft, tmp_path)
