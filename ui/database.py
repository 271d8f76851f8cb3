"""Opens the database: one version for a run of a page, cached answers from it, and the store to import into."""

import pkgutil
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from datetime import date
from importlib import import_module
from threading import Lock, Thread, local
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import duckdb
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import analytics.metrics.dimensions
import analytics.metrics.period
import ui
from analytics.forecast import simulation
from analytics.metrics.dimensions import Department
from analytics.metrics.period import Period
from data import (
    Column,
    Database,
    Dataset,
    FetchStatus,
    Store,
    StoreError,
    datasets,
    escape_formula,
    load_fetch_statuses,
    remove_own,
    translations,
    value_lists,
)

__all__ = ["Column", "Dataset", "StoreError", "datasets", "escape_formula", "translations", "value_lists"]

P = ParamSpec("P")
T = TypeVar("T")
Cursor = duckdb.DuckDBPyConnection
ANSWERS = 300_000  # rows kept in all, of some 500 bytes each


class Answers:
    """A memory of answers, bounded by how much they hold. What it hands out is shared: never change it."""

    def __init__(self, size: int) -> None:
        self._size, self._weight, self._lock = size, 0, Lock()
        self._kept = OrderedDict[Hashable, tuple[Any, int]]()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer kept under the key, or a new one; the least recently used go when there is too much."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
        answer = make()
        with self._lock:
            self._weight += weight(answer) - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = answer, weight(answer)
            while self._weight > self._size:
                self._weight -= self._kept.popitem(last=False)[1][1]
        return answer


def weight(answer: object) -> int:
    """Roughly how many rows an answer holds; one at least."""
    return max(1, len(answer)) if isinstance(answer, Sized) and not isinstance(answer, str) else 1


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store that imports, undoes and redoes; one for the process."""
    return Store()


@st.cache_resource(show_spinner=False)
def _answers() -> Answers:
    return Answers(ANSWERS)


class _Run(local):
    """What this thread's run of a page holds on to."""

    database: Database | None = None


_RUN = _Run()


def pin() -> None:
    """From here on this run of a page sees one version, whatever is imported meanwhile."""
    _RUN.database = store().database()


def database() -> Database:
    """The version that this run of a page sees; outside a page, the newest whole one."""
    running = get_script_run_ctx(suppress_warning=True) is not None
    return (running and _RUN.database) or store().database()


def cursor() -> Cursor:
    """A cursor of one's own on that version."""
    return database().cursor()


def answer(question: Callable[Concatenate[Cursor, P], T], *args: P.args, **named: P.kwargs) -> T:
    """What `question(cursor, *args)` says of this database: asked once, then remembered. Never change it."""
    now = database()
    key = (version(), question, args, tuple(named.items()))
    return _answers().get(key, lambda: question(now.cursor(), *args, **named))


def version() -> Hashable:
    """Changes when the data do."""
    now = database()
    return now.version, now.fingerprint


def remember(key: Hashable, make: Callable[[], T]) -> T:
    """What was made under this key; it is made when there is nothing yet. Bounded; never change it."""
    return _answers().get(key, make)


def period() -> Period:
    """Which months there are, and the day the data speak for."""
    return answer(analytics.metrics.period.period)


def departments() -> list[Department]:
    """The departments as a tree is read: each under its parent, in Swedish order."""
    return answer(analytics.metrics.dimensions.departments)


def fetches() -> tuple[FetchStatus, ...]:
    """How the fetches from each installation of the e-service platform have gone."""
    return load_fetch_statuses(store().folder)


def fetched_on(installation: str, seen_on: date) -> date:
    """The day an installation was last fetched; `seen_on` is the day that the data tell, where nothing was new later."""
    days = (one.at.date() for one in fetches() if one.installation == installation and one.at)
    return max([seen_on, *days])


def warm() -> None:
    """Load every module that a page needs and ask what every page asks, before the first reader does."""
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        import_module(module.name)
    import_module("plotly.tools")
    period()
    departments()
    Thread(target=simulation.smoothing, daemon=True).start()  # takes seconds, and only a forecast needs it


def tidy() -> None:
    """Leave nothing that somebody dropped behind, when the server stops."""
    remove_own(store().folder)
