"""Build a version of the database from the archive's state; serving it is another step."""

from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from data.archive.state import ArchiveState
from data.build.carried import is_worthwhile
from data.build.compaction import compacted
from data.build.database import Contents, Progress, archive_contents, build_database
from data.build.example import example_contents
from data.serving.versions import PendingVersion, Versions


def build_version(
    versions: Versions, state: ArchiveState, now: datetime, progress: Progress | None = None, *, carry: bool = False
) -> PendingVersion:
    """Build the batches in force in the archive, or the example data when there are none; the caller holds the lock.

    Where it may `carry`, what has not changed is taken over from the version that is served, else all is built anew.
    OSError or duckdb.Error when it cannot be written; then its files are removed.
    """
    number = versions.next_number()
    with ExitStack() as stack:
        scratch = versions.folder / f"v{number:06}.example.tmp"
        contents = archive_contents(state) if state.active else stack.enter_context(example_contents(state, scratch))
        contents = replace(contents, parts=compacted(versions.folder / "compacted", contents.parts))
        former = _former(versions, contents) if carry else None
        return versions.build(
            number, contents.fingerprint, lambda path: build_database(path, contents, number, now, progress, former)
        )


def _former(versions: Versions, contents: Contents) -> Path | None:
    """The file of the served version, where a build may take over from it: whole, by this program, and nothing is protected."""
    current, program = versions.current(), contents.fingerprint.partition("-")[2]
    if (
        current
        and not contents.protected
        and current.fingerprint.partition("-")[2] == program
        and is_worthwhile(contents.parts)
    ):
        with suppress(OSError):
            return versions.path(current) if versions.is_whole(current) else None
    return None
