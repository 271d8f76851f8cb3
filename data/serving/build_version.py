"""Build a version of the database from the archive's state; serving it is another step."""

from contextlib import ExitStack
from datetime import datetime

from data.archive.state import ArchiveState
from data.build.database import Progress, archive_contents, build_database, fingerprint
from data.build.example import example_contents, example_fingerprint
from data.serving.versions import PendingVersion, Versions


def expected_fingerprint(state: ArchiveState) -> str:
    """The fingerprint of what the archive and this program build."""
    return fingerprint(state.identity()) if state.active else example_fingerprint(state)


def is_of_empty_archive(of_version: str) -> bool:
    """Whether the version with this fingerprint was built before anything was imported."""
    return of_version.partition("-")[0] == fingerprint(ArchiveState().identity()).partition("-")[0]


def build_version(
    versions: Versions, state: ArchiveState, now: datetime, progress: Progress | None = None
) -> PendingVersion:
    """Build the batches in force in the archive, or the example data when there are none; the caller holds the lock.

    OSError or duckdb.Error when it cannot be written; then its files are removed.
    """
    number = versions.next_number()
    with ExitStack() as stack:
        scratch = versions.folder / f"v{number:06}.example.tmp"
        contents = archive_contents(state) if state.active else stack.enter_context(example_contents(state, scratch))
        return versions.build(
            number, contents.fingerprint, lambda path: build_database(path, contents, number, now, progress)
        )
