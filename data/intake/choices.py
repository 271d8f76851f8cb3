"""The choices of what to import from a draft, and the checks that it can be imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from data import privacy
from data.archive.state import ArchiveState
from data.base.errors import ImportRefused
from data.coverage import Coverage
from data.intake.draft import AcceptedFile, Draft, FileDraft

Take = Literal["all", "good", "skip"]
CLOCK_BACK = timedelta(hours=3)  # that clocks of two machines, or of summer and winter, may differ
CLOCK_AHEAD = timedelta(days=366)  # without an import


@dataclass(frozen=True)
class Choice:
    """What to import of one file: "all" (refused when it has a fault), its "good" rows, or nothing ("skip").

    `coverage` replaces, by table code, what the draft suggests. `accept_lower`: lower counts from a source that
    removes old cases replace the higher ones. `left_out` are rows not to import, as (number of the table in the file, row).
    """

    take: Take = "all"
    coverage: Mapping[str, Coverage] | None = field(default=None)
    accept_lower: bool = False
    left_out: frozenset[tuple[int, int]] = frozenset()


def suggested_coverage(file: FileDraft) -> dict[str, Coverage]:
    """By table code, what the file's rows suggest that it covers, all its sheets of a table together."""
    result: dict[str, Coverage] = {}
    for table in file.tables:
        if table.coverage:
            before = result.get(table.dataset.code)
            result[table.dataset.code] = before.union(table.coverage) if before else table.coverage
    return result


def chosen_coverage(file: FileDraft, choice: Choice) -> dict[str, Coverage]:
    """By table code, what the file covers as it is chosen: what is stated, or else its own rows."""
    return suggested_coverage(file) | dict(choice.coverage or {})


def accept(draft: Draft, choices: Mapping[str, Choice]) -> tuple[AcceptedFile, ...]:
    """The files that are not skipped; ImportRefused when one cannot be imported as chosen, or all are skipped."""
    files = tuple(_accept(file, choices.get(file.name, Choice())) for file in draft.files)
    accepted = tuple(file for file in files if file)
    if not accepted:
        raise ImportRefused(ImportRefused.NO_FILES)
    return accepted


def _accept(file: FileDraft, choice: Choice) -> AcceptedFile | None:
    if choice.take == "skip":
        return None
    coverage = choice.coverage or {}
    # a table without rows is imported for what it covers, or what it replaces
    left = [replace(t, left_out=_rows(choice, i)) for i, t in enumerate(file.tables)]
    useful = (
        t
        for t in left
        if t.good > len(t.left_out) or (t.coverage and t.coverage.e_services) or (t.ledger and file.empties)
    )
    tables = tuple((t, coverage.get(t.dataset.code, t.coverage) if t.dataset.covers else None) for t in useful)
    if file.faults or not tables:
        raise ImportRefused(ImportRefused.NOTHING_TO_IMPORT, file=file.name)
    if choice.take == "all" and file.fault_count:
        raise ImportRefused(ImportRefused.FAULTS, file=file.name, faults=file.fault_count)
    if file.question:
        raise ImportRefused(ImportRefused.LEDGER_QUESTION, file=file.name)
    return AcceptedFile(file, choice.take, tables, choice.accept_lower)


def _rows(choice: Choice, table: int) -> frozenset[int]:
    """The rows of a table that are left out."""
    return frozenset(row for number, row in choice.left_out if number == table)


def refuse_repeated(files: Sequence[AcceptedFile], state: ArchiveState) -> None:
    """Raise ImportRefused when a file with the same bytes is in force already, or is twice among the files."""
    names: dict[str, str] = {}
    for accepted in files:
        checksum, name = accepted.file.checksum, accepted.file.name
        if checksum in names:
            raise ImportRefused(ImportRefused.DUPLICATE_FILE, file=name, other=names[checksum])
        names[checksum] = name
        duplicate = state.find_duplicate(checksum)
        if duplicate:
            raise ImportRefused(
                ImportRefused.ALREADY_IMPORTED, file=name, batch=duplicate.number, other=duplicate.file, at=duplicate.at
            )


def refuse_clock(state: ArchiveState, now: datetime) -> None:
    """Raise ImportRefused when `now`, in local time, lies before the newest import in force, or long after it."""
    newest = max((batch.at for batch in state.active if batch.at), default=None)
    if newest and now < newest - CLOCK_BACK:
        raise ImportRefused(ImportRefused.CLOCK_BACK, now=now, newest=newest)
    if newest and now > newest + CLOCK_AHEAD:
        raise ImportRefused(ImportRefused.CLOCK_AHEAD, now=now, newest=newest)


def refuse_person(who: str, today: date) -> None:
    """Raise ImportRefused when `who` is blank, a personal identity number or an e-mail address, and not a role."""
    if not who.strip():
        raise ImportRefused(ImportRefused.NO_ROLE)
    if privacy.personal_data_kind(who, today):
        raise ImportRefused(ImportRefused.PERSONAL_DATA)
