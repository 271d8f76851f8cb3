"""The finished steps of a fetch, saved as rows of the input tables, so that an interrupted fetch can be resumed.

They are saved in the store under `fetching/<installation>/`. Answers are never saved, only the rows made from them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.base.atomic_files import publish, read_json, remove, temporary_path, write_json
from data.fetch.conversion import Converted

MAX_AGE = timedelta(hours=24)  # an older checkpoint is discarded


@dataclass(frozen=True)
class RowFile:
    """A CSV file with rows of one table and one set of known columns. `family` is the e-service of its cases."""

    step: str
    path: Path
    dataset: str
    columns: tuple[str, ...]
    known_columns: frozenset[str]
    family: int | None


class FetchCheckpoint:
    """The finished steps of one fetch, in a folder. One with the same `key`, less than a day old, is resumed."""

    def __init__(self, folder: Path, key: str, now: datetime) -> None:
        self.folder = folder
        self._index = folder / "round.json"
        raw = self._load(key, now)
        if raw is None:
            remove(folder)
            folder.mkdir(parents=True)
        self._raw: dict[str, Any] = raw or {"asks": key, "started": now.isoformat(), "steps": {}, "lost": 0}
        self.started = datetime.fromisoformat(self._raw["started"])

    def _load(self, key: str, now: datetime) -> dict[str, Any] | None:
        """The saved index; None when it is damaged, too old, or of another fetch."""
        try:
            raw = read_json(self._index)
            age = now - datetime.fromisoformat(raw["started"])
            intact = all((self.folder / file["file"]).exists() for step in raw["steps"].values() for file in step)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return raw if raw["asks"] == key and timedelta() <= age < MAX_AGE and intact else None

    def is_done(self, step: str) -> bool:
        """Whether a step was finished, in this run or an earlier one."""
        return step in self._raw["steps"]

    @property
    def undated_cases(self) -> int:
        """The number of cases that were submitted but have no date."""
        return int(self._raw["lost"])

    def save(self, step: str, converted: Converted, source: Path, family: int | None = None) -> None:
        """Move the rows of a step here from the folder where they were made, and mark it as finished."""
        self._raw["steps"][step] = []
        for number, (file, path) in enumerate(zip(converted.files, converted.paths(source), strict=True)):
            target = self.folder / f"{step}-{number}.csv"
            path.replace(target)
            told = {"dataset": file.dataset, "columns": file.columns, "told": sorted(file.known_columns)}
            self._raw["steps"][step].append({"file": target.name, "family": family, **told})
        self._raw["lost"] += converted.undated
        write_json(temporary_path(self._index), self._raw)
        publish(self._index)

    def files(self) -> Iterator[RowFile]:
        """The files of all finished steps."""
        for step, files in self._raw["steps"].items():
            for file in files:
                columns, known = tuple(file["columns"]), frozenset(file["told"])
                yield RowFile(step, self.folder / file["file"], file["dataset"], columns, known, file["family"])

    def rows(self, *steps: str) -> Iterator[tuple[RowFile, dict[str, str]]]:
        """The rows of these steps, each with its file."""
        for row_file in self.files():
            if row_file.step in steps:
                with row_file.path.open(encoding="utf-8", newline="") as file:
                    yield from ((row_file, row) for row in csv.DictReader(file))

    def delete(self) -> None:
        """Remove the checkpoint, when all of it is imported."""
        remove(self.folder)
