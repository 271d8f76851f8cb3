"""Fetching from an installation of Open ePlatform: download, compare with the database, import the difference."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from data.archive.state import Batch
from data.base.atomic_files import WRITE_ERRORS, make_folder
from data.base.clock import local_time
from data.base.errors import Notice, StoreError
from data.base.failures import write_failure
from data.base.fault import Fault
from data.base.language import N_
from data.build.database import Progress
from data.connections.config import Connection
from data.connections.errors import FetchFailed
from data.fetch.batch_sources import BatchSources, ImportFile
from data.fetch.checkpoint import FetchCheckpoint
from data.fetch.client import Client, Clock
from data.fetch.diff import open_known
from data.fetch.log import FetchStatus, load_fetch_status, save_fetch_status
from data.fetch.requests import Downloader
from data.fetch.windows import Windows, load_windows, months_before
from data.formats.origin import installations_at
from data.intake.choices import Choice, refuse_person
from data.intake.draft import Draft
from data.messages.render import explanation
from data.messages.templates import MESSAGES
from data.store import Store

NAME = "Open ePlatform %(name)s %(day)s"  # of the batch
LEFT_OUT = N_("Rows that were left out because something is wrong in them: %(count)s. The first: %(reason)s")
REFUSED = N_("E-services whose cases may not be read, or that are gone: %(count)s, for example %(name)s.")


@dataclass(frozen=True)
class FetchRequest:
    """A fetch to make. With `since` it starts at that month, whatever was fetched before; a dry run imports nothing."""

    connection: Connection
    who: str
    now: datetime
    since: date | None = None
    dry_run: bool = False
    accept_clock: bool = False


@dataclass(frozen=True)
class FetchResult:
    """The outcome of a fetch. `batch` is None when nothing was new, and after a dry run.

    `flows` is the number of e-services of the installation, `new_cases` and `changed_cases` the number of cases, or of
    monthly counts, that were not in the database or differed there. Where small numbers are `protected` nobody is told
    these, nor what tells the number of cases of the batch.
    """

    installation: str
    batch: Batch | None
    flows: int
    new_cases: int
    changed_cases: int
    notices: tuple[Notice, ...] = ()
    fault: Fault | None = None  # the first, when rows were left out
    protected: bool = False

    def sentences(self, language: str = "sv") -> tuple[str, ...]:
        """The notices as sentences."""
        reason = {"reason": explanation(self.fault, language)} if self.fault else {}
        return tuple(replace(n, params={**n.params, **reason}).sentence(language) for n in self.notices)


def fetch_installation(
    store: Store, request: FetchRequest, progress: Progress | None = None, clock: Clock | None = None
) -> FetchResult:
    """Fetch what is new or changed in an installation and import it as one batch.

    FetchFailed, or another StoreError, when it fails: then nothing is imported, the failure is saved for the pages, and
    the next fetch continues after the last finished step.
    """
    request = replace(request, now=local_time(request.now))
    refuse_person(request.who, request.now.date())
    name = request.connection.name
    status = load_fetch_status(store.folder, name)
    try:
        with _exclusive_folder(store.folder / "fetching", name) as folder:
            job = _Fetch(store, request, folder, progress or (lambda text, share: None))
            result = replace(job.run(status.at, clock), protected=store.database().protected)
            if not request.dry_run:
                save_fetch_status(store.folder, FetchStatus(name, job.checkpoint.started, result.flows))
            job.checkpoint.delete()
            return result
    except WRITE_ERRORS as error:
        failure = write_failure(error)
        _save_failure(store, status.with_failure(failure, request.now))
        raise failure from error
    except StoreError as error:
        if error.text != FetchFailed.BUSY:  # the other fetch saves its own outcome
            _save_failure(store, status.with_failure(error, request.now))
        raise


def _save_failure(store: Store, status: FetchStatus) -> None:
    with suppress(OSError):
        save_fetch_status(store.folder, status)


@contextmanager
def _exclusive_folder(folder: Path, name: str) -> Iterator[Path]:
    """The folder of an installation's checkpoint, locked. FetchFailed when another process has the lock."""
    make_folder(folder)
    try:
        lock = FileLock(folder / f"{name}.lock", thread_local=False, fallback_to_soft=False).acquire(timeout=0)
    except Timeout:
        raise FetchFailed(FetchFailed.BUSY, name=name) from None
    with lock:
        yield folder / name


