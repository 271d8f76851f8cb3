"""The statistics page's files: the days of a week, and weeks divided over months."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.coverage import month_end
from data.formats.eplatform import weeks
from data.formats.origin import Origin
from data.readers.errors import Unreadable
from tests.data.drafts import prepare_table
from tests.data.platform_answers import TODAY, read, refusal

WEEK = timedelta(days=7)
MONDAYS = st.dates(date(2015, 1, 5), date(2025, 6, 30)).map(lambda day: day - timedelta(days=day.weekday()))
KINDS = (
    "Vecka;Antal e-tjänster;Antal externa tjänster;Antal tjänster med enbart blankett;"
    "Antal tjänster med både e-tjänst och blankett;\n"
)


def iso(monday: date) -> weeks.WeekLabel:
    """The label by the ISO year."""
    return monday.isocalendar()[0], monday.isocalendar()[1]


def calendar(monday: date) -> weeks.WeekLabel:
    """The label by the year of the Monday."""
    return monday.year, monday.isocalendar()[1]


def label_text(label: weeks.WeekLabel) -> str:
    """The label as it is written in the files."""
    return f"{label[0]} v.{label[1]}"


def wide(labels: Sequence[weeks.WeekLabel], flows: dict[str, Sequence[int]]) -> str:
    """The file of cases by flow; the columns by sex have other numbers, which must not be counted."""
    header = "".join(
        f"{label_text(x)} Totalt;{label_text(x)} Kvinna;{label_text(x)} Man;{label_text(x)} Okänt;" for x in labels
    )
    rows = "".join(f"Bygga;{name};{''.join(f'{n};1000;2000;3000;' for n in ns)}\n" for name, ns in flows.items())
    return f"Kategori;E-tjänst;{header}\n{rows}"


@given(MONDAYS, st.integers(0, 10_000))
def test_the_parts_of_a_week_sum_to_it(monday: date, count: int) -> None:
    """And each month's part is its days' share, rounded."""
    parts = weeks.split_week(monday, count)
    days = Counter((monday + timedelta(days=i)).replace(day=1) for i in range(7))
    assert sum(parts.values()) == count and parts.keys() == days.keys()
    assert all(abs(parts[month] - count * n / 7) < 1 for month, n in days.items())


@given(MONDAYS, st.lists(st.integers(0, 50), min_size=1, max_size=80))
def test_no_day_is_counted_twice(monday: date, counts: list[int]) -> None:
    """The months' sum equals the weeks' sum."""
    by_week = {monday + WEEK * i: n for i, n in enumerate(counts)}
    assert sum(weeks.sum_by_month(by_week).values()) == sum(counts)
    complete, partial = weeks.covered_months([*by_week])
    days = {monday + timedelta(days=i) for i in range(7 * len(counts))}
    for month in complete:
        assert {month + timedelta(days=i) for i in range(month_end(month).day)} <= days
    assert {day.replace(day=1) for day in days} == {*complete, *partial} and not {*complete} & {*partial}


@given(MONDAYS, st.integers(2, 120), st.sampled_from([iso, calendar]))
def test_weeks_without_gaps_are_found_by_their_order(
    monday: date, count: int, label: Callable[[date], weeks.WeekLabel]
) -> None:
    """Whichever year the labels have around New Year."""
    days = [monday + WEEK * i for i in range(count)]
    assert weeks.consecutive_mondays([label(day) for day in days], TODAY) == days


@given(MONDAYS, st.lists(st.booleans(), min_size=2, max_size=40), st.sampled_from([iso, calendar]))
def test_weeks_in_order_are_found_though_some_are_missing(
    monday: date, there: list[bool], label: Callable[[date], weeks.WeekLabel]
) -> None:
    """Whichever year the labels have around New Year, as long as no year is missing."""
    days = [monday + WEEK * i for i, yes in enumerate(there) if yes or i in (0, len(there) - 1)]
    assert weeks.ascending_mondays([label(day) for day in days], range(len(days))) == days


@pytest.mark.parametrize("label", ["2024 v.1", "2025 v.1"])
def test_the_monday_before_new_year(tmp_path: Path, label: str) -> None:
    """Monday 2024-12-30 is labelled by either year: 14 cases, of which 4 are in December."""
    narrow = f"Vecka;Antal ärenden;\n2024 v.48;0;\n2024 v.52;7;\n{label};14;\n2025 v.2;7;\n2025 v.6;0;\n"
    result = read(tmp_path, narrow)
    totals = {r["month"]: (r["measure"], r["total"], r["method"]) for r in result.rows["platform_totals"]}
    assert totals == {"2024-12": ("cases", "11", "estimated"), "2025-01": ("cases", "17", "estimated")}
    assert result.notes == {"platform_months_left_out": {"names": ["2024-11", "2025-02"]}}
    labels = [
        (2024, 48),
        (2024, 49),
        (2024, 50),
        (2024, 51),
        (2024, 52),
        (int(label[:4]), 1),
        *((2025, w) for w in range(2, 7)),
    ]
    by_flow = read(tmp_path, wide(labels, {"A": [0, 0, 0, 0, 7, 14, 7, 0, 0, 0, 0]}))
    assert [(r["month"], r["cases"]) for r in by_flow.rows["case_counts"]] == [("2024-12", "11"), ("2025-01", "17")]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_cases_by_flow(tmp_path: Path, encoding: str, newline: str) -> None:
    """Only the totals are counted; a flow's name may contain a `;`."""
    monday = date(2026, 1, 26)
    days = [monday + WEEK * i for i in range(10)]
    flows: dict[str, Sequence[int]] = {"Anmäl matförgiftning": [7] * 10, "Över; under": [0] * 10}
    result = read(tmp_path, wide([iso(day) for day in days], flows).replace("\n", newline).encode(encoding))
    got = {(r["e_service_id"], r["month"]): int(r["cases"]) for r in result.rows["case_counts"]}
    assert got == {
        ("oep/Anmäl matförgiftning", "2026-02"): 28,
        ("oep/Anmäl matförgiftning", "2026-03"): 31,
        ("oep/Över; under", "2026-02"): 0,
        ("oep/Över; under", "2026-03"): 0,
    }
    assert {(r["channel"], r["assisted"], r["method"]) for r in result.rows["case_counts"]} == {
        ("e_service", "nej", "estimated")
    }
    assert result.notes["platform_months_left_out"] == {"names": ["2026-01", "2026-04"]}


