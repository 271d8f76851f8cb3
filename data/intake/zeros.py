"""What an import turns into 0: cells that it covers and that neither it nor an earlier import has a value of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from data.base.fault import Zeros
from data.coverage import Coverage, CoveringPart, date_column, month_end, month_of, spans_sql
from data.intake.draft import Draft, FileDraft
from data.schema.catalogue import datasets


def zero_cells(draft: Draft, file: FileDraft, covers: Mapping[str, Coverage], today: date) -> list[Zeros]:
    """What the file turns into 0 when it covers this, by table code, in the order of the channels."""
    result: list[Zeros] = []
    for code, coverage in covers.items():
        relations = [t.relation for t in file.tables if t.dataset.code == code and t.is_placed]
        if relations and coverage.services != "rows":
            rows = draft.connection.cursor().execute(_zeros_sql(draft, code, relations, coverage, today)).fetchall()
            result += _spans(code, rows)
    return result


def possible_zeros(draft: Draft, file: FileDraft, today: date) -> list[Zeros]:
    """The holes between the first month of a service's channel in the file and its last: not reported, unless stated to be 0."""
    suggested = {t.dataset.code: replace(t.coverage, services="own") for t in file.tables if t.coverage}
    return zero_cells(draft, file, suggested, today)


def _zeros_sql(draft: Draft, code: str, relations: Sequence[str], coverage: Coverage, today: date) -> str:
    """SQL for channel, month and number of services: a service in the register counts while it is published."""
    dataset = datasets()[code]
    rows = " UNION ALL ".join(f"FROM {relation}" for relation in relations)
    part = CoveringPart(0, 0, coverage, month_of(today))
    return f"""
        WITH links AS (
            SELECT e_service_id, min(service_id) AS linked_id FROM ({_rows(draft, "links", "e_service_id, service_id")})
            GROUP BY e_service_id HAVING count(DISTINCT service_id) = 1
        ), register AS (
            {_rows(draft, "services", "service_id, published_from, published_to")}
        ), spans AS (
            {spans_sql(dataset, f"SELECT *, 0 AS batch, 0 AS _part FROM ({rows}) WHERE _ok", [part])}
        ), covered AS (
            SELECT coalesce(s.service_id, s.e_service_id, r.service_id) AS covered_id, channel,
                   unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE AS month
            FROM spans s
            LEFT JOIN (SELECT DISTINCT service_id FROM register) r ON coalesce(s.service_id, s.e_service_id) IS NULL
        ), cells AS (
            SELECT DISTINCT coalesce(linked_id, covered_id) AS who, channel, month
            FROM covered LEFT JOIN links ON e_service_id = covered_id WHERE covered_id IS NOT NULL
        ), valued AS (
            {_valued(draft, code, relations)}
        )
        SELECT channel, month, count(*) FROM cells
        ANTI JOIN (SELECT coalesce(linked_id, id) AS who, channel, month FROM valued LEFT JOIN links ON e_service_id = id)
            USING (who, channel, month)
        WHERE who NOT IN (SELECT service_id FROM register)
           OR EXISTS (FROM register r WHERE r.service_id = who AND coalesce(r.published_from <= last_day(month), true)
                      AND coalesce(r.published_to >= month, true))
        GROUP BY channel, month ORDER BY channel, month"""


def _valued(draft: Draft, code: str, relations: Sequence[str]) -> str:
    """SQL for id, channel and month of what has a row in the file, refused or not, or a value in the database."""
    dataset = datasets()[code]
    names = {name for name, _ in dataset.stored}
    who = ", ".join(c for c in ("service_id", "e_service_id") if c in names)
    parts = [
        f"SELECT coalesce({who}) AS id, channel, date_trunc('month', {date_column(dataset)})::DATE AS month FROM {relation}"
        for relation in relations
    ]
    if _is_known(draft):
        known = "SELECT coalesce(service_id, e_service_id), channel, month FROM known.case_months"
        parts.append(f"{known} WHERE state <> 'not_reported'")
    return " UNION ".join(parts)


def _rows(draft: Draft, code: str, columns: str) -> str:
    """SQL for the columns of a table's rows in the draft and in the database."""
    relations = [t.relation for file in draft.files for t in file.tables if t.dataset.code == code]
    parts = [f"SELECT {columns} FROM {relation} WHERE _ok" for relation in relations]
    parts += [f"SELECT {columns} FROM known.{code}"] if _is_known(draft) else []
    typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in datasets()[code].stored)
    return " UNION ALL ".join([*parts, f"SELECT {columns} FROM (SELECT {typed}) WHERE false"])


def _is_known(draft: Draft) -> bool:
    """Whether a database is attached."""
    query = "SELECT count(*) FROM duckdb_databases() WHERE database_name = 'known'"
    return bool(draft.connection.cursor().execute(query).fetchall()[0][0])


def _spans(code: str, rows: Sequence[tuple[str, date, int]]) -> list[Zeros]:
    """Consecutive months of a channel as one."""
    result: list[Zeros] = []
    for channel, month, count in rows:
        last = result[-1] if result else None
        if last and last.channel == channel and month_end(last.month_to) + timedelta(days=1) == month:
            result[-1] = replace(last, month_to=month, count=last.count + count)
        else:
            result.append(Zeros(code, channel, month, month, count))
    return result
