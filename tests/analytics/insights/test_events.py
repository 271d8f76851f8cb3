"""What happened, narrowed to who is looked at; and what came after, beside the same months a year before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from analytics.insights.events import Event, before_and_after, events, service_events
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope, add_months
from data.store import Store
from tests.data.stores import import_files, write_csv

Make = Callable[..., Store]
SPAN = Scope(date(2025, 1, 1), date(2026, 10, 1))


def counted(i: int) -> str:
    """Forty cases a month to the first service: by phone, and from its launch on three in four through the e-service."""
    month, digital = f"{add_months(SPAN.month_from, i):%Y-%m}", 0 if i < 14 else 30
    return f"S1;{month};telefon;{40 - digital}\nS1;{month};e-tjänst;{digital}\n"


TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nA1;Alfa ett;A\nA2;Alfa två;A\nB;Beta;\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp\nS1;Ett;A1;extern\nS2;Två;A2;intern\nS3;Tre;B;extern\n",
    "e_services": "etjanst_id;namn;typ;lanserad;avvecklad;verksamhet_id\n"
    "E1;Ett direkt;e-tjänst;2026-03-10;;\nE2;Två direkt;e-tjänst;2020-01-01;2026-05-31;\n"
    "E3;Tre direkt;e-tjänst;2026-06-01;;\nE4;Ensam;e-tjänst;2026-07-01;;B\nF1;Papper;blankett;2026-02-01;;A\n",
    "links": "tjanst_id;etjanst_id\nS1;E1\nS2;E2\nS3;E3\nS1;F1\n",
    "exemptions": "undantag_id;tjanst_id;etjanst_id;typ;skal;beslutat\n"
    "U1;S2;;ej tillämpligt;Ingen beställer;2026-08-15\nU2;;E3;annan plattform;Avtal;2026-08-20\n",
    "events": "datum;rubrik;verksamhet_id;tjanst_id;etjanst_id\n"
    "2025-09-01;För alla;;;\n2025-10-01;Hos Alfa;A;;\n2025-11-01;Hos Alfa ett;A1;;\n2026-01-05;Om tjänst ett;A;S1;\n"
    "2026-03-20;Om e-tjänst ett;;;E1\n2027-01-01;Senare;;;\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n" + "".join(map(counted, range(22))),
}


@pytest.fixture
def small(small_store: Make) -> Iterator[duckdb.DuckDBPyConnection]:
    with small_store(TABLES).database().cursor() as cursor:
        yield cursor


def seen(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> set[str]:
    """Each event by its kind and what it is about; reporting is tested by itself."""
    return {f"{e.kind} {e.title or e.services[0]}" for e in events(cursor, scope) if e.kind != "reporting"}


def test_a_service_has_the_noted_events_of_a_scope_of_it_alone(small_store: Make) -> None:
    """One rule for both, also for an event of an e-service that belongs to no service."""
    noted = TABLES["events"] + "2026-08-01;Om ensam;B;;E4\n"
    with small_store({**TABLES, "events": noted}).database().cursor() as cursor:
        told = {key: service_events(cursor, key) for key in ("S1", "S2", "S3")}
        for key, pairs in told.items():
            scope = Scope(date(2025, 1, 1), date(2027, 1, 1), services=(key,))
            within = {(e.day, e.title) for e in events(cursor, scope) if e.kind == "own"}
            assert within == {pair for pair in pairs if pair[1] != "Senare"}  # a picture ends with the data
    assert [title for _day, title in told["S3"]] == ["Senare", "Om ensam", "För alla"]
    assert [key for key, pairs in told.items() if "Om tjänst ett" in {title for _day, title in pairs}] == ["S1"]


EVERYBODY = {"own För alla"}
ALFA = EVERYBODY | {"own Hos Alfa", "own Hos Alfa ett", "own Om tjänst ett", "own Om e-tjänst ett", "closed Två direkt"}
BETA = {"launched Tre direkt", "launched Ensam", "exempt S3"}


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, ALFA | BETA | {"not_applicable S2"}),
        ({"departments": ("A",)}, ALFA | {"not_applicable S2"}),
        ({"departments": ("A1",)}, ALFA - {"closed Två direkt"}),
        ({"departments": ("A2",)}, EVERYBODY | {"own Hos Alfa", "closed Två direkt", "not_applicable S2"}),
        ({"departments": ("B",)}, EVERYBODY | BETA),
        ({"departments": ("A2", "B")}, EVERYBODY | BETA | {"own Hos Alfa", "closed Två direkt", "not_applicable S2"}),
        (
            {"audience": "internal"},
            EVERYBODY | {"own Hos Alfa", "own Hos Alfa ett", "closed Två direkt", "not_applicable S2"},
        ),
        ({"services": ("S1",)}, ALFA - {"closed Två direkt"}),
        (
            {"services": ("S2",), "departments": ("A2",)},
            EVERYBODY | {"own Hos Alfa", "closed Två direkt", "not_applicable S2"},
        ),
        ({"services": ("S3",)}, EVERYBODY | {"launched Tre direkt", "exempt S3"}),
        ({"month_from": date(2026, 8, 1)}, {"not_applicable S2", "exempt S3"}),
    ],
)
def test_events_are_those_of_who_is_looked_at(
    small: duckdb.DuckDBPyConnection, narrowed: dict[str, object], expected: set[str]
) -> None:
    """What somebody noted of an e-service in the month it was launched is not told twice, and a form is no launch."""
    assert seen(small, replace(SPAN, **narrowed)) == expected  # type: ignore[arg-type]  # a field by its name


def test_events_come_in_order_with_the_cases_of_their_services(small: duckdb.DuckDBPyConnection) -> None:
    found = events(small, SPAN)
    assert [e.day for e in found] == sorted(e.day for e in found)
    received = measure(small, "cases", SPAN)[0].value
    assert {e.cases for e in found if e.services == ("S1",)} == {received} and received == 22 * 40


def test_own_events_go_first_and_launches_with_most_cases_before_others() -> None:
    day = date(2026, 1, 1)
    own, small = Event(day, "own", "A"), Event(day, "launched", "B", cases=1)
    large, closed = Event(day, "launched", "C", cases=9), Event(day, "closed", "D", cases=99)
    told = Event(day, "reporting")
    assert sorted([closed, small, told, large, own], key=lambda e: e.weight) == [own, told, large, small, closed]


def test_what_came_after_is_set_beside_the_same_months_a_year_before(small: duckdb.DuckDBPyConnection) -> None:
    launched = next(e for e in events(small, SPAN) if e.title == "Om e-tjänst ett")
    told = before_and_after(small, "digital_submission", SPAN, launched)
    assert told is not None
    assert (told.scope.month_from, told.scope.month_to) == (date(2026, 4, 1), date(2026, 6, 1))
    assert (told.now.numerator, told.now.denominator) == (3 * 30, 3 * 40)
    assert (told.then.numerator, told.then.denominator) == (0, 3 * 40)
    assert told.change is not None and told.change.points == pytest.approx(0.75)
    earlier = before_and_after(small, "digital_handling", SPAN, launched)
    assert earlier is None or not earlier.is_new
    half = before_and_after(small, "digital_submission", SPAN, launched, 6)
    assert half is not None and half.now.denominator == 6 * 40


def test_an_event_of_a_goal_is_measured_in_that_goal_alone(small_store: Make) -> None:
    """An archive concerns how cases are handled, not how they come in."""
    noted = "datum;rubrik;tjanst_id;mal\n2026-04-01;Digitalt arkiv;S1;3\n2026-04-02;Kampanj;S1;\n"
    with small_store(TABLES | {"events": noted}).database().cursor() as cursor:
        archive, campaign = (e for e in events(cursor, SPAN) if e.kind == "own")
        assert (archive.goal, campaign.goal) == (3, None)
        assert before_and_after(cursor, "digital_submission", SPAN, archive) is None
        told = before_and_after(cursor, "digital_submission", SPAN, campaign)
    assert told is not None and told.is_new  # in the spring before S1 had no e-service: that is not chance


@pytest.mark.parametrize(
    ("day", "begins"),
    [(date(2026, 3, 1), date(2026, 3, 1)), (date(2026, 3, 2), date(2026, 4, 1)), (date(2026, 2, 28), date(2026, 3, 1))],
)
def test_the_months_after_are_whole(small: duckdb.DuckDBPyConnection, day: date, begins: date) -> None:
    told = before_and_after(small, "digital_submission", SPAN, Event(day, "own", "A", ("S1",)))
    assert told is not None and told.scope.month_from == begins


@pytest.mark.parametrize(
    "event",
    [
        Event(date(2026, 9, 1), "own", "Månaderna har inte gått", ("S1",)),
        Event(date(2025, 9, 1), "own", "Året före är inte känt", ("S1",)),
        Event(date(2026, 4, 1), "own", "Inga ärenden", ("S3",)),
        Event(date(2026, 4, 1), "reporting"),
    ],
)
def test_what_cannot_be_told_is_not(small: duckdb.DuckDBPyConnection, event: Event) -> None:
    assert before_and_after(small, "digital_submission", SPAN, event) is None


def test_fewer_than_twenty_are_not_told(small_store: Make) -> None:
    rows = "".join(f"S1;{add_months(SPAN.month_from, i):%Y-%m};telefon;6\n" for i in range(22))
    store = small_store(TABLES | {"case_counts": "tjanst_id;manad;kanal;antal\n" + rows})
    with store.database().cursor() as cursor:
        event = Event(date(2026, 4, 1), "own", "Få", ("S1",))
        assert before_and_after(cursor, "digital_handling", SPAN, event) is None
        assert before_and_after(cursor, "digital_submission", SPAN, event) is None


def test_an_event_of_a_department_is_measured_there(cursor: duckdb.DuckDBPyConnection) -> None:
    event = next(e for e in events(cursor, SPAN) if e.department == "BMF")
    told = before_and_after(cursor, "digital_handling", SPAN, event)
    assert told is not None and told.scope.departments == ("BMF",)
    (row,) = measure(cursor, "digital_handling", Scope(date(2026, 4, 1), date(2026, 6, 1), ("BMF",)))
    assert (told.now.numerator, told.now.denominator) == (row.numerator, row.denominator)


def test_a_month_in_which_much_less_is_reported_is_an_event(cursor: duckdb.DuckDBPyConnection) -> None:
    found = [e for e in events(cursor, Scope(date(2025, 11, 1), date(2026, 11, 1))) if e.kind == "reporting"]
    assert [e.day for e in found] == [date(2026, 3, 1)]  # in November nothing is reported yet: the picture is hatched
    rows = {
        r.by["month"]: r.value for r in measure(cursor, "reporting", Scope(date(2026, 2, 1), date(2026, 3, 1)), "month")
    }
    assert [found[0].coverage_before, found[0].coverage_after] == list(rows.values())
    assert [e.kind for e in events(cursor, Scope(date(2026, 3, 1), date(2026, 3, 1)))] == ["own", "reporting"]


def test_what_is_yet_to_come_has_not_happened(small_store: Make) -> None:
    """The data are of 2 November: what opens on the 1st has happened, what opens on the 28th and what somebody plans has not."""
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nS;Rivning;A;extern\nT;Bygglov;A;extern\n",
        "e_services": "etjanst_id;namn;typ;lanserad\nE;Rivning på nätet;e-tjänst;2026-11-28\nF;Lov på nätet;e-tjänst;2026-11-01\n",
        "links": "tjanst_id;etjanst_id\nS;E\nT;F\n",
        "events": "datum;rubrik\n2026-11-20;Planerad kampanj\n",
    }
    with small_store(tables).database().cursor() as cursor:
        told = events(cursor, Scope(date(2026, 11, 1), date(2026, 11, 1)))
    assert [(one.kind, one.e_service) for one in told] == [("launched", "F")]


def test_an_event_is_told_where_its_service_was_that_day(small_store: Make) -> None:
    """S moved from A to B in July 2026: a launch in March is A's, one in September is B's."""
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nS;Ett;A;extern\n",
        "e_services": "etjanst_id;namn;typ;lanserad\nE1;Vår;e-tjänst;2026-03-02\nE2;Höst;e-tjänst;2026-09-02\n",
        "links": "tjanst_id;etjanst_id\nS;E1\nS;E2\n",
    }
    store = small_store(tables)
    import_files(
        store,
        write_csv(
            store.folder.parent / "later", "tjanster.csv", "tjanst_id;verksamhet_id;galler_fran", "S;B;2026-07-01"
        ),
    )
    scope = Scope(date(2026, 1, 1), date(2026, 10, 1))
    with store.database().cursor() as cursor:
        for department, title in (("A", "Vår"), ("B", "Höst")):
            assert [e.title for e in events(cursor, replace(scope, departments=(department,)))] == [title]
        today = replace(scope, departments=("B",), organisation="today")
        assert [e.title for e in events(cursor, today)] == ["Vår", "Höst"]
