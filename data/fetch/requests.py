"""What an installation is asked in a round, question by question: the catalogue, the versions, and the cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from data.base.fault import Fault
from data.connections.config import Connection
from data.connections.errors import AnswerUnreadable, FetchFailed
from data.coverage import month_of
from data.fetch.checkpoint import FetchCheckpoint
from data.fetch.client import Client
from data.fetch.windows import CHANNEL, DRAFT_TIME, Windows, month_end, months
from data.formats.eplatform.answers import Answer, AnswerKind, open_answer
from data.formats.eplatform.records import Flow, FlowVersion, Instance, Record, Statistic
from data.formats.eplatform.rows import AnswerRows
from data.formats.eplatform.table_row import TableRow
from data.formats.origin import Origin
from data.readers import Unreadable, scan_file

MAX_INITIAL_REFUSALS = 3  # so many e-services refused, and none given: it is not about the e-services
COUNTS = ("e_service_id", "month", "channel", "assisted", "cases", "method")
Tell = Callable[[str, float], None]
R = TypeVar("R", Flow, FlowVersion, Statistic, Instance)
_REFUSALS = (FetchFailed.FORBIDDEN, FetchFailed.MISSING)


class _UnexpectedRecord(Exception):
    """An answer to another question."""


class Requests:
    """Does the steps of a round that are not done yet. FetchFailed at the first that cannot be."""

    def __init__(
        self, connection: Connection, client: Client, round_: FetchCheckpoint, windows: Windows, tell: Tell
    ) -> None:
        self._connection, self._client, self._round, self._windows = connection, client, round_, windows
        self._today, self._tell = windows.today, tell
        self.steps: list[str] = []  # that belong to these windows; a run before this may have had others
        self.refused: dict[str, FetchFailed] = {}  # e-services that we may not read, or that are gone

    def everything(self) -> None:
        """The catalogue, the versions, and the cases."""
        interfaces, paths = self._connection.interfaces, self._connection.paths
        if "catalogue" in interfaces:
            self._step("catalogue", paths["catalogue_path"], lambda found: self._rows("flows", found, Flow))
        if "statistics" in interfaces:
            self._step("versions", paths["versions_path"], self._versions)
        if "instances" in interfaces:
            self._cases()
        elif "statistics" in interfaces:
            self._counts()

    def families(self) -> list[int]:
        """The numbers of the e-services that the installation has."""
        prefix = f"{self._connection.name}-"
        kept = self._round.rows("catalogue", "versions")
        ids = {row["e_service_id"] for part, row in kept if part.dataset == "e_services"}
        return sorted(int(one.removeprefix(prefix)) for one in ids)

    def complete(self) -> tuple[str, ...]:
        """The ids of the e-services whose cases are all here."""
        ids = (f"{self._connection.name}-{family}" for family in self.families())
        return tuple(one for one in ids if one not in self.refused)

    def _step(
        self, step: str, path: str, made: Callable[[Answer], AnswerRows | Iterable[TableRow]],
        query: Mapping[str, str] | None = None, family: int | None = None,
    ) -> None:  # fmt: skip
        """Ask and keep, unless it was done before. AnswerUnreadable when the answer makes no sense."""
        self.steps.append(step)
        if self._round.done(step):
            return
        params = {"name": self._connection.name, "path": path}
        with self._client.answer(path, query) as file:
            try:
                answer = open_answer(file, scan_file(file), self._today)
                if answer is None:
                    raise FetchFailed(FetchFailed.OTHER, **params)
                rows = made(answer)
                self._round.keep(step, rows, lambda: _undated_cases(rows), family)
            except Unreadable as error:
                fault = Fault(error.code, self._connection.name, row=error.row, params=error.params)
                raise AnswerUnreadable(fault, **params) from None
            except _UnexpectedRecord:
                raise FetchFailed(FetchFailed.OTHER, **params) from None

    def _rows(self, kind: AnswerKind, answer: Answer, record: type[R]) -> AnswerRows:
        return AnswerRows(kind, _require_type(record, answer.records()), self._origin(), self._connection.name)

    def _origin(self, family: int | None = None) -> Origin:
        return Origin(self._today, self._connection.name, family, self._connection.audience)

    def _versions(self, answer: Answer) -> Iterator[TableRow]:
        """The versions. What the catalogue tells of an e-service is not told a second time."""
        kept = self._round.rows("catalogue")
        told = {row["e_service_id"]: part.told for part, row in kept if part.dataset == "e_services"}
        for row in self._rows("versions", answer, FlowVersion):
            before = told.get(row.values["e_service_id"]) if row.dataset == "e_services" else None
            yield replace(row, told=row.told - before | {"e_service_id"}) if before else row

    def _cases(self) -> None:
        """The cases one by one, an e-service at a time; of those that are gone, while we know of open cases."""
        name, families = self._connection.name, self.families()
        numbers = (one.removeprefix(f"{name}-") for one in self._windows.open)
        every = [*families, *sorted({int(one) for one in numbers if one.isdigit()} - {*families})]
        for i, family in enumerate(every):
            self._tell(f"{name} {i + 1}/{len(every)}", i / len(every))
            try:
                self._family(family)
            except FetchFailed as error:
                self.refused[f"{name}-{family}"] = error
                hopeless = len(self.refused) == i + 1 >= min(MAX_INITIAL_REFUSALS, len(families))
                if hopeless or error.text not in _REFUSALS:
                    raise

    def _family(self, family: int) -> None:
        """The cases of one e-service from the first day of its window on."""
        first = self._windows.first(f"{self._connection.name}-{family}")
        path = self._connection.paths["instances_path"].format(family=family)
        query = {"fromDate": f"{first - DRAFT_TIME}", "toDate": f"{self._today}", "showStatus": "true"}

        def made(answer: Answer) -> AnswerRows:
            cases = _in_window(_require_type(Instance, answer.records()), family, first, self._today)
            return AnswerRows("instances", cases, self._origin(family), self._connection.name)

        self._step(f"cases-{family}-{first}", path, made, query, family)

    def _counts(self) -> None:
        """The cases counted by month, for the months that are over. Asked for by the month in which each was begun."""
        first = min((month_of(self._windows.first(one)) for one in self.complete()), default=self._today)
        wanted = [month for month in self._windows.finished if month >= first]
        if not wanted:
            return
        asked = [*months(month_of(first - DRAFT_TIME), self._today)]
        for i, month in enumerate(asked):
            self._tell(f"{self._connection.name} {month:%Y-%m}", i / len(asked))
            query = {"from": f"{month}", "to": f"{min(month_end(month), self._today)}"}
            made = partial(self._counted, wanted=frozenset(wanted))
            self._step(f"counts-{first}-{month:%Y-%m}", self._connection.paths["statistics_path"], made, query)

    def _counted(self, answer: Answer, wanted: frozenset[date]) -> Iterator[TableRow]:
        """How many cases were sent in, by e-service and month. A version that nobody knows stands for itself."""
        name = self._connection.name
        kept = self._round.rows("catalogue", "versions")
        families = {row["version_id"]: row["e_service_id"] for part, row in kept if part.dataset == "versions"}
        counts: Counter[tuple[str, date]] = Counter()
        for case in _require_type(Statistic, answer.records()):
            if case.submitted and month_of(case.submitted) in wanted:
                version = f"{name}/v{case.flow_id}"
                counts[families.get(version, version), month_of(case.submitted)] += 1
        for (one, month), cases in sorted(counts.items()):
            values = (one, f"{month:%Y-%m}", CHANNEL, "nej", str(cases), "counted")
            yield TableRow("case_counts", dict(zip(COUNTS, values, strict=True)), frozenset(COUNTS), 0)


def _require_type(kind: type[R], records: Iterable[Record]) -> Iterator[R]:
    """The records as they come; _Unexpected for one of another kind than was asked for."""
    for record in records:
        if not isinstance(record, kind):
            raise _UnexpectedRecord
        yield record


def _in_window(cases: Iterable[Instance], family: int, first: date, today: date) -> Iterator[Instance]:
    """The cases in the window, and those never sent in. Their clock may not be ours: nothing closes before it opens."""
    for case in cases:
        if case.submitted is None or first <= case.submitted <= today:
            closed = min(max(case.closed, case.submitted), today) if case.closed and case.submitted else case.closed
            yield replace(case, family=family if case.family is None else case.family, closed=closed)


def _undated_cases(rows: AnswerRows | Iterable[TableRow]) -> int:
    """How many cases were sent in but have no day."""
    said = rows.remarks if isinstance(rows, AnswerRows) else []
    return sum(int(str(r.params["count"])) for r in said if r.code == "platform_lost_cases")
