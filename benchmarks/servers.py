"""The servers that are asked: the dashboard on example data, and an empty page as Streamlit is shipped."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.store import Store
from tests.browser.harness import ROOT, await_health, free_port, uvicorn
from tests.data.stores import NOW

FAILURES = ("Traceback", "failure ")  # what the servers log when a page could not be shown
TOLD = 2000  # characters of the log, from the first failure


@contextmanager
def dashboard(folder: Path) -> Iterator[str]:
    """The dashboard, whose pages can be given another body (`benchmarks.served`); gives its address."""
    store = Store(folder / "store")
    store.build(NOW)
    port = free_port()
    command = uvicorn("benchmarks.served:app", port)
    with _serving(command, port, folder / "dashboard.log", ROOT, {"DASHBOARD_STORE": str(store.folder)}) as address:
        yield address


@contextmanager
def shipped(folder: Path) -> Iterator[str]:
    """An empty page under plain `streamlit run`, far from our settings; gives its address."""
    port = free_port()
    here = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = ["streamlit", "run", str(ROOT / "benchmarks/shipped.py"), *here]
    with _serving(command, port, folder / "shipped.log", folder, {"HOME": str(folder)}) as address:
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
