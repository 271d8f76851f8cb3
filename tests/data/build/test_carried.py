"""A build that takes over from the version before makes what a whole build makes: relation by relation, after any changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from data.archive.log import Archive
from data.archive.state import ArchiveState, ProtectionChange
from data.build import carried, compaction
from data.build.database import archive_contents, build_database
from data.intake.choices import Choice
from data.intake.draft import Source
from data.serving.build_version import build_version
from data.serving.versions import Versions
from data.store import Store
from tests.data.stores import ROLE, write_csv

pytestmark = pytest.mark.no_cover  # other tests run the same code

BEGIN = datetime(2026, 1, 12, 9, 0)
SERVICES = ("T-1", "T-2", "T-3", "t-1")
E_SERVICES = ("E-1", "E-2", "oep/v1", "oep/Bygglov", "e-1", "E-3")
DEPARTMENTS = ("BYGG", "SKOL", "KULT")
CHANNELS = ("e-tjänst", "telefon", "e-post")
DAYS = ("2025-11-03", "2025-12-17", "2026-01-05", "2026-02-20", "2026-03-02")
Make = Callable[[Random], list[str]]


def _cases(random: Random) -> list[str]:
    """Cases of few ids, so that later files correct earlier ones; some rows are refused."""
    lines = []
    for _ in range(random.randint(1, 9)):
        day = random.choice(DAYS)
        whose = f"{random.choice(SERVICES)};" if random.random() < 0.5 else f";{random.choice(E_SERVICES)}"
        closed = random.choice(("", day, "2026-03-03"))
        rest = f"{random.choice((*CHANNELS, 'okänd'))};{random.choice(('ja', 'nej', ''))};{random.choice(('', 'digitalt'))}"
        lines.append(f"{random.choice('ABab')}{random.randint(1, 9)};{whose};{day};{rest};{closed}")
    return ["arende_id;tjanst_id;etjanst_id;inkom;kanal;assisterat;handlaggning;avslutat", *lines]


def _part_of_cases(random: Random) -> list[str]:
    """Some columns of cases that are there, or refused where they are not."""
    column, values = random.choice((("avslutat", ("2026-03-04", "")), ("kanal", CHANNELS), ("tjanst_id", SERVICES)))
    lines = [f"{random.choice('ABab')}{random.randint(1, 9)};{random.choice(values)}" for _ in range(6)]
    return [f"arende_id;{column}", *lines]


def _departments(random: Random) -> list[str]:
    rows = [
        f"{code};{code};{random.choice(('', 'KSF'))};{random.choice(('', 'Nämnden'))};{random.choice(('', *DAYS))}"
        for code in DEPARTMENTS
    ]
    return ["verksamhet_id;namn;overordnad_id;namnd;galler_fran", "KSF;KSF;;;", *rows]


def _services(random: Random) -> list[str]:
    rows = [
        f"{code};{code};{random.choice(DEPARTMENTS)};{random.choice(('extern', 'intern'))}"
        f";{random.choice(('', *DAYS))};{random.choice(('', 'Bygga'))}"
        for code in random.sample(SERVICES[:3], random.randint(1, 3))
    ]
    return ["tjanst_id;namn;verksamhet_id;malgrupp;galler_fran;omrade", *rows]


def _e_services(random: Random) -> list[str]:
    rows = [
        f"{code};{random.choice(('Bygglov', 'Annat'))};e-tjänst;Open ePlatform;oep"
        f";{random.choice(('', 'extern'))};{random.choice(('', *DEPARTMENTS))}"
        for code in random.sample(("E-1", "E-2", "E-3", "oep/v1"), random.randint(1, 3))
    ]
    return ["etjanst_id;namn;typ;plattform;installation;malgrupp;verksamhet_id", *rows]


def _links(random: Random) -> list[str]:
    rows = [
        f"{random.choice(SERVICES)};{random.choice(E_SERVICES[:2])};{random.choice(('ja', 'nej'))}" for _ in range(3)
    ]
    return ["tjanst_id;etjanst_id;hor_ihop", *rows]


def _versions(random: Random) -> list[str]:
    return [
        "version_id;etjanst_id",
        *(f"{name};{random.choice(('E-1', 'E-2'))}" for name in ("oep/v1", "E-3")[: random.randint(1, 2)]),
    ]


def _counts(random: Random) -> list[str]:
    rows = [
        f"{random.choice(SERVICES)};{random.choice(DAYS)[:7]};{random.choice(CHANNELS)};{random.randint(0, 9)}"
        for _ in range(4)
    ]
    return ["tjanst_id;manad;kanal;antal", *rows]


def _costs(random: Random) -> list[str]:
    rows = [
        f"K-{n};{random.choice(DAYS)};{random.choice(('fast', 'övrig', ''))};{random.randint(1, 900)};Leverantör"
        for n in range(3)
    ]
    return ["kostnad_id;datum;kostnadstyp;belopp;leverantor", *rows]


def _rules(random: Random) -> list[str]:
    rule = f"2026-01-0{random.randint(1, 3)}T08:00;1;Regel;leverantör;rörlig"
    return ["regelverk;ordning;regel;leverantor;kostnadstyp", rule]


MAKERS: Sequence[Make] = (
    _departments, _services, _e_services, _links, _cases, _versions, _cases, _counts, _part_of_cases, _services, _cases, _costs,
    _rules, _e_services, _part_of_cases, _links, _cases, _departments, _counts, _cases,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A change of the store: the batches that are put in force or withdrawn, all at once, and what else may hold."""

    toggled: frozenset[int]
    protected: bool = False
    row_group: int = 10
    loose: int = compaction.LOOSE


