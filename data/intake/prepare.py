"""Prepares a draft from files: each is opened, recognised and checked in a private database; nothing is stored."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from data.base.atomic_files import sql_path
from data.base.fault import Fault
from data.base.scratch import scratch_folder
from data.checks.changes import Register
from data.checks.interpret import interpret
from data.checks.mapped import Mappings
from data.checks.staging import MACROS
from data.checks.table import CheckedTable, check_sheet
from data.coverage import default_coverage
from data.formats.eplatform.answers import host_in_head
from data.formats.origin import Hosts, Origin, installations_in
from data.intake.comparison import with_notes
from data.intake.detect_format import open_file
from data.intake.draft import Draft, FileDraft, Source, TableDraft, merge_groups
from data.intake.ledgers import with_ledgers
from data.mapping import suggest
from data.mapping.model import Layout
from data.mapping.saved import SavedMapping
from data.privacy import mask, personal_data_kind
from data.readers import delimited
from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from data.readers.limits import HEAD_BYTES
from data.readers.sheet import Opened
from data.schema.catalogue import datasets

MEMORY_LIMIT = 200 * 1024 * 1024  # bytes of files above which they are checked in a temporary file, not in memory
CELL_LENGTH = 200  # characters of a cell that shows what a column holds
DUCKDB_MEMORY = "600MB"  # above it DuckDB writes to the temporary folder
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class StoreContext:
    """What a store knows when files are prepared for it.

    `database` is the version against which references are checked; `folder` is where the files lie meanwhile; `hosts`
    are those of the e-service platform's installations that there is a connection to, by name; `mappings` were saved,
    by layout.
    """

    database: Path | None = None
    folder: Path | None = None
    hosts: Hosts = field(default_factory=dict)
    mappings: Mapping[str, SavedMapping] = field(default_factory=dict)


def check_sources(sources: Sequence[Source]) -> None:
    """ValueError for two files of one name, KeyError for a table that does not exist."""
    if len({source.name for source in sources}) < len(sources):
        raise ValueError("two files of one draft need names of their own")
    for source in sources:
        if source.table is not None:
            datasets()[source.table]


def get_ready() -> None:
    """Work out what is the same for all files, once for all processes that are forked from this one."""
    delimited.known_headers()
    suggest.known_headers()


def prepare(
    sources: Sequence[Source], today: date, context: StoreContext | None = None, progress: Progress | None = None
) -> Draft:
    """Read and check files in this process, which should have limits; nothing is stored.

    What is wrong with the files is in the draft. `progress` is called with the name of the file that is being looked at, and
    with "" when all have been read.

    Raises what `check_sources` does; duckdb.Error or OSError when the disk is full; and what a reader fails to foresee.
    """
    check_sources(sources)
    context, progress = context or StoreContext(), progress or (lambda name, share: None)
    with ExitStack() as stack:
        work = stack.enter_context(scratch_folder(context.folder))
        connection = stack.enter_context(
            _connect(work, sum(source.path.stat().st_size for source in sources if source.path.is_file()))
        )
        if context.database:
            connection.execute(f"ATTACH {sql_path(context.database)} AS known (READ_ONLY)")
        known = installations_in(connection, "known.e_services") if context.database else {}
        mappings = Mappings({s.name: s.mapping for s in sources if s.mapping}, context.mappings)
        register = Register(connection, context.database is not None)
        checker = _FileChecker(register, work, Origin(today, known=known, configured=context.hosts), mappings)
        checked: dict[str, FileDraft] = {}
        for i, source in enumerate(_hosts_first(sources, progress)):
            checked[source.name] = checker.check(source, _file_progress(progress, source.name, i, len(sources)))
        progress("", 1.0)
        files = merge_groups([(s.group, checked[s.name]) for s in sources])
        is_known = context.database is not None
        answers = {checked[s.name].name: s.ledger for s in sources}
        files = with_ledgers(with_notes(files, connection, is_known), answers, connection, is_known)
        return Draft(files, connection, stack.pop_all())


def _hosts_first(sources: Sequence[Source], progress: Progress) -> Sequence[Source]:
    """The files, first those that name the installation that they are from: others may refer to it."""
    first, others = list[Source](), list[Source]()
    for source in sources:
        progress(source.name, 0.0)
        (first if _names_its_host(source) else others).append(source)
    return [*first, *others]


def _names_its_host(source: Source) -> bool:
    try:
        with source.path.open("rb") as file:
            return source.unreadable is None and host_in_head(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def _file_progress(progress: Progress, name: str, done: int, files: int) -> Callable[[float], None]:
    """A function that takes the share of one file that is done, and reports the share of all `files`."""

    def report(share: float) -> None:
        progress(name, (done + share) / files)

    report(0.0)
    return report


def _connect(work: Path, size: int) -> DuckDBPyConnection:
    """A private database: in memory, or in a temporary file when the files have more than `MEMORY_LIMIT` bytes."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(work),
        "memory_limit": DUCKDB_MEMORY,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(str(work / "draft.duckdb") if size > MEMORY_LIMIT else ":memory:", config=config)
    connection.execute("SET python_enable_replacements = false")  # a name in SQL is never a Python variable
    connection.execute("SET enable_progress_bar = false")  # it is written to standard output
    connection.execute(MACROS.read_text("utf-8"))
    return connection


