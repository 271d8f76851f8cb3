"""Build a version of the database from the archive's state; serving it is another step."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from data.archive.state import ArchiveState
from data.build.compaction import compacted
from data.build.database import Progress, archive_contents, build_database
from data.build.example import example_contents
from data.serving.versions import PendingVersion, Versions


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
        contents = replace(contents, parts=compacted(versions.folder / "compacted", contents.parts))
        return versions.build(
            number, contents.fingerprint, lambda path: build_database(path, contents, number, now, progress)
        )
