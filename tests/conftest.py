"""Stores to test on: example data, or a few rows. Everything comes in through the production import."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data.base import clock
from data.coverage import Coverage
from data.intake.choices import Choice
from data.intake.draft import Source
from data.previews import goals
from data.serving.protection import VARIABLE
from data.store import Store
from tests.claims import contradictions
from tests.packages import count_confined
from tests.reader import Look, check, opened, words

settings.register_profile(  # machines are noisy; speed is measured in benchmarks, never here
    "calm", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")
TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 8, 0)
CLOCK = datetime(2026, 11, 29, 8, 0)  # after whatever a test imports on a day of its own


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store built on example data, one for all workers; only read: `store` is a copy to change."""
    return made_once(tmp_path_factory, "example", lambda folder: Store(folder).build(NOW))


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that all workers share, of that name; the first that asks makes what is in it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    path, unfinished = shared / name, shared / f"{name}.unfinished"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            shutil.rmtree(unfinished, ignore_errors=True)  # of one that failed
            make(unfinished)
            unfinished.rename(path)
    return path


@pytest.fixture(scope="session", autouse=True)
def _coverage() -> None:
    """Coverage, when it is measured, counts the process that reads untrusted files, too."""
    count_confined()


@pytest.fixture(scope="session", autouse=True)
def _components() -> Iterator[None]:
    """Streamlit looks through all installed packages for components once a process, not at each page that a test opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's clock goes from `CLOCK`: no test depends on the day on which it is run."""
    start = datetime.now()
    monkeypatch.setattr(clock, "now", lambda: CLOCK + (datetime.now() - start))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What becomes of the goals is waited for, however busy the machine is."""
    monkeypatch.setattr(goals, "SECONDS", 300.0)


@pytest.fixture
def store(example: Path, tmp_path: Path) -> Store:
    """A store of one's own on example data."""
    return Store(shutil.copytree(example, tmp_path / "store"))


@pytest.fixture
def cursor(example: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on the example data; read-only."""
    with Store(example).database().cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def small_stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A function that imports tables and gives the folder, only read; equal ones, equally protected, are imported once."""

    def make(tables: Mapping[str, str], covers: Mapping[str, Coverage] | None, today: date) -> Path:
        key = repr((list(tables.items()), covers and sorted(covers.items()), today, os.environ.get(VARIABLE)))

        def begin(folder: Path) -> None:
            folder.mkdir()
            imported(folder, tables, covers, today).close()

        return made_once(tmp_path_factory, f"small-{sha256(key.encode()).hexdigest()[:16]}", begin)

    return make


@pytest.fixture
def small_store(tmp_path: Path, small_stores: Callable[..., Path]) -> Callable[..., Store]:
    """A function that imports tables, written as CSV text under their codes, into a store of their own.

    It takes what the files cover by table code too; without it the default is accepted, as in a hurry.
    """
    numbers = count(1)

    def make(tables: Mapping[str, str], covers: Mapping[str, Coverage] | None = None, today: date = TODAY) -> Store:
        folder = shutil.copytree(small_stores(tables, covers, today), tmp_path / f"small-{next(numbers)}")
        return Store(folder / "store")

    return make


def imported(
    folder: Path, tables: Mapping[str, str], covers: Mapping[str, Coverage] | None = None, today: date = TODAY
) -> Store:
    """A store in the folder with these tables, through the production import."""
    store = Store(folder / "store")
    sources = [Source(f"{code}.csv", folder / f"{code}.csv", table=code) for code in tables]
    for source, text in zip(sources, tables.values(), strict=True):
        source.path.write_text(text, "utf-8")
    with store.prepare(sources, today) as draft:
        found = [
            fault
            for file in draft.files
            for faults in (file.faults, *(t.faults for t in file.tables))
            for fault in faults
        ]
        assert not found, found
        choices = {file.name: Choice("all", covers) for file in draft.files}
        store.commit(draft, choices, who="test", now=NOW)
    return store


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Look:
    """A function that opens a page on a store as a reader gets there; the last resort must not be needed."""

    def open_page(store: Store, page: str, **query: str) -> AppTest:
        monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
        app = opened(page, **query)
        assert not [record.getMessage() for record in caplog.records if record.name == "dashboard"]
        check(app)
        assert contradictions(words(app)) == []
        return app

    return open_page


def pytest_unconfigure() -> None:
    """Remove the callback that Hypothesis leaves with the garbage collector.

    It outlives the modules, and with them what their fixtures name; DuckDB then reports its types as leaked.
    """
    gc.callbacks[:] = [callback for callback in gc.callbacks if not callback.__module__.startswith("hypothesis.")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each long proof of `make fuzz`: in how many parts it ran, for how long, and what it printed."""
    proofs: dict[str, list[pytest.TestReport]] = {}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        if isinstance(report, pytest.TestReport) and "fuzz" in report.keywords:
            proofs.setdefault(report.nodeid.partition("[")[0], []).append(report)
    for name, reports in proofs.items():
        failed, seconds = sum(report.failed for report in reports), sum(report.duration for report in reports)
        terminalreporter.write_line(f"{name}: {len(reports)} parts, {failed} failed, {seconds:,.0f} s")
        for line in "\n".join(report.capstdout for report in reports).splitlines():
            terminalreporter.write_line(f"    {line}") if line.strip() else None