class _FileChecker:
    """Reads and checks files in one connection, each against the database and those before it."""

    def __init__(self, register: Register, work: Path, origin: Origin, mappings: Mappings) -> None:
        self._register, self._work, self._origin, self._mappings = register, work, origin, mappings
        self._connection = register.connection
        self._today = origin.today
        self._count = 0  # of files and sheets, each of which needs a name of its own

    def check(self, source: Source, report: Callable[[float], None]) -> FileDraft:
        """Read and check one file; what keeps it from being read is a fault of it."""
        name = mask(source.name, self._today)
        file = FileDraft(name, "", 0)
        try:
            if source.unreadable:
                raise source.unreadable
            scan = scan_file(source.path)
            report(0.2)
            file = FileDraft(name, scan.checksum, scan.size)
            personal = personal_data_kind(source.name, self._today)
            if personal:
                raise Unreadable("personal_name", kind=personal)
            work = self._work / self._next_name("f")
            work.mkdir()
            origin = replace(self._origin, installation=source.installation, family=source.family)
            opened = open_file(source.path, scan, work, origin, source.encoding)
            return self._check_sheets(opened, file, source, report)
        except Unreadable as error:
            return replace(file, faults=(Fault(error.code, name, row=error.row, params=error.params),))
        finally:
            report(1.0)

    def _next_name(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def _check_sheets(
        self, opened: Opened, file: FileDraft, source: Source, report: Callable[[float], None]
    ) -> FileDraft:
        """The file with its tables. Sheets that hold none become notes, or faults when no sheet holds one."""
        tables: list[TableDraft] = []
        faults: list[Fault] = []
        layouts: list[Layout] = []
        sheets, file_notes = opened
        notes = [Fault(note.code, file.name, params=note.params) for note in file_notes]
        for i, sheet in enumerate(sheets):
            report(0.4 + 0.6 * i / len(sheets))
            reading = interpret(sheet, source.name, source.table, self._mappings, self._today)
            if reading is None:
                continue
            layouts += [_short_cells(reading.layout)] if reading.layout else []
            result = check_sheet(self._register, self._next_name("t"), reading, file.name, self._today)
            if isinstance(result, Fault):
                faults.append(result)
            else:
                tables.append(self._table_draft(result, source))
                drafted = (*self._register.drafted, (result.dataset.code, result.relation))
                self._register = replace(self._register, drafted=drafted)
        if not tables and not faults:
            faults = [Fault("empty_file", file.name)]
        file = replace(file, tables=tuple(tables), layouts=tuple(layouts))
        if tables and all(fault.code == "not_recognised" for fault in faults):
            return replace(file, notes=(*notes, *faults))
        return replace(file, faults=tuple(faults), notes=tuple(notes))

    def _table_draft(self, table: CheckedTable, source: Source) -> TableDraft:
        """The table with what it covers. The installations of its e-services are known to the files that follow."""
        suggested = default_coverage(self._connection, table.dataset, table.relation, self._today)
        if source.from_source:
            table = replace(table, known_columns=source.known_columns, from_source=True)
        if table.dataset.code == "e_services" and table.good:
            installations = installations_in(self._connection, table.relation)
            self._origin = replace(self._origin, known={**installations, **self._origin.known})
        if table.ledger:
            table = replace(table, ledger=table.ledger.answered(source.ledger))
        given = source.coverage if table.dataset.covers else None
        return TableDraft(**vars(table), coverage=given or (suggested if table.good else None))


def _short_cells(layout: Layout) -> Layout:
    """The layout with the beginnings of the cells below its headers, which only show what a column holds."""
    return replace(layout, rows=tuple(tuple(cell[:CELL_LENGTH] for cell in row) for row in layout.rows))
