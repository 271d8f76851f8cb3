"""One round: all that an installation is asked for, kept as rows of our tables until it is there, so that it can go on.

What is kept lies in the store under `fetching/<installation>/`, step by step: never an answer, only the rows it became.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.base.atomic_files import publish, read_json, remove, temporary_path, write_json
from data.formats.eplatform.table_row import TableRow

MAX_AGE = timedelta(hours=24)  # an older round is begun anew


@dataclass(frozen=True)
class RowFile:
    """Rows of one table that tell the same columns, in a file. `family` is the e-service whose cases they are."""

    step: str
    path: Path
    dataset: str
    columns: tuple[str, ...]
    told: frozenset[str]
    family: int | None


class FetchCheckpoint:
    """The steps that are done, in a folder. One that is younger than a day and asks for the same is gone on with."""

    def __init__(self, folder: Path, asks: str, now: datetime) -> None:
        self.folder = folder
        self._note = folder / "round.json"
        raw = self._young(asks, now)
        if raw is None:
            remove(folder)
            folder.mkdir(parents=True)
        self._raw: dict[str, Any] = raw or {"asks": asks, "started": now.isoformat(), "steps": {}, "lost": 0}
        self.started = datetime.fromisoformat(self._raw["started"])

    def _young(self, asks: str, now: datetime) -> dict[str, Any] | None:
        try:
            raw = read_json(self._note)
            age = now - datetime.fromisoformat(raw["started"])
            whole = all((self.folder / part["file"]).exists() for step in raw["steps"].values() for part in step)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return raw if raw["asks"] == asks and timedelta() <= age < MAX_AGE and whole else None

    def done(self, step: str) -> bool:
        """Whether a step was done, in this run or in one before it."""
        return step in self._raw["steps"]

    @property
    def lost(self) -> int:
        """Cases that were sent in, but without a day."""
        return int(self._raw["lost"])

    def keep(
        self, step: str, rows: Iterable[TableRow], lost: Callable[[], int] = int, family: int | None = None
    ) -> None:
        """Write what a step gave; it is done when the note says so. `lost` is asked when all rows were read."""
        parts: dict[tuple[str, tuple[str, ...], frozenset[str]], dict[str, Any]] = {}
        with ExitStack() as files:
            writers: dict[str, csv.DictWriter[str]] = {}
            for row in rows:
                key = row.dataset, tuple(row.values), row.told
                name = f"{step}-{[*parts, key].index(key)}.csv"
                if key not in parts:
                    parts[key] = {"file": name, "family": family}
                    file = files.enter_context((self.folder / name).open("w", encoding="utf-8", newline=""))
                    writers[name] = csv.DictWriter(file, key[1], lineterminator="\n")
                    writers[name].writeheader()
                writers[name].writerow(row.values)
        self._raw["steps"][step] = [
            {**part, "dataset": dataset, "columns": columns, "told": sorted(told)}
            for (dataset, columns, told), part in parts.items()
        ]
        self._raw["lost"] += lost()
        write_json(temporary_path(self._note), self._raw)
        publish(self._note)

    def parts(self) -> Iterator[RowFile]:
        """All that was kept."""
        for step, parts in self._raw["steps"].items():
            for p in parts:
                columns, told = tuple(p["columns"]), frozenset(p["told"])
                yield RowFile(step, self.folder / p["file"], p["dataset"], columns, told, p["family"])

    def rows(self, *steps: str) -> Iterator[tuple[RowFile, dict[str, str]]]:
        """The rows of these steps, each with the part it lies in."""
        for part in self.parts():
            if part.step in steps:
                with part.path.open(encoding="utf-8", newline="") as file:
                    yield from ((part, row) for row in csv.DictReader(file))

    def end(self) -> None:
        """Forget the round: all of it is in the database."""
        remove(self.folder)
