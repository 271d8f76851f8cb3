"""What a cursor on the version that is served brings along: its columns and registers, and a memory of answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from analytics.metrics.catalogue import Metric
from analytics.metrics.columns import Columns
from analytics.metrics.fact_columns import Groups
from analytics.metrics.scope import Scope

Cursor = duckdb.DuckDBPyConnection
Memory = Callable[[Callable[..., Any], tuple[Any, ...], Callable[[], Any]], Any]
# the answer to a question with what it was asked about, made by the function where it is not remembered


@dataclass(frozen=True)
class Served:
    """The columns, the memory that keeps answers for a while, and that of the registers, which are held as long as the version."""

    columns: Columns
    remembered: Memory
    registers: Memory


P = ParamSpec("P")
T = TypeVar("T")
_SERVED = WeakKeyDictionary[Cursor, Served]()


def attach(cursor: Cursor, served: Served) -> Cursor:
    """The cursor, which has these from now on for as long as it lives."""
    _SERVED[cursor] = served
    return cursor


def remembered(cursor: Cursor, question: Callable[..., Any], about: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """The answer from the memory of the cursor; made each time where it has none. Never change it."""
    served = _SERVED.get(cursor)
    return served.remembered(question, about, make) if served else make()


def read_once(question: Callable[Concatenate[Cursor, P], T]) -> Callable[Concatenate[Cursor, P], T]:
    """The same question, which a served version answers once: of a register, whatever scope is looked at. Never change it."""

    @wraps(question)
    def asked(cursor: Cursor, /, *args: P.args, **named: P.kwargs) -> T:
        served = _SERVED.get(cursor)
        if not served:
            return question(cursor, *args, **named)
        answer: T = served.registers(question, (*args, *named.items()), lambda: question(cursor, *args, **named))
        return answer

    return asked


def kept(question: Callable[Concatenate[Cursor, P], T]) -> Callable[Concatenate[Cursor, P], T]:
    """The same question, whose answers the memory of the cursor keeps where it has one. Never change them."""

    @wraps(question)
    def asked(cursor: Cursor, /, *args: P.args, **named: P.kwargs) -> T:
        about = (*args, *named.items())
        answer: T = remembered(cursor, asked, about, lambda: question(cursor, *args, **named))
        return answer

    return asked


def groups(cursor: Cursor, metric: Metric, scope: Scope, by: Sequence[str]) -> Groups | None:
    """What the metric counts in the scope, by dimensions, from the columns of the cursor; None where only SQL can count it."""
    served = _SERVED.get(cursor)
    return served.columns.groups(cursor, metric, scope, by) if served else None
