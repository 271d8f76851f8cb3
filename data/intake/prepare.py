"""From files to a draft: each is opened, recognised and checked in a private database; nothing is stored."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.base.fault import Fault
from data.base.scratch import scratch_folder
from data.checks.interpret import interpret
from data.checks.mapped import Mappings
from data.checks.notes import TypedTable, find_notes
from data.checks.staging import MACROS
from data.checks.table import CheckedTable, check_sheet
from data.coverage import default_coverage
from data.formats.eplatform.answers import host_in_head
from data.formats.origin import Hosts, Origin, installations_in
from data.intake.detect_format import OpenedFile, open_file
from data.intake.draft import Draft, FileDraft, Source, TableDraft, merge_groups
from data.mapping.model import ColumnMapping, Layout
from data.mapping.saved import SavedMapping
from data.privacy import mask, personal_data_kind
from data.readers import Unreadable, scan_file
from data.readers.limits import HEAD_BYTES

MEMORY_LIMIT = 200 * 1024 * 1024  # a drop larger than this is checked in a temporary file, not in memory
Progress = Callable[[str, float], None]


def prepare(
    sources: Sequence[Source],
    *,
    known: Path | None,
    tables: Mapping[str, str] | None = None,
    today: date,
    progress: Progress | None = None,
    store: Path | None = None,
    configured: Hosts | None = None,
    mappings: Mapping[str, ColumnMapping] | None = None,
    layouts: Mapping[str, SavedMapping] | None = None,
) -> Draft:
    """Read and check files; nothing is stored. What is wrong stands in the draft, and is never raised.

    `known` is a version file of the database, against which references are checked. `tables` tells the table of a
    file by its name; `store` is where they may lie meanwhile; `configured` are the hosts of the e-service platform's
    installations by name. `mappings` tells by a file's name how its sheets of one layout are read, and `layouts` the
    same by layout, as somebody chose it before; what is told of the file itself goes first. ValueError for two files
    of one name. KeyError when it names a table that does not exist. duckdb.Error or OSError when the disk is full.
    """
    if len({source.name for source in sources}) < len(sources):
        raise ValueError("two files of one draft need names of their own")
    with ExitStack() as held:
        work = held.enter_context(scratch_folder(store))
        connection = held.enter_context(_connect(work, sum(_size(source.path) for source in sources)))
        if known:
            connection.execute(f"ATTACH {sql_path(known)} AS known (READ_ONLY)")
        origin = Origin(
            today, known=installations_in(connection, "known.e_services") if known else {}, configured=configured or {}
        )
        drafting = _Drafting(connection, work, tables or {}, origin, Mappings(mappings or {}, layouts or {}))
        drafted: dict[str, FileDraft] = {}
        for i, source in enumerate(sorted(sources, key=_tells_its_host, reverse=True)):
            tell = _part(progress, mask(source.name, today), i, len(sources))
            drafted[source.name] = drafting.file(source, tell)
        files = merge_groups([(s.group, drafted[s.name]) for s in sources])
        return Draft(_with_notes(files, connection, known is not None), connection, held.pop_all())


def _tells_its_host(source: Source) -> bool:
    """Whether the file says which installation it is from: such files are read first, and the others take after them."""
    try:
        with source.path.open("rb") as file:
            return host_in_head(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False


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
    connection = duckdb.connect(str(work / "draft.duckdb") if size > MEMORY_LIMIT else ":memory:", config=config)
    connection.execute("SET python_enable_replacements = false")  # a name in SQL is never a variable of ours
    connection.execute("SET enable_progress_bar = false")  # it would be written into what a script reads
    connection.execute(MACROS.read_text("utf-8"))
    return connection


class _Drafting:
    """Makes drafts of files in one connection."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        work: Path,
        tables: Mapping[str, str],
        origin: Origin,
        mappings: Mappings,
    ) -> None:
        self._connection, self._work, self._tables, self._origin = connection, work, tables, origin
        self._mappings = mappings
        self._today = origin.today
        self._count = 0

    def file(self, source: Source, tell: Callable[[float], None]) -> FileDraft:
        """Read and check one file."""
        name = mask(source.name, self._today)
        empty = FileDraft(name, "", 0)
        try:
            seen = scan_file(source.path)
            tell(0.2)
            empty = FileDraft(name, seen.checksum, seen.size)
            personal = personal_data_kind(source.name, self._today)
            if personal:
                raise Unreadable("personal_name", kind=personal)
            self._count += 1
            work = self._work / str(self._count)
            work.mkdir()
            origin = replace(self._origin, installation=source.installation, family=source.family)
            opened = open_file(source.path, seen, work, origin)
            return self._tables_of(opened, empty, source, tell)
        except Unreadable as error:
            return replace(empty, faults=(Fault(error.code, name, row=error.row, params=error.params),))
        finally:
            tell(1.0)

    def _tables_of(
        self, opened: OpenedFile, empty: FileDraft, source: Source, tell: Callable[[float], None]
    ) -> FileDraft:
        """The tables of a file's sheets; sheets that hold none are noted, or are the fault when no sheet does."""
        tables: list[TableDraft] = []
        unknown: list[Fault] = []
        layouts: list[Layout] = []
        notes = [Fault(r.code, empty.name, params=r.params) for r in opened.notes]
        forced = self._tables.get(source.name)
        for i, sheet in enumerate(opened.sheets):
            tell(0.4 + 0.6 * i / len(opened.sheets))
            self._count += 1
            reading = interpret(sheet, source.name, forced, self._mappings, self._today)
            if reading is None:
                continue
            layouts += [reading.layout] if reading.layout else []
            found = check_sheet(self._connection, f"t{self._count}", reading, empty.name, self._today)
            if isinstance(found, Fault):
                unknown.append(found)
            else:
                tables.append(self._drafted(found, source))
        if not tables and not unknown:
            unknown = [Fault("empty_file", empty.name)]
        file = replace(empty, tables=tuple(tables), layouts=tuple(layouts))
        if tables and all(fault.code == "not_recognised" for fault in unknown):
            return replace(file, notes=(*notes, *unknown))
        return replace(file, faults=tuple(unknown), notes=tuple(notes))

    def _drafted(self, found: CheckedTable, source: Source) -> TableDraft:
        """The table with what it covers; remembers the installations that it brings."""
        cover = default_coverage(self._connection, found.dataset, found.relation, self._today)
        if source.from_source:
            found = replace(found, known_columns=source.known_columns, from_source=True)
        if found.dataset.code == "e_services" and found.good:
            brought = installations_in(self._connection, found.relation)
            self._origin = replace(self._origin, known={**brought, **self._origin.known})
        asked = source.coverage if found.dataset.covers else None
        return TableDraft(**vars(found), coverage=asked or (cover if found.good else None))


def _with_notes(files: Sequence[FileDraft], connection: DuckDBPyConnection, known: bool) -> list[FileDraft]:
    """The files with what is worth saying when all of them, and what is known already, are seen together."""
    drafted = [
        TypedTable(t.dataset, t.relation, f.name, t.sheet, t.columns, t.from_source)
        for f in files
        for t in f.tables
        if t.good
    ]
    found = find_notes(connection, drafted, known)
    return [
        replace(f, tables=tuple(replace(t, notes=(*t.notes, *found.get(t.relation, ()))) for t in f.tables))
        for f in files
    ]
