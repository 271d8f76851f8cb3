"""What a round kept, as files for the import: only what is new, and with what it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from data.coverage import Coverage, month_of
from data.fetch.checkpoint import FetchCheckpoint, RowFile
from data.fetch.diff import Diff, concatenate, keep_differences, same_catalogue, sum_counts
from data.fetch.windows import CHANNEL, Span, Windows
from data.intake.draft import Source
from data.schema.catalogue import datasets

CASES = ("case_id", "e_service_id", "received_on", "channel", "assisted", "closed_on")
Key = tuple[str, tuple[str, ...], frozenset[str], Span | None]


@dataclass(frozen=True)
class ImportFile:
    """A file for the import, its table, and what is new in it."""

    source: Source
    dataset: str
    diff: Diff

    @property
    def completes(self) -> bool:
        """Whether it says of any e-service that a month is complete that was not before."""
        return bool(self.source.coverage and self.source.coverage.e_services)


class BatchSources:
    """Turns what some steps of a round kept into the sources of one import, called `group`.

    `complete` are the e-services whose cases are all there; an import covers what was not covered of them before.
    """

    def __init__(
        self, connection: DuckDBPyConnection, known: bool, windows: Windows, complete: Sequence[str], installation: str,
        group: str, folder: Path,
    ) -> None:  # fmt: skip
        self._connection, self._known, self._windows = connection, known, windows
        self._complete, self._installation, self._group, self._folder = complete, installation, group, folder
        self._found: list[ImportFile] = []

    def found(self, round_: FetchCheckpoint, steps: Sequence[str], table: str | None) -> list[ImportFile]:
        """The files that bring something. `table` is where the cases go; None when none were asked for."""
        order = [*datasets()]
        uncovered = self._uncovered(table)
        for key, paths in sorted(self._files(round_, steps, table).items(), key=lambda item: order.index(item[0][0])):
            covers = datasets()[key[0]].covers
            self._add(key, paths, uncovered.pop(key[3], ()) if covers else ())
        for span, names in uncovered.items():  # where there was not one case
            self._add(("cases", CASES, frozenset(CASES), span), [], names)
        return [one for one in self._found if one.diff.rows or one.completes]

    def _uncovered(self, table: str | None) -> dict[Span | None, list[str]]:
        """The e-services by the months that they become complete in."""
        spans: dict[Span | None, list[str]] = {}
        for one in self._complete if table else ():
            span = self._windows.span(one)
            if span:
                spans.setdefault(span, []).append(one)
        if table == "case_counts" and spans:
            return {self._whole(): [*self._complete]} if self._windows.finished else {}
        return spans

    def _whole(self) -> Span | None:
        """All months that any e-service becomes complete in."""
        spans = [span for span in map(self._windows.span, self._complete) if span]
        return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None

    def _files(self, round_: FetchCheckpoint, steps: Sequence[str], table: str | None) -> dict[Key, list[Path]]:
        """The files that can be put together: of one table, with the same columns, telling and completing the same."""
        together: dict[Key, list[Path]] = {}
        for part in round_.parts():
            if part.step in steps:
                key = (part.dataset, part.columns, part.told, self._span(part))
                together.setdefault(key, []).append(part.path)
        return together

    def _span(self, part: RowFile) -> Span | None:
        if part.dataset == "case_counts":
            return self._whole()
        e_service_id = f"{self._installation}-{part.family}"
        return self._windows.span(e_service_id) if e_service_id in self._complete and part.family is not None else None

    def _add(self, key: Key, paths: Sequence[Path], names: Sequence[str]) -> None:
        dataset, columns, told, span = key
        target = self._folder / f"{dataset}-{len(self._found) + 1}.csv"
        if not paths:
            target.write_text(",".join(columns) + "\n", "utf-8")
        else:
            (sum_counts if dataset == "case_counts" else concatenate)(self._connection, paths, target)
        if dataset == "sightings" and self._known and same_catalogue(self._connection, self._installation, target):
            return
        found = keep_differences(self._connection, self._known, dataset, target, told, span)
        cover = self._cover(span, names) if datasets()[dataset].covers else None
        self._found.append(ImportFile(self._source(target, told, cover), dataset, found))

    def _source(self, path: Path, told: frozenset[str], cover: Coverage | None) -> Source:
        return Source(
            path.name,
            path,
            installation=self._installation,
            group=self._group,
            known_columns=told,
            coverage=cover,
            from_source=True,
        )

    def _cover(self, span: Span | None, names: Sequence[str]) -> Coverage:
        """The months for the e-services; without names it covers nothing, whatever months stand there."""
        if span is None or not names:
            now = month_of(self._windows.today)
            return Coverage((), "named", now, now)
        return Coverage((CHANNEL,), "named", *span, e_services=tuple(sorted(names)))
