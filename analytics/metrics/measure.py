"""The one SELECT: a metric over a scope, grouped by dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.metrics.catalogue import AVERAGES, Metric, metrics
from analytics.metrics.fact_columns import PARTS, Groups, formulas
from analytics.metrics.grouping import dimension
from analytics.metrics.scope import Bound, Scope, month_range
from analytics.metrics.served import groups, remembered

Number = int | float | Decimal
Raw = dict[str, Any]
State = Literal["value", "zero", "not_applicable", "not_reported", "suppressed"]


@dataclass(frozen=True)
class Row:
    """One row of an answer.

    `value` is numerator ÷ denominator for a share (0–1), the numerator for a sum, days for a lead time; None when
    it is not known. `coverage` (0–1) is how much of the population is known (1 for a share of what need not be known),
    `counted` (0–1) how much the denominator counts of all that is known in its unit. `silent` is how many service-months
    could be reported but are not. `worst` and `best` bound a share whatever the unknown turns out to be, where that has a size.
    """

    by: Mapping[str, Any]
    numerator: Number | None
    denominator: Number | None
    value: Number | None
    population: Number | None
    coverage: float | None
    state: State
    worst: float | None = None
    best: float | None = None
    counted: float | None = None
    silent: int = 0

    @property
    def all_known(self) -> bool:
        """Whether nothing that could be known of the row is unknown."""
        return not self.silent and self.coverage in (1, None) and self.state != "not_reported"


def _value(metric: Metric) -> str:
    if metric.kind == "quantile":
        return f"quantile_cont({metric.of}, {metric.at})"
    return "NULL"


def _source(metric: Metric, scope: Scope, by: tuple[str, ...]) -> tuple[str, Bound]:
    """The fact narrowed to the scope. A stock by month stands in each month; by year in the year's last month in the period."""
    timed = [d for d in by if d in ("month", "year")]
    where, bound = scope.condition(metric.fact.filters, stock=metric.time == "stock" and not timed)
    if metric.time == "stock" and timed == ["year"]:
        where += " AND month IN (SELECT max(month) FROM months WHERE month <= $month_to GROUP BY year(month))"
    return f"SELECT * FROM {scope.organised(metric.fact.relation, metric.fact.filters)} WHERE {where}", bound


def _sql(metric: Metric, scope: Scope, by: tuple[str, ...]) -> tuple[str, Bound]:
    source, bound = _source(metric, scope, by)
    groups = [f'{dimension(name, scope)} AS "{name}"' for name in by]
    columns = [
        f"{metric.numerator} AS numerator",
        f"{metric.denominator} AS denominator",
        f"{_value(metric)} AS value",
        f"{metric.population} AS population",
        f"{metric.known} AS known",
        f"{metric.total} AS total",
        f"{metric.silent} AS silent",
        f"{metric.empty} AS empty",
        f"{metric.not_applicable} AS not_applicable",
        f"{metric.suppressed} AS suppressed",
    ]
    grouped = f"GROUP BY {', '.join(str(i + 1) for i in range(len(by)))}" if by else ""
    order = f"ORDER BY {', '.join(str(i + 1) + ' NULLS LAST' for i in range(len(by)))}" if by else ""
    return f"SELECT {', '.join(groups + columns)} FROM ({source}) {grouped} {order}", bound


def _of_services_sql(metric: Metric, scope: Scope, by: tuple[str, ...]) -> tuple[str, Bound]:
    """The median or mean over services of a share; the population is the services with a population of their own."""
    inner, bound = _sql(metrics()[str(metric.of)], scope, tuple(dict.fromkeys((*by, "service"))))
    names = ", ".join(f'"{name}"' for name in by)
    outer = f"""SELECT {names + "," if by else ""} NULL AS numerator, count(*) FILTER (denominator > 0) AS denominator,
        {AVERAGES[metric.kind]}(numerator / nullif(denominator, 0)) AS value, count(*) FILTER (population > 0) AS population,
        count(*) FILTER (denominator > 0) AS known, NULL AS total, sum(silent)::BIGINT AS silent,
        false AS empty, false AS not_applicable, false AS suppressed
        FROM ({inner}) {f"GROUP BY {names} ORDER BY {names}" if by else ""}"""
    return outer, bound


def _quotient(a: Number | None, b: Number | None) -> float | None:
    return None if a is None or not b else float(a) / float(b)


def _state(metric: Metric, value: Number | None, raw: Mapping[str, Number | None]) -> State:
    if value is not None:
        return "zero" if value == 0 else "value"
    if raw["suppressed"]:
        return "suppressed"
    if raw["not_applicable"]:
        return "not_applicable"
    return "zero" if metric.kind == "share" and raw["empty"] else "not_reported"


