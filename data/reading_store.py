"""A store as a process that serves has it: read, and files checked against it. Its data are changed by others."""

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from data.archive.contents import read_report
from data.archive.log import Archive
from data.archive.state import Batch, FrozenReport, ProtectionChange
from data.base import clock
from data.base.clock import local_time
from data.base.errors import ArchiveDamaged, ImportRefused, NothingKnown, StoreError, StoreUnavailable, UnknownReport
from data.base.failures import import_failures
from data.base.lock import import_lock
from data.base.scratch import scratch_folder
from data.connections.config import connections_and_errors
from data.intake.choices import Choice, accept, refuse_clock, refuse_repeated
from data.intake.draft import Draft, Source
from data.intake.isolated import prepare_isolated
from data.intake.prepare import Progress, StoreContext
from data.mapping import saved
from data.mapping.model import ColumnMapping
from data.previews.goals import MAX_ROWS, Change, GoalPreview, Request, Waiting, preview_goals, touches_goals
from data.previews.losses import Losses, lost_tables, with_goals
from data.serving.dated import DatedServers
from data.serving.notices import Notices
from data.serving.server import Database, Server
from data.serving.status import Status, read_status
from data.serving.versions import Versions

LOCK_WAIT_SECONDS = 5.0  # for another import, before a mapping is not saved
DEFAULT_FOLDER = Path(__file__).with_name("store")


