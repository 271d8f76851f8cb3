"""Fetching from an installation of Open ePlatform: ask, compare with what is known, and import the rest as one batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from data.archive.state import Batch
from data.base.atomic_files import WRITE_ERRORS, is_disk_full, is_read_only
from data.base.errors import ImportFailed, Notice, StoreError
from data.base.fault import Fault
from data.base.language import N_
from data.build.database import Progress
from data.connections.config import Connection, load_connections
from data.connections.errors import FetchFailed
from data.fetch.batch_sources import BatchSources, ImportFile
from data.fetch.checkpoint import FetchCheckpoint
from data.fetch.client import Client, Clock
from data.fetch.diff import connect_with_known
from data.fetch.log import FetchStatus, load_fetch_status, load_fetch_statuses, save_fetch_status
from data.fetch.requests import Requests, Tell
from data.fetch.windows import Windows, load_windows, months_before
from data.formats.origin import installations_at
from data.intake.choices import Choice, refuse_person
from data.intake.draft import Draft
from data.messages.render import explanation
from data.messages.templates import MESSAGES
from data.serving.versions import Versions
from data.store import Store, local_time

__all__ = ["Connection", "FetchResult", "FetchStatus", "load_connections", "fetch", "load_fetch_statuses"]

NAME = "Open ePlatform %(name)s %(day)s"  # of the batch
LEFT_OUT = N_("Rows that were left out because something is wrong in them: %(count)s. The first: %(reason)s")
REFUSED = N_("E-services whose cases may not be read, or that are gone: %(count)s, for example %(name)s.")


@dataclass(frozen=True)
class FetchResult:
    """What a fetch came to. `batch` is None when nothing was new, or when it was only tried.

    `flows` is how many e-services the installation has. `new_cases` were not known and `changed_cases` said something
    else than before; of monthly counts they are the number of counts.
    """

    installation: str
    batch: Batch | None
    flows: int
    new_cases: int
    changed_cases: int
    notices: tuple[Notice, ...] = ()
    fault: Fault | None = None  # the first, when rows were left out

    def sentences(self, language: str = "sv") -> tuple[str, ...]:
        """What is worth saying beside the counts."""
        reason = {"reason": explanation(self.fault, language)} if self.fault else {}
        return tuple(replace(n, params={**n.params, **reason}).sentence(language) for n in self.notices)


def fetch(
    store: Store,
    connection: Connection,
    who: str,
    now: datetime,
    progress: Progress | None = None,
    since: date | None = None,
    *,
    dry: bool = False,
    clock: Clock | None = None,
) -> FetchResult:
    """Fetch what is new or changed in an installation and import it as one batch; `dry` asks and compares only.

    `since` fetches from that month on, whatever was fetched before. FetchFailed, or another StoreError, when it cannot
    be done: then nothing is imported, why is remembered, and the next try goes on where this one stopped.
    """
    moment = local_time(now)
    refuse_person(who, moment.date())
    before = load_fetch_status(store.folder, connection.name)
    try:
        with _exclusive_folder(store.folder / "fetching", connection.name) as folder:
            fetching = _Fetch(store, connection, folder, moment, progress)
            result = fetching.result(since, before.at, who, dry, clock)
            if not dry:
                told = (result.flows, result.new_cases, result.changed_cases)
                save_fetch_status(store.folder, FetchStatus(connection.name, fetching.started, *told))
            fetching.end()
            return result
    except WRITE_ERRORS as error:
        failed = _failed(error)
        _remember(store, before.failed(failed, moment))
        raise failed from error
    except StoreError as error:
        if error.text != FetchFailed.BUSY:  # somebody else is fetching, and will remember
            _remember(store, before.failed(error, moment))
        raise


def _remember(store: Store, failed: FetchStatus) -> None:
    with suppress(OSError):
        save_fetch_status(store.folder, failed)


def _failed(error: BaseException) -> ImportFailed:
    """What the disk's refusal is called."""
    if is_disk_full(error):
        return ImportFailed(ImportFailed.FULL)
    return ImportFailed(ImportFailed.READ_ONLY) if is_read_only(error) else ImportFailed(reason=str(error))


