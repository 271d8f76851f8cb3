"""What the importer chose to take of a draft, and whether it can be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from data import privacy
from data.archive.state import ArchiveState
from data.base.errors import ImportRefused
from data.coverage import Coverage
from data.intake.archive_writer import AcceptedFile
from data.intake.draft import Draft, FileDraft

Take = Literal["all", "good", "skip"]


@dataclass(frozen=True)
class Choice:
    """What to take of one file: "all" (refused when it has a fault), its "good" rows, or nothing ("skip").

    `coverage` says, by table code, what the file covers where that is another than the draft's own suggestion. `accept_lower`
    says that counts which have sunk in their source, as they do when old cases are culled, replace the higher ones.
    """

    take: Take = "all"
    coverage: Mapping[str, Coverage] | None = field(default=None)
    accept_lower: bool = False


def suggested_coverage(file: FileDraft) -> dict[str, Coverage]:
    """By table code, what the file seems to cover: all its sheets of a table together."""
    found: dict[str, Coverage] = {}
    for table in file.tables:
        if table.coverage:
            before = found.get(table.dataset.code)
            found[table.dataset.code] = before.union(table.coverage) if before else table.coverage
    return found


def accept(draft: Draft, choices: Mapping[str, Choice]) -> tuple[AcceptedFile, ...]:
    """What is taken of each file that was not skipped; ImportRefused when a file cannot be taken as chosen."""
    taken = tuple(_take(file, choices.get(file.name, Choice())) for file in draft.files)
    chosen = tuple(t for t in taken if t)
    if not chosen:
        raise ImportRefused(ImportRefused.NO_FILES)
    return chosen


def _take(file: FileDraft, choice: Choice) -> AcceptedFile | None:
    if choice.take == "skip":
        return None
    covers = choice.coverage or {}
    chosen = (
        t for t in file.tables if t.good or (t.coverage and t.coverage.e_services)
    )  # that there was none is worth knowing too
    tables = tuple((t, covers.get(t.dataset.code, t.coverage)) for t in chosen)
    if file.faults or not tables:
        raise ImportRefused(ImportRefused.NOTHING_TO_IMPORT, file=file.name)
    if choice.take == "all" and file.fault_count:
        raise ImportRefused(ImportRefused.FAULTS, file=file.name, faults=file.fault_count)
    return AcceptedFile(
        file, choice.take, tuple((t, c if t.dataset.covers else None) for t, c in tables), choice.accept_lower
    )


def refuse_repeated(taken: Sequence[AcceptedFile], state: ArchiveState) -> None:
    """ImportRefused when a file is already in force, or twice in the same drop, byte for byte."""
    seen: dict[str, str] = {}
    for one in taken:
        checksum, name = one.file.checksum, one.file.name
        if checksum in seen:
            raise ImportRefused(ImportRefused.DUPLICATE_FILE, file=name, other=seen[checksum])
        seen[checksum] = name
        same = state.find_duplicate(checksum)
        if same:
            raise ImportRefused(
                ImportRefused.ALREADY_IMPORTED, file=name, batch=same.number, other=same.file, at=same.at
            )


def refuse_person(who: str, today: date) -> None:
    """ImportRefused when `who` is blank, or is a personal number or an e-mail address rather than a role."""
    if not who.strip():
        raise ImportRefused(ImportRefused.NO_ROLE)
    if privacy.personal_data_kind(who, today):
        raise ImportRefused(ImportRefused.PERSONAL_DATA)
