"""Postings that are the same in two versions of a ledger, as SQL over relations with the columns of costs and `_id`."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from duckdb import DuckDBPyConnection

CONTENT = (
    "booked_on", "voucher", "account", "amount", "supplier", "supplier_id", "text", "cost_centre", "project", "office",
    "counterparty",
)  # fmt: skip
_MONTH = "strftime(booked_on, '%Y-%m')"
_UNIT = "coalesce(office, cost_centre, '')"
_RENUMBERED = f"concat_ws('|', {_MONTH}, coalesce(account, ''), amount, coalesce(text, ''), {_UNIT})"
_LISTED = 5  # postings of a kind
_MANY = 5  # different amounts of a month that come again, where nothing else is the same, before it is no coincidence


def _concat(columns: Sequence[str]) -> str:
    texts = (f"coalesce({name}::VARCHAR, '')" for name in columns)
    return f"concat_ws('|', {', '.join(texts)})"


def content_sql() -> str:
    """SQL for the content of a posting as one text."""
    return _concat(CONTENT)


# How a posting is known again, the surest first. Without a voucher number the middle ones are NULL, and match nothing.
_KEYS = (
    content_sql(),
    f"voucher || concat_ws('|', '', {_MONTH}, coalesce(account, ''), amount)",
    f"voucher || concat_ws('|', '', {_MONTH}, amount)",
    f"voucher || concat_ws('|', '', {_MONTH}, coalesce(account, ''))",
    _RENUMBERED,
    "lower(cost_id)",
)


def create_pairs(connection: DuckDBPyConnection, name: str, before: str, after: str) -> None:
    """Create the table `name` of the same posting `before` and `after`: `before_id`, `after_id`, and whether it is `equal`.

    Each posting is in one pair at most.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (before_id BIGINT, after_id BIGINT, equal BOOLEAN)")
    for key in _KEYS:
        sides = [
            _numbered(relation, key, f"{side}_id", name) for side, relation in (("before", before), ("after", after))
        ]
        connection.execute(
            f"INSERT INTO {name} SELECT before_id, after_id, {str(key == _KEYS[0]).lower()}"
            f" FROM ({sides[0]}) JOIN ({sides[1]}) USING (key, number)"
        )
        ((unpaired,),) = connection.execute(
            f"SELECT count(*) FROM {before} ANTI JOIN {name} ON _id = before_id"
        ).fetchall()
        if not unpaired:
            return


def _numbered(relation: str, key: str, id_name: str, pairs: str) -> str:
    """SQL for the rows that are in no pair, with their key, numbered among those with the same."""
    order = "booked_on, amount, length(cost_id), cost_id, _id"
    return (
        f"SELECT _id AS {id_name}, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS number"
        f" FROM {relation} WHERE {key} IS NOT NULL AND _id NOT IN (SELECT {id_name} FROM {pairs})"
    )


class PairedSide(NamedTuple):
    """Postings of one kind: their number, sums before and after, and of the largest the voucher and both amounts."""

    postings: int
    before: Decimal
    after: Decimal
    labels: list[str]
    old: list[Decimal]
    new: list[Decimal]


def paired_sides(connection: DuckDBPyConnection, pairs: str, before: str, after: str) -> dict[str, PairedSide]:
    """The postings that are "added", "changed", "gone" and the "same", by the table that `create_pairs` made."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ledger_sides AS SELECT coalesce(b.voucher, a.voucher, b.booked_on::VARCHAR,"
        " a.booked_on::VARCHAR) AS label, b.amount AS old, a.amount AS new, CASE WHEN a._id IS NULL THEN 'gone'"
        " WHEN b._id IS NULL THEN 'added' WHEN b.equal THEN 'same' ELSE 'changed' END AS side"
        f" FROM (FROM {before} LEFT JOIN {pairs} ON _id = before_id) b FULL JOIN {after} a ON a._id = b.after_id"
    )
    order = "ORDER BY abs(coalesce(old, 0) - coalesce(new, 0)) DESC, label"
    listed = ", ".join(f"list({name} {order})[:{_LISTED}]" for name in ("label", "old", "new"))
    rows = connection.execute(
        f"SELECT side, count(*), coalesce(sum(old), 0), coalesce(sum(new), 0), {listed} FROM ledger_sides GROUP BY side"
    ).fetchall()
    connection.execute("DROP TABLE ledger_sides")
    nothing = PairedSide(0, Decimal(0), Decimal(0), [], [], [])
    return dict.fromkeys(("added", "changed", "gone", "same"), nothing) | {
        side: PairedSide(*row) for side, *row in rows
    }


class RepeatedBatch(NamedTuple):
    """A batch, and how many of its postings come again, in SEK too."""

    batch: int
    postings: int
    total: Decimal


def repeated_batches(
    connection: DuckDBPyConnection, live: str, incoming: str, same_day: bool = False
) -> list[RepeatedBatch]:
    """The batches of `live` of which most postings of a month, or most of the incoming ones, come again.

    They do when all but the number, the day in the month and the supplier is the same, or when many different amounts are;
    on the `same_day` where other days mean other postings.
    """
    day = "booked_on" if same_day else "''"
    alike, amounts = f"concat_ws('|', {day}, {_RENUMBERED})", f"concat_ws('|', {day}, {_MONTH}, amount)"
    rows = connection.execute(
        f"WITH live AS (SELECT *, {_MONTH} AS month FROM ({live}) WHERE amount <> 0),"
        f" incoming AS (SELECT *, {_MONTH} AS month FROM ({incoming}) WHERE amount <> 0),"
        " sizes AS (SELECT batch, month, least(l.postings, i.postings) AS size"
        "  FROM (SELECT batch, month, count(*) AS postings FROM live GROUP BY ALL) l"
        "  JOIN (SELECT month, count(*) AS postings FROM incoming GROUP BY ALL) i USING (month)),"
        f" alike AS ({_matches(alike, 1)}), equal_amounts AS ({_matches(amounts, 2)})"
        " SELECT batch, max(matches)::BIGINT, arg_max(total, matches) FROM ("
        "  SELECT batch, sum(matches) AS matches, sum(total) AS total FROM ("
        f"   FROM alike UNION ALL FROM equal_amounts WHERE keys >= {_MANY})"
        "   JOIN sizes USING (batch, month) WHERE 2 * matches > size GROUP BY batch, way)"
        " GROUP BY batch ORDER BY batch"
    ).fetchall()  # fmt: skip
    return [RepeatedBatch(*row) for row in rows]


def _matches(key: str, way: int) -> str:
    """SQL for how many postings of each batch and month are among the incoming, by a key; `way` is its number."""
    return (
        f"SELECT batch, month, {way} AS way, sum(least(l.count, i.count)) AS matches, count(*) AS keys,"
        " sum(least(l.count, i.count) * l.amount) AS total"
        f" FROM (SELECT batch, month, {key} AS key, count(*) AS count, any_value(amount) AS amount FROM live GROUP BY ALL) l"
        f" JOIN (SELECT month, {key} AS key, count(*) AS count FROM incoming GROUP BY ALL) i USING (month, key)"
        " GROUP BY batch, month"
    )
