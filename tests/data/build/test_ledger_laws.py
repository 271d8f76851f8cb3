"""Any sequence of ledgers is what a dumb loop over them says: corrections, other numbers, stated months, undos."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.build.conflict_resolution import all_rows, resolved_rows
from data.build.coverage_table import BatchPart, batch_parts
from data.build.ledgers import ledger_rows
from data.intake.draft import Draft, Source
from data.intake.prepare import StoreContext, prepare
from data.intake.table_writer import write_tables
from data.ledger_source import Choice, LedgerAnswer
from data.schema.catalogue import datasets
from tests.data.ledger_reading import ledger
from tests.data.stores import NOW

pytestmark = pytest.mark.no_cover  # other tests run the same code

COSTS = datasets()["costs"]
MONTHS = (1, 2, 3)


class Posting(NamedTuple):
    """A row of a ledger."""

    voucher: int
    month: int
    day: int
    amount: int


@dataclass(frozen=True)
class File:
    """A ledger of a buyer, and what the importer says of it; `if_asked` is the answer to a question."""

    buyer: int
    postings: tuple[Posting, ...]
    stated: tuple[int, int] | None
    if_asked: Choice

    def text(self) -> str:
        return ledger(
            [
                {
                    "kopare_id": f"212000-000{self.buyer}", "kopare": f"Kommun {'AB'[self.buyer]}",
                    "verifikationsnummer": str(posting.voucher), "belopp": f"{posting.amount}.00",
                    "datum": f"2026-{posting.month:02}-{posting.day:02}",
                }
                for posting in self.postings
            ]
        )  # fmt: skip


@dataclass
class Books:
    """Ledgers through the checks and into the rows of the database, without the rest of the build."""

    folder: Path
    parts: list[BatchPart] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)

    def database(self) -> Path:
        path = self.folder / f"{len(self.parts)}-{'-'.join(map(str, sorted(self.undone)))}.duckdb"
        if path.exists():
            return path
        active = [part for part in self.parts if part.batch not in self.undone]
        with duckdb.connect(path) as connection:
            rows = ledger_rows(connection, COSTS, active)
            typed = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in COSTS.stored)
            resolved = resolved_rows(COSTS, active, rows)
            connection.execute(f"CREATE TABLE costs AS SELECT {typed}, batch FROM ({resolved})")
            for dataset in datasets().values():
                if dataset.code != "costs":
                    connection.execute(f"CREATE TABLE {dataset.code} AS {all_rows(dataset, [])}")
            connection.execute("CREATE TABLE batches (batch INTEGER, file VARCHAR)")
        return path

    def prepare(self, file: File, choice: Choice | None) -> Draft:
        path = self.folder / f"{len(list(self.folder.iterdir()))}.csv"
        path.write_text(file.text(), "utf-8")
        first, last = (date(2026, month, 1) for month in file.stated) if file.stated else (None, None)
        source = Source(path.name, path, table="costs", ledger=LedgerAnswer(first, last, choice))
        return prepare([source], NOW.date(), StoreContext(self.database()))

    def add(self, file: File) -> tuple[Choice | None, Decimal]:
        """Import a file; the answer that was asked for, and by how much the report says that the costs change, in SEK."""
        choice: Choice | None = None
        with ExitStack() as stack:
            draft = stack.enter_context(self.prepare(file, None))
            if draft.files[0].question:
                choice = file.if_asked
                draft = stack.enter_context(self.prepare(file, choice))
            (one,) = draft.files
            assert not one.question
            assert not one.fault_count
            number = len(self.parts) + 1
            told = {note.code: note.params for note in one.all_notes}.get("ledger_replaces")
            if one.tables[0].good or one.empties:
                written = write_tables(self.folder, draft.connection, [(one.tables[0], None)], number)
                self.parts += batch_parts(number, self.folder, written, NOW.date())
            read = Decimal(sum(posting.amount for posting in file.postings))
            if told is None:
                return choice, read
            sums = {name: Decimal(str(told[name])) for name in ("added_total", "before", "after", "gone_total")}
        return choice, sums["added_total"] + sums["after"] - sums["before"] - sums["gone_total"]

    def amounts(self) -> Counter[tuple[int, int, int]]:
        """How often there is a posting of a voucher, month and amount in the database."""
        with duckdb.connect(self.database(), read_only=True) as connection:
            rows = connection.execute(
                "SELECT voucher::INTEGER, month(booked_on), amount::INTEGER FROM costs"
            ).fetchall()
            ((ids,),) = connection.execute("SELECT count(DISTINCT lower(cost_id)) FROM costs").fetchall()
        assert ids == len(rows)
        return Counter(rows)


def in_force(files: Sequence[tuple[int, File, Choice | None]]) -> list[tuple[int, int, Posting]]:
    """Batch, buyer and posting, by looking at one file after another."""
    live: list[tuple[int, int, Posting]] = []
    for batch, file, choice in files:
        own = {posting.month for posting in file.postings}
        stated = {month for month in MONTHS if file.stated and file.stated[0] <= month <= file.stated[1]}
        vouchers = {(posting.voucher, posting.month) for posting in file.postings}
        if choice == "add":
            own, stated = set(), set()
        if choice == "replace":
            stated = stated | own
        rows = [*live]
        for row in rows:
            other, buyer, posting = row
            shares = any(b == other and (p.voucher, p.month) in vouchers and p.month in own for b, _, p in rows)
            related = buyer == file.buyer or not file.postings  # a file without rows does not say whose it is
            replaced = related and (posting.month in stated or (posting.month in own and shares))
            also = choice == "replace" and posting.month in stated and other in again(rows, file, stated, own)
            if replaced or also:
                live.remove(row)
        live += [(batch, file.buyer, posting) for posting in file.postings]
    return live


def again(rows: Sequence[tuple[int, int, Posting]], file: File, stated: set[int], own: set[int]) -> set[int]:
    """The batches of other buyers of which most comes again in the file."""
    found = set[int]()
    equal = Counter(posting for _, buyer, posting in rows if buyer == file.buyer and posting.month in stated)
    for batch in {batch for batch, buyer, _ in rows if buyer != file.buyer}:
        for month in own:
            theirs = Counter(p.amount for b, _, p in rows if b == batch and p.month == month)
            new = Counter(p for p in file.postings if p.month == month) - equal
            ours = Counter[int]()
            for posting, count in new.items():
                ours[posting.amount] += count
            size = min(theirs.total(), ours.total())
            found |= {batch} if 2 * (theirs & ours).total() > size else set()
    return found


POSTINGS = st.builds(Posting, st.integers(1, 4), st.sampled_from(MONTHS), st.integers(1, 3), st.integers(1, 4))
SPANS = st.tuples(st.sampled_from(MONTHS), st.sampled_from(MONTHS)).map(lambda pair: (min(pair), max(pair)))
ANSWERS: st.SearchStrategy[Choice] = st.sampled_from(("replace", "add"))
FILES = st.builds(
    File, st.integers(0, 1), st.lists(POSTINGS, max_size=6, unique=True).map(tuple), st.none() | SPANS, ANSWERS
)


@settings(max_examples=8)
@given(files=st.lists(FILES, min_size=1, max_size=4), undone=st.sets(st.integers(1, 4)))
def test_any_sequence_of_ledgers_is_what_a_dumb_loop_says(files: list[File], undone: set[int]) -> None:
    check_sequence(files, undone)


@pytest.mark.fuzz
@settings(max_examples=1000)
@given(files=st.lists(FILES, min_size=1, max_size=6), undone=st.sets(st.integers(1, 6)))
def test_any_longer_sequence_of_ledgers_is_what_a_dumb_loop_says(files: list[File], undone: set[int]) -> None:
    check_sequence(files, undone)


def check_sequence(files: Sequence[File], undone: set[int]) -> None:
    """Import the files one by one, undo some and redo them, and recount each time."""
    with tempfile.TemporaryDirectory() as folder:
        books, taken = Books(Path(folder)), list[tuple[int, File, Choice | None]]()
        for file in files:
            before, imported = books.amounts(), len(books.parts)
            choice, change = books.add(file)
            if len(books.parts) == imported:
                continue  # without rows, and nothing that it empties
            taken.append((len(books.parts), file, choice))
            after = books.amounts()
            assert total(after) - total(before) == change, "as the report said"
            assert after == dumb(taken)
        books.undone = undone
        assert books.amounts() == dumb([one for one in taken if one[0] not in undone])
        books.undone = set()
        assert books.amounts() == dumb(taken)


def dumb(files: Sequence[tuple[int, File, Choice | None]]) -> Counter[tuple[int, int, int]]:
    return Counter((posting.voucher, posting.month, posting.amount) for _, _, posting in in_force(files))


def total(amounts: Counter[tuple[int, int, int]]) -> int:
    return sum(amount * count for (_, _, amount), count in amounts.items())
