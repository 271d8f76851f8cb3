"""An answer of the platform to rows of the input tables, in a process that reads untrusted files.

What the process is to do with an answer is a `Conversion`, which only holds data; what comes back is a JSON file and CSV files.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from data.base.fault import Fault
from data.coverage import month_of
from data.formats.eplatform.answers import Answer, AnswerKind, open_answer
from data.formats.eplatform.case_rows import Use, count_row
from data.formats.eplatform.records import Flow, FlowVersion, Instance, Record, Statistic
from data.formats.eplatform.rows import AnswerRows
from data.formats.eplatform.table_row import TableRow, write_rows
from data.formats.origin import Origin
from data.intake.child import Report
from data.intake.isolated import run_isolated
from data.intake.prepare import Progress
from data.intake.transfer import read_content, write_content
from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from data.schema.catalogue import datasets

RESULT, ROWS = "rows.json", "rows"
SECONDS = 600  # for one answer, which may be half a gigabyte
R = TypeVar("R", Flow, FlowVersion, Statistic, Instance)


class UnexpectedAnswer(Exception):
    """The answer is another than the one requested, or none at all."""


@dataclass(frozen=True)
class Conversion(ABC):
    """How the rows of one kind of answer are made."""

    origin: Origin
    installation: str

    @abstractmethod
    def rows(self, answer: Answer) -> AnswerRows | Iterable[TableRow]:
        """The rows. UnexpectedAnswer at a record of another kind, Unreadable where the answer is malformed."""

    def _answer_rows(self, kind: AnswerKind, records: Iterable[Record]) -> AnswerRows:
        return AnswerRows(kind, records, self.origin, self.installation)


@dataclass(frozen=True)
class CatalogueConversion(Conversion):
    """The published catalogue."""

    def rows(self, answer: Answer) -> AnswerRows:
        """See `Conversion.rows`."""
        return self._answer_rows("flows", _require_type(Flow, answer.records()))


@dataclass(frozen=True)
class VersionConversion(Conversion):
    """The versions. What the catalogue knows of an e-service, by its id, is not known of the versions."""

    by_catalogue: Mapping[str, frozenset[str]]

    def rows(self, answer: Answer) -> Iterator[TableRow]:
        """See `Conversion.rows`."""
        for row in self._answer_rows("versions", _require_type(FlowVersion, answer.records())):
            known = self.by_catalogue.get(row.values["e_service_id"]) if row.dataset == "e_services" else None
            yield replace(row, known_columns=row.known_columns - known | {"e_service_id"}) if known else row


@dataclass(frozen=True)
class CaseConversion(Conversion):
    """The cases of one e-service that were submitted from a day on, and those without a date."""

    family: int
    first: date

    def rows(self, answer: Answer) -> AnswerRows:
        """See `Conversion.rows`."""
        return self._answer_rows("instances", self._in_window(_require_type(Instance, answer.records())))

    def _in_window(self, cases: Iterable[Instance]) -> Iterator[Instance]:
        """The cases; the platform's clock may differ, so the closing day is moved to lie between submission and today."""
        first, today = self.first, self.origin.today
        for case in cases:
            if case.submitted is None or first <= case.submitted <= today:
                closed = min(max(case.closed, case.submitted), today) if case.closed and case.submitted else case.closed
                family = self.family if case.family is None else case.family
                yield replace(case, family=family, closed=closed)


@dataclass(frozen=True)
class CountConversion(Conversion):
    """The number of cases by e-service and month of submission, and their use; by version where its e-service is unknown.

    An answer has all cases that were begun in a month, so that their use is whole.
    """

    e_services: Mapping[str, str]  # by version
    counted: frozenset[date]

    def rows(self, answer: Answer) -> Iterator[TableRow]:
        """See `Conversion.rows`."""
        counts: Counter[tuple[str, date]] = Counter()
        use = Use(self._name)
        for case in _require_type(Statistic, answer.records()):
            use.add(case)
            if case.submitted and month_of(case.submitted) in self.counted:
                counts[self._name(case.flow_id), month_of(case.submitted)] += 1
        for (e_service_id, month), cases in sorted(counts.items()):
            yield count_row(e_service_id, month, cases, "counted")
        yield from use.rows(month_of(self.origin.today))

    def _name(self, flow_id: int) -> str:
        version = f"{self.installation}/v{flow_id}"
        return self.e_services.get(version, version)


@dataclass(frozen=True)
class ConvertedFile:
    """A CSV file of rows of one table, by its number."""

    dataset: str
    columns: tuple[str, ...]
    known_columns: frozenset[str]


@dataclass(frozen=True)
class Converted:
    """The files, and how many cases were submitted but have no date; or why there are none."""

    files: tuple[ConvertedFile, ...] = ()
    undated: int = 0
    fault: Fault | None = None
    is_expected: bool = True

    def paths(self, folder: Path) -> list[Path]:
        """The files in the folder."""
        return [folder / f"{ROWS}-{i}.csv" for i in range(len(self.files))]


@dataclass(frozen=True)
class ConversionTask:
    """Converts the answer in a file."""

    file: Path
    conversion: Conversion

    def run(self, folder: Path, report: Report) -> None:
        """See `data.intake.child.Task`."""
        report(0, 0.0)
        try:
            result = self._converted(folder)
        except Unreadable as error:
            fault = Fault(error.code, self.conversion.installation, row=error.row, params=error.params)
            result = Converted(fault=fault)
        except UnexpectedAnswer:
            result = Converted(is_expected=False)
        write_content(result, folder / RESULT)

    def _converted(self, folder: Path) -> Converted:
        answer = open_answer(self.file, scan_file(self.file), self.conversion.origin.today)
        if answer is None:
            raise UnexpectedAnswer
        rows = self.conversion.rows(answer)
        files = tuple(ConvertedFile(*kind) for kind in write_rows(rows, folder, ROWS))
        return Converted(files, _undated_cases(rows))


def convert(file: Path, conversion: Conversion, folder: Path, progress: Progress) -> Converted:
    """Convert an answer in a process of its own; the CSV files are written in the folder.

    Unreadable when it cannot be read, UnexpectedAnswer when it is another than the one requested.
    """
    today, name = conversion.origin.today, conversion.installation
    run_isolated(ConversionTask(file.absolute(), conversion), file, folder, name, today, SECONDS, progress)
    try:
        result = read_content(Converted, folder / RESULT)
        valid = all(
            {*one.columns} <= _columns(one.dataset) and one.known_columns <= {*one.columns} for one in result.files
        )
    except (OSError, TypeError, ValueError, LookupError, RecursionError):
        raise Unreadable("reading_crashed") from None
    if not valid:
        raise Unreadable("reading_crashed")
    if result.fault:
        raise Unreadable(result.fault.code, result.fault.row, **result.fault.params)
    if not result.is_expected:
        raise UnexpectedAnswer
    return result


def _columns(dataset: str) -> set[str]:
    return {column.code for column in datasets()[dataset].columns}


def _require_type(record_type: type[R], records: Iterable[Record]) -> Iterator[R]:
    """The records unchanged; UnexpectedAnswer at one of another type."""
    for record in records:
        if not isinstance(record, record_type):
            raise UnexpectedAnswer
        yield record


def _undated_cases(rows: AnswerRows | Iterable[TableRow]) -> int:
    """How many cases were submitted but have no date; complete when the rows are exhausted."""
    notes = rows.notes if isinstance(rows, AnswerRows) else []
    return sum(int(str(note.params["count"])) for note in notes if note.code == "platform_lost_cases")
