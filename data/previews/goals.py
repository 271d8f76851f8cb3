"""The goals before and after a change, measured by `python -m analytics.preview`, a process with a time limit. Changes nothing."""

import json
import pickle
import subprocess
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

from data.base.own_process import start_module

SECONDS = 20.0  # for one preview: what takes longer is told when the change is made
MAX_ROWS = 500_000  # of the store and the draft together; more are not built twice
LOOK_SECONDS = 0.1  # between two looks at whether the importer still waits
WITHOUT_GOALS = frozenset(
    {"budgets", "cost_shares", "costs", "events", "rules", "targets"}
)  # no goal is counted from these

Change = Literal["commit", "undo"]
Waiting = Callable[[float], None]  # told the share of the time limit that has passed


@dataclass(frozen=True)
class Request:
    """What `analytics.preview` measures: the database of a file, and the one after a change of the store in a folder.

    Without a `change` the second is the database of the file `after`.
    """

    folder: Path
    before: Path
    change: Change | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    after: Path | None = None


@dataclass(frozen=True)
class Goal:
    """A goal of one database: its number, titles by language, share (0–1), what that is of, and its state.

    `is_few`: too little is counted for a share to be shown.
    """

    number: int
    titles: Mapping[str, str]
    value: float | None
    numerator: float | None
    denominator: float | None
    state: str
    is_few: bool


@dataclass(frozen=True)
class Goals:
    """The goals of one database over its latest twelve months, as the overview shows them."""

    month_from: date
    month_to: date
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class GoalPreview:
    """The goals before a change and after it; None where the pages show example data.

    Where nothing is there before, or what is changed is no part of a goal, there is nothing to compare: no side.
    """

    before: Goals | None = None
    after: Goals | None = None

    @property
    def pairs(self) -> list[tuple[Goal, Goal | None]]:
        """Each goal before and after, in order; None after where nothing is in force."""
        before = self.before.goals if self.before else ()
        return [*zip(before, self.after.goals if self.after else repeat(None), strict=False)]


def touches_goals(datasets: Collection[str]) -> bool:
    """Whether a goal is counted from one of these tables."""
    return not WITHOUT_GOALS.issuperset(datasets)


def preview_goals(request: Request, waiting: Waiting | None = None) -> GoalPreview | None:
    """The goals before and after; None when that takes too long or cannot be told. What `waiting` raises ends it."""
    with start_module("analytics.preview") as process:
        try:
            answer = _answer(process, pickle.dumps(request), waiting)
        finally:
            process.kill()
    return _parse(answer) if answer else None


def _answer(process: "subprocess.Popen[bytes]", request: bytes, waiting: Waiting | None) -> bytes:
    """What the process writes; nothing when it fails or is too slow."""
    begin = time.monotonic()
    unsent: bytes | None = request
    while (passed := time.monotonic() - begin) < SECONDS:
        try:
            out, _ = process.communicate(unsent, LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            unsent = None  # it is on its way
        else:
            return out if process.returncode == 0 else b""
        if waiting:
            waiting(passed / SECONDS)
    return b""


def _parse(answer: bytes) -> GoalPreview:
    raw = json.loads(answer)
    return GoalPreview(*(_goals(raw[side]) if raw[side] else None for side in ("before", "after")))


def _goals(raw: Mapping[str, Any]) -> Goals:
    first, last = (date.fromisoformat(raw[name]) for name in ("month_from", "month_to"))
    return Goals(first, last, tuple(Goal(**goal) for goal in raw["goals"]))
