"""The requests of one fetch, step by step: the catalogue, the versions, and the cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from data.base.fault import Fault
from data.build.database import Progress
from data.connections.config import Connection
from data.connections.errors import AnswerUnreadable, FetchFailed
from data.coverage import month_end, month_of, months
from data.fetch.checkpoint import FetchCheckpoint
from data.fetch.client import Client
from data.fetch.windows import DRAFT_TIME, Windows
from data.formats.eplatform.answers import Answer, AnswerKind, open_answer
from data.formats.eplatform.case_rows import count_row
from data.formats.eplatform.records import Flow, FlowVersion, Instance, Record, Statistic
from data.formats.eplatform.rows import AnswerRows
from data.formats.eplatform.table_row import TableRow
from data.formats.origin import Origin
from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file

MAX_INITIAL_REFUSALS = 3  # with so many e-services refused and none read, the fetch fails
R = TypeVar("R", Flow, FlowVersion, Statistic, Instance)
_REFUSALS = (FetchFailed.FORBIDDEN, FetchFailed.NOT_FOUND)


class _UnexpectedRecord(Exception):
    """A record of another type than the one requested."""


class Downloader:
    """Performs the steps of a fetch that the checkpoint lacks. FetchFailed at the first that fails."""

    def __init__(
        self, connection: Connection, client: Client, checkpoint: FetchCheckpoint, windows: Windows, progress: Progress
    ) -> None:
        self._connection, self._client, self._checkpoint = connection, client, checkpoint
        self._windows, self._today, self._progress = windows, windows.today, progress
        self.steps: list[str] = []  # the steps of these windows; the checkpoint may have others, of an earlier run
        self.refused: dict[str, FetchFailed] = {}  # by id, the e-services that are forbidden or gone

    def run(self) -> None:
        """Fetch the catalogue, the versions and the cases, as far as the connection's interfaces allow."""
        interfaces, paths = self._connection.interfaces, self._connection.paths
        if "catalogue" in interfaces:
            self._step("catalogue", paths["catalogue_path"], lambda answer: self._rows("flows", answer, Flow))
        if "statistics" in interfaces:
            self._step("versions", paths["versions_path"], self._versions)
        if "instances" in interfaces:
            self._cases()
        elif "statistics" in interfaces:
            self._counts()

    def families(self) -> list[int]:
        """The flow family ids of the e-services that the installation has."""
        prefix = f"{self._connection.name}-"
        rows = self._checkpoint.rows("catalogue", "versions")
        ids = {row["e_service_id"] for file, row in rows if file.dataset == "e_services"}
        return sorted(int(e_service_id.removeprefix(prefix)) for e_service_id in ids)

    def complete(self) -> tuple[str, ...]:
        """The ids of the e-services whose cases were all fetched."""
        ids = (f"{self._connection.name}-{family}" for family in self.families())
        return tuple(e_service_id for e_service_id in ids if e_service_id not in self.refused)

    def _step(
        self, step: str, path: str, convert: Callable[[Answer], AnswerRows | Iterable[TableRow]],
        query: Mapping[str, str] | None = None, family: int | None = None,
    ) -> None:  # fmt: skip
        """Download and save one answer, unless it is in the checkpoint. AnswerUnreadable when it cannot be parsed."""
        self.steps.append(step)
        if self._checkpoint.is_done(step):
            return
        params = {"name": self._connection.name, "path": path}
        with self._client.download(path, query) as file:
            try:
                answer = open_answer(file, scan_file(file), self._today)
                if answer is None:
                    raise FetchFailed(FetchFailed.UNEXPECTED, **params)
                rows = convert(answer)
                self._checkpoint.save(step, rows, lambda: _undated_cases(rows), family)
            except Unreadable as error:
                fault = Fault(error.code, self._connection.name, row=error.row, params=error.params)
                raise AnswerUnreadable(fault, **params) from None
            except _UnexpectedRecord:
                raise FetchFailed(FetchFailed.UNEXPECTED, **params) from None

    def _rows(self, kind: AnswerKind, answer: Answer, record: type[R]) -> AnswerRows:
        return AnswerRows(kind, _require_type(record, answer.records()), self._origin(), self._connection.name)

    def _origin(self, family: int | None = None) -> Origin:
        return Origin(self._today, self._connection.name, family, self._connection.audience)

    def _versions(self, answer: Answer) -> Iterator[TableRow]:
        """The rows of the versions, where columns that the catalogue knows are not known columns."""
        rows = self._checkpoint.rows("catalogue")
        by_catalogue = {row["e_service_id"]: file.known_columns for file, row in rows if file.dataset == "e_services"}
        for row in self._rows("versions", answer, FlowVersion):
            known = by_catalogue.get(row.values["e_service_id"]) if row.dataset == "e_services" else None
            yield replace(row, known_columns=row.known_columns - known | {"e_service_id"}) if known else row

    def _cases(self) -> None:
        """Fetch the cases by e-service, also of removed e-services that have open cases in the database."""
        name, families = self._connection.name, self.families()
        numbers = (e_service_id.removeprefix(f"{name}-") for e_service_id in self._windows.first_open)
        requested = [*families, *sorted({int(one) for one in numbers if one.isdigit()} - {*families})]
        for i, family in enumerate(requested):
            self._progress(f"{name} {i + 1}/{len(requested)}", i / len(requested))
            try:
                self._family(family)
            except FetchFailed as error:
                self.refused[f"{name}-{family}"] = error
                all_refused = len(self.refused) == i + 1 >= min(MAX_INITIAL_REFUSALS, len(families))
                if all_refused or error.text not in _REFUSALS:
                    raise

    def _family(self, family: int) -> None:
        """Fetch the cases of one e-service from the first day of its window."""
        first = self._windows.first_day(f"{self._connection.name}-{family}")
        path = self._connection.paths["instances_path"].format(family=family)
        query = {"fromDate": f"{first - DRAFT_TIME}", "toDate": f"{self._today}", "showStatus": "true"}

        def convert(answer: Answer) -> AnswerRows:
            cases = _in_window(_require_type(Instance, answer.records()), family, first, self._today)
            return AnswerRows("instances", cases, self._origin(family), self._connection.name)

        self._step(f"cases-{family}-{first}", path, convert, query, family)

    def _counts(self) -> None:
        """Fetch the number of cases by month, for months that have ended; requested by the month of their drafts."""
        first = min((month_of(self._windows.first_day(one)) for one in self.complete()), default=self._today)
        counted = frozenset(month for month in self._windows.finished_months if month >= first)
        if not counted:
            return
        requested = [*months(month_of(first - DRAFT_TIME), self._today)]
        for i, month in enumerate(requested):
            self._progress(f"{self._connection.name} {month:%Y-%m}", i / len(requested))
            query = {"from": f"{month}", "to": f"{min(month_end(month), self._today)}"}
            convert = partial(self._count_rows, counted=counted)
            self._step(f"counts-{first}-{month:%Y-%m}", self._connection.paths["statistics_path"], convert, query)

    def _count_rows(self, answer: Answer, counted: frozenset[date]) -> Iterator[TableRow]:
        """The number of cases by e-service and month of submission; by version where its e-service is unknown."""
        name = self._connection.name
        rows = self._checkpoint.rows("catalogue", "versions")
        e_services = {row["version_id"]: row["e_service_id"] for file, row in rows if file.dataset == "versions"}
        counts: Counter[tuple[str, date]] = Counter()
        for case in _require_type(Statistic, answer.records()):
            if case.submitted and month_of(case.submitted) in counted:
                version = f"{name}/v{case.flow_id}"
                counts[e_services.get(version, version), month_of(case.submitted)] += 1
        for (e_service_id, month), cases in sorted(counts.items()):
            yield count_row(e_service_id, month, cases, "counted")


def _require_type(record_type: type[R], records: Iterable[Record]) -> Iterator[R]:
    """The records unchanged; _UnexpectedRecord at one of another type."""
    for record in records:
        if not isinstance(record, record_type):
            raise _UnexpectedRecord
        yield record


def _in_window(cases: Iterable[Instance], family: int, first: date, today: date) -> Iterator[Instance]:
    """The cases submitted from `first` to `today`, and those without a date.

    The platform's clock may differ from ours, so the closing day is moved to lie between submission and today.
    """
    for case in cases:
        if case.submitted is None or first <= case.submitted <= today:
            closed = min(max(case.closed, case.submitted), today) if case.closed and case.submitted else case.closed
            yield replace(case, family=family if case.family is None else case.family, closed=closed)


def _undated_cases(rows: AnswerRows | Iterable[TableRow]) -> int:
    """How many cases were submitted but have no date."""
    notes = rows.notes if isinstance(rows, AnswerRows) else []
    return sum(int(str(note.params["count"])) for note in notes if note.code == "platform_lost_cases")
