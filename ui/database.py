"""Opens the database: one version for a run of a page, cached answers from it, and the store to import into."""

import pkgutil
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import date
from gc import get_referents
from importlib import import_module
from operator import itemgetter
from sys import getsizeof
from threading import Lock, local
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import duckdb
import numpy as np
import streamlit as st
from cachetools import LRUCache
from pandas import Index
from pandas.core.generic import NDFrame
from streamlit.runtime.scriptrunner import get_script_run_ctx

import analytics.metrics.dimensions
import analytics.metrics.period
import ui
from analytics.metrics.dimensions import Department
from analytics.metrics.period import Period
from data import (
    Column,
    Database,
    Dataset,
    FetchStatus,
    PracticeCopies,
    PracticeGone,
    ServedStore,
    StoreError,
    UploadCount,
    datasets,
    escape_formula,
    load_fetch_statuses,
    remove_own,
    translations,
    value_lists,
)

__all__ = [
    "Column",
    "Dataset",
    "PracticeGone",
    "StoreError",
    "datasets",
    "escape_formula",
    "translations",
    "value_lists",
]

P = ParamSpec("P")
T = TypeVar("T")
Cursor = duckdb.DuckDBPyConnection
PRACTICE = "practice"  # the parameter of the address that names a practice copy
CACHE_BYTES = 150_000_000
SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType)  # part of the program, no answer's own
PANDAS = (NDFrame, Index)  # their size counts all that they hold


class AnswerCache:
    """Answers by key, bounded in bytes: the least recently used go first. Answers are shared: never change one."""

    def __init__(self, max_bytes: int) -> None:
        self._answers = LRUCache[Hashable, tuple[Any, int]](max_bytes, getsizeof=itemgetter(1))
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under the key; `make()` makes it when there is none. One larger than the bound is not kept."""
        with self._lock:
            if entry := self._answers.get(key):
                return cast(T, entry[0])
        answer = make()
        size = size_in_bytes((key, answer))
        with self._lock, suppress(ValueError):  # larger than the whole cache
            self._answers[key] = answer, size
        return answer


def size_in_bytes(value: object) -> int:
    """The memory that a value takes with all that it refers to, each object counted once."""
    seen: set[int] = set()
    total, level = 0, [value]
    while level:
        fresh = {id(each): each for each in level if id(each) not in seen and not isinstance(each, SHARED)}
        seen |= fresh.keys()
        total += sum(map(getsizeof, fresh.values()))
        arrays = [each for each in fresh.values() if isinstance(each, np.ndarray)]
        level = get_referents(*(each for each in fresh.values() if not isinstance(each, PANDAS)))
        level += [array.base for array in arrays]
        level += [each for array in arrays if array.dtype.hasobject for each in array.flat]
    return total


@st.cache_resource(show_spinner=False)
def _served() -> ServedStore:
    """The store that is served; one for this process."""
    return ServedStore()


@st.cache_resource(show_spinner=False)
def practice_copies() -> PracticeCopies:
    """The practice copies beside that store."""
    return PracticeCopies(_served().folder)


def practice_name() -> str:
    """The name of the practice copy that the address of this run names; "" where it names none, or outside a run."""
    running = get_script_run_ctx(suppress_warning=True) is not None
    return str(st.query_params.get(PRACTICE, "")) if running else ""


def store() -> ServedStore:
    """The store of this run, which imports, undoes and redoes by other processes: the practice copy that its address names.

    Or else the served one, and never that in the place of a copy: PracticeGone when there is none of the name.
    """
    name = practice_name()
    return practice_copies().open(name) if name else _served()


@st.cache_resource(show_spinner=False)
def _answers() -> AnswerCache:
    return AnswerCache(CACHE_BYTES)


class _Run(local):
    """What this thread's run of a page holds on to: the version, and the day whose end it is of."""

    database: Database | None = None
    day: date | None = None


_RUN = _Run()


def pin_version(day: date | None = None) -> None:
    """Use one version for the rest of this run of a page, whatever is imported meanwhile: the newest, or what was known on a day.

    StoreError where there is none.
    """
    _RUN.database, _RUN.day = None, day
    _RUN.database = store().database(day)


def known_on() -> date | None:
    """The day at whose end the figures of this run of a page were known; None for what is known now."""
    return _RUN.day if get_script_run_ctx(suppress_warning=True) else None


def database() -> Database:
    """The version that this run of a page sees; outside a page, the newest whole one."""
    running = get_script_run_ctx(suppress_warning=True) is not None
    return (running and _RUN.database) or store().database()


def is_replaced_after(error: Exception) -> bool:
    """Whether a query of this run failed since the file of its version is damaged, and another version is served now.

    StoreError when none can be built.
    """
    return isinstance(error, duckdb.Error) and store().replace_damaged(database(), known_on())


def cursor() -> Cursor:
    """A new cursor on that version."""
    return database().cursor()


def answer(question: Callable[Concatenate[Cursor, P], T], *args: P.args, **named: P.kwargs) -> T:
    """The result of `question(cursor, *args)` on this database, from the cache after the first time. Never change it."""
    now = database()
    key = (version(), question, args, tuple(named.items()))
    return _answers().get(key, lambda: question(now.cursor(), *args, **named))


def version() -> Hashable:
    """The version of the data, for cache keys."""
    now = database()
    return now.version, now.fingerprint


def cached(key: Hashable, make: Callable[[], T]) -> T:
    """The value cached under the key; `make()` makes it the first time. Never change it."""
    return _answers().get(key, make)


def period() -> Period:
    """Which months there are, and the day the data speak for."""
    return answer(analytics.metrics.period.period)


def departments() -> list[Department]:
    """The departments as a tree is read: each under its parent, in Swedish order."""
    return answer(analytics.metrics.dimensions.departments)


def fetch_statuses() -> tuple[FetchStatus, ...]:
    """How the fetches from each installation of the e-service platform have gone."""
    return load_fetch_statuses(store().folder)


def last_fetched_on(installation: str, seen_on: date) -> date:
    """The day an installation was last fetched; `seen_on` is the day that the data tell, where nothing was new later."""
    days = (one.at.date() for one in fetch_statuses() if one.installation == installation and one.at)
    return max([seen_on, *(day for day in days if day <= (known_on() or day))])


def warm() -> None:
    """Import every module of `ui`, and load the period and the departments, before the first request."""
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        import_module(module.name)
    import_module("plotly.tools")
    period()
    departments()


def upload_count() -> UploadCount:
    """What counts the uploads of all workers that serve the store."""
    return UploadCount(_served().folder)


def remove_scratch() -> None:
    """Remove the scratch files that this process left, when the server stops."""
    remove_own(_served().folder)
