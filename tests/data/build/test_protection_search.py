"""A search for protected counts, as a strict reader makes it: every number of cases that is shown, and what follows from them.

Small stores with small counts are built twice: with protection, and without it, for the truth. The numbers shown are linear
equations in the groups of cases that they sum; no group of 1–4 cases may follow from them, alone or as a difference.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from analytics.metrics.measure import Row, measure
from analytics.metrics.scope import Scope
from analytics.quality.consistency import contradictions, unmatched
from data.cli.output import status_lines
from data.coverage import Coverage
from data.serving.protection import VARIABLE
from data.store import Store
from tests.data.stores import all_tables
from tests.reader import Look, words
from ui.frame.sitemap import page_specs

pytestmark = pytest.mark.no_cover  # other tests run the same code

Make = Callable[..., Store]
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
REGISTER = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nA1;Alfa ett;A\nB;Beta;\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\n"
    "T;Bygglov;A1;extern;2026-01-01\nU;Rivning;B;extern;2026-01-01\n",
    "e_services": "etjanst_id;namn;typ;lanserad\n" + "".join(f"{e};{e};e-tjänst;2026-01-01\n" for e in "EFGH"),
    "links": "tjanst_id;etjanst_id\nT;E\nT;F\nT;G\nU;G\n",  # two of T's own, one shared; H is nobody's
    "handling_steps": "tjanst_id;steg;lage;fran\n"
    + "".join(
        f"{service};{step};digitalt;2026-01-01\n"
        for service in "TU"
        for step in ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
    ),
}
COVER = Coverage(("e_service", "phone"), "file", AUGUST, SEPTEMBER)
SCOPES = (
    Scope(AUGUST, SEPTEMBER),
    Scope(AUGUST, AUGUST),
    Scope(SEPTEMBER, SEPTEMBER),
    Scope(AUGUST, SEPTEMBER, ("A",)),
    Scope(SEPTEMBER, SEPTEMBER, ("B",)),
    Scope(AUGUST, SEPTEMBER, services=("T",)),
)


@dataclass(frozen=True)
class Count:
    """Rows of a count: where, in which month, assisted or not, how it was counted, and how many."""

    service: str
    e_service: str
    channel: str
    month: str
    assisted: str
    method: str
    cases: int

    @property
    def part(self) -> tuple[str, ...]:
        return self.service, self.e_service, self.channel, self.month, self.assisted


@dataclass(frozen=True)
class Listed(Count):
    """Cases one by one; `method` is how they were handled, `closed` when they were."""

    closed: str = ""


def store_files(counts: Sequence[Count], listed: Sequence[Listed]) -> dict[str, str]:
    """The tables of a store with these counts and cases."""
    rows = "".join(
        f"{c.service};{c.e_service};{c.month};{c.channel};{c.assisted};{c.method};{c.cases}\n" for c in counts
    )
    cases = "".join(
        f"{i}-{n};{c.service};{c.e_service};{c.month}-05;{c.channel};{c.assisted};{c.method};{c.closed}\n"
        for i, c in enumerate(listed)
        for n in range(c.cases)
    )
    tables = dict(REGISTER)
    if rows:
        tables["case_counts"] = "tjanst_id;etjanst_id;manad;kanal;assisterat;raknesatt;antal\n" + rows
    if cases:
        tables["cases"] = "arende_id;tjanst_id;etjanst_id;inkom;kanal;assisterat;handlaggning;avslutat\n" + cases
    return tables


# ---- the search: equations, and what follows from them


@dataclass(frozen=True)
class Group:
    """Cases that have everything in common that a number can be narrowed to, and how many they are in truth."""

    service: str | None
    e_service: str | None
    through: str | None
    month: date
    channel: str
    assisted: bool
    handling: str | None
    method: str | None
    closed: date | None
    listed: bool
    cases: int

    @property
    def cell(self) -> tuple[object, ...]:
        return self.service, self.e_service, self.month, self.channel, self.assisted

    def by(self, name: str, narrowed: bool) -> object:
        """Its value of a dimension; `narrowed`: how it was handled is left out."""
        department = {"T": "A1", "U": "B"}.get(self.service or "")
        values = {
            **{"service": self.service, "month": self.month, "channel": self.channel, "assisted": self.assisted},
            **{"digital": self.channel == "e_service" and not self.assisted, "department": department},
            **{"handling": None if narrowed else self.handling, "method": self.method},
        }
        return values[name]


def groups(cursor: duckdb.DuckDBPyConnection) -> list[Group]:
    """The groups of cases that hold, from a store without protection."""
    listed = cursor.execute(
        """SELECT p.service_id, p.e_service_id, p.through_id, p.month, p.channel, p.assisted, p.handling, 'counted',
               date_trunc('month', p.closed_on)::DATE, true, count(*)
        FROM placed_cases p SEMI JOIN case_months m ON m.source = 'cases' AND m.month = p.month AND m.channel = p.channel
             AND m.assisted = p.assisted AND m.service_id IS NOT DISTINCT FROM p.service_id
             AND m.e_service_id IS NOT DISTINCT FROM p.e_service_id
        ANTI JOIN shared_e_services h ON p.service_id IS NULL AND h.e_service_id = p.e_service_id AND h.month = p.month
        GROUP BY ALL"""
    ).fetchall()
    counted = cursor.execute(
        """SELECT service_id, e_service_id, NULL, month, channel, assisted, handling, method, NULL, false, cases FROM case_months m
        WHERE cases > 0 AND (source <> 'cases' OR EXISTS (
            FROM shared_e_services h WHERE m.service_id IS NULL AND h.e_service_id = m.e_service_id AND h.month = m.month))"""
    ).fetchall()
    found = [Group(*row) for row in listed + counted]
    ((total,),) = cursor.execute("SELECT coalesce(sum(cases), 0)::INT FROM case_months").fetchall()
    assert sum(g.cases for g in found) == total
    return found


@dataclass(frozen=True)
class Shown:
    """A number that is shown, and the groups that it sums: positions in the list of groups."""

    value: int
    groups: frozenset[int]
    where: str


def in_scope(group: Group, scope: Scope) -> bool:
    """Whether a group of cases is in the scope, by the month that they came in."""
    path = {"T": {"A", "A1"}, "U": {"B"}}.get(group.service or "", set())
    return (
        scope.month_from <= group.month <= scope.month_to
        and (not scope.departments or bool(path & set(scope.departments)))
        and (not scope.services or group.service in scope.services)
    )


class Search:
    """The numbers that a protected store shows, as equations in the groups of the same store without protection."""

    def __init__(self, protected: duckdb.DuckDBPyConnection, truth: duckdb.DuckDBPyConnection) -> None:
        self._cursor = protected
        self.groups = groups(truth)
        self._gone = {
            tuple(row)
            for row in self._rows("SELECT service_id, e_service_id, month, channel, assisted FROM protected_cells")
        }
        kept = self._rows(
            "SELECT service_id, e_service_id, month, channel, assisted, handling, method FROM case_months WHERE cases > 0"
        )
        self._ways = {tuple(row) for row in kept}
        self._full = {
            tuple(row) for row in self._rows("SELECT service_id, month FROM service_months WHERE fully_reported")
        }

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._cursor.execute(sql).fetchall()

    def _visible(self) -> Iterator[tuple[int, Group, bool]]:
        """Each group that numbers may include, and whether how it was handled is left out."""
        for i, group in enumerate(self.groups):
            if group.cell not in self._gone:
                yield i, group, (*group.cell, group.handling, group.method) not in self._ways

    def _sum(self, scope: Scope, row: Row, number: Any, name: str, keep: Callable[[Group], object]) -> Iterator[Shown]:
        if number is None:
            return
        support = frozenset(
            i
            for i, group, narrowed in self._visible()
            if in_scope(group, scope) and keep(group) and all(group.by(d, narrowed) == v for d, v in row.by.items())
        )
        assert number == sum(self.groups[i].cases for i in support), (name, scope, row)  # nothing protected is in it
        yield Shown(int(number), support, f"{name} {dict(row.by)} {scope.month_from:%Y-%m}–{scope.month_to:%Y-%m}")

    def cases(self) -> Iterator[Shown]:
        """Every number of cases that `measure` tells, by every set of dimensions, in every scope."""
        names = ("month", "service", "department", "channel", "assisted", "digital", "handling", "method")
        sets = [by for size in (0, 1, 2, len(names)) for by in combinations(names, size)]
        for scope in SCOPES:
            for by in sets:
                for row in measure(self._cursor, "cases", scope, *by):
                    yield from self._sum(scope, row, row.value, "cases", lambda g: True)
                for row in measure(self._cursor, "fully_reported_cases", scope, *by):
                    yield from self._sum(scope, row, row.value, "fully_reported_cases", self._is_full)
            for by in ((), ("month",), ("service",), ("department",), ("service", "month")):
                yield from self._shares(scope, by)

    def _shares(self, scope: Scope, by: tuple[str, ...]) -> Iterator[Shown]:
        shares = {
            "digital_submission": lambda g: self._is_full(g) and g.by("digital", False) is True,
            "assisted_share": lambda g: self._is_full(g) and g.assisted and g.channel == "e_service",
            "digital_handling": self._is_full,
        }
        for name, keep in shares.items():
            for row in measure(self._cursor, name, scope, *by):
                yield from self._sum(scope, row, row.numerator, f"{name}, numerator", keep)
                yield from self._sum(scope, row, row.denominator, f"{name}, denominator", self._is_full)
        for row in measure(self._cursor, "actual_digital_handling", scope, *by):
            yield from self._sum(scope, row, row.denominator, "handling known", self._handling)
            yield from self._sum(
                scope, row, row.numerator, "handled digitally", lambda g: self._handling(g) in ("automatic", "digital")
            )

    def _is_full(self, group: Group) -> bool:
        return (group.service, group.month) in self._full

    def _handling(self, group: Group) -> str | None:
        return group.handling if (*group.cell, group.handling, group.method) in self._ways else None

    def times(self) -> Iterator[Shown]:
        """The numbers of cases beside the lead times, in the month they were closed, or came in while they are open."""
        dimensions = ("service", "channel", "assisted", "month")
        for row in measure(self._cursor, "lead_time_median", Scope(AUGUST, OCTOBER), *dimensions):
            service, channel, assisted, month = (row.by[name] for name in dimensions)
            candidates = [
                i
                for i, g in enumerate(self.groups)
                if g.listed
                and (g.service, g.channel, g.assisted) == (service, channel, assisted)
                and g.cell not in self._gone
            ]
            closed, received = int(row.denominator or 0), int(row.population or 0)
            then = [i for i in candidates if self.groups[i].closed == month]
            still_open = [i for i in candidates if self.groups[i].closed is None and self.groups[i].month == month]
            for number, support in ((closed, then), (received - closed, still_open)):
                yield Shown(number, self._explained(number, support), f"lead times {row.by}")

    def _explained(self, number: int, candidates: Sequence[int]) -> frozenset[int]:
        """The groups whose sum is the number, month of receipt by month of receipt: the rest is left out."""
        by_month: dict[date, list[int]] = {}
        for i in candidates:
            by_month.setdefault(self.groups[i].month, []).append(i)
        sums = {m: sum(self.groups[i].cases for i in found) for m, found in by_month.items()}
        for size in range(len(sums) + 1):
            for chosen in combinations(sums, size):
                if sum(sums[m] for m in chosen) == number and all(sums[m] >= 5 for m in chosen):
                    return frozenset(i for m in chosen for i in by_month[m])
        raise AssertionError((number, sums))

    def leaks(self) -> list[str]:
        """What follows from the numbers: a group of 1–4 cases alone, or as the difference of two sums."""
        told = list({(s.value, s.groups): s for s in (*self.cases(), *self.times())}.values())
        small = [f"{s.where}: {s.value}" for s in told if 0 < s.value < 5]
        differences = [
            f"{b.where}: {b.value} − {a.where}: {a.value}"
            for a in told
            for b in told
            if 0 < b.value - a.value < 5 and a.groups < b.groups
        ]
        alone = [str(g) for i, g in enumerate(self.groups) if g.cases < 5 and determined(i, told)]
        return small + differences + alone


P = 2_147_483_647  # a prime: elimination in whole numbers modulo it finds what elimination in fractions does


def determined(position: int, told: Sequence[Shown]) -> bool:
    """Whether one group follows from the equations: its unit vector is a combination of them."""
    basis: dict[int, dict[int, int]] = {}
    for equation in {s.groups for s in told}:
        rest = reduced(dict.fromkeys(equation, 1), basis)
        if rest:
            first = min(rest)
            inverse = pow(rest[first], P - 2, P)
            basis[first] = {i: n * inverse % P for i, n in rest.items()}
    return not reduced({position: 1}, basis)


def reduced(row: dict[int, int], basis: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    """The row less what the basis explains of it; empty when that is all."""
    rest = dict(row)
    while pivots := [i for i in rest if i in basis]:
        first = min(pivots)
        factor = rest[first]
        for i, n in basis[first].items():
            rest[i] = (rest.get(i, 0) - factor * n) % P
            if not rest[i]:
                del rest[i]
    return rest


def test_the_search_finds_what_follows() -> None:
    """100 − 97, and 3 alone of three sums."""
    a, b, c = (Shown(n, frozenset(g), "") for n, g in ((12, {0, 1}), (13, {1, 2}), (9, {0, 2})))
    assert determined(0, [a, b, c]) and not determined(0, [a, b])


# ---- the stores

PLACES = [
    *((service, "", channel) for service in "TU" for channel in ("e-tjänst", "telefon", "blankett")),
    *(("", e, "e-tjänst") for e in "EFGH"),
    ("", "X", "e-tjänst"),  # an e-service that is in no register
]
SIZES = st.sampled_from((0, 1, 2, 3, 4, 5, 6, 8, 11))


def rows(
    kind: Callable[..., Any], ways: Sequence[str], closings: Sequence[str] | None = None
) -> st.SearchStrategy[list[Any]]:
    """Lists of counts or of cases; no two of them with the same key."""
    values = [st.sampled_from(v) for v in (PLACES, ("2026-08", "2026-09"), ("nej", "nej", "ja"), ways)]
    closed = {"closed": st.sampled_from(closings)} if closings else {}
    one = st.builds(_row, st.just(kind), *values, SIZES, **closed)
    return st.lists(one, max_size=9, unique_by=lambda c: (*c.part, c.method, c.closed) if closings else c.part)


def _row(
    kind: Callable[..., Any], place: tuple[str, str, str], month: str, assisted: str, way: str, n: int, **closed: str
) -> object:
    return kind(*place, month, assisted if place[2] == "e-tjänst" else "nej", way, n, **closed)


COUNTS = rows(Count, ("räknat", "skattat"))
CASES = rows(Listed, ("", "automatiskt", "manuellt"), ("", "2026-09-20", "2026-10-20"))
NASTY_COUNTS = [
    Count("", "G", "e-tjänst", "2026-09", "nej", "räknat", 103),  # shared: 100 are T's, 3 nobody's
    Count("T", "", "e-tjänst", "2026-09", "nej", "räknat", 100),
    Count("T", "", "telefon", "2026-09", "nej", "räknat", 2),
    Count("T", "", "blankett", "2026-09", "nej", "skattat", 30),
    Count("U", "", "telefon", "2026-09", "nej", "räknat", 9),
    Count("", "H", "e-tjänst", "2026-08", "nej", "räknat", 12),
]
NASTY_CASES = [
    Listed("", "E", "e-tjänst", "2026-08", "nej", "automatiskt", 11, closed="2026-09-20"),
    Listed("", "E", "e-tjänst", "2026-08", "nej", "manuellt", 8, closed=""),
    Listed("", "E", "e-tjänst", "2026-08", "nej", "manuellt", 2, closed="2026-10-20"),
    Listed("", "E", "e-tjänst", "2026-08", "ja", "manuellt", 6, closed=""),
    Listed("U", "", "telefon", "2026-08", "nej", "", 8, closed="2026-09-20"),
    Listed("U", "", "telefon", "2026-08", "nej", "manuellt", 5, closed="2026-09-20"),
]
# 12 of one e-service one by one, of which 3 were handled in no known way, and 7 of another that were estimated
MIXED_COUNTS = [
    Count("", "F", "e-tjänst", "2026-08", "nej", "skattat", 7),
    Count("T", "", "telefon", "2026-08", "nej", "räknat", 20),
    Count("T", "", "telefon", "2026-09", "nej", "räknat", 20),
]
MIXED_CASES = [
    Listed("", "E", "e-tjänst", "2026-08", "nej", "automatiskt", 9, closed="2026-09-20"),
    Listed("", "E", "e-tjänst", "2026-08", "nej", "", 3, closed="2026-09-20"),
    Listed("", "X", "e-tjänst", "2026-09", "nej", "manuellt", 3, closed="2026-09-20"),
    Listed("", "E", "e-tjänst", "2026-09", "nej", "manuellt", 30, closed="2026-09-20"),
]


def protected_store(small_store: Make, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that was protected before anything was imported."""
    with monkeypatch.context() as patch:
        patch.setenv(VARIABLE, "ja")
        return small_store(files, {"cases": COVER} if "cases" in files else None)