class _Fetch:
    """One fetch. `checkpoint`, made by `run`, has its finished steps, and when the first was started."""

    def __init__(self, store: Store, request: FetchRequest, folder: Path, progress: Progress) -> None:
        self._store, self._request, self._folder, self._progress = store, request, folder, progress
        self._connection = request.connection
        self._table = next((t for i, t in _TABLES.items() if i in self._connection.interfaces), None)

    def run(self, last_fetch: datetime | None, clock: Clock | None) -> FetchResult:
        """Download, compare and import. `last_fetch` is when a fetch last succeeded."""
        connection, since, now = self._connection, self._request.since, self._request.now
        first = since or connection.since or months_before(now.date())
        key = "|".join(map(str, (connection.base, connection.interfaces, connection.audience, first, since)))
        self.checkpoint = FetchCheckpoint(self._folder, key, now)
        with self._store.scratch() as scratch:
            known = self._known_database(scratch)
            windows = self._windows(known, first, None if since or last_fetch is None else last_fetch.date())
            with closing(Client(connection, scratch, clock)) as client:
                download = Downloader(connection, client, self.checkpoint, windows, self._progress)
                download.run()
            return self._import(self._files(known, windows, download, scratch), download)

    def _known_database(self, scratch: Path) -> Path | None:
        """The served database file, rebuilt if it is out of date; None when no import is in force.

        Where small numbers are protected, a copy with all that was imported, in `scratch`: what the served one leaves out is
        not new.
        """
        if not any(batch.active and not batch.damaged for batch in self._store.history()):
            return None
        served = self._store.database()
        if not served.protected:
            return served.file
        self._store.write_unprotected(scratch / "known.duckdb", self._request.now)
        return scratch / "known.duckdb"

    def _windows(self, database: Path | None, first: date, last_fetch: date | None) -> Windows:
        """What to request. FetchFailed when the database has this installation's e-services under another name only."""
        name = self._connection.name
        with open_known(database, name) as known:
            names = installations_at(known.connection, self._connection.base) if known.exists else ()
            if names and name not in names:
                raise FetchFailed(FetchFailed.OTHER_NAME, name=name, host=self._connection.host, other=names[0])
            return load_windows(known, self._table or "", first, self.checkpoint.started.date(), last_fetch)

    def _files(
        self, database: Path | None, windows: Windows, download: Downloader, scratch: Path
    ) -> Sequence[ImportFile]:
        """The files to import: those that change something in the database."""
        name = self._connection.name
        group = NAME % {"name": name, "day": self._request.now.date()}
        with open_known(database, name) as known:
            sources = BatchSources(known, windows, download.complete(), group, scratch)
            return sources.build(self.checkpoint, download.steps, self._table)

    def _import(self, files: Sequence[ImportFile], download: Downloader) -> FetchResult:
        """Import the files as one batch, unless nothing changes or it is a dry run."""
        name, now = self._connection.name, self._request.now
        cases = [file.diff for file in files if file.dataset in _TABLES.values()]
        added, changed = sum(diff.added for diff in cases), sum(diff.changed for diff in cases)
        result = FetchResult(name, None, len(download.families()), added, changed, self._notices(download))
        if not files:
            return result
        sources = [replace(file.source, table=file.dataset) for file in files]
        with self._store.prepare(sources, now.date(), lambda _file, share: self._progress(name, share)) as draft:
            result = _with_faults(result, draft)
            if self._request.dry_run or not _has_changes(files, draft):
                return result
            choices = {file.name: Choice("good") for file in draft.files}
            if not _change_count(files) and self._store.refusal(draft, choices, again=True):
                return result
            request = self._request
            (batch,) = self._store.commit(draft, choices, request.who, now, self._progress, True, request.accept_clock)
        return replace(result, batch=batch)

    def _notices(self, download: Downloader) -> tuple[Notice, ...]:
        refused, undated = [*download.refused], self.checkpoint.undated_cases
        return (
            *([Notice(REFUSED, {"count": len(refused), "name": refused[0]})] if refused else []),
            *([Notice(MESSAGES["platform_lost_cases"], {"count": undated})] if undated else []),
        )


_TABLES = {"instances": "cases", "statistics": "case_counts"}  # the table of the cases: the first interface allowed


def _with_faults(result: FetchResult, draft: Draft) -> FetchResult:
    """The result with a notice about rows that were left out because of faults."""
    (file,) = draft.files
    if not file.fault_count:
        return result
    notice = Notice(LEFT_OUT, {"count": file.fault_count})
    return replace(result, notices=(*result.notices, notice), fault=file.all_faults[0])


def _change_count(files: Sequence[ImportFile]) -> int:
    return sum(file.diff.added + file.diff.changed for file in files)


def _has_changes(files: Sequence[ImportFile], draft: Draft) -> bool:
    """Whether an import changes anything: more rows than the faulty ones, or, without faults, a completed month."""
    faulty = sum(table.rows - table.good for file in draft.files for table in file.tables)
    return _change_count(files) > faulty or (not faulty and any(file.completes for file in files))
