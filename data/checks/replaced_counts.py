"""The monthly counts in the database that the cases of a draft take the place of, old → new.

A file covers at least its own rows. So a count of an e-service gives way to its cases one by one of the month and channel, and
a service's own count to cases that name no e-service; to cases that are there already it has given way before. What else a
file may replace by what it is said to cover is told in a note.
"""

from duckdb import DuckDBPyConnection

from data.base.fault import Change
from data.checks.changes import MAX_CHANGES, Statement
from data.schema.catalogue import datasets
from data.schema.id_matching import folded_sql

_PLACE = {"channel", "received_on"}


def replaced_counts(connection: DuckDBPyConnection, statement: Statement) -> tuple[int, tuple[Change, ...]]:
    """How many counts of the database attached as `known` are replaced by another number, and the first of them."""
    has_counts = "EXISTS (FROM known.case_counts WHERE cases IS NOT NULL)"
    ((replaces,),) = connection.execute(f"SELECT NOT protected AND {has_counts} FROM known.info").fetchall()
    if not replaces or not set(statement.columns) >= _PLACE:
        return 0, ()
    place = "service_id, e_service_id, date_trunc('month', received_on)::DATE AS month, channel"
    drafted = f"SELECT case_id, {place} FROM ({statement.last_rows(datasets()['cases'])})"
    same_place = "c.month = k.month AND c.channel = k.channel"
    same = {name: f"{folded_sql(f'c.{name}')} = {folded_sql(f'k.{name}')}" for name in ("service_id", "e_service_id")}
    rows = connection.execute(
        f"WITH drafted AS MATERIALIZED ({drafted}),"
        f" fresh AS (FROM drafted EXCEPT SELECT case_id, {place} FROM known.cases SEMI JOIN drafted USING (case_id)),"
        f" near AS (SELECT case_id, {place} FROM known.cases"
        " WHERE received_on BETWEEN (SELECT min(month) FROM drafted) AND (SELECT last_day(max(month)) FROM drafted)),"
        " cases AS (SELECT case_id, case_id IN (SELECT case_id FROM fresh) AS drafted, * EXCLUDE case_id FROM drafted"
        " UNION ALL SELECT case_id, false, * EXCLUDE case_id FROM near ANTI JOIN drafted USING (case_id)), places AS ("
        " SELECT drafted, service_id, e_service_id, month, channel, count(*) AS cases FROM cases GROUP BY ALL), counts AS ("
        " SELECT service_id, e_service_id, month, channel, sum(cases)::BIGINT AS cases FROM known.case_counts"
        " WHERE cases IS NOT NULL GROUP BY ALL), replaced AS ("
        " SELECT k.*, sum(c.cases)::BIGINT AS new,"
        " bool_or(c.drafted AND (k.e_service_id IS NOT NULL OR c.e_service_id IS NULL)) AS holds"
        f" FROM counts k JOIN places c ON {same_place} AND coalesce({same['e_service_id']}, {same['service_id']}) GROUP BY ALL)"
        " SELECT service_id, e_service_id, month::VARCHAR, channel, cases::VARCHAR, new::VARCHAR FROM replaced"
        " WHERE holds AND cases <> new ORDER BY ALL"
    ).fetchall()
    names = ("service_id", "e_service_id", "month", "channel")
    changes = (
        Change("case_counts", tuple(p for p in zip(names, key, strict=True) if p[1] is not None), "cases", old, new)
        for *key, old, new in rows[:MAX_CHANGES]
    )
    return len(rows), tuple(changes)
