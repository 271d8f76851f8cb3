"""What a number was counted from, to count it anew elsewhere: the rows of its fact, and its SQL."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from analytics.metrics.catalogue import Metric, metrics
from analytics.metrics.grouping import dimension
from analytics.metrics.scope import Scope

PARTS = ("numerator", "denominator", "known", "population", "not_applicable", "suppressed", "empty", "silent")
NAMED = ("month", "service_id")  # columns that tell the rows apart, where the fact has them


@dataclass(frozen=True)
class Evidence:
    """The rows of a metric's fact in a scope, each under its branch or payer (`by`), and the SQL of each part over them.

    They are protected as the fact is. Of a stock they are those of the last month.
    """

    metric: Metric
    by: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]

    @property
    def parts(self) -> dict[str, str]:
        """The SQL of each part, by its name."""
        return {name: getattr(self.metric, name) for name in PARTS}


def evidence(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope, by: str) -> Evidence:
    """What a metric is counted from in a scope; KeyError for an unknown metric."""
    metric = metrics()[code]
    where, bound = scope.condition(metric.fact.filters, stock=metric.time == "stock")
    source = f"SELECT * FROM {scope.organised(metric.fact.relation, metric.fact.filters)} WHERE {where}"
    described = cursor.execute(f"DESCRIBE {source}", bound).fetchall()
    words = {word for name in PARTS for word in re.findall(r"\w+", getattr(metric, name))}
    used = [name for name, *_type in described if name in words or name in NAMED]
    listed = ", ".join(f'"{name}"' for name in used)
    sql = f'SELECT {dimension(by, scope)} AS "{by}", {listed} FROM ({source}) ORDER BY ALL'
    return Evidence(metric, by, [by, *used], cursor.execute(sql, bound).fetchall())
