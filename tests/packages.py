"""The coverage of the tests by package: `python -m tests.packages` after `pytest --cov`; ends with 1 when one is too low."""

import sys
from collections import defaultdict
from pathlib import Path

from coverage import Coverage

LEAST = 95.0  # per cent of the lines of a package
# What a confined process runs is not counted, since it may write nothing, nor what a supervisor does that is killed.
LESS = {"data/base": 80.0, "data/checks": 80.0, "data/fetch": 90.0, "data/intake": 80.0, ".": 90.0}
MEASURED = ("analytics", "data", "pages", "ui")  # and the modules at the top
COLUMNS = 3


def covered() -> dict[str, tuple[int, int]]:
    """The lines that ran and all lines, by package; modules outside packages are one."""
    coverage = Coverage()
    coverage.load()
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for file in sorted(coverage.get_data().measured_files()):
        package = Path(file).relative_to(Path.cwd()).parent.as_posix()
        if package != "." and package.split("/")[0] not in MEASURED:
            continue
        _, lines, _, missing, _ = coverage.analysis2(file)
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
