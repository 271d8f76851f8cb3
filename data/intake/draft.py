"""A draft: files read, recognised and checked, with everything that is wrong, before anything is taken."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.checks.table import CheckedTable
from data.coverage import Coverage
from data.mapping.model import ColumnMapping, Layout


@dataclass(frozen=True)
class Source:
    """A file on disk, its name to the user, and what is decided about how it is read.

    `installation` and `family` (of e-services) say where an answer from the e-service platform comes from, when it does
    not say so itself. Sources of one `group` become one file with that name, and are imported together. `from_source`:
    the program fetched it from another system, which knows `known_columns` (None: all) and was asked for `coverage`.
    `table` and `mapping` go before what the file's headers say.
    """

    name: str
    path: Path
    installation: str | None = None
    family: int | None = None
    group: str | None = None
    known_columns: frozenset[str] | None = None
    coverage: Coverage | None = None
    from_source: bool = False
    table: str | None = None
    mapping: ColumnMapping | None = None


@dataclass(frozen=True)
class TableDraft(CheckedTable):
    """One table of a file, checked, and what the file seems to cover of it."""

    coverage: Coverage | None = None


@dataclass(frozen=True)
class FileDraft:
    """One file. With a fault of its own, nothing in it can be taken.

    `layouts` are the headers and first rows of its sheets, for whoever wants to say which column is what.
    """

    name: str
    checksum: str
    size: int
    tables: tuple[TableDraft, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    layouts: tuple[Layout, ...] = ()

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


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, each once: a second "antal.csv" is "antal (2).csv"."""
    told: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        tries = (f"{stem or ending} ({n}){dot}{ending if stem else ''}" for n in count(2))
        told.append(name if name not in told else next(t for t in tries if t not in told and t not in names))
    return told


def merge_groups(drafted: Sequence[tuple[str | None, FileDraft]]) -> list[FileDraft]:
    """The files, those of one group as one; it stands where its first file stood."""
    together: dict[str, list[FileDraft]] = {}
    for i, (group, file) in enumerate(drafted):
        together.setdefault(group if group is not None else f"{i}\0", []).append(file)
    return [_joined(key, files) if "\0" not in key else files[0] for key, files in together.items()]


def _joined(name: str, files: Sequence[FileDraft]) -> FileDraft:
    checksum = hashlib.sha256("".join(f.checksum for f in files).encode()).hexdigest()
    return FileDraft(
        name,
        checksum,
        sum(f.size for f in files),
        tuple(t for f in files for t in f.tables),
        tuple(fault for f in files for fault in f.faults),
        tuple(note for f in files for note in f.notes),
        tuple(layout for f in files for layout in f.layouts),
    )