def search(
    small_store: Make, monkeypatch: pytest.MonkeyPatch, counts: Sequence[Count], listed: Sequence[Listed]
) -> None:
    files = store_files(counts, listed)
    truth = small_store(files, {"cases": COVER} if "cases" in files else None)
    protected = protected_store(small_store, files, monkeypatch)
    with truth.database().cursor() as known, protected.database().cursor() as cursor:
        assert Search(cursor, known).leaks() == []
        for one in contradictions(cursor, SCOPES[0]):
            numbers = [n for n in (one.value, one.other_value) if n is not None]
            assert all(n == 0 or n >= 5 for n in numbers), one
            assert len(numbers) < 2 or abs(numbers[0] - numbers[1]) >= 5, one
        assert all(one.rows >= 5 for one in unmatched(cursor) if one.table == "cases")
    truth.close()
    protected.close()


@given(counts=COUNTS, listed=CASES)
@example(counts=NASTY_COUNTS, listed=NASTY_CASES)
@example(counts=MIXED_COUNTS, listed=MIXED_CASES)
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_small_count_follows_from_what_is_shown(
    counts: list[Count], listed: list[Listed], small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(small_store, monkeypatch, counts, listed)


@pytest.mark.fuzz
@given(counts=COUNTS, listed=CASES)
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_no_small_count_follows_in_any_store(
    counts: list[Count], listed: list[Listed], small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(small_store, monkeypatch, counts, listed)


# ---- what is served does not depend on them


def other_world(counts: Sequence[Count], listed: Sequence[Listed]) -> dict[str, str]:
    """The same store with other small counts: 2 by phone are 4, and of the shared e-service's cases 1 is nobody's, not 3."""
    changed = [replace(c, cases={2: 4, 103: 101}.get(c.cases, c.cases)) for c in counts]
    assert changed != counts
    return store_files(changed, listed)


def small_parts(rows: Sequence[Count]) -> list[int]:
    """The positions of the rows that, with all others of the same part, are 1–3 cases: one more is still small."""
    sums = Counter[tuple[str, ...]]()
    for row in rows:
        sums[row.part] += row.cases
    return [i for i, row in enumerate(rows) if row.cases and sums[row.part] < 4]


@pytest.mark.fuzz
@given(counts=COUNTS, listed=CASES, data=st.data())
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
def test_nothing_in_any_database_tells_small_counts(
    counts: list[Count], listed: list[Listed], data: st.DataObject, small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more case in a part that stays small changes nothing that is served."""
    candidates: list[tuple[list[Any], int]] = [(rows, i) for rows in (counts, listed) for i in small_parts(rows)]
    assume(candidates)
    rows, i = data.draw(st.sampled_from(candidates))
    one = protected_store(small_store, store_files(counts, listed), monkeypatch)
    rows[i] = replace(rows[i], cases=rows[i].cases + 1)
    other = protected_store(small_store, store_files(counts, listed), monkeypatch)
    assert all_tables(one.database()) == all_tables(other.database())
    one.close()
    other.close()


@pytest.fixture
def worlds(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Store]:
    """Two protected stores that differ in small counts alone."""
    files = store_files(NASTY_COUNTS, NASTY_CASES), other_world(NASTY_COUNTS, NASTY_CASES)
    one, other = (protected_store(small_store, tables, monkeypatch) for tables in files)
    return one, other


def test_nothing_in_the_database_or_the_status_tells_small_counts(worlds: tuple[Store, Store]) -> None:
    one, other = worlds
    assert all_tables(one.database()) == all_tables(other.database())
    assert one.status().as_json() == other.status().as_json()
    assert status_lines(one.status(), "sv") == status_lines(other.status(), "sv")


@pytest.mark.parametrize("page", ["pages/sources/import_files.py", "pages/sources/data_quality.py"])
def test_no_page_tells_small_counts(worlds: tuple[Store, Store], look: Look, page: str) -> None:
    one, other = (words(look(store, page)) for store in worlds)
    assert one == other


QUERIES: Sequence[dict[str, str]] = ({}, {"from": "2026-09", "to": "2026-09"}, {"department": "A"}, {"service": "T"})


@pytest.mark.fuzz
@pytest.mark.parametrize("page", [spec.file for spec in page_specs()])
def test_no_page_in_any_scope_tells_small_counts(worlds: tuple[Store, Store], look: Look, page: str) -> None:
    for query in QUERIES:
        one, other = (words(look(store, page, **query)) for store in worlds)
        assert one == other, query
