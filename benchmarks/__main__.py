"""How fast the dashboard is, on example data: `python -m benchmarks [part]`, or `make bench` for all of it; `large` does the sizes.

Machines differ and are noisy, so nothing is told in seconds alone: each number is held against another that is taken in
turns with it, in the same run, and the table gives the ratio of their medians. The aims stand beside; missing one fails
nothing. Progress goes to standard error, and the table of a run stays in `results/`, with its date, commit and versions.

- **rerun**: a page runs and is sent over the websocket, as when a reader changes something. *Cached*: it has just been asked the
  same. *Live*: every answer and every kept block was forgotten before, so that all SQL is asked and all figures are built anew; the
  database stays open. *The page emptied* is the same address, frame, filters and server, with nothing in the page; *an empty
  page as shipped* is one `st.write("")` under plain `streamlit run`.
- **browser**: the overview in Chromium against a page of its headline and goals, and against Dash (`benchmarks.usual`). *Click to
  drawn*: from following a link to a department (asked before) to the last change on the screen. *First load*: from the address,
  with nothing in the browser's cache; on a slow line with Chromium's own throttling.
- **build**: one row imported into an archive of 3,650 imports, against one of ten with the same rows.
- **import**: a file of a million cases read and checked, against `pandas.read_csv` of the same file, which checks nothing.
- **memory**: of the server's processes, for a session more, and after many reruns.
- **readers**: a hundred readers against one, and while a file is imported.
"""

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from benchmarks import browser, builds, imports, large, memory, readers, rerun
from benchmarks.ratios import Ratio, table

PARTS = {
    "rerun": rerun.measure, "browser": browser.measure, "import": imports.measure, "build": builds.measure,
    "memory": memory.measure, "readers": readers.measure,
}  # fmt: skip
LARGE = "large"
PACKAGES = ("streamlit", "duckdb", "pandas", "plotly", "uvicorn")
RESULTS = Path(__file__).with_name("results")


def measured(part: str | None) -> Iterator[Ratio]:
    """The ratios of a part, or of all, each measured in a folder that is gone afterwards."""
    for name, measure in {**PARTS, LARGE: large.measure}.items():
        if part == name or (part is None and name in PARTS):
            with tempfile.TemporaryDirectory() as folder:
                yield from measure(Path(folder))


def circumstances(now: datetime, commit: str) -> str:
    """When, of what, with what and on how many cores it was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{now:%Y-%m-%d %H:%M}, commit {commit}, Python {python_version()}, {packages}, {os.cpu_count()} cores"


def main() -> None:
    """Reads the command line, measures, prints the table as it comes, and keeps it when it is whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Prints ratios as a Markdown table.")
    parser.add_argument("part", nargs="?", choices=(*PARTS, LARGE), help="what to measure; all but large when left out")
    part = parser.parse_args().part
    now = datetime.now().astimezone()
    described = ("git", "describe", "--always", "--dirty", "--exclude", "*")
    commit = subprocess.run(described, capture_output=True, text=True, check=True, cwd=RESULTS.parent).stdout.strip()
    lines = [circumstances(now, commit), ""]
    print(*lines, sep="\n", flush=True)
    for line in table(measured(part), large.LATER if part is None else ()):
        print(line, flush=True)
        lines.append(line)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y-%m-%d-%H%M}-{part or 'all'}.md"
    file.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
