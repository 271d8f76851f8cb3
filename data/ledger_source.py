"""The source of a ledger file, the months that it covers, and which earlier postings of the same ledger it replaces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, Literal

from data.ledger_matching import content_sql
from data.schema.column_sql import literal

Scope = Literal["shared", "vouchers", "none"]
Choice = Literal["replace", "add"]


@dataclass(frozen=True)
class LedgerAnswer:
    """What the importer says of a ledger file: the first and last month that it covers, and what it does there.

    It can "replace" the postings that are there, or "add" its own beside them; None: as the file itself says.
    """

    first: date | None = None
    last: date | None = None
    choice: Choice | None = None

    @property
    def states_months(self) -> bool:
        """Whether it says which months the file covers."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class LedgerSource:
    """The source of a ledger's postings, and what it replaces.

    `kind` is the format, `names` are the organisation's number and name (none: not given). In the months that are
    `stated` the file is all that its source says, so it replaces all of it, and what the batches in `replaces` (the
    files in `replaces_files`, of the same draft) say too. In its other `months` it replaces what `scope` says: earlier
    files that have one of its vouchers ("shared"), only the vouchers that it repeats ("vouchers"), or nothing ("none").
    """

    kind: str
    names: tuple[str, ...] = ()
    months: tuple[date, ...] = ()
    scope: Scope = "shared"
    stated: tuple[date, ...] = ()
    replaces: tuple[int, ...] = ()
    replaces_files: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The source as plain values for JSON."""
        months = {name: [f"{month:%Y-%m}" for month in getattr(self, name)] for name in ("months", "stated")}
        same = {"kind": self.kind, "names": list(self.names), "scope": self.scope, "replaces": list(self.replaces)}
        return {**same, **months}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "LedgerSource":
        """The source that `as_json` wrote; KeyError or ValueError when it is not one."""
        if "months" not in raw:  # written when a file covered every month from its first day to its last
            span = month_range(*(date.fromisoformat(raw[name]) for name in ("first", "last"))) if raw["first"] else ()
            return cls(raw["kind"], tuple(raw["names"]), span, "vouchers" if raw["scope"] == "vouchers" else "shared")
        months, stated = (tuple(date.fromisoformat(f"{month}-01") for month in raw[n]) for n in ("months", "stated"))
        return cls(raw["kind"], tuple(raw["names"]), months, raw["scope"], stated, tuple(raw["replaces"]))

    @property
    def covered(self) -> tuple[date, ...]:
        """All months that it covers."""
        return _in_order((*self.months, *self.stated))

    def covering(self, days: Iterable[date]) -> "LedgerSource":
        """The source, covering the months of these days too."""
        return replace(self, months=_in_order((*self.months, *(day.replace(day=1) for day in days))))

    def union(self, other: "LedgerSource") -> "LedgerSource":
        """One source of the two, which are sheets of one file."""
        names, replaces = (
            tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name)))) for name in ("names", "replaces")
        )
        stated = _in_order((*self.stated, *other.stated))
        return replace(self.covering(other.months), names=names, stated=stated, replaces=replaces)

    def answered(self, answer: LedgerAnswer | None) -> "LedgerSource":
        """The source as the importer says that it is."""
        if answer is None:
            return self
        if answer.choice == "add":
            return replace(self, scope="none", stated=())
        stated = self.covered if answer.choice == "replace" else self.stated
        first, last = answer.first or min(self.covered, default=None), answer.last or max(self.covered, default=None)
        if answer.states_months and first and last:
            stated = (*stated, *month_range(first, last))
        return replace(self, stated=_in_order(stated))


@dataclass(frozen=True)
class LedgerFile:
    """A ledger of the draft: the relations of its sheets with their sources, and what the importer says of it."""

    name: str
    sheets: Sequence[tuple[str, LedgerSource]]
    answer: LedgerAnswer | None = None

    @property
    def source(self) -> LedgerSource:
        """The source of all its sheets."""
        return reduce(LedgerSource.union, (source for _, source in self.sheets))


def month_range(first: date, last: date) -> tuple[date, ...]:
    """The first days of the months from one day's to another's."""
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return tuple(
        date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)
    )


def month_spans(months: Iterable[date]) -> list[str]:
    """The months as spans: "2026-01–2026-03"."""
    spans: list[list[date]] = []
    for month in months:
        if spans and month_range(spans[-1][1], month)[1:] == (month,):
            spans[-1][1] = month
        else:
            spans.append([month, month])
    return [f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}–{last:%Y-%m}" for first, last in spans]


def _in_order(months: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(months)))


SOURCE_COLUMNS = "batch INTEGER, kind VARCHAR, names VARCHAR[]"


def replaced_rows(source: LedgerSource, live: str, sources: str, incoming: str) -> str:
    """SQL for `_id` of the rows in `live` that a file of the source replaces.

    `live` has the columns of costs, `batch` and `_id`; `sources` those of `SOURCE_COLUMNS`; `incoming` is the file's rows.
    """
    names = f"[{', '.join(map(literal, source.names))}]::VARCHAR[]"
    whose = f"(len(names) = 0 OR len({names}) = 0 OR list_has_any(names, {names}))"
    also = "".join(f" UNION SELECT {batch}" for batch in source.replaces)
    in_months = _in_months(source.months)
    of_scope = {"shared": _shared_rows(in_months), "vouchers": _repeated_vouchers(in_months), "none": ""}
    return (
        f"WITH live AS MATERIALIZED ({live}), incoming AS MATERIALIZED ({incoming}), sources AS ({sources}), related AS ("
        f"SELECT batch FROM sources WHERE kind = {literal(source.kind)} AND {whose}{also}"
        # batches from before sources were told: those that the file's ids name
        " UNION SELECT batch FROM live WHERE batch NOT IN (SELECT batch FROM sources) AND voucher IS NOT NULL"
        " AND (cost_id IN (SELECT cost_id FROM incoming)"
        " OR cost_id || strftime(booked_on, '_%Y%m%d') IN (SELECT cost_id FROM incoming)))"
        f" SELECT _id FROM live WHERE batch IN (FROM related) AND {_in_months(source.stated)}"
        f"{of_scope[source.scope]}"
    )


def _in_months(months: Iterable[date]) -> str:
    """SQL condition for a row that is booked in one of the months."""
    listed = ", ".join(f"DATE '{month}'" for month in months)
    return f"date_trunc('month', booked_on)::DATE IN ({listed or 'NULL'})"


def _shared_rows(months: str) -> str:
    """The rows of the months in batches that have a voucher of the file in the same month, or a posting without one.

    Another batch holds another part of the ledger: other days, a department, a series of vouchers.
    """
    month, content = "date_trunc('month', booked_on)", content_sql()
    return (
        f" UNION SELECT _id FROM live WHERE batch IN (FROM related) AND {months} AND batch IN (SELECT batch FROM live"
        f" WHERE {months} AND ((voucher, {month}) IN (SELECT (voucher, {month}) FROM incoming WHERE voucher IS NOT NULL)"
        f" OR (voucher IS NULL AND {content} IN (SELECT {content} FROM incoming))))"
    )


def _repeated_vouchers(months: str) -> str:
    """The vouchers that the file has again: of the same number, day and text, or without a number all those of a batch."""
    content, numbered = content_sql(), "coalesce(regexp_matches(voucher, '[0-9]'), false)"
    older = f"(SELECT *, {content} AS _content FROM live WHERE batch IN (FROM related))"
    return (
        f" UNION SELECT o._id FROM {older} o SEMI JOIN (SELECT o.batch, o.voucher, o.booked_on FROM {older} o"
        " JOIN incoming i ON i.voucher = o.voucher AND i.booked_on = o.booked_on AND i.text IS NOT DISTINCT FROM o.text"
        " WHERE regexp_matches(o.voucher, '[0-9]')) again USING (batch, voucher, booked_on)"
        f" UNION SELECT _id FROM {older} WHERE NOT {numbered} AND batch IN (SELECT batch FROM"
        f" (SELECT batch, _content, count(*) AS postings FROM {older} WHERE NOT {numbered} GROUP BY ALL) theirs"
        f" LEFT JOIN (SELECT {content} AS _content, count(*) AS postings FROM incoming GROUP BY ALL) ours USING (_content)"
        " GROUP BY batch HAVING bool_and(coalesce(ours.postings, 0) >= theirs.postings))"
    )