class ReadingStore:
    """A store in a folder, which is made when it is first written to. A context manager.

    The `server` opens its database, and has it built where it must be; one that is `dated` does so of an earlier day's.
    """

    def __init__(self, path: Path | None, server: type[Server], dated: type[Server]) -> None:
        self.folder = (path or Path(os.environ.get("DASHBOARD_STORE") or DEFAULT_FOLDER)).absolute()
        self._archive = Archive(self.folder / "archive")
        self._versions = Versions(self.folder)
        self._notices = Notices(self.folder / "notices.json")
        self._server = server(self.folder, self._archive, self._versions, self._notices)
        self._dated = DatedServers(self._archive, self._server, dated)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection to the database; it is opened again when it is next needed."""
        self._server.close()
        self._dated.close()

    def database(self, day: date | None = None) -> Database:
        """The newest version that can be read, open for reading; or what was known when a day ended.

        Cheap enough to call before every query. StoreUnavailable when no version can be read or built; NothingKnown when
        that day has not come, or no import was in force.
        """
        if day and day > clock.today():
            raise NothingKnown(NothingKnown.FUTURE, day=day)
        return self._server_on(day).database()

    def replace_damaged(self, database: Database, day: date | None = None) -> bool:
        """After a query failed: whether another version is served now, of that day, since the file of this one is damaged.

        StoreUnavailable when no other can be built.
        """
        return self._server_on(day).replace_damaged(database)

    def _server_on(self, day: date | None) -> Server:
        try:
            return (self._dated.on(day) if day else None) or self._server
        except OSError as error:
            raise StoreUnavailable(path=self.folder, reason=str(error)) from error

    def prepare(
        self,
        files: Sequence[Source],
        today: date | None = None,
        progress: Progress | None = None,
        *,
        use_saved_mappings: bool = True,
    ) -> Draft:
        """Read and check files against what is in force; nothing is stored. Close the draft when done.

        Files with the layout of a saved mapping are read by that, where `use_saved_mappings` and unless they have
        another mapping of their own. ImportFailed when there is no room to check them in.
        """
        served = self.database() if self._archive.names() else None  # nothing is in force in a store without imports
        current = None if served is None or served.example else served.file
        hosts = {connection.name: connection.host for connection in connections_and_errors()[0]}
        mappings = saved.load_mappings(self.folder) if use_saved_mappings else {}
        context = StoreContext(current, self.folder, hosts, mappings)
        with import_failures():
            return prepare_isolated(files, today or clock.today(), context, progress)

    def scratch(self) -> AbstractContextManager[Path]:
        """A temporary folder for uploaded files; those of dead processes are removed at the next call."""
        return scratch_folder(self.folder)

    def find_duplicate(self, checksum: str) -> Batch | None:
        """The newest batch in force from a file with this SHA-256; None when there is none."""
        return self._archive.state().find_duplicate(checksum)

    def history(self) -> tuple[Batch, ...]:
        """Every batch, in force or undone, oldest first."""
        return self._archive.state().batches

    def protection(self) -> tuple[ProtectionChange, ...]:
        """When small numbers were protected, and when no longer, oldest first."""
        return self._archive.state().protection

    def reports(self) -> tuple[FrozenReport, ...]:
        """Every frozen report, oldest first."""
        return self._archive.state().reports

    def report(self, number: int) -> dict[str, Any]:
        """The content of a frozen report. UnknownReport when there is none of this number, or it cannot be shown."""
        state = self._archive.state()
        report = next((one for one in state.reports if one.number == number), None)
        if report is None:
            raise UnknownReport(report=number)
        if state.protected and not report.protected:
            raise UnknownReport(UnknownReport.PROTECTED, report=number)
        return read_report(report)

    def status(self) -> Status:
        """The version that is served, and every batch."""
        return read_status(self.database(), self._archive.state())

    def clock_refusal(self, now: datetime) -> ImportRefused | None:
        """The error that `commit` would raise since the clock seems to be wrong; None when it would not."""
        try:
            refuse_clock(self._archive.state(), local_time(now))
        except ImportRefused as refused:
            return refused
        return None

    def refusal(self, draft: Draft, choices: Mapping[str, Choice], again: bool = False) -> StoreError | None:
        """The error that `commit` would raise for these choices; None when it would not. Reads no file of the archive."""
        try:
            accepted = accept(draft, choices)
            state = self._archive.state()
            state.refuse_damaged()
            if not again:
                refuse_repeated(accepted, state)
        except (ArchiveDamaged, ImportRefused) as refused:
            return refused
        return None

    def preview_import(
        self, draft: Draft, choices: Mapping[str, Choice], waiting: Waiting | None = None
    ) -> GoalPreview | None:
        """What becomes of the goals by these choices; None when that is too much to work out. Nothing is changed.

        ImportRefused when they cannot be imported.
        """
        tables = [table for file in accept(draft, choices) for table, _ in file.tables]
        arguments = {"draft": draft.folder, "choices": choices}
        return self._preview(
            "commit", arguments, {t.dataset.code for t in tables}, sum(t.good for t in tables), waiting
        )

    def preview_undo(self, batch: int, waiting: Waiting | None = None) -> Losses | None:
        """What undoing a batch loses; None when it cannot be undone. Nothing is changed. Every byte of the archive is read."""
        state = self._server.state(deep=True)
        undone = next((each for each in state.active if each.number == batch), None)
        if undone is None or not state.is_whole:
            return None
        losses = lost_tables(state, undone, self.database().protected)
        preview = self._preview("undo", {"batch": batch}, {t.dataset for t in undone.tables}, 0, waiting)
        return with_goals(losses, preview)

    def goals_since(self, before: Database) -> GoalPreview | None:
        """What became of the goals since an earlier version; None when that is too much to work out."""
        if before.example:
            return GoalPreview()
        return preview_goals(Request(self.folder, before.file, after=self.database().file))

    def _preview(
        self, change: Change, arguments: Mapping[str, Any], tables: Collection[str], rows: int, waiting: Waiting | None
    ) -> GoalPreview | None:
        in_force = self._archive.state().active
        if not in_force or not touches_goals(tables):
            return GoalPreview()
        if rows + sum(batch.rows for batch in in_force) > MAX_ROWS:
            return None
        return preview_goals(Request(self.folder, self.database().file, change, arguments), waiting)

    def save_mapping(self, mapping: ColumnMapping, now: datetime) -> None:
        """Read files of the mapping's layout by it from now on."""
        with import_failures(), import_lock(self.folder, "", local_time(now), wait=LOCK_WAIT_SECONDS):
            saved.save_mapping(self.folder, mapping, local_time(now).date())

    def delete_mapping(self, layout: str, now: datetime) -> None:
        """Read files of the layout by their headers again."""
        with import_failures(), import_lock(self.folder, "", local_time(now), wait=LOCK_WAIT_SECONDS):
            saved.delete_mapping(self.folder, layout)
