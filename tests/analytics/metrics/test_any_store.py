"""Any small store: whatever is imported, corrected, refused, undone and redone, the product says what plain loops say.

And it says the same from the columns in memory as by SQL.
"""

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from analytics.decomposition.cells import decompose_change
from analytics.metrics.catalogue import GOAL_CODES
from analytics.metrics.measure import measure
from analytics.metrics.scope import Organisation, Scope
from data.coverage import Coverage
from data.intake.choices import Choice
from data.intake.draft import Source
from data.store import Store
from tests.analytics.decomposition import by_fractions
from tests.analytics.decomposition.by_fractions import agree
from tests.analytics.metrics.test_columns import compare_some
from tests.recompute import BAD, WORDS, File, Row, Tables, month_of, months_between, state

pytestmark = pytest.mark.no_cover  # other tests run the same code

NOW = datetime(2026, 4, 20, 8, 0)
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
SERVICES, E_SERVICES = ("T1", "T2", "T3", "T4"), ("E1", "E2", "E3")
CODES = {word: code for code, word in WORDS.items()}
CHANNELS = ("e-tjänst", "telefon", "blankett")
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
TREE = [
    {"verksamhet_id": key, "namn": key, "overordnad_id": above} for key, above in (("A", ""), ("B", "A"), ("C", ""))
]
ORGANISATIONS: tuple[Organisation, ...] = ("historical", "today")
MOVES = ("", "2026-02-01", "2026-03-15")
STARTS, ENDS = ("", "", "2026-02-10", "2026-03-01"), ("", "", "2026-01-31", "2026-02-14", "2026-03-15")


@dataclass(frozen=True)
class Import:
    """A file, and which of the imports before it are undone or redone after it (by number, counted round)."""

    file: File
    toggled: tuple[int, ...] = ()


