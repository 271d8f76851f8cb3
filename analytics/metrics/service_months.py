"""A metric as services × months: what `measure` says of each, in arrays, for what is counted over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.metrics.catalogue import metrics
from analytics.metrics.measure import measure_columns
from analytics.metrics.scope import Scope

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Service = str | None  # None for what belongs to no service


@dataclass(frozen=True)
class ServiceMonths:
    """The fields of `Row` as arrays of services × months of a scope; NaN where there is no row or no value. Counts are exact."""

    services: tuple[Service, ...]
    numerator: Floats
    denominator: Floats
    population: Floats
    not_applicable: Booleans  # whether that is the row's state
    known: Booleans  # whether the coverage is 1

    def over(self, services: Sequence[Service]) -> "ServiceMonths":
        """The same of these services in this order; without values for those that have none here."""
        place = {service: i for i, service in enumerate(self.services)}
        rows = np.array([place.get(service, -1) for service in services], int)
        arrays = (self.numerator, self.denominator, self.population, self.not_applicable, self.known)
        return ServiceMonths(tuple(services), *(_rows(values, rows) for values in arrays))


def _rows(values: NDArray[Any], rows: Integers) -> NDArray[Any]:
    """Rows by their number; an empty one for −1."""
    empty = np.full((1, values.shape[1]), False if values.dtype == bool else np.nan)
    return np.concatenate([values, empty])[rows]


def service_months(cursor: duckdb.DuckDBPyConnection, code: str, scope: Scope) -> ServiceMonths:
    """A metric over every service of the scope that has a row in any month: in order, None last."""
    found = measure_columns(cursor, code, scope, "service", "month")
    services, *place = places(found, scope)
    share = metrics()[code].kind == "share"

    def dense(name: str) -> Floats:
        grid = np.full((len(services), scope.months), np.nan)
        grid[tuple(place)] = found[name]
        return grid

    numerator, denominator, population = dense("numerator"), dense("denominator"), dense("population")
    value = ~np.isnan(numerator) & ((denominator > 0) | (not share))  # from here on as `measure` tells a row's state
    suppressed = ~value & (dense("suppressed") > 0)
    not_applicable = ~value & ~suppressed & (dense("not_applicable") > 0)
    zero = ~value & ~suppressed & ~not_applicable & (dense("empty") > 0)
    unasked = (value | zero) & ~(population > 0) & share
    known = unasked | ((population > 0) & (dense("known") == population))
    return ServiceMonths(services, numerator, denominator, population, not_applicable, known)


def places(found: Mapping[str, NDArray[Any]], scope: Scope) -> tuple[tuple[Service, ...], Integers, Integers]:
    """The services of columns that are sorted by service; of each row the number of its service and of its month."""
    values = found["service"]
    begins = np.ones(len(values), bool)
    begins[1:] = values[1:] != values[:-1]
    months = found["month"] - np.datetime64(scope.month_from, "M")
    return tuple(values[begins].tolist()), np.cumsum(begins) - 1, months.astype(int)
