"""A draft: files read, recognised and checked, with everything that is wrong, before anything is taken."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from types import TracebackType

import duckdb
from duckdb import DuckDBPyConnection

from data.checks.notes import Drafted, notes
from data.checks.staging import MACROS
from data.checks.table import CheckedTable, check_sheet
from data.cover import Cover, default_cover
from data.faults import Fault
from data.files import quoted
from data.personal import kind, masked
from data.readers import Opened, Unreadable, open_file, surveyed
from data.scratch import scratch

ON_DISK = 200 * 1024 * 1024  # a drop larger than this is checked in a temporary file, not in memory
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Source:
    """A file on disk, and what the user calls it."""

    name: str
    path: Path


@dataclass(frozen=True)
class TableDraft(CheckedTable):
    """One table of a file, checked, and what the file seems to cover of it."""

    cover: Cover | None


@dataclass(frozen=True)
class FileDraft:
    """One file. With a fault of its own, nothing in it can be taken."""

    name: str
    checksum: str
    size: int
    tables: tuple[TableDraft, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault that is told one by one: the file's own, and its tables'."""
        return (*self.faults, *(fault for table in self.tables for fault in table.faults))

    @property
    def fault_count(self) -> int:
        """How many faults there are, told or not."""
        return len(self.faults) + sum(table.fault_count for table in self.tables)

    @property
    def all_notes(self) -> tuple[Fault, ...]:
        """Everything worth saying that stops nothing."""
        return (*self.notes, *(note for table in self.tables for note in table.notes))


class Draft:
    """The files of one drop, checked. A context manager: closing it removes every temporary trace of the files."""

    def __init__(self, files: Sequence[FileDraft], connection: DuckDBPyConnection, held: ExitStack) -> None:
        self.files = tuple(files)
        self.connection = connection
        self._held = held

    def close(self) -> None:
        """Close the connection and remove temporary files; more than once does no harm."""
        self._held.close()

    def __enter__(self) -> "Draft":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def numbered(names: Sequence[str]) -> list[str]:
    """The names, each once: a second "antal.csv" is "antal (2).csv"."""
    told: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        tries = (f"{stem or ending} ({n}){dot}{ending if stem else ''}" for n in count(2))
        told.append(name if name not in told else next(t for t in tries if t not in told and t not in names))
    return told


def prepare(
    sources: Sequence[Source],
    *,
    known: Path | None,
    tables: Mapping[str, str] | None = None,
    today: date,
    progress: Progress | None = None,
    store: Path | None = None,
) -> Draft:
    """Read and check files; nothing is stored. What is wrong stands in the draft, and is never raised.

    `known` is a version file of the database, against which references are checked. `tables` tells the table of a
    file by its name; `store` is where they may lie meanwhile. ValueError for two files of one name. KeyError when it
    names a table that does not exist. duckdb.Error or OSError when the disk is full.
    """
    if len({source.name for source in sources}) < len(sources):
        raise ValueError("two files of one draft need names of their own")
    with ExitStack() as held:
        work = held.enter_context(scratch(store))
        connection = held.enter_context(_connect(work, sum(_size(source.path) for source in sources)))
        if known:
            connection.execute(f"ATTACH {quoted(known)} AS known (READ_ONLY)")
        drafting = _Drafting(connection, work, tables or {}, today)
        files = []
        for i, source in enumerate(sources):
            files.append(drafting.file(source, _part(progress, masked(source.name, today), i, len(sources))))
        return Draft(_with_notes(files, connection, known is not None), connection, held.pop_all())


def _part(progress: Progress | None, name: str, done: int, files: int) -> Callable[[float], None]:
    """Tells how far all files are from how far one of them is."""

    def tell(share: float) -> None:
        if progress:
            progress(name, (done + share) / files)

    tell(0.0)
    return tell


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _connect(work: Path, size: int) -> DuckDBPyConnection:
    """A private database: in memory, or in a temporary file for a large drop."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(str(work / "draft.duckdb") if size > ON_DISK else ":memory:", config=config)
    connection.execute("SET python_enable_replacements = false")  # a name in SQL is never a variable of ours
    connection.execute("SET enable_progress_bar = false")  # it would be written into what a script reads
    connection.execute(MACROS.read_text("utf-8"))
    return connection


class _Drafting:
    """Makes drafts of files in one connection."""

    def __init__(self, connection: DuckDBPyConnection, work: Path, tables: Mapping[str, str], today: date) -> None:
        self._connection, self._work, self._tables, self._today = connection, work, tables, today
        self._count = 0

    def file(self, source: Source, tell: Callable[[float], None]) -> FileDraft:
        """Read and check one file."""
        name = masked(source.name, self._today)
        empty = FileDraft(name, "", 0)
        try:
            seen = surveyed(source.path)
            tell(0.2)
            empty = FileDraft(name, seen.checksum, seen.size)
            personal = kind(source.name, self._today)
            if personal:
                raise Unreadable("personal_name", kind=personal)
            self._count += 1
            work = self._work / str(self._count)
            work.mkdir()
            opened = open_file(source.path, seen, work)
            return self._tables_of(opened, empty, self._tables.get(source.name), tell)
        except Unreadable as error:
            return replace(empty, faults=(Fault(error.code, name, row=error.row, params=error.params),))
        finally:
            tell(1.0)

    def _tables_of(
        self, opened: Opened, empty: FileDraft, forced: str | None, tell: Callable[[float], None]
    ) -> FileDraft:
        """The tables of a file's sheets; sheets that hold none are noted, or are the fault when no sheet does."""
        tables: list[TableDraft] = []
        unknown: list[Fault] = []
        notes = [Fault(r.code, empty.name, params=r.params) for r in opened.remarks]
        for i, sheet in enumerate(opened.sheets):
            tell(0.4 + 0.6 * i / len(opened.sheets))
            self._count += 1
            found = check_sheet(self._connection, f"t{self._count}", sheet, empty.name, forced, self._today)
            if isinstance(found, Fault):
                unknown.append(found)
            elif found is not None:
                cover = default_cover(self._connection, found.dataset, found.relation, self._today)
                tables.append(TableDraft(**vars(found), cover=cover if found.good else None))
        if not tables and not unknown:
            unknown = [Fault("empty_file", empty.name)]
        if tables and all(fault.code == "not_recognised" for fault in unknown):
            return replace(empty, tables=tuple(tables), notes=(*notes, *unknown))
        return replace(empty, tables=tuple(tables), faults=tuple(unknown), notes=tuple(notes))


def _with_notes(files: Sequence[FileDraft], connection: DuckDBPyConnection, known: bool) -> list[FileDraft]:
    """The files with what is worth saying when all of them, and what is known already, are seen together."""
    drafted = [Drafted(t.dataset, t.relation, f.name, t.sheet, t.columns) for f in files for t in f.tables if t.good]
    found = notes(connection, drafted, known)
    return [
        replace(f, tables=tuple(replace(t, notes=(*t.notes, *found.get(t.relation, ()))) for t in f.tables))
        for f in files
    ]
