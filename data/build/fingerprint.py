"""What a database is built from, as a hash; and so whether one is out of date, without anything of what builds it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.archive.state import ArchiveState
from data.build.source_files import source_files, source_hash
from data.schema.catalogue import datasets

SAMPLE = Path(__file__).parents[1] / "sample"
COVERAGE_FILE = SAMPLE / "covers.toml"
_PROGRAM = ("data.build.database", "data.archive.log")  # the modules that a build from the archive starts from
_EXAMPLE = "data.build.example"


def fingerprint(identity: str, more: Sequence[Path] = ()) -> str:
    """Two SHA-256 with a hyphen between: of what was imported (`identity`), and of the program that builds from it.

    The second is of the source files that the build depends on, and `more` files of the package.
    """
    program = f"{duckdb.__version__} {source_hash((*source_files(*_PROGRAM), *more))}"
    return f"{hashlib.sha256(identity.encode()).hexdigest()}-{hashlib.sha256(program.encode()).hexdigest()}"


def example_fingerprint(state: ArchiveState) -> str:
    """The fingerprint of a build from the example data, when nothing in the archive is in force."""
    return fingerprint(state.identity(), (*source_files(_EXAMPLE), *example_files(), COVERAGE_FILE))


def expected_fingerprint(state: ArchiveState) -> str:
    """The fingerprint of what the archive and this program build."""
    return fingerprint(state.identity()) if state.active else example_fingerprint(state)


def is_of_empty_archive(of_version: str) -> bool:
    """Whether the version with this fingerprint was built before anything was imported."""
    return of_version.partition("-")[0] == fingerprint(ArchiveState().identity()).partition("-")[0]


def example_files() -> list[Path]:
    """The example files in order of their tables, named `kostnader.csv`, or `arenden-` and the source."""
    order = [d.header for d in datasets().values()]
    tables = [(path.stem.partition("-")[0], path) for path in sorted(SAMPLE.glob("*.csv"))]
    named = [(order.index(table), path) for table, path in tables if table in order]
    return [path for _, path in sorted(named)]
