"""The coverage of the tests by package: `python -m tests.packages` after `pytest --cov`; ends with 1 when one is too low."""

import os
import sys
from collections import defaultdict
from pathlib import Path

from coverage import Coverage, CoverageData

from tests.confined.sitecustomize import FOLDER

LEAST = 95.0  # per cent of the lines of a package
LESS = {".": 90.0}  # what a supervisor does that is killed is not counted
MEASURED = ("analytics", "data", "pages", "ui")  # and the modules at the top
COLUMNS = 3


def count_confined() -> None:
    """From now on, when coverage is measured, count what the confined processes of this one run, too."""
    if Coverage.current():
        FOLDER.mkdir(exist_ok=True)
        os.environ["PYTHONPATH"] = str(Path(__file__).with_name("confined"))


def covered() -> dict[str, tuple[int, int]]:
    """The lines that ran and all lines, by package; modules outside packages are one."""
    coverage = Coverage()
    coverage.load()
    for file in FOLDER.glob("*"):
        if content := file.read_bytes():
            part = CoverageData(no_disk=True)
            part.loads(content)
            coverage.get_data().update(part)
        file.unlink()
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for name in sorted(coverage.get_data().measured_files()):
        package = Path(name).relative_to(Path.cwd()).parent.as_posix()
        if package != "." and package.split("/")[0] not in MEASURED:
            continue
        _, lines, _, missing, _ = coverage.analysis2(name)
        ran, every = sums[package]
        sums[package] = ran + len(lines) - len(missing), every + len(lines)
    return {package: (ran, every) for package, (ran, every) in sums.items() if every}


def main() -> int:
    """Print the packages, and those that are too low once more; the exit status."""
    shares = {package: 100 * ran / every for package, (ran, every) in sorted(covered().items())}
    cells = [f"{package:<24} {share:5.1f} %" for package, share in shares.items()]
    for i in range(0, len(cells), COLUMNS):
        print("   ".join(cells[i : i + COLUMNS]))
    low = [f"{package} ({share:.1f} %)" for package, share in shares.items() if share < LESS.get(package, LEAST)]
    allowed = ", ".join(f"{package} {least:.0f} %" for package, least in LESS.items())
    print(f"Too low: {', '.join(low)}" if low else f"No package is under {LEAST:.0f} % (less is allowed: {allowed}).")
    return bool(low)


if __name__ == "__main__":
    sys.exit(main())
