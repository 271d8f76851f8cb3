"""The rows of a checkpoint as files for one import: only what is new, with what it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.coverage import Coverage, month_of
from data.fetch.checkpoint import FetchCheckpoint, RowFile
from data.fetch.diff import Diff, Known, concatenate, keep_differences, same_catalogue, sum_counts
from data.fetch.windows import CHANNEL, Span, Windows
from data.intake.draft import Source
from data.schema.catalogue import datasets

CASES = ("case_id", "e_service_id", "received_on", "channel", "assisted", "closed_on")
Key = tuple[str, tuple[str, ...], frozenset[str], Span | None]


@dataclass(frozen=True)
class ImportFile:
    """A file for the import, its table, and how many of its rows are new."""

    source: Source
    dataset: str
    diff: Diff

    @property
    def completes(self) -> bool:
        """Whether it makes any month of any e-service complete that was not."""
        return bool(self.source.coverage and self.source.coverage.e_services)


class BatchSources:
    """Makes the sources of one import, called `group`, in `folder`.

    `complete` are the ids of the e-services whose cases were all fetched; the import covers their missing months.
    """

    def __init__(self, known: Known, windows: Windows, complete: Sequence[str], group: str, folder: Path) -> None:
        self._known, self._windows, self._complete = known, windows, complete
        self._group, self._folder = group, folder
        self._files: list[ImportFile] = []

    def build(self, checkpoint: FetchCheckpoint, steps: Sequence[str], table: str | None) -> list[ImportFile]:
        """The files that change something. `table` is the table of the cases; None when none were requested."""
        order = [*datasets()]
        uncovered = self._uncovered(table)
        groups = self._group_files(checkpoint, steps)
        for key, paths in sorted(groups.items(), key=lambda item: order.index(item[0][0])):
            covers = datasets()[key[0]].covers
            self._add(key, paths, uncovered.pop(key[3], ()) if covers else ())
        for span, names in uncovered.items():  # e-services without any case
            self._add(("cases", CASES, frozenset(CASES), span), [], names)
        return [file for file in self._files if file.diff.rows or file.completes]

    def _uncovered(self, table: str | None) -> dict[Span | None, list[str]]:
        """The e-services by the months that they become complete in."""
        spans: dict[Span | None, list[str]] = {}
        for e_service_id in self._complete if table else ():
            span = self._windows.missing_span(e_service_id)
            if span:
                spans.setdefault(span, []).append(e_service_id)
        if table == "case_counts" and spans:
            return {self._total_span(): [*self._complete]} if self._windows.finished_months else {}
        return spans

    def _total_span(self) -> Span | None:
        """The first and last month that any e-service becomes complete in."""
        spans = [span for span in map(self._windows.missing_span, self._complete) if span]
        return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None

    def _group_files(self, checkpoint: FetchCheckpoint, steps: Sequence[str]) -> dict[Key, list[Path]]:
        """The files of the steps, grouped by table, columns, known columns and months completed."""
        groups: dict[Key, list[Path]] = {}
        for file in checkpoint.files():
            if file.step in steps:
                key = (file.dataset, file.columns, file.known_columns, self._span(file))
                groups.setdefault(key, []).append(file.path)
        return groups

    def _span(self, file: RowFile) -> Span | None:
        if file.dataset == "case_counts":
            return self._total_span()
        e_service_id = f"{self._known.installation}-{file.family}"
        known = file.family is not None and e_service_id in self._complete
        return self._windows.missing_span(e_service_id) if known else None

    def _add(self, key: Key, paths: Sequence[Path], names: Sequence[str]) -> None:
        dataset, columns, known_columns, span = key
        target = self._folder / f"{dataset}-{len(self._files) + 1}.csv"
        if not paths:
            target.write_text(",".join(columns) + "\n", "utf-8")
        else:
            (sum_counts if dataset == "case_counts" else concatenate)(self._known.connection, paths, target)
        if dataset == "sightings" and same_catalogue(self._known, target):
            return
        diff = keep_differences(self._known, dataset, target, known_columns, span)
        source = Source(
            target.name,
            target,
            installation=self._known.installation,
            group=self._group,
            known_columns=known_columns,
            coverage=self._coverage(span, names) if datasets()[dataset].covers else None,
            from_source=True,
        )
        self._files.append(ImportFile(source, dataset, diff))

    def _coverage(self, span: Span | None, names: Sequence[str]) -> Coverage:
        """Coverage of these months for these e-services; without names it covers nothing."""
        if span is None or not names:
            now = month_of(self._windows.today)
            return Coverage((), "named", now, now)
        return Coverage((CHANNEL,), "named", *span, e_services=tuple(sorted(names)))