@given(st.lists(st.integers(0, 400), min_size=9, max_size=30), MONDAYS)
def test_whole_months_are_recounted(tmp_path_factory: pytest.TempPathFactory, counts: list[int], monday: date) -> None:
    """Computed independently: a week's cases are assigned to its days, and summed by the day's month."""
    days = [monday + WEEK * i for i in range(len(counts))]
    result = read(tmp_path_factory.mktemp("x"), wide([calendar(day) for day in days], {"A": [7 * n for n in counts]}))
    dealt: Counter[str] = Counter()
    for start, n in zip(days, counts, strict=True):
        dealt.update({f"{start + timedelta(days=i):%Y-%m}": 0 for i in range(7)})
        for i in range(7):
            dealt[f"{start + timedelta(days=i):%Y-%m}"] += n
    got = {r["month"]: int(r["cases"]) for r in result.rows["case_counts"]}
    assert got and all(dealt[month] == cases for month, cases in got.items())


def test_two_flows_of_one_name(tmp_path: Path) -> None:
    """They cannot be distinguished, so they are summed, with a note."""
    text = wide([(2026, w) for w in range(5, 15)], {"A": [7] * 10})
    result = read(tmp_path, text + text.splitlines()[1] + "\n")
    assert result.column("case_counts", "cases")[0] == "56"
    assert result.notes["platform_same_name"] == {"names": ["A"]}


