"""Cases in, cases and counts of them out, and what is worth saying about those that became none."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

from data.formats.eplatform.records import Instance, MonthlyCases, MonthlyFlows, Record, Statistic
from data.formats.eplatform.table_row import TableRow, table_row
from data.formats.eplatform.weeks import month_start
from data.formats.origin import Origin
from data.readers.errors import Unreadable
from data.readers.sheet import Note

_SENT = frozenset(("SUBMITTED", "WAITING_FOR_COMPLETION", "IN_PROGRESS", "ARCHIVED"))


def statistic_rows(
    records: Iterable[Record], origin: Origin, installation: str, said: list[Note]
) -> Iterator[TableRow]:
    """Cases counted by version and month. The month that is not over yet is left out."""
    counts: Counter[tuple[int, date]] = Counter()
    never = 0
    for case in cast(Iterable[Statistic], records):
        if case.submitted:
            counts[case.flow_id, month_start(case.submitted)] += 1
        else:
            never += 1
    current = month_start(origin.today)
    late = sum(counts.pop(key) for key in [*counts] if key[1] == current)
    if late:
        said.append(Note("platform_unfinished_month", {"month": f"{current:%Y-%m}", "count": late}))
    if never:
        said.append(Note("platform_never_sent", {"count": never}))
    if not counts:
        said.append(Note("platform_no_cases", {}))
    for (flow, month), cases in sorted(counts.items()):
        yield _count(f"{installation}/v{flow}", month, cases, "counted")


def _count(e_service_id: str, month: date, cases: int, method: str, line: int = 0) -> TableRow:
    return table_row(
        "case_counts", line, (), e_service_id=e_service_id, month=f"{month:%Y-%m}", channel="e_service", assisted=False,
        cases=cases, method=method,
    )  # fmt: skip


class _CaseNumbers:
    """Which cases have been met, and which of them were never sent in."""

    def __init__(self) -> None:
        self.cases: set[int] = set()
        self.never: set[int] = set()
        self.lost: set[int] = set()
        self.twice = 0

    def remarks(self) -> Iterator[Note]:
        """How many became no case, and why."""
        lost = self.lost - self.cases
        counts = {
            "platform_not_cases": len(self.never - self.cases - lost),
            "platform_lost_cases": len(lost),
            "platform_twice": self.twice,
        }
        yield from (Note(code, {"count": count}) for code, count in counts.items() if count)
        if not self.cases:
            yield Note("platform_no_cases", {})


def instance_rows(records: Iterable[Record], origin: Origin, installation: str, said: list[Note]) -> Iterator[TableRow]:
    """Cases one by one: those that were sent in, whatever their status is now."""
    seen = _CaseNumbers()
    for case in cast(Iterable[Instance], records):
        number = int(case.instance_id)
        if case.submitted is None:
            (seen.lost if case.content_type in _SENT else seen.never).add(number)
        elif number in seen.cases:
            seen.twice += 1
        else:
            seen.cases.add(number)
            yield _case(case, origin, installation)
    said.extend(seen.remarks())


def _case(case: Instance, origin: Origin, installation: str) -> TableRow:
    status: dict[str, date | None] = {"closed_on": case.closed} if case.content_type else {}
    return table_row(
        "cases", case.line, (), case_id=f"{installation}-{case.instance_id}",
        e_service_id=_e_service_of(case, origin, installation), received_on=case.submitted, channel="e_service",
        assisted=case.assisted, **status,
    )  # fmt: skip


def _e_service_of(case: Instance, origin: Origin, installation: str) -> str:
    """The e-service of a case. Unreadable when neither the case nor the one who fetched it tells."""
    if case.family is not None:
        return f"{installation}-{case.family}"
    if case.flow_id is not None:
        return f"{installation}/v{case.flow_id}"
    if origin.family is not None:
        return f"{installation}-{origin.family}"
    raise Unreadable("family_needed", row=case.line)


def weekly_rows(records: Iterable[Record], origin: Origin, installation: str, said: list[Note]) -> Iterator[TableRow]:
    """Months of the statistics page: of a flow by its name, or totals of the installation."""
    for month in cast(Iterable[MonthlyCases | MonthlyFlows], records):
        if isinstance(month, MonthlyFlows):
            yield _total(installation, month.month, month.measure, month.total, "counted", month.line)
        elif month.name is None:
            yield _total(installation, month.month, "cases", month.cases, "estimated", month.line)
        else:
            yield _count(f"{installation}/{month.name}", month.month, month.cases, "estimated", month.line)


def _total(installation: str, month: date, measure: str, total: int, method: str, line: int) -> TableRow:
    return table_row(
        "platform_totals", line, (), installation=installation, month=f"{month:%Y-%m}", measure=measure, total=total,
        method=method,
    )  # fmt: skip