STEPS = st.builds(
    Step,
    st.frozensets(st.integers(1, len(MAKERS)), min_size=1, max_size=4),
    st.sampled_from((False,) * 9 + (True,)),
    st.sampled_from((10, 10, 2)),
    st.sampled_from((compaction.LOOSE, 1)),
)
CHAINS = st.lists(STEPS, min_size=2, max_size=5)


@cache
def imports(seed: int) -> tuple[TemporaryDirectory[str], ArchiveState]:
    """A folder, and the state of an archive in it after twenty files, five at a time with some weeks between."""
    folder, random = TemporaryDirectory(), Random(seed)
    files = [write_csv(Path(folder.name), f"{number}.csv", *make(random)) for number, make in enumerate(MAKERS)]
    with Store(Path(folder.name) / "store") as store:
        for first in range(0, len(files), 5):
            some, now = files[first : first + 5], BEGIN + timedelta(days=4 * first)
            with store.prepare([Source(file.name, file) for file in some], today=now.date()) as draft:
                good = {file.name: any(table.good for table in file.tables) for file in draft.files}
                store.commit(
                    draft, {name: Choice("good" if any_good else "skip") for name, any_good in good.items()}, ROLE, now
                )
        return folder, Archive(store.folder / "archive").state()


def check(seed: int, chain: Sequence[Step]) -> None:
    """Build after each step from the version before it, and the last whole too; the relations are the same."""
    _, state = imports(seed)
    numbers = {batch.number for batch in state.batches}
    with TemporaryDirectory() as folder:
        versions = Versions(Path(folder))
        for step in (Step(frozenset()), *chain):
            numbers ^= step.toggled & {batch.number for batch in state.batches}
            batches = tuple(replace(batch, active=batch.number in numbers) for batch in state.batches)
            now = replace(state, batches=batches, protection=(ProtectionChange(step.protected),))
            if now.active:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(carried, "ROW_GROUP", step.row_group)
                    patch.setattr(compaction, "LOOSE", step.loose)
                    version, built = build_version(versions, now, BEGIN, carry=True).publish(), now
        whole = Path(folder) / "whole.duckdb"
        build_database(whole, archive_contents(built), version.version, BEGIN)
        event("carried" if unordered(versions.path(version)) else "whole")
        assert relations(versions.path(version)) == relations(whole)


def relations(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every relation of a database but `info`, with its rows in order."""
    with duckdb.connect(file, read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall()
        return {n: connection.execute(f"FROM {n} ORDER BY ALL").fetchall() for (n,) in names if n != "info"}


def unordered(file: Path) -> int:
    """How many cases lie out of order."""
    with duckdb.connect(file, read_only=True) as connection:
        return int(connection.execute("SELECT unordered FROM info").fetchall()[0][0])


def as_it_is(file: Path, patch: pytest.MonkeyPatch) -> None:
    """The version before is whole, and by this program."""


def spoil(file: Path, patch: pytest.MonkeyPatch) -> None:
    """A bit of the version before is another."""
    content = bytearray(file.read_bytes())
    content[-99] ^= 1
    file.write_bytes(content)


def change_program(file: Path, patch: pytest.MonkeyPatch) -> None:
    """The program is another than that of the version before."""
    patch.setattr("data.build.fingerprint.source_files", lambda *_: (Path(carried.__file__),))


@pytest.mark.parametrize(
    ("happens", "protected", "is_taken"),
    [
        (as_it_is, (False, False), True),
        (spoil, (False, False), False),
        (change_program, (False, False), False),
        (as_it_is, (False, True), False),
        (as_it_is, (True, False), False),
    ],
)
def test_it_takes_over_from_a_whole_version_by_this_program_with_nothing_protected(
    happens: Callable[[Path, pytest.MonkeyPatch], None],
    protected: tuple[bool, bool],
    is_taken: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, state = imports(1)
    last = max(batch.number for batch in state.batches if batch.tables[0].dataset == "cases")
    monkeypatch.setattr(carried, "ROW_GROUP", 10)
    versions, files = Versions(tmp_path), []
    for left_out, is_protected in zip((last, 0), protected, strict=True):
        batches = tuple(replace(batch, active=batch.number != left_out) for batch in state.batches)
        now = replace(state, batches=batches, protection=(ProtectionChange(is_protected),))
        files.append(versions.path(build_version(versions, now, BEGIN, carry=True).publish()))
        if left_out:
            happens(files[0], monkeypatch)
    assert (unordered(files[1]) > 0) == is_taken
    with duckdb.connect(files[1], read_only=True) as connection:
        assert bool(connection.execute("FROM built_parts").fetchall()) == (not protected[1])


@settings(max_examples=3)
@given(chain=CHAINS)
def test_any_few_changes_make_what_a_whole_build_makes(chain: list[Step]) -> None:
    check(1, chain)


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(2, 12))
def test_any_changes_make_what_a_whole_build_makes(seed: int) -> None:
    @settings(max_examples=60)
    @given(chain=CHAINS)
    def law(chain: list[Step]) -> None:
        check(seed, chain)

    law()
