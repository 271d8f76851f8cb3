"""The process that measures the goals before and after a change, `python -m analytics.preview`; `data.previews.goals` starts it.

It builds the database as it would be in a temporary folder, and answers on standard output with JSON. The store stays as it is.
"""

import json
import os
import pickle
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import duckdb

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.statistics.significance import MIN_DENOMINATOR
from data.base import clock
from data.base.database_config import CONFIG
from data.base.scratch import scratch_folder
from data.intake.transfer import read_draft
from data.previews.goals import Request
from data.store import Store

FIGURES = ("value", "numerator", "denominator", "state")


def goals_of(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The goals of a database over its default period, as plain values for JSON; None where it has example data."""
    if cursor.execute("SELECT example FROM info").fetchall()[0][0]:
        return None
    scope = period(cursor).scope()
    goals = []
    for number, code in GOALS.items():
        (row,) = measure(cursor, code, scope)
        figures = {name: getattr(row, name) for name in FIGURES} | {"is_few": (row.denominator or 0) < MIN_DENOMINATOR}
        goals.append({"number": number, "titles": dict(metrics()[code].title), **figures})
    return {"month_from": scope.month_from.isoformat(), "month_to": scope.month_to.isoformat(), "goals": goals}


def preview(request: Request) -> dict[str, Any]:
    """The goals of the databases before the requested change and after it."""
    with ExitStack() as stack:
        path = request.after or _candidate(request, stack)
        return {"before": _measured(request.before), "after": _measured(path) if path else None}


def _candidate(request: Request, stack: ExitStack) -> Path | None:
    """The database after the change, in a temporary folder; None where nothing is left in force."""
    folder = stack.enter_context(scratch_folder(request.folder))
    store = stack.enter_context(Store(request.folder))
    if request.change == "undo":
        return store.build_after_undo(folder, request.arguments["batch"], clock.now())
    draft = stack.enter_context(read_draft(request.arguments["draft"], stack.enter_context(ExitStack())))
    return store.build_after_import(folder, draft, request.arguments["choices"], clock.now())


def _measured(path: Path) -> dict[str, Any] | None:
    with closing(duckdb.connect(path, read_only=True, config=CONFIG)) as connection:
        return goals_of(connection)


def main() -> None:
    """Measure what standard input asks for."""
    request: Request = pickle.load(sys.stdin.buffer)  # from the process that serves or imports, which is ours
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # nothing else is an answer
    print(json.dumps(preview(request), default=float), file=out, flush=True)


if __name__ == "__main__":
    main()
