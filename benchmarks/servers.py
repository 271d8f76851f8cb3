"""The servers: the dashboard on example data, an empty page as Streamlit is shipped, and the overview the usual way."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from data.store import Store
from tests.browser.harness import ROOT, await_health, free_port, uvicorn
from tests.data.stores import NOW

FAILURES = ("Traceback", "failure ")  # what the servers log when a page could not be shown
TOLD = 2000  # characters of the log, from the first failure


@contextmanager
def dashboard(folder: Path) -> Iterator[str]:
    """The dashboard on the folder's store, or else on example data; gives its address. Its pages can be given another body.

    `benchmarks.served` says how.
    """
    store = Store(folder / "store")
    if not store.folder.exists():
        store.build(NOW)
    port = free_port()
    command = uvicorn("benchmarks.served:app", port)
    with _serving(command, port, folder / "dashboard.log", ROOT, {"DASHBOARD_STORE": str(store.folder)}) as address:
        yield address


@contextmanager
def shipped(folder: Path, page: str = "shipped") -> Iterator[str]:
    """An empty page, or another of here, under plain `streamlit run`, far from our settings; gives its address."""
    port = free_port()
    here = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = ["streamlit", "run", str(ROOT / f"benchmarks/{page}.py"), *here]
    named = {"HOME": str(folder), "DASHBOARD_STORE": str(folder / "store")}
    with _serving(command, port, folder / f"{page}.log", folder, named) as address:
        yield address


@contextmanager
def in_dash(folder: Path) -> Iterator[str]:
    """The overview in Dash, on the store that `dashboard` has made; gives its address."""
    port = free_port()
    named = {"DASHBOARD_STORE": str(folder / "store")}
    command = ["benchmarks.usual_dash", str(port)]
    with _serving(command, port, folder / "dash.log", ROOT, named) as address:
        yield address


@contextmanager
def _serving(command: Sequence[str], port: int, log: Path, where: Path, named: dict[str, str]) -> Iterator[str]:
    """Serve until left; AssertionError with the log when a page failed meanwhile, for its time means nothing."""
    unset = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    run = [sys.executable, "-m", *command]
    with log.open("w") as out, subprocess.Popen(run, cwd=where, env=unset | named, stdout=out, stderr=out) as process:
        try:
            await_health(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
    said = log.read_text()
    failed = min((place for word in FAILURES if (place := said.find(word)) >= 0), default=None)
    assert failed is None, f"A page failed:\n{said[failed : failed + TOLD]}"


def cpu_seconds(root: int) -> float:
    """The processor time of a process and all below it; 0 where the system has no /proc."""
    return sum(int(fields[11]) + int(fields[12]) for fields in _family(root)) / os.sysconf("SC_CLK_TCK")


def resident(root: int) -> float:
    """Megabytes of memory of a process and all below it; 0 where the system has no /proc."""
    return sum(int(fields[21]) for fields in _family(root)) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _family(root: int) -> list[Sequence[str]]:
    """What the system tells of a process and of all below it: the fields of /proc/PID/stat after the name."""
    stats: dict[int, Sequence[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    family = {root}
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in family} - family:
        family |= more
    return [stats[pid] for pid in family if pid in stats]
