"""From the archive's state to a built version, not yet served."""

from contextlib import ExitStack
from datetime import datetime

from data.archive.state import ArchiveState
from data.build.database import Progress, archive_contents, build_database, fingerprint
from data.build.example import example_contents, example_fingerprint
from data.serving.versions import PendingVersion, Versions


def expected_fingerprint(state: ArchiveState) -> str:
    """The fingerprint of the version that the archive and this program call for."""
    return fingerprint(state.identity()) if state.active else example_fingerprint(state)


def build_version(
    versions: Versions, state: ArchiveState, now: datetime, progress: Progress | None = None
) -> PendingVersion:
    """Build what is in force in the archive (the example data when nothing is); the caller holds the lock.

    OSError or a duckdb error when it cannot be written; then nothing of it stays.
    """
    number = versions.next_number()
    with ExitStack() as stack:
        scratch = versions.folder / f"v{number:06}.example.tmp"
        what = archive_contents(state) if state.active else stack.enter_context(example_contents(state, scratch))
        return versions.build(number, what.fingerprint, lambda path: build_database(path, what, number, now, progress))