def rows_of(name: str, ids: Sequence[str], **columns: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """A row for each id, or for some of them."""
    rows = [st.fixed_dictionaries({name: st.just(key), **columns}) for key in ids]
    return st.tuples(*rows).map(list)


def in_order(first: str, last: str) -> Callable[[list[Row]], list[Row]]:
    """A function that leaves the last day out where the first comes after it."""
    return lambda rows: [row | {last: ""} if row[last] and row[first] > row[last] else row for row in rows]


def some(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


services = rows_of(
    "tjanst_id",
    SERVICES,
    namn=st.just("Tjänst"),
    verksamhet_id=some("A", "B", "C"),
    malgrupp=some("extern", "intern"),
    aktiv=some("ja", "ja", "ja", "nej"),
    publicerad_fran=some(*STARTS),
    publicerad_till=some(*ENDS),
).map(in_order("publicerad_fran", "publicerad_till"))
e_services = rows_of(
    "etjanst_id",
    E_SERVICES,
    namn=st.just("E-tjänst"),
    typ=some("e-tjänst", "e-tjänst", "länk", "blankett"),
    plattform=some("Open ePlatform", "Annat"),
    lanserad=some(*STARTS),
    avvecklad=some(*ENDS, "2026-02-28"),
    steg=some("", "", "utveckling"),
    oppen=some("", "", "nej"),
).map(in_order("lanserad", "avvecklad"))
links = st.lists(
    st.fixed_dictionaries(
        {
            "tjanst_id": some(*SERVICES, *SERVICES, "T9"),
            "etjanst_id": some(*E_SERVICES, *E_SERVICES, "E9"),
            "hor_ihop": some("ja", "ja", "ja", "nej"),
        }
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda row: (row["tjanst_id"], row["etjanst_id"]),
)
exemptions = st.lists(
    st.fixed_dictionaries(
        {
            "who": some(*SERVICES, *E_SERVICES),
            "typ": some("ej tillämpligt", "ej tillämpligt", "annan plattform"),
            "skal": st.just("Möte krävs"),
            "beslutat": some("2025-12-01", "2026-02-12"),
            "galler_till": some("", "2026-02-14", "2026-02-20", "2026-03-31"),
        }
    ),
    min_size=1,
    max_size=2,
).map(lambda rows: [{"undantag_id": f"U{i}", **row} for i, row in enumerate(rows)])
catalogue = st.lists(
    st.fixed_dictionaries(
        {
            "installation": some("oep", "oep", "annan"),
            "sedd": some("2026-01-10", "2026-02-12", "2026-02-28", "2026-04-02"),
            "etjanst_id": some(*E_SERVICES),
            "oppen": some("ja", "ja", "nej"),
        }
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: (row["installation"], row["sedd"], row["etjanst_id"]),
)
handling = st.tuples(*(some("d", "d", "n", "x", "?", "later") for _ in SERVICES)).map(
    lambda kinds: [
        {"tjanst_id": service, "steg": step, "fran": day, "lage": lage}
        for service, kind in zip(SERVICES, kinds, strict=True)
        for step in STEPS
        for day, lage in _step(kind, step)
    ]
)


def _step(kind: str, step: str) -> list[tuple[str, str]]:
    last = step == STEPS[-1]
    states = {"d": "digitalt", "n": "inte digitalt" if last else "digitalt", "x": "ej tillämpligt"}
    if kind == "?":
        return [] if last else [("2025-01-01", "digitalt")]
    if kind == "later":
        return [("2025-01-01", states["n"]), *([("2026-02-20", "digitalt")] if last else [])]
    return [("2025-01-01", states[kind])]


def whose(row: Row) -> Row:
    """The row with its service or e-service in the column of its kind."""
    who = row["who"]
    ids = {"tjanst_id": who if who.startswith("T") else "", "etjanst_id": who if who.startswith("E") else ""}
    return ids | {name: value for name, value in row.items() if name != "who"}


anyone = some(*SERVICES, *SERVICES, *E_SERVICES, *E_SERVICES, "T9", "E9")
parts = st.tuples(  # of a file of counts: the same number for some of everything
    st.lists(anyone, min_size=1, max_size=3),
    st.lists(some(*MONTHS), min_size=1, max_size=3),
    st.lists(some(*CHANNELS), min_size=1, max_size=3),
    some("nej", "nej", "nej", "ja", ""),
    some("0", "3", "10", "40", "100", "100", "ej tillämpligt", "ej rapporterat", ""),
)


def _counts(drawn: list[tuple[list[str], list[str], list[str], str, str]]) -> list[Row]:
    """A row for each combination of each part, the last where they meet."""
    rows = {
        (who, month, channel, assisted or "nej"): {
            "who": who,
            "manad": month,
            "kanal": channel,
            "assisterat": assisted,
            "antal": antal,
        }
        for whos, months, channels, assisted, antal in drawn
        for who, month, channel in product(whos, months, channels)
    }
    return list(rows.values())


counts = st.lists(parts, min_size=1, max_size=5).map(_counts)
cases = st.lists(
    st.fixed_dictionaries(
        {
            "arende_id": st.integers(0, 40).map(str),
            "who": anyone,
            "inkom": st.tuples(some(*MONTHS), some("01", "11", "19")).map("-".join),
            "kanal": some(*CHANNELS),
            "assisterat": some("nej", "nej", "ja", ""),
        }
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row["arende_id"],
)


@st.composite
def flow_file(draw: st.DrawFn) -> File:
    """Counts or cases one by one, what they cover, and perhaps a row that is refused."""
    table = draw(some("arendeantal", "arendeantal", "arenden"))
    rows = draw(counts if table == "arendeantal" else cases)
    bad = (
        draw(st.lists(st.tuples(st.integers(0, len(rows) - 1), st.integers(0, 2)), max_size=2)) if len(rows) > 1 else []
    )
    refused = {i: _spoilt(rows[i], how) for i, how in bad[: len(rows) - 1]}
    good = [row for i, row in enumerate(rows) if i not in refused]
    if not good:
        refused, good = {}, rows
    channels = draw(st.lists(some(*CHANNELS), min_size=1, max_size=3, unique=True))
    first, last = sorted(draw(st.tuples(some(*MONTHS), some(*MONTHS, "2026-06"))))
    covers = (tuple(channels), draw(some("rows", "own", "file", "file", "all")), first, last)
    return File(table, tuple(map(whose, good)), tuple(map(whose, refused.values())), covers)


def _spoilt(row: Row, how: int) -> Row:
    """A row with a cell that cannot be read."""
    day = "inkom" if "inkom" in row else "manad"
    column = (day, "kanal", "antal" if "antal" in row else "kanal")[how]
    return row | {column: BAD[0]}


@st.composite
def histories(draw: st.DrawFn) -> list[Import]:
    """A register, in one import each table, then files in any order with corrections of the register, undone and redone."""
    register = [
        File("verksamheter", TREE),
        File("tjanster", draw(services)),
        File("etjanster", draw(e_services)),
        File("kopplingar", draw(links)),
        File("handlaggningssteg", draw(handling)),
    ]
    more: list[File] = []
    if draw(st.booleans()):
        more.append(File("undantag", tuple(map(whose, draw(exemptions)))))
    if draw(st.booleans()):
        more.append(File("katalog", draw(catalogue)))
    flows = draw(st.lists(flow_file(), min_size=2, max_size=5))
    again = draw(
        st.lists(
            st.one_of(
                st.tuples(services, some(*MOVES)).map(
                    lambda drawn: File("tjanster", [row | {"galler_fran": drawn[1]} for row in drawn[0][:2]])
                ),
                st.tuples(some("", "A", "C"), some(*MOVES)).map(
                    lambda drawn: File("verksamheter", [TREE[1] | {"overordnad_id": drawn[0], "galler_fran": drawn[1]}])
                ),
                e_services.map(lambda rows: File("etjanster", rows[1:])),
                links.map(lambda rows: File("kopplingar", rows)),
            ),
            max_size=1,
        )
    )
    files = [*register, *draw(st.permutations([*more, *flows, *again]))]
    toggled = draw(st.lists(st.integers(0, len(files) - 1), max_size=3))
    return [*(Import(file) for file in files[:-1]), Import(files[-1], tuple(toggled))]


def write(folder: Path, name: str, rows: Sequence[Row]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(folder: Path, history: Sequence[Import]) -> tuple[Store, Tables]:
    """The store after the history, in one commit and one for each undo or redo; and what plain loops make of what is in force."""
    store, sources, choices = Store(folder / "store"), [], {}
    for number, one in enumerate(history):
        name = f"{number}-{one.file.table}.csv"
        path = write(folder, name, [*one.file.rows, *one.file.refused])
        sources.append(Source(name, path, table=TABLES[one.file.table]))
        choices[name] = Choice("good", covers_of(one.file))
    with store.prepare(sources, NOW.date()) as draft:
        for file, one in zip(draft.files, history, strict=True):
            assert [t.good for t in file.tables] == [len(one.file.rows)], (one.file, file.all_faults)
        batches = store.commit(draft, choices, "test", NOW, again=True)
    active = [True] * len(batches)
    for number in history[-1].toggled:
        active[number] = not active[number]
        if not any(active):
            active[number] = True
            continue
        (store.redo if active[number] else store.undo)(batches[number].number, "test", NOW)
    today = NOW.date().isoformat()
    files = [replace(one.file, imported=today) for one, keep in zip(history, active, strict=True) if keep]
    return store, state(files, today)


TABLES = {
    "verksamheter": "departments",
    "tjanster": "services",
    "etjanster": "e_services",
    "kopplingar": "links",
    "undantag": "exemptions",
    "katalog": "sightings",
    "handlaggningssteg": "handling_steps",
    "arendeantal": "case_counts",
    "arenden": "cases",
}


def covers_of(file: File) -> Mapping[str, Coverage] | None:
    if file.covers is None:
        return None
    channels, services_, first, last = file.covers
    span = (date.fromisoformat(f"{month}-01") for month in (first, last))
    coverage = Coverage(tuple(CODES[c] for c in channels), services_, *span)  # type: ignore[arg-type]  # one of the words
    return {TABLES[file.table]: coverage}


# ---- what the product says, and what plain loops say


def known_months(t: Tables) -> list[str]:
    """From the first month that anything is known of, to this one."""
    told = [min(cover.months) for of in t.covers.values() for cover in of]
    told += [month for _service, _e_service, _channel, month in t.refused]
    told += [month_of(row) for row in (*t.rows["arenden"], *t.rows["arendeantal"])]
    first = min(told, default="2025-05")
    return months_between(first, MONTHS[-1])


def scope_of(first: str, last: str, *departments: str) -> Scope:
    return Scope(date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01"), departments)


def asked(row: Any, *by: str) -> tuple[Any, ...]:
    return tuple(row.by[name].isoformat()[:7] if name == "month" else row.by[name] for name in by)


def compare(cursor: duckdb.DuckDBPyConnection, t: Tables) -> None:
    """Every goal, the reporting, the cases and the states, over all months and each, by service, channel and department."""
    months = known_months(t)
    for departments in ((), ("A",), ("B",), ("C",)):
        for first, last in [(months[0], months[-1]), *((m, m) for m in months)]:
            place = (departments, first, last)
            scope = scope_of(first, last, *departments)
            shares = {
                "e_service_coverage": t.goal_1(last, departments),
                "digital_submission": t.goal_2(first, last, departments),
                "digital_handling": t.goal_3(first, last, departments),
            }
            for code, share in shares.items():
                (row,) = measure(cursor, code, scope)
                got = (row.numerator or 0, row.denominator or 0, row.coverage)
                assert got == (share.numerator, share.denominator, share.coverage), (code, place)
            (row,) = measure(cursor, "reporting", scope)
            goal = shares["digital_submission"]
            assert (row.numerator, row.denominator) == (goal.known, goal.population), ("reporting", place)
    whole = scope_of(months[0], months[-1])
    services_of = {month: {s["tjanst_id"] for s in t.published(month)} for month in months}
    reporting = {asked(row, "service", "month"): row for row in measure(cursor, "reporting", whole, "service", "month")}
    for month in months:
        for service in services_of[month]:
            row, full = reporting[service, month], t.fully_reported(service, month)
            assert row.denominator == t.reportable(service, month), (service, month)
            assert row.numerator == (full and t.reportable(service, month)), ("reporting", service, month)
    classes = {
        asked(row, "service", "month"): row.by["class"]
        for row in measure(cursor, "services", whole, "service", "month", "class")
        if row.value
    }
    expected_classes = {(s["tjanst_id"], m): t.service_class(s["tjanst_id"], m) for m in months for s in t.services(m)}
    assert classes == expected_classes
    compare_cases(cursor, t, months)


def compare_cases(cursor: duckdb.DuckDBPyConnection, t: Tables, months: Sequence[str]) -> None:
    whole = scope_of(months[0], months[-1])
    expected: dict[tuple[Any, ...], int] = {}
    states: dict[tuple[Any, ...], str] = {}
    by_department: Counter[tuple[Any, ...]] = Counter()
    named = {s for of in t.cases.values() for s, _e in of} | {s for of in t.counts.values() for s, _e in of}
    everyone = (t.register.keys() | named) - {""}
    for month in months:
        for channel, code in ((word, code) for code, word in WORDS.items()):
            for service in everyone:
                figures = t.figures(service, month, channel)
                if figures:
                    states[service, code, month] = worst(f.state for f in figures)
                numbers = [f.cases for f in figures if f.cases is not None]
                if numbers and (sum(numbers) or "not_reported" not in {f.state for f in figures}):
                    expected[service, code, month] = sum(numbers)
                department = t.department("tjanster", "verksamhet_id", service, month) if t.own(service) else None
                by_department[department, month] += sum(numbers)
            nobody = t.of_nobody(month, channel)
            if nobody:
                expected[None, code, month] = sum(nobody.values())
            for (e_service, _assisted), n in nobody.items():
                by_department[t.department_of(e_service, month), month] += n
    rows = measure(cursor, "cases", whole, "service", "channel", "month")
    got = {asked(row, "service", "channel", "month"): int(row.value) for row in rows if row.value is not None}
    if any(key[0] is None and not n for key, n in expected.items()):  # 0 beside what is not reported is nothing
        got, expected = ({k: n for k, n in of.items() if k[0] or n} for of in (got, expected))
    assert got == expected
    rows = measure(cursor, "figures", whole, "service", "channel", "month", "state")
    assert {asked(row, "service", "channel", "month"): row.by["state"] for row in rows} == states
    rows = measure(cursor, "cases", whole, "department", "month")
    totals: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        totals[asked(row, "department", "month")] += int(row.value or 0)
    assert {key: n for key, n in totals.items() if n} == {key: n for key, n in by_department.items() if n}


def compare_changes(cursor: duckdb.DuckDBPyConnection, random: Random) -> None:
    """Why the goals moved, in some part of the organisation."""
    scope = scope_of("2026-03", "2026-04", *random.choice(((), ("A",), ("B",), ("A", "C"))))
    scope = replace(scope, comparison="previous", organisation=random.choice(ORGANISATIONS))
    for code in GOAL_CODES:
        agree(decompose_change(cursor, code, scope), by_fractions.decompose_change(cursor, code, scope))


def worst(states: Iterable[str]) -> str:
    """The least known of the states."""
    return min(states, key=("not_reported", "value", "zero", "not_applicable").index)


def run(history: Sequence[Import]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, t = imported(Path(folder), history)
        with store, store.database().cursor() as cursor:
            compare(cursor, t)
            compare_some(cursor, Random(len(str(history))), scopes=2)
            compare_changes(cursor, Random(len(str(history))))


CALM = settings(
    max_examples=8, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False
)


@CALM
@given(histories())
def test_some_small_stores(history: list[Import]) -> None:
    run(history)


@pytest.mark.fuzz
@settings(CALM, max_examples=1_500, derandomize=False)
@given(histories())
def test_many_small_stores(history: list[Import]) -> None:
    note(str(history))
    run(history)
