"""Rows of the tables of cases, monthly counts and platform totals, with notes on records that give no row."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import cast

from data.coverage import month_of
from data.formats.eplatform.records import Instance, MonthlyCases, MonthlyFlows, Record, Statistic
from data.formats.eplatform.table_row import TableRow, table_row
from data.formats.origin import Origin
from data.readers.errors import Unreadable
from data.readers.sheet import Note

GRADES = range(1, 6)  # of the question of satisfaction
_SUBMITTED = frozenset(("SUBMITTED", "WAITING_FOR_COMPLETION", "IN_PROGRESS", "ARCHIVED"))


def statistic_rows(
    records: Iterable[Record], origin: Origin, installation: str, notes: list[Note]
) -> Iterator[TableRow]:
    """The number of cases by version and month of submission, and their use by month of beginning, except the current month."""
    counts: Counter[tuple[int, date]] = Counter()
    unsubmitted, use = 0, Use(lambda flow: f"{installation}/v{flow}")
    for case in cast(Iterable[Statistic], records):
        use.add(case)
        if case.submitted:
            counts[case.flow_id, month_of(case.submitted)] += 1
        else:
            unsubmitted += 1
    current = month_of(origin.today)
    unfinished = sum(counts.pop(key) for key in [*counts] if key[1] == current)
    if unfinished:
        notes.append(Note("platform_unfinished_month", {"month": f"{current:%Y-%m}", "count": unfinished}))
    if unsubmitted:
        notes.append(Note("platform_never_sent", {"count": unsubmitted}))
    if not counts:
        notes.append(Note("platform_no_cases", {}))
    for (flow, month), cases in sorted(counts.items()):
        yield count_row(f"{installation}/v{flow}", month, cases, "counted")
    yield from use.rows(current)


class Use:
    """Sums how cases were begun, sent in, given up and graded, by e-service and month of beginning.

    `name` gives the e-service of a version.
    """

    def __init__(self, name: Callable[[int], str]) -> None:
        self._name = name
        self._sums: dict[tuple[str, date], Counter[str]] = {}
        self._steps: Counter[tuple[str, date, int]] = Counter()

    def add(self, case: Statistic) -> None:
        """Count a case; one without a day of beginning is left out."""
        if case.created is None:
            return
        key = self._name(case.flow_id), month_of(case.created)
        sums = self._sums.setdefault(key, Counter())
        sums["started"] += 1
        sums["submitted" if case.submitted else "abandoned"] += 1
        if case.submitted and case.grade is not None and case.grade in GRADES:
            sums["answers"] += 1
            sums["grades"] += case.grade
        if not case.submitted and case.step is not None:
            self._steps[*key, case.step] += 1

    def rows(self, current: date) -> Iterator[TableRow]:
        """The rows of the months before the current one."""
        for (e_service, month), sums in sorted(self._sums.items()):
            if month < current:
                told = {name: sums[name] for name in ("started", "submitted", "abandoned", "answers", "grades")}
                yield table_row("e_service_use", 0, (), e_service_id=e_service, month=f"{month:%Y-%m}", **told)
        for (e_service, month, step), n in sorted(self._steps.items()):
            if month < current:
                yield table_row(
                    "abandoned_steps", 0, (), e_service_id=e_service, month=f"{month:%Y-%m}", form_step=str(step),
                    abandoned=n,
                )  # fmt: skip


def count_row(e_service_id: str, month: date, cases: int, method: str, line: int = 0) -> TableRow:
    """A row of monthly counts; the method is "counted" or "estimated"."""
    return table_row(
        "case_counts", line, (), e_service_id=e_service_id, month=f"{month:%Y-%m}", channel="e_service", assisted=False,
        cases=cases, method=method,
    )  # fmt: skip


def instance_rows(
    records: Iterable[Record], origin: Origin, installation: str, notes: list[Note]
) -> Iterator[TableRow]:
    """One row per submitted case, whatever its status; notes on how many records gave no row, by reason."""
    cases, unsubmitted, undated, repeated = set[int](), set[int](), set[int](), 0
    for case in cast(Iterable[Instance], records):
        number = int(case.instance_id)
        if case.submitted is None:
            (undated if case.content_type in _SUBMITTED else unsubmitted).add(number)
        elif number in cases:
            repeated += 1
        else:
            cases.add(number)
            yield _case(case, origin, installation)
    undated -= cases
    unsubmitted -= cases | undated
    counts = {"platform_not_cases": len(unsubmitted), "platform_lost_cases": len(undated), "platform_twice": repeated}
    notes += [Note(code, {"count": count}) for code, count in counts.items() if count]
    notes += [] if cases else [Note("platform_no_cases", {})]


def _case(case: Instance, origin: Origin, installation: str) -> TableRow:
    status: dict[str, date | None] = {"closed_on": case.closed} if case.content_type else {}
    return table_row(
        "cases", case.line, (), case_id=f"{installation}-{case.instance_id}",
        e_service_id=_e_service_of(case, origin, installation), received_on=case.submitted, channel="e_service",
        assisted=case.assisted, **status,
    )  # fmt: skip


def _e_service_of(case: Instance, origin: Origin, installation: str) -> str:
    """The e-service id of a case. Unreadable when neither the case nor its origin has the flow family."""
    if case.family is not None:
        return f"{installation}-{case.family}"
    if case.flow_id is not None:
        return f"{installation}/v{case.flow_id}"
    if origin.family is not None:
        return f"{installation}-{origin.family}"
    raise Unreadable("family_needed", row=case.line)


def weekly_rows(records: Iterable[Record], origin: Origin, installation: str, notes: list[Note]) -> Iterator[TableRow]:
    """Monthly counts of the statistics page: by flow name, or totals of the installation."""
    for month in cast(Iterable[MonthlyCases | MonthlyFlows], records):
        if isinstance(month, MonthlyFlows):
            yield _total(installation, month.month, month.measure, month.total, "counted", month.line)
        elif month.name is None:
            yield _total(installation, month.month, "cases", month.cases, "estimated", month.line)
        else:
            yield count_row(f"{installation}/{month.name}", month.month, month.cases, "estimated", month.line)


def _total(installation: str, month: date, measure: str, total: int, method: str, line: int) -> TableRow:
    return table_row(
        "platform_totals", line, (), installation=installation, month=f"{month:%Y-%m}", measure=measure, total=total,
        method=method,
    )  # fmt: skip
