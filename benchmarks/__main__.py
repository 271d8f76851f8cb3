"""How fast the dashboard is, on example data: `python -m benchmarks [rerun|browser|import|build]`, or `make bench` for all of it.

Machines differ and are noisy, so nothing is told in seconds alone: each number is held against another that is taken in
turns with it, in the same run, and the table gives the ratio of their medians. The aims stand beside; missing one fails
nothing. Progress goes to standard error.

- **rerun**: a page runs and is sent over the websocket, as when a reader changes something. *Cached*: it has just been asked the
  same. *Live*: every answer and every kept block was forgotten before, so that all SQL is asked and all figures are built anew; the
  database stays open. *The page emptied* is the same address, frame, filters and server, with nothing in the page; *an empty
  page as shipped* is one `st.write("")` under plain `streamlit run`.
- **browser**: the overview in Chromium against a page of its headline and goals. *Click to drawn*: from following a link to a
  department (asked before) to the last change on the screen. *First load*: from the address, with nothing in the browser's cache.
- **build**: one row imported into an archive of 3,650 imports, against one of ten with the same rows.
- **import**: a file of a million cases read and checked, against `pandas.read_csv` of the same file, which checks nothing.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import browser, builds, imports, rerun
from benchmarks.ratios import Ratio, table

PARTS = {"rerun": rerun.measure, "browser": browser.measure, "import": imports.measure, "build": builds.measure}


def measured(part: str | None) -> Iterator[Ratio]:
    """The ratios of a part, or of all, each measured in a folder that is gone afterwards."""
    for name, measure in PARTS.items():
        if part in (name, None):
            with tempfile.TemporaryDirectory() as folder:
                yield from measure(Path(folder))


def main() -> None:
    """Reads the command line, measures, and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Prints ratios as a Markdown table.")
    parser.add_argument("part", nargs="?", choices=PARTS, help="what to measure; all of it when left out")
    print(table(measured(parser.parse_args().part)))


if __name__ == "__main__":
    main()
