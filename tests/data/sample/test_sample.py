"""The example data: reproducible, without faults and personal data, and with the patterns it should show."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from data.intake.draft import Source
from data.intake.prepare import prepare
from data.sample.generate import generate_files
from data.sample.plan import HERE, UNREADABLE, facts
from data.schema.catalogue import datasets
from tests.recompute import DIGITAL, Tables, load, months_between

TODAY = date(2026, 11, 2)
PERIOD = months_between("2023-01", "2026-10")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load(HERE)


def test_the_generator_reproduces_the_committed_files() -> None:
    generated = generate_files()
    committed = {p.name for p in HERE.iterdir() if p.suffix == ".csv"} | {"covers.toml"}
    assert set(generated) == committed
    assert {name for name, text in generated.items() if (HERE / name).read_bytes() != text.encode()} == set()


def test_every_file_passes_the_import_without_a_fault() -> None:
    paths = sorted(HERE.glob("*.csv"))
    with prepare([Source(p.name, p) for p in paths], TODAY) as draft:
        result = [
            fault
            for file in draft.files
            for faults in (file.faults, *(t.faults for t in file.tables))
            for fault in faults
        ]
        assert result == []
        assert {t.dataset.code for f in draft.files for t in f.tables} == set(datasets())
        assert all(t.good == t.rows > 0 and not t.ignored for f in draft.files for t in f.tables)


def test_it_is_small_enough_to_keep() -> None:
    assert sum(p.stat().st_size for p in HERE.rglob("*") if p.suffix != ".pyc") < 5_000_000
    assert (HERE / "arenden.csv").stat().st_size < 3_000_000


def cells(tables: Tables) -> Iterator[str]:
    yield from (cell for rows in tables.rows.values() for row in rows for cell in row.values())


def luhn(digits: str) -> bool:
    """Whether ten digits pass the check digit of a personal number."""
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_no_cell_looks_like_a_person(tables: Tables) -> None:
    for cell in set(cells(tables)):
        assert "@" not in cell
        for digits in re.findall(r"(?<!\d)(?:\d{2})?(\d{6}[-+ ]?\d{4})(?!\d)", cell):
            assert not luhn(re.sub(r"\D", "", digits)), cell


def test_the_published_facts_are_used(tables: Tables) -> None:
    services = {s["tjanst_id"]: s for s in tables.rows["tjanster"]}
    assert len(facts()) == 90
    for code, fact in facts().items():
        assert services[code]["namn"] == fact["title"].removeprefix(UNREADABLE)
        assert services[code]["adress"] == fact["page_url"]
        assert services[code]["publicerad_fran"] == fact["page_published"] or not fact["page_published"]
    internal = [s for s in services.values() if s["malgrupp"] == "intern"]
    assert {s["tjanst_id"] for s in internal} == set(services) - set(facts())
    assert {s["tjanst_id"][0] for s in internal} == {"I"}


def test_references_are_all_known(tables: Tables) -> None:
    for dataset in datasets().values():
        for column in (c for c in dataset.columns if c.references):
            target = datasets()[column.references or ""]
            known = {row[target.column(target.key[0]).header] for row in tables.rows[target.header]} | {
                *column.literals,
                "",
            }
            assert {row[column.header] for row in tables.rows[dataset.header]} <= known, column.header


def test_cases_are_realistic(tables: Tables) -> None:
    cases = tables.rows["arenden"]
    assert 35_000 <= len(cases) <= 45_000
    assert {c["inkom"][:7] for c in cases} == set(PERIOD)
    assert all(c["inkom"] <= c["avslutat"] <= "2026-10-31" for c in cases if c["avslutat"])
    still_open = [c for c in cases if not c["avslutat"]]
    assert 0 < len(still_open) < 0.05 * len(cases)
    assert median_days(cases, digital=True) < median_days(cases, digital=False)
    childcare = Counter(c["inkom"][5:7] for c in cases if c["etjanst_id"] == "E-103")
    assert childcare.most_common(1)[0][0] == "08"
    weekdays = Counter(date.fromisoformat(c["inkom"]).weekday() for c in cases if c["tjanst_id"])
    assert weekdays.keys() == {0, 1, 2, 3, 4}


def median_days(cases: list[dict[str, str]], digital: bool) -> int:
    """The median lead time in days of the digital cases, or of the rest."""
    days = sorted(
        (date.fromisoformat(c["avslutat"]) - date.fromisoformat(c["inkom"])).days
        for c in cases
        if c["avslutat"] and (c["kanal"] == DIGITAL) == digital
    )
    return days[len(days) // 2]


def test_the_goals_have_realistic_values(tables: Tables) -> None:
    years = [(f"{year}-01", f"{year}-12" if year < 2026 else "2026-10") for year in range(2023, 2027)]
    first = [tables.goal_1(last) for _, last in years]
    second = [tables.goal_2(*year) for year in years]
    third = [tables.goal_3(*year) for year in years]
    for goal in (first, second):
        values = [share.value or 0 for share in goal]
        assert values == sorted(values)
    assert 0.6 <= (first[-1].value or 0) <= 0.7
    assert 0.35 <= (second[0].value or 0) <= 0.45
    assert 0.58 <= (second[-1].value or 0) <= 0.66
    assert 0.2 <= (third[0].value or 0) <= 0.3
    assert 0.4 <= (third[-1].value or 0) <= 0.52
    assert all(0.75 <= (share.coverage or 0) <= 0.87 for share in second)


def test_a_department_stops_reporting_and_the_goal_moves(tables: Tables) -> None:
    before, after = (tables.goal_2(month, month) for month in ("2026-02", "2026-03"))
    assert (after.coverage or 0) < (before.coverage or 0) - 0.05
    assert (after.value or 0) > (before.value or 0) + 0.03
    assert tables.goal_2("2026-02", "2026-02", ["VOF"]).known > 0
    known = {
        f"2026-{month:02}"
        for month in range(3, 11)
        if tables.goal_2(f"2026-{month:02}", f"2026-{month:02}", ["VOF"]).known
    }
    assert known == {
        "2026-03",
        "2026-05",
        "2026-07",
        "2026-08",
    }  # by counting weeks: one holiday and one autumn week say nothing yet


def test_a_launch_moves_a_curve(tables: Tables) -> None:
    def share(month: str) -> float:
        digital = tables.received("T-007", month, DIGITAL).total()
        return digital / sum(tables.received("T-007", month, channel).total() for channel in tables.channels["T-007"])

    assert share("2025-01") == 0
    assert share("2025-04") > 0.5


def test_links_are_of_every_shape(tables: Tables) -> None:
    links = tables.rows["kopplingar"]
    assert max(Counter(row["etjanst_id"] for row in links).values()) == 2
    live = [e["etjanst_id"] for e in tables.live("T-033", "2026-10")]
    assert live == ["E-124", "E-125"]
    assert not any(tables.fully_reported(service, month) for service in ("T-070", "T-071") for month in PERIOD[2:])
    stages = {e["steg"] for e in tables.rows["etjanster"] if e["typ"] == "e-tjänst" and not e["lanserad"]}
    assert stages == {"uppstart", "utveckling"}


def breaches(tables: Tables, day: str) -> set[str]:
    """Live e-services outside the platform that no exemption covers on the day."""
    covered = {
        x["tjanst_id"] or x["etjanst_id"]
        for x in tables.rows["undantag"]
        if x["typ"] == "annan plattform" and x["beslutat"] <= day and (not x["galler_till"] or x["galler_till"] >= day)
    }
    outside = {
        (service, e["etjanst_id"])
        for service in tables.offered
        for e in tables.live(service, day[:7])
        if e["typ"] != "blankett" and e["plattform"] != "Open ePlatform"
    }
    return {e for service, e in outside if service not in covered and e not in covered}


def test_an_exemption_is_missing_and_one_has_expired(tables: Tables) -> None:
    assert breaches(tables, "2025-12-31") == {"E-170"}
    assert breaches(tables, "2026-10-31") == {"E-170", "E-173"}


def test_counts_have_every_state(tables: Tables) -> None:
    counts = tables.rows["arendeantal"]
    assert {"0", "ej rapporterat", "ej tillämpligt"} <= {c["antal"] for c in counts}
    assert {c["raknesatt"] for c in counts} == {"räknat", "räknevecka", "skattat"}
    assert "okänd" in {c["kanal"] for c in counts}
    cases, counted = (
        {(service, *key): n for key, of in every.items() for (service, _e_service), n in of.items() if service}
        for every in (tables.cases, tables.counts)
    )
    assert cases.keys() & counted.keys() == {("T-033", "2024-05", "e-post")}
    ways = [way for (_month, _channel), of in tables.cases.items() for (s, _e), way in of.items() if s == "T-048"]
    yearly = sum(way.total() for way in ways) / (len(PERIOD) / 12)
    assert 1 <= yearly <= 5


def test_costs_split_to_the_ore(tables: Tables) -> None:
    for cost in tables.rows["kostnader"]:
        assert sum(tables.parts(cost).values()) == int(cost["belopp"].replace(",", ""))
    for year in range(2023, 2027):
        paid = tables.payers(f"{year}-01", f"{year}-12")
        assert 80_000_000 <= paid.total() <= 140_000_000
        assert paid[""] > 0
    assert any(cost["belopp"].startswith("-") for cost in tables.rows["kostnader"])
