"""The process that changes a store, `python -m data.changer`; started by `data.served_store` beside the one that serves.

It makes the one change that standard input asks for, and answers with JSON, a line each: how far it is, then the outcome.
"""

import json
import os
import pickle
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime, time
from typing import Any

from data.base.atomic_files import WRITE_ERRORS
from data.base.errors import ImportCancelled, StoreError
from data.base.failures import write_failure
from data.base.language import LANGUAGES
from data.build.database import Progress
from data.build.example import TODAY, example_coverage, example_draft
from data.intake.choices import Choice
from data.intake.transfer import read_draft
from data.served_store import CANCEL, Request
from data.store import Store


def main() -> None:
    """Make the change, and say what came of it."""
    request: Request = pickle.load(sys.stdin.buffer)  # from the process that serves, which is ours
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # nothing else is an answer
    is_cancelled = threading.Event()
    threading.Thread(target=_await_cancel, args=(is_cancelled,), daemon=True).start()

    def say(**line: object) -> None:
        with suppress(BrokenPipeError):  # the server has ended; the change is made all the same
            print(json.dumps(line), file=out, flush=True)

    def report(stage: str, share: float) -> None:
        """Say how far it is. Called before the commit point only, so this is where a change can be cancelled."""
        if is_cancelled.is_set():
            raise ImportCancelled
        say(progress=[stage, share])

    try:
        with Store(request.folder) as store:
            answer = CHANGES[request.change](store, request.arguments, report)
    except StoreError as error:
        say(kind=type(error).__name__, error=_sentences(error))
    except WRITE_ERRORS as error:
        say(kind="ImportFailed", error=_sentences(write_failure(error)))
    else:
        say(answer=answer)


def _await_cancel(is_cancelled: threading.Event) -> None:
    if sys.stdin.buffer.read(len(CANCEL)) == CANCEL:  # what came with the request is in its buffer already
        is_cancelled.set()


def _sentences(error: StoreError) -> dict[str, str]:
    return {code: error.sentence(code) for code in LANGUAGES}


def _commit(store: Store, arguments: Mapping[str, Any], report: Progress) -> object:
    with ExitStack() as stack:
        draft = stack.enter_context(read_draft(arguments["draft"], stack))
        rest = {name: value for name, value in arguments.items() if name != "draft"}
        return [batch.number for batch in store.commit(draft, progress=report, **rest)]


def _fetch(store: Store, arguments: Mapping[str, Any], report: Progress) -> object:
    # imported here: no other change needs it, and it is a fourth of what the process imports
    from data.connections.config import load_connections
    from data.fetch.run import FetchRequest, fetch_installation

    connection = next(each for each in load_connections() if each.name == arguments["name"])
    rest = {name: value for name, value in arguments.items() if name != "name"}
    result = fetch_installation(store, FetchRequest(connection, **rest), report)
    return {
        "is_new": result.batch is not None,
        "new_cases": result.new_cases,
        "changed_cases": result.changed_cases,
        "protected": result.protected,
        "sentences": {code: result.sentences(code) for code in LANGUAGES},
    }


def _fill(store: Store, arguments: Mapping[str, Any], report: Progress) -> object:
    """Import the example files, on the day that they are of, one import each."""
    by_file = example_coverage()
    with example_draft() as draft:
        choices = {
            file.name: Choice("all", {t.dataset.code: by_file[file.name] for t in file.tables})
            for file in draft.files
            if file.name in by_file
        }
        batches = store.commit(draft, choices, arguments["who"], datetime.combine(TODAY, time(8)), report)
    return len(batches)


CHANGES: Mapping[str, Callable[[Store, Mapping[str, Any], Progress], object]] = {
    "commit": _commit,
    "undo": lambda store, arguments, report: store.undo(progress=report, **arguments).number,
    "redo": lambda store, arguments, report: store.redo(progress=report, **arguments).number,
    "freeze": lambda store, arguments, report: store.freeze(progress=report, **arguments).number,
    "fetch": _fetch,
    "fill": _fill,
    "repair": lambda store, arguments, _report: [notice.as_json() for notice in store.repair(**arguments)],
}

if __name__ == "__main__":
    main()
    os._exit(0)  # what it has open ends with it; DuckDB would report it as leaked
