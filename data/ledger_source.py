"""The source of a ledger file, and which earlier postings of the same ledger it replaces."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from data.schema.column_sql import literal

Scope = Literal["period", "shared", "vouchers"]
CONTENT = (
    "booked_on", "voucher", "account", "amount", "supplier", "supplier_id", "text", "cost_centre", "project", "office",
    "counterparty",
)  # fmt: skip


@dataclass(frozen=True)
class LedgerSource:
    """The source of a ledger's postings, and the days that they span.

    `kind` is the format, `names` are the organisation's number and name (none: not told). `scope` is what the file
    replaces of the source: all of the months that it spans ("period"), the same but only where it repeats a voucher of
    an earlier file ("shared"), or only the vouchers that it repeats ("vouchers").
    """

    kind: str
    names: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    scope: Scope = "shared"

    def as_json(self) -> dict[str, Any]:
        """The source as plain values for JSON."""
        days = {"first": self.first and self.first.isoformat(), "last": self.last and self.last.isoformat()}
        return {"kind": self.kind, "names": list(self.names), "scope": self.scope, **days}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "LedgerSource":
        """The source that `as_json` wrote; KeyError or ValueError when it is not one."""
        first, last = (raw[name] and date.fromisoformat(raw[name]) for name in ("first", "last"))
        return cls(raw["kind"], tuple(raw["names"]), first, last, raw["scope"])

    def spanning(self, *days: date | None) -> "LedgerSource":
        """The source with its span widened to these days."""
        known = [day for day in (self.first, self.last, *days) if day]
        return replace(self, first=min(known, default=None), last=max(known, default=None))

    def union(self, other: "LedgerSource") -> "LedgerSource":
        """One source of the two, which are sheets of one file."""
        names = tuple(dict.fromkeys((*self.names, *other.names)))
        return replace(self.spanning(other.first, other.last), names=names)


SOURCE_COLUMNS = "batch INTEGER, kind VARCHAR, names VARCHAR[], first_day DATE, last_day DATE, scope VARCHAR"


def replaced_rows(source: LedgerSource, live: str, sources: str, incoming: str) -> str:
    """SQL for `_id` of the rows in `live` that a file of the source replaces.

    `live` has the columns of costs, `batch` and `_id`; `sources` those of `ledger_sources`; `incoming` is the file's rows.
    """
    names = f"[{', '.join(map(literal, source.names))}]::VARCHAR[]"
    whose = f"(len(names) = 0 OR len({names}) = 0 OR list_has_any(names, {names}))"
    return (
        f"WITH live AS MATERIALIZED ({live}), incoming AS MATERIALIZED ({incoming}), sources AS ({sources}), related AS ("
        f"SELECT batch FROM sources WHERE kind = {literal(source.kind)} AND {whose}"
        # batches from before sources were told: those that the file's ids name
        " UNION SELECT batch FROM live WHERE batch NOT IN (SELECT batch FROM sources)"
        " AND (cost_id IN (SELECT cost_id FROM incoming)"
        " OR cost_id || strftime(booked_on, '_%Y%m%d') IN (SELECT cost_id FROM incoming))"
        f") {_repeated_vouchers() if source.scope == 'vouchers' else _rows_of_months(source)}"
    )


def _rows_of_months(source: LedgerSource) -> str:
    """The rows in the months that the file spans, but for batches that hold another part of them.

    Such a batch shares no voucher with the file, and lies on other days, in other units or in other voucher series; a
    file that may be a part of the ledger needs no other sign.
    """
    if source.first is None or source.last is None:
        return "SELECT _id FROM live WHERE false"
    unit, series = "coalesce(office, cost_centre)", "regexp_extract(voucher, '^[^0-9]*')"
    is_other_part = [
        f"max(booked_on) < DATE '{source.first}' OR min(booked_on) > DATE '{source.last}'",
        _disjoint(unit), _disjoint(series),
        *(["true"] if source.scope == "shared" else []),
    ]  # fmt: skip
    last = source.last.replace(day=monthrange(source.last.year, source.last.month)[1])
    days = f"DATE '{source.first.replace(day=1)}' AND DATE '{last}'"
    return (
        f", inside AS (FROM live WHERE batch IN (FROM related) AND booked_on BETWEEN {days}), other_parts AS ("
        "SELECT batch FROM inside GROUP BY batch HAVING NOT coalesce(bool_or(voucher IN (SELECT voucher FROM incoming)), false)"
        f" AND ({' OR '.join(is_other_part)})) SELECT _id FROM inside WHERE batch NOT IN (FROM other_parts)"
    )


def _disjoint(value: str) -> str:
    """SQL condition that every row of a batch and of the file has the value, and none the same."""
    incoming_values = f"(SELECT {value} FROM incoming)"
    return (
        f"(bool_and({value} IS NOT NULL) AND (SELECT bool_and({value} IS NOT NULL) FROM incoming)"
        f" AND NOT coalesce(bool_or({value} IN {incoming_values}), false))"
    )


def _repeated_vouchers() -> str:
    """The vouchers that the file has again: of the same number, day and text, or without a number all those of a batch."""
    content, numbered = content_sql(), "coalesce(regexp_matches(voucher, '[0-9]'), false)"
    return (
        f", older AS (SELECT *, {content} AS _content FROM live WHERE batch IN (FROM related)),"
        f" again AS (SELECT DISTINCT o.batch, o.voucher, o.booked_on FROM older o JOIN incoming i"
        " ON i.voucher = o.voucher AND i.booked_on = o.booked_on AND i.text IS NOT DISTINCT FROM o.text"
        " WHERE regexp_matches(o.voucher, '[0-9]')),"
        f" theirs AS (SELECT batch, _content, count(*) AS postings FROM older WHERE NOT {numbered} GROUP BY ALL),"
        f" ours AS (SELECT {content} AS _content, count(*) AS postings FROM incoming GROUP BY ALL),"
        " contained AS (SELECT batch FROM theirs LEFT JOIN ours USING (_content) GROUP BY batch"
        " HAVING bool_and(coalesce(ours.postings, 0) >= theirs.postings))"
        f" SELECT _id FROM older WHERE (batch, voucher, booked_on) IN (SELECT (batch, voucher, booked_on) FROM again)"
        f" OR (NOT {numbered} AND batch IN (FROM contained))"
    )


def content_sql() -> str:
    """SQL for the content of a posting as one text."""
    texts = (f"coalesce({name}::VARCHAR, '')" for name in CONTENT)
    return f"concat_ws('|', {', '.join(texts)})"