def _coverage(metric: Metric, state: State, raw: Mapping[str, Number | None]) -> float | None:
    """Known ÷ population; all of it where a share is known of what need not be."""
    unasked = metric.kind == "share" and not raw["population"] and state in ("value", "zero")
    return 1.0 if unasked else _quotient(raw["known"], raw["population"])


def _row(metric: Metric, by: tuple[str, ...], raw: Raw) -> Row:
    numerator, denominator, population = raw["numerator"], raw["denominator"], raw["population"]
    every = population if raw["total"] is None else raw["total"]
    value = {"share": _quotient(numerator, denominator), "sum": numerator}.get(metric.kind, raw.get("value"))
    state = _state(metric, value, raw)
    worst = best = None
    if metric.bounds and every and not raw["silent"]:
        unknown = float(every) - float(denominator or 0)
        worst, best = _quotient(numerator, every), _quotient(float(numerator or 0) + unknown, every)
    return Row(
        by={name: raw[name] for name in by},
        numerator=numerator,
        denominator=denominator,
        value=value,
        population=population,
        coverage=_coverage(metric, state, raw),
        state=state,
        worst=worst,
        best=best,
        counted=_quotient(denominator, raw["total"]),
        silent=int(raw["silent"] or 0),
    )


def measure(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope, *by: str) -> list[Row]:
    """The metric over the scope, one `Row` per combination of the `by` dimensions (one row in all without any). Never change them.

    Counted from the columns of the cursor where it has them, else by one SELECT: the rows are the same.
    Raises KeyError for an unknown metric and ValueError for a dimension that its fact does not have.
    """
    definition = _definition(metric, by)
    rows: list[Row] = remembered(cursor, measure, (metric, scope, *by), lambda: _rows(cursor, definition, scope, by))
    return rows


def measure_columns(cursor: duckdb.DuckDBPyConnection, metric: str, scope: Scope, *by: str) -> dict[str, NDArray[Any]]:
    """What `measure` makes its rows of, as an array a column: the dimensions, in order, and each part of the metric.

    Texts are None where there is none, months datetime64, parts floats: NaN where there is no value, 0 and 1 for false and true.
    Raises as `measure` does.
    """
    definition = _definition(metric, by)
    found = groups(cursor, definition, scope, by)
    if found is None:
        sql, bound = _sql(definition, scope, by)
        raw = cursor.execute(sql, bound).fetchnumpy()
        return {name: _dimension(raw[name], name) for name in by} | {name: _floats(raw[name]) for name in PARTS}
    dimensions = zip(by, found.labels, found.codes, strict=True)
    columns = {name: _dimension(np.array(labels, object), name)[codes] for name, labels, codes in dimensions}
    return columns | {name: found.array(part) for name, part in (formulas(definition) or {}).items()}


def _dimension(values: Any, name: str) -> NDArray[Any]:
    if name == "month":
        return np.asarray(values).astype("datetime64[M]")
    filled = np.array(np.ma.getdata(values), object)
    filled[np.ma.getmaskarray(values)] = None
    return filled


def _floats(values: Any) -> NDArray[Any]:
    return np.asarray(np.ma.filled(np.ma.asarray(values).astype(float), np.nan))


def _definition(metric: str, by: tuple[str, ...]) -> Metric:
    definition = metrics()[metric]
    for name in by:
        if name not in definition.fact.dimensions:
            raise ValueError(
                f"{metric} cannot be grouped by {name!r}; it can by {', '.join(definition.fact.dimensions)}"
            )
    return definition


def _rows(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope, by: tuple[str, ...]) -> list[Row]:
    found = groups(cursor, metric, scope, by)
    raw = _from_sql(cursor, metric, scope, by) if found is None else _from_columns(found, metric, by)
    rows = [_row(metric, by, values) for values in raw]
    return _fill_months(rows, scope) if by == ("month",) else rows


def _from_sql(cursor: duckdb.DuckDBPyConnection, metric: Metric, scope: Scope, by: tuple[str, ...]) -> list[Raw]:
    sql, bound = (_of_services_sql if metric.kind in AVERAGES else _sql)(metric, scope, by)
    result = cursor.execute(sql, bound)
    names = [d[0] for d in result.description or ()]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def _from_columns(found: Groups, metric: Metric, by: tuple[str, ...]) -> list[Raw]:
    values = {name: found.values(part) for name, part in (formulas(metric) or {}).items()}
    for name, labels, codes in zip(by, found.labels, found.codes, strict=True):
        values[name] = [labels[code] for code in codes.tolist()]
    return [dict(zip(values, each, strict=True)) for each in zip(*values.values(), strict=True)]


def _fill_months(rows: list[Row], scope: Scope) -> list[Row]:
    """The rows with the missing months of the scope added, as not reported."""
    known = {row.by["month"]: row for row in rows}
    months = month_range(scope.month_from, scope.month_to)
    return [known.get(m) or Row({"month": m}, None, None, None, None, None, "not_reported") for m in months]
