"""Opens the database: one version for a run of a page, cached answers from it, and the store to import into."""

import pkgutil
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from math import inf
from threading import Event, Lock, Thread, local
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import duckdb
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import analytics.metrics.dimensions
import analytics.metrics.period
import ui
from analytics.metrics.columns import Columns
from analytics.metrics.dimensions import Department
from analytics.metrics.period import Period
from analytics.metrics.served import Served, attach
from data import (
    Column,
    Database,
    Dataset,
    FetchStatus,
    FrozenReport,
    PracticeCopies,
    PracticeGone,
    ServedStore,
    StoreError,
    StratsysFile,
    UploadCount,
    datasets,
    escape_formula,
    load_fetch_statuses,
    remove_own,
    stratsys_file,
    translations,
    value_lists,
)
from ui.answer_cache import AnswerCache

__all__ = [
    "Column",
    "Dataset",
    "FrozenReport",
    "PracticeGone",
    "StoreError",
    "StratsysFile",
    "datasets",
    "escape_formula",
    "stratsys_file",
    "translations",
    "value_lists",
]

P = ParamSpec("P")
T = TypeVar("T")
Cursor = duckdb.DuckDBPyConnection
PRACTICE = "practice"  # the parameter of the address that names a practice copy
CACHE_BYTES = 150_000_000
REMEMBERED_ROWS = (
    1_000  # of one answer of `measure`: to count more anew takes no longer than to find out how large they are
)
ASKED_FOR = "ui.reports.documents."  # its libraries take 40 MB, which only who downloads a document needs
LOADING = "columns"  # the thread that makes them
_HELD = WeakKeyDictionary[Database, "_Held"]()  # what goes with its version
_GUARD, _WARM = Lock(), Event()


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


@dataclass(frozen=True)
class _Held:
    """What is held as long as a version: its columns, and its registers, which are few and of a size that they have."""

    columns: Columns = field(default_factory=Columns)
    registers: AnswerCache = field(default_factory=lambda: AnswerCache(inf, lambda _: 0))


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
    """A new cursor on that version, with its columns and the memory of its answers."""
    return _cursor(database())


def _cursor(now: Database) -> Cursor:
    def remembered(question: Callable[..., Any], about: tuple[Any, ...], make: Callable[[], T]) -> T:
        return _answers().get(_key(now, question, about), make, REMEMBERED_ROWS)

    held = _held(now)

    def registers(question: Callable[..., Any], about: tuple[Any, ...], make: Callable[[], T]) -> T:
        return held.registers.get((question, about), make)

    return attach(now.cursor(), Served(held.columns, remembered, registers))


def _held(now: Database) -> _Held:
    """What is held of a version; the first time, where this process serves pages, its columns are made beside."""
    with _GUARD:
        held = _HELD.get(now)
        if held is None:
            held = _HELD[now] = _Held()
            if _WARM.is_set():
                Thread(target=_load, args=(held.columns, now.cursor()), name=LOADING, daemon=True).start()
    return held


def _load(columns: Columns, cursor: Cursor) -> None:
    with suppress(duckdb.Error):  # who asks the database is told
        columns.load(cursor)


def answer(question: Callable[Concatenate[Cursor, P], T], *args: P.args, **named: P.kwargs) -> T:
    """The result of `question(cursor, *args)` on this database, from the cache after the first time. Never change it."""
    now = database()
    return _answers().get(_key(now, question, args, **named), lambda: question(_cursor(now), *args, **named))


def _key(now: Database, question: Callable[..., object], args: tuple[Any, ...], **named: Any) -> Hashable:
    return _version(now), question, args, tuple(named.items())


def version() -> Hashable:
    """The version of the data, for cache keys."""
    return _version(database())


def _version(now: Database) -> Hashable:
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
    """Import every module of `ui`, and load the period, the departments and the columns, before the first request.

    What makes documents is left until somebody asks for one.
    """
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        if not module.name.startswith(ASKED_FOR):
            import_module(module.name)
    import_module("plotly.tools")
    period()
    departments()
    _load(_held(database()).columns, cursor())
    _WARM.set()


def upload_count() -> UploadCount:
    """What counts the uploads of all workers that serve the store."""
    return UploadCount(_served().folder)


def remove_scratch() -> None:
    """Remove the scratch files that this process left, when the server stops."""
    remove_own(_served().folder)
