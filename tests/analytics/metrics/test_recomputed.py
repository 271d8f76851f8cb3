"""The goals and the cost split of the example data, computed a second, dumber way: plain loops over the CSV files."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import data.sample
from analytics.forecast.target_status import target_status
from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import measure
from analytics.metrics.scope import Organisation, Scope
from data.store import Store
from tests.data.stores import import_files, write_csv
from tests.recompute import STEPS, SYSTEM_OWNER, Share, Tables, load, months_between

SPANS = [("2023-01", "2023-12"), ("2024-03", "2024-03"), ("2024-11", "2025-10"), ("2026-01", "2026-10")]
NARROWED = [((), None), (("BUF",), None), (("VOF", "SBK"), None), ((), "internal"), (("KSF",), "external")]


@cache
def tables() -> Tables:
    return load(Path(data.sample.__file__).parent)


def scope(span: tuple[str, str], departments: tuple[str, ...] = (), audience: str | None = None) -> Scope:
    first, last = (date.fromisoformat(f"{month}-01") for month in span)
    return Scope(first, last, departments, audience)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize(("departments", "audience"), NARROWED)
def test_the_goals_are_what_plain_loops_say(
    cursor: duckdb.DuckDBPyConnection, span: tuple[str, str], departments: tuple[str, ...], audience: str | None
) -> None:
    asked = scope(span, departments, audience)
    word = {"internal": "intern", "external": "extern"}.get(audience or "")
    expected: dict[str, Share] = {
        "e_service_coverage": tables().goal_1(span[1], departments, word),
        "digital_submission": tables().goal_2(*span, departments, word),
        "digital_handling": tables().goal_3(*span, departments, word),
    }
    for code, share in expected.items():
        (row,) = measure(cursor, code, asked)
        assert (row.numerator, row.denominator) == (share.numerator, share.denominator), code
        assert row.coverage == share.coverage, code


@pytest.mark.parametrize(("goal", "owner"), [("1", ""), ("2", ""), ("3", ""), ("1", "BUF"), ("2", "BUF"), ("3", "BMF")])
def test_the_distance_to_the_targets_is_what_plain_loops_say(
    cursor: duckdb.DuckDBPyConnection, goal: str, owner: str
) -> None:
    for last in ("2024-08", "2026-10") if owner else ("2026-10",):
        month = date.fromisoformat(f"{last}-01")
        status = target_status(cursor, GOALS[int(goal)], Scope(month, month, (owner,) if owner else ()))
        assert status
        told = (status.deviation.points, status.deviation.months) if status.deviation else None
        assert told == pytest.approx(tables().distance(goal, last, owner), abs=0.05)


@pytest.mark.parametrize("month", ["2023-01", "2025-02", "2026-10"])
def test_the_classes_are_what_plain_loops_say(cursor: duckdb.DuckDBPyConnection, month: str) -> None:
    rows = measure(cursor, "services", scope((month, month)), "class")
    assert Counter({str(row.by["class"]): row.value for row in rows if row.value}) == tables().classes(month)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("departments", [(), ("BMF",), ("SKOL", "VOF")])
def test_the_split_is_what_plain_loops_say(
    cursor: duckdb.DuckDBPyConnection, span: tuple[str, str], departments: tuple[str, ...]
) -> None:
    names = {SYSTEM_OWNER: "system_owner", "": "unplaced"}
    expected = {names.get(payer, payer): ore for payer, ore in tables().payers(*span, departments).items() if ore}
    rows = cursor_by_department(cursor, scope(span, departments))
    assert {payer: ore for payer, ore in rows.items() if ore} == expected


def cursor_by_department(cursor: duckdb.DuckDBPyConnection, asked: Scope) -> dict[str, int]:
    """Öre by department, and by kind of payer where there is none."""
    paid = {str(row.by["department"]): row.value for row in measure(cursor, "cost", asked, "department")}
    paid.pop("None", None)
    kinds = {str(row.by["payer"]): row.value for row in measure(cursor, "cost", asked, "payer")}
    paid |= {kind: value for kind, value in kinds.items() if kind in ("system_owner", "unplaced")}
    return {payer: int(value * 100) for payer, value in paid.items() if value is not None}


# ---- random reorganisations of a small municipality

FIRST, LAST = "2026-01", "2026-06"
IN_TURN = ["2026-01-05", "2026-02-10", "2026-03-15", "2026-04-20", "2026-07-02"]  # the days of the imports
HEADS = {
    "verksamheter": "verksamhet_id;namn;overordnad_id;namnd;galler_fran;ersatter",
    "tjanster": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till;aktiv;galler_fran",
    "etjanster": "etjanst_id;namn;typ;plattform;lanserad;avvecklad;steg",
    "kopplingar": "tjanst_id;etjanst_id;hor_ihop",
    "undantag": "undantag_id;tjanst_id;typ;beslutat;galler_till",
    "handlaggningssteg": "tjanst_id;steg;lage;fran",
    "arendeantal": "tjanst_id;manad;kanal;assisterat;antal",
    "kostnader": "kostnad_id;datum;belopp;kostnadstyp;bestallare",
    "kostnadsandelar": "kostnad_id;verksamhet_id;andel",
}
UNITS, OURS = ("A", "A1", "B", "C", "N"), ("T1", "T2", "T3")
days = st.one_of(st.just(""), st.sampled_from(["2025-01-01", "2026-02-01", "2026-03-20", "2026-05-31", "2026-09-01"]))


def replaced_by(unit: str) -> st.SearchStrategy[str]:
    """What a unit may replace without a circle, which would be refused."""
    return st.just("") if unit in ("B", "C") else st.sampled_from(["", "B", "B, C"])


@st.composite
def reorganisations(draw: st.DrawFn) -> list[dict[str, list[str]]]:
    """What the files of each day say: a parent or a department of each unit and service, and from when."""
    imports = []
    for _day in IN_TURN[1:-1]:
        units = draw(st.sets(st.sampled_from(UNITS), max_size=2))
        services = draw(st.sets(st.sampled_from(OURS), max_size=2))
        imports.append(
            {
                "verksamheter": [
                    f"{unit};{unit};{draw(st.sampled_from(['', 'A', 'B', 'C']))};;{draw(days)};{draw(replaced_by(unit))}"
                    for unit in sorted(units)
                ],
                "tjanster": [
                    f"{one};{one};{draw(st.sampled_from(UNITS))};extern;2026-02-01;;ja;{draw(days)}"
                    for one in sorted(services)
                ],
            }
        )
    return imports


def first_files() -> dict[str, list[str]]:
    return {
        "verksamheter": ["A;A;;;;", "A1;A1;A;;;", "B;B;;;;", "C;C;;;;", "N;N;;;;"],
        "tjanster": [
            f"{one};{one};{unit};extern;2026-02-01;;ja;" for one, unit in zip(OURS, ("A1", "B", "C"), strict=True)
        ],
        "etjanster": [f"E{one};{one};e-tjänst;Open ePlatform;2020-01-01;;" for one in OURS],
        "kopplingar": [f"{one};E{one};ja" for one in OURS],
        "handlaggningssteg": [f"{one};{step};digitalt;2025-01-01" for one in OURS[:2] for step in STEPS],
        "undantag": [],
        "kostnadsandelar": ["K2;A1;50", "K2;B;50"],
    }


def last_files() -> dict[str, list[str]]:
    months = months_between("2026-02", LAST)
    return {
        "arendeantal": [
            f"{one};{month};{channel};nej;{(i + 2) * (j + 3) * (k + 1)}"
            for i, one in enumerate(OURS)
            for j, month in enumerate(months)
            for k, channel in enumerate(("e-tjänst", "telefon"))
        ],
        "kostnader": [f"K{i};{month}-15;100,01;övrig;{'' if i == 2 else 'B'}" for i, month in enumerate(months)],
    }


def build(folder: Path, imports: list[dict[str, list[str]]]) -> tuple[Store, Tables]:
    """The files in a store and read by plain loops."""
    store = Store(folder / "store")
    imported: dict[str, str] = {}
    for turn, (day, files) in enumerate(zip(IN_TURN, [first_files(), *imports, last_files()], strict=True)):
        paths = [
            write_csv(folder / "files", f"{table}-{turn}.csv", HEADS[table], *rows) for table, rows in files.items()
        ]
        imported |= {path.name: day for path in paths}
        filled = [path for path in paths if files[path.stem.split("-")[0]]]
        if filled:
            import_files(store, *filled, now=datetime.fromisoformat(f"{day} 08:00:00"), again=True)
    channels = '["e_service", "phone"]'
    spans = f'[[file]]\nname = "arendeantal-4.csv"\nchannels = {channels}\nservices = "file"\nfrom = "2026-02"\nto = "{LAST}"\n'
    days_of = "".join(f'"{name}" = "{day}"\n' for name, day in imported.items())
    (folder / "files" / "covers.toml").write_text(f"{spans}[imported]\n{days_of}", "utf-8")
    return store, load(folder / "files")


@settings(max_examples=3, phases=[Phase.generate])
@given(reorganisations())
def test_reorganised_departments_are_what_plain_loops_say(imports: list[dict[str, list[str]]]) -> None:
    compare_reorganised(imports)


@pytest.mark.fuzz
@settings(max_examples=300, phases=[Phase.generate])
@given(reorganisations())
def test_any_reorganisation_is_what_plain_loops_say(imports: list[dict[str, list[str]]]) -> None:
    compare_reorganised(imports)


def compare_reorganised(imports: list[dict[str, list[str]]]) -> None:
    """The goals and the costs of every department in two months, as it was and as it is today."""
    with TemporaryDirectory() as folder:
        store, plain = build(Path(folder), imports)
        with store.database().cursor() as cursor:
            for organisation, chosen in product(get_args(Organisation), [*((unit,) for unit in UNITS), ("A", "N")]):
                plain.as_today = organisation == "today"
                for month in ("2026-02", "2026-04", "2026-06"):
                    asked = replace(scope((month, month), chosen), organisation=organisation)
                    expected = {
                        "e_service_coverage": plain.goal_1(month, chosen),
                        "digital_submission": plain.goal_2(month, month, chosen),
                        "digital_handling": plain.goal_3(month, month, chosen),
                    }
                    for code, share in expected.items():
                        (row,) = measure(cursor, code, asked)
                        told = (int(row.numerator or 0), int(row.denominator or 0), row.coverage)
                        assert told == (share.numerator, share.denominator, share.coverage), (code, asked)
                    paid = measure(cursor, "cost", asked)[0].value or 0
                    assert int(paid * 100) == plain.payers(month, month, chosen).total(), asked
                whole = replace(scope((FIRST, LAST), chosen), organisation=organisation)
                for by in ("branch", "department", "month"):
                    rows = measure(cursor, "digital_submission", whole, by)
                    assert (
                        sum(int(row.denominator or 0) for row in rows) == plain.goal_2(FIRST, LAST, chosen).denominator
                    ), by