def test_a_blank_week_is_not_zero(tmp_path: Path) -> None:
    """The months of the week are not reported for that flow."""
    text = wide([(2026, w) for w in range(5, 15)], {"A": [7] * 10})
    head, row = text.splitlines()
    cells = row.split(";")
    cells[2 + 4 * 2] = ""
    result = read(tmp_path, f"{head}\n{';'.join(cells)}\n")
    assert result.column("case_counts", "month") == ["2026-03"]


def test_the_number_of_flows_is_that_at_the_end_of_the_month(tmp_path: Path) -> None:
    """By the last week that ends in the month; a month without that week is left out."""
    rows = "".join(f"2026 v.{w};{100 + w};{w};3;4;\n" for w in range(36, 46) if w != 39)
    result = read(tmp_path, KINDS + rows, Origin(TODAY, "extern"))
    got = [
        (r["installation"], r["month"], r["measure"], r["total"], r["method"]) for r in result.rows["platform_totals"]
    ]
    assert got == [
        ("extern", "2026-10", "e_services", "143", "counted"),
        ("extern", "2026-10", "links", "43", "counted"),
        ("extern", "2026-10", "forms", "3", "counted"),
        ("extern", "2026-10", "both", "4", "counted"),
    ]
    assert result.notes == {"platform_months_left_out": {"names": ["2026-08", "2026-09", "2026-11"]}}
    short = read(tmp_path, "Vecka;Antal e-tjänster;\n2026 v.36;9;\n2026 v.40;11;\n2026 v.43;12;\n")
    assert [(r["month"], r["measure"], r["total"]) for r in short.rows["platform_totals"]] == [
        ("2026-10", "e_services", "12")
    ]


def test_a_week_that_is_not_over_is_not_read(tmp_path: Path) -> None:
    """Today is Monday 2026-11-02: week 44 has ended, week 45 has not."""
    text = "Vecka;Antal ärenden;\n" + "".join(f"2026 v.{w};7;\n" for w in range(36, 46))
    result = read(tmp_path, text)
    assert result.column("platform_totals", "month") == ["2026-09", "2026-10"]
    assert result.notes["platform_months_left_out"] == {"names": ["2026-08", "2026-11"]}


def test_a_file_goes_through_the_import(tmp_path: Path) -> None:
    """It is recognised by its header, without faults."""
    table = prepare_table(tmp_path, wide([(2026, w) for w in range(5, 15)], {"A": [7] * 10}).encode("latin-1"), "x.bin")
    assert (table.dataset.code, table.rows, table.good) == ("case_counts", 2, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vecka;Antal ärenden;\n2026 v.10;1;\n2026 v.9;1;\n", ("weeks_order", 2)),
        ("Vecka;Antal ärenden;\n2026 v.10;1;\n2026 v.10;1;\n", ("weeks_order", 2)),
        ("Vecka;Antal ärenden;\n2026 v.54;1;\n", ("weeks_order", 2)),
        ("Vecka;Antal ärenden;\n2026 v.9;x;\n", ("platform_number", 2)),
        ("Vecka;Antal ärenden;\n2026 v.9;-1;\n", ("platform_number", 2)),
        ("Vecka;Antal ärenden;\nSumma;1;\n", ("platform_week", 2)),
        ("Vecka;Antal ärenden;\n2026 v.9;12", ("platform_cut", 2)),
        (wide([(2026, 5), (2026, 7)], {"A": [1, 1]}), ("weeks_order", 1)),
        (wide([(2024, 1)], {"A": [1]}), ("weeks_unclear", 1)),
        (wide([(2026, 5), (2026, 6)], {"A": [1, 1]})[:-3], ("platform_cut", 2)),
    ],
)
def test_malformed_files_are_refused(tmp_path: Path, text: str, code: tuple[str, int]) -> None:
    """With the row."""
    assert refusal(tmp_path, text) == code


def test_no_labels_are_refused() -> None:
    """Without any label."""
    with pytest.raises(Unreadable):
        weeks.consecutive_mondays([], TODAY)