@contextmanager
def _exclusive_folder(folder: Path, name: str) -> Iterator[Path]:
    """The folder for an installation's round, while nobody else fetches from it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock", timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise FetchFailed(FetchFailed.BUSY, name=name) from None
    try:
        yield folder / name
    finally:
        lock.release()


class _Fetch:
    """One fetch, from the first question to the batch."""

    def __init__(
        self, store: Store, connection: Connection, folder: Path, now: datetime, progress: Progress | None
    ) -> None:
        self._store, self._connection, self._folder, self._now = store, connection, folder, now
        self._tell: Tell = progress or (lambda text, share: None)
        self._progress = progress

    def result(
        self, since: date | None, last: datetime | None, who: str, dry: bool, clock: Clock | None
    ) -> FetchResult:
        """Ask, compare and import."""
        connection = self._connection
        start = since or connection.since or months_before(self._now.date())
        asks = "|".join(map(str, (connection.base, connection.interfaces, connection.audience, start, since)))
        self._round = FetchCheckpoint(self._folder, asks, self._now)
        self.started = self._round.started
        table = next((t for i, t in _TABLES.items() if i in connection.interfaces), None)
        with self._store.scratch() as scratch:
            known = self._known()
            self._refuse_another_name(known)
            seen = None if since or last is None else last.date()
            held = self._windows(known, table, start, seen)
            with Client(connection, scratch, clock) as client:
                asking = Requests(connection, client, self._round, held, self._tell)
                asking.everything()
            found = self._found(known, held, asking, table, scratch)
            return self._import(found, asking, who, dry)

    def _reading(self, file: str, share: float) -> None:
        """How far the import is; the files are ours, and their names say nothing to a reader."""
        self._tell(self._connection.name, share)

    def end(self) -> None:
        """All of it is where it should be."""
        self._round.end()

    def _known(self) -> Path | None:
        """The database with what was imported before, rebuilt where it must be; None while nothing is in force."""
        if not any(batch.active and not batch.damaged for batch in self._store.history()):
            return None
        self._store.database()
        versions = Versions(self._store.folder)
        current = versions.current()
        return versions.path(current) if current else None

    def _refuse_another_name(self, known: Path | None) -> None:
        """FetchFailed when the database has this installation's e-services under another name, and none under this."""
        with connect_with_known(known) as connection:
            names = installations_at(connection, self._connection.base) if known else ()
        if names and self._connection.name not in names:
            asked = {"name": self._connection.name, "host": self._connection.host}
            raise FetchFailed(FetchFailed.NAMED, **asked, other=names[0])

    def _windows(self, known: Path | None, table: str | None, start: date, last: date | None) -> Windows:
        with connect_with_known(known) as connection:
            day = self.started.date()
            return load_windows(connection, known is not None, self._connection.name, table or "", start, day, last)

    def _found(
        self, known: Path | None, held: Windows, asking: Requests, table: str | None, scratch: Path
    ) -> list[ImportFile]:
        group = NAME % {"name": self._connection.name, "day": self._now.date()}
        with connect_with_known(known) as connection:
            name = self._connection.name
            sources = BatchSources(connection, known is not None, held, asking.complete(), name, group, scratch)
            return sources.found(self._round, asking.steps, table)

    def _import(self, found: Sequence[ImportFile], asking: Requests, who: str, dry: bool) -> FetchResult:
        """Import what was found as one batch, unless it changes nothing."""
        cases = [one.diff for one in found if one.dataset in _TABLES.values()]
        added, changed = sum(n.added for n in cases), sum(n.changed for n in cases)
        result = FetchResult(self._connection.name, None, len(asking.families()), added, changed, self._notices(asking))
        if not found:
            return result
        sources = [replace(one.source, table=one.dataset) for one in found]
        with self._store.prepare(sources, self._now.date(), self._reading) as draft:
            result = _with_faults(result, draft)
            if dry or not _has_changes(found, draft):
                return result
            choices = {file.name: Choice("good") for file in draft.files}
            if not _change_count(found) and self._store.refusal(draft, choices, again=True):
                return result
            (batch,) = self._store.commit(draft, choices, who, self._now, self._progress, again=True)
        return replace(result, batch=batch)

    def _notices(self, asking: Requests) -> tuple[Notice, ...]:
        refused = [*asking.refused]
        said = [Notice(REFUSED, {"count": len(refused), "name": refused[0]})] if refused else []
        lost = self._round.lost
        return (*said, *([Notice(MESSAGES["platform_lost_cases"], {"count": lost})] if lost else []))


_TABLES = {"instances": "cases", "statistics": "case_counts"}  # where cases go; the first that may be read


def _with_faults(result: FetchResult, draft: Draft) -> FetchResult:
    """The result with what was wrong in the rows."""
    (file,) = draft.files
    if not file.fault_count:
        return result
    notice = Notice(LEFT_OUT, {"count": file.fault_count})
    return replace(result, notices=(*result.notices, notice), fault=file.all_faults[0])


def _change_count(found: Sequence[ImportFile]) -> int:
    return sum(one.diff.added + one.diff.changed for one in found)


def _has_changes(found: Sequence[ImportFile], draft: Draft) -> bool:
    """Whether anything good is new; months that only faulty rows keep from being complete are not tried each time."""
    refused = sum(table.rows - table.good for file in draft.files for table in file.tables)
    return _change_count(found) > refused or (not refused and any(one.completes for one in found))
