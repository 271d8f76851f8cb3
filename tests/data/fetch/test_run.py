"""Fetching from a platform into a store: first, repeated, interrupted and undone fetches, without personal data or secrets."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from data.base.errors import ImportRefused, StoreError
from data.build.database import Progress
from data.cli import fetch_output
from data.connections.config import Connection, Secret
from data.connections.errors import FetchFailed
from data.connections.settings import Interface
from data.fetch import conversion
from data.fetch.client import Clock
from data.fetch.log import load_fetch_statuses
from data.fetch.run import FetchRequest, FetchResult, fetch_installation
from data.formats.origin import Origin
from data.intake.choices import Choice
from data.intake.draft import Source
from data.readers.errors import Unreadable
from data.store import Store
from tests.data.platform_server import (
    CATALOGUE,
    INSTANCES,
    LOGIN,
    PASSWORD,
    PERSONAL,
    RECORDED,
    STATISTICS,
    USER,
    VERSIONS,
    Flow,
    Platform,
    Reply,
    Request,
    serving,
)
from tests.data.stores import ROLE, table_rows

NIGHT = datetime(2026, 11, 23, 4, 15)
FAMILIES = [f"{INSTANCES}{family}" for family in (104, 155, 667)]
Fetch = Callable[..., FetchResult]
HasFetched = Callable[[Connection, datetime], FetchResult]
FetchedOnce = Callable[[Connection, datetime], tuple[Path, FetchResult]]


def frozen_clock(sleep: Callable[[float], None] = lambda _: None) -> Clock:
    """A clock that does not advance, so that every pause is slept in full."""
    return Clock(sleep, monotonic=lambda: 0.0)


def as_at_first(base: str) -> Platform:
    """The platform that every test begins with."""
    one = Platform()
    one.base = base
    one.case(1, 104, "2024-12-24", "2025-01-07")
    one.case(2, 104, "2026-09-14", "2026-09-20")
    one.case(3, 104, "2026-11-20")
    one.case(4, 155, "2026-10-31", "2026-11-02")
    one.case(5, 155, None, added="2026-10-01")
    return one


@pytest.fixture(scope="module")
def served() -> Iterator[Platform]:
    """The platform at one address, at which what was fetched once is known in every test."""
    with serving() as one:
        yield one


@pytest.fixture
def platform(served: Platform) -> Platform:
    vars(served).update(vars(as_at_first(served.base)))
    return served


@pytest.fixture
def connection(platform: Platform) -> Connection:
    interfaces: tuple[Interface, ...] = ("catalogue", "statistics", "instances")
    return Connection("oep", platform.base, interfaces, USER, Secret(PASSWORD), "external", read_timeout=30.0)


@pytest.fixture
def counting(connection: Connection) -> Connection:
    """A connection that may read the statistics but not the cases."""
    return replace(connection, interfaces=("catalogue", "statistics"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def get(store: Store, connection: Connection) -> Fetch:
    """Fetch without waiting."""

    def result(
        now: datetime = NIGHT, one: Connection = connection, progress: Progress | None = None, **more: Any
    ) -> FetchResult:
        return fetch_installation(store, FetchRequest(one, ROLE, now, **more), progress, frozen_clock())

    return result


@pytest.fixture(scope="module")
def fetched_once(tmp_path_factory: pytest.TempPathFactory) -> FetchedOnce:
    """A function that gives the folder of a store that has fetched once from the platform as at first, and the outcome.

    Each is fetched once, and only read; one connection differs from another by its interfaces.
    """

    known: dict[object, tuple[Path, FetchResult]] = {}

    def result(connection: Connection, now: datetime) -> tuple[Path, FetchResult]:
        key = connection.interfaces, now
        if key not in known:
            store = Store(tmp_path_factory.mktemp("fetched") / "store")
            outcome = fetch_installation(store, FetchRequest(connection, ROLE, now), clock=frozen_clock())
            store.close()
            known[key] = store.folder, outcome
        return known[key]

    return result


@pytest.fixture
def has_fetched(
    store: Store,
    platform: Platform,
    fetched_once: FetchedOnce,
) -> HasFetched:
    """A function that makes the test's store one that has fetched once from the platform as at first."""

    def copy(connection: Connection, now: datetime) -> FetchResult:
        folder, outcome = fetched_once(connection, now)
        platform.paths()
        shutil.copytree(folder, store.folder)
        return outcome

    return copy


@pytest.fixture
def fetched(has_fetched: HasFetched, connection: Connection) -> FetchResult:
    """The outcome of the first fetch, which the test's store has made."""
    return has_fetched(connection, NIGHT)


@pytest.fixture
def fetched_counts(has_fetched: HasFetched, counting: Connection) -> FetchResult:
    """As `fetched`, but of the statistics."""
    return has_fetched(counting, NIGHT)


def cases(store: Store) -> dict[str, list[Any]]:
    """The cases in the database by number."""
    return {
        case: more
        for case, *more in table_rows(store.database(), "cases", "case_id, e_service_id, received_on, closed_on")
    }


def covered(store: Store) -> set[tuple[str, date]]:
    """(e-service, month) of every complete month."""
    query = (
        "SELECT DISTINCT e_service_id, unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE"
        " FROM covers WHERE channel = 'e_service'"
    )
    return set(store.database().cursor().execute(query).fetchall())


def request(path: str) -> Request:
    """A request with the right login."""
    return Request(path, {}, LOGIN)


def stored_bytes(folder: Path) -> bytes:
    """Every byte in the store's folder, and every value in its database as text."""
    result = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    cursor = Store(folder).database().cursor()
    names = cursor.execute("SELECT table_name FROM information_schema.tables").fetchall()
    result += [repr(cursor.execute(f'FROM "{name}"').fetchall()).encode() for (name,) in names]
    return b"\n".join(result)


def secrets_in(data: bytes) -> list[str]:
    """The secrets and personal data in the bytes."""
    secrets = (PASSWORD, USER, *PERSONAL)
    return [s for s in secrets if any(s.encode(code) in data for code in ("utf-8", "iso-8859-1", "utf-16-le"))]


class TestTheFirst:
    def test_all_of_it_comes_in_one_batch(self, store: Store, get: Fetch) -> None:
        result = get()
        assert result.batch and store.history() == (result.batch,)
        assert (result.batch.file, result.batch.who) == ("Open ePlatform oep 2026-11-23", ROLE)
        assert (result.flows, result.new_cases, result.changed_cases) == (3, 4, 0)
        assert result.sentences() == ()
        assert cases(store) == {
            "oep-1": ["oep-104", date(2024, 12, 24), date(2025, 1, 7)],
            "oep-2": ["oep-104", date(2026, 9, 14), date(2026, 9, 20)],
            "oep-3": ["oep-104", date(2026, 11, 20), None],
            "oep-4": ["oep-155", date(2026, 10, 31), date(2026, 11, 2)],
        }

    @pytest.mark.usefixtures("fetched")
    def test_the_e_services_too(self, store: Store) -> None:
        result = table_rows(
            store.database(), "e_services", "e_service_id, name, kind, installation, live_from, audience, enabled"
        )
        assert result[0] == (
            "oep-104", "Anmäl misstänkt matförgiftning", "e_service", "oep", date(2024, 3, 1), "external", True
        )  # fmt: skip
        assert (
            len(result)
            == len(table_rows(store.database(), "versions"))
            == len(table_rows(store.database(), "sightings"))
            == 3
        )

    @pytest.mark.usefixtures("fetched")
    def test_what_was_asked_for_and_has_no_cases_is_zero(self, store: Store) -> None:
        months = [date(2024, 11, 1), *(date(2024 + (m > 12) + (m > 24), (m - 1) % 12 + 1, 1) for m in range(12, 35))]
        assert covered(store) == {(f"oep-{family}", month) for family in (104, 155, 667) for month in months}
        assert max(months) == date(2026, 10, 1)

    def test_it_asks_in_order_and_widely(self, platform: Platform, get: Fetch) -> None:
        get()
        assert [one.path for one in platform.requests] == [CATALOGUE, VERSIONS, *FAMILIES]
        assert platform.requests[-1].query == {"fromDate": "2024-08-01", "toDate": "2026-11-23", "showStatus": "true"}

    def test_the_first_month_can_be_set(
        self, platform: Platform, store: Store, connection: Connection, get: Fetch
    ) -> None:
        get(one=replace(connection, since=date(2026, 10, 1)))
        assert sorted(cases(store)) == ["oep-3", "oep-4"]
        assert covered(store) == {(f"oep-{family}", date(2026, 10, 1)) for family in (104, 155, 667)}
        assert get(NIGHT + timedelta(days=1), since=date(2024, 1, 1)).new_cases == 2
        assert ("oep-667", date(2024, 1, 1)) in covered(store)

    def test_not_one_case(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.cases.clear()
        assert get().batch
        assert cases(store) == {}
        assert ("oep-104", date(2026, 10, 1)) in covered(store)
        assert get(NIGHT + timedelta(days=1)).batch is None

    def test_the_catalogue_alone(self, platform: Platform, store: Store, connection: Connection, get: Fetch) -> None:
        alone = replace(connection, interfaces=("catalogue",), user=None, password=None)
        assert get(one=alone).flows == 3
        assert platform.paths() == [CATALOGUE]
        assert get(one=alone, now=NIGHT + timedelta(days=1)).batch is None
        assert covered(store) == set()

    def test_a_recorded_catalogue(self, platform: Platform, store: Store, connection: Connection, get: Fetch) -> None:
        platform.always(CATALOGUE, Reply(body=(RECORDED / "getflows-161.iso-8859-1.json").read_bytes()))
        result = get(one=replace(connection, interfaces=("catalogue",)))
        known = table_rows(store.database(), "e_services", "name, area, url")
        assert result.flows == len(known) == 161
        assert ("Anmäl misstänkt matförgiftning", "Bygga, bo och miljö") in {(name, area) for name, area, _ in known}

    @pytest.mark.usefixtures("fetched")
    def test_two_installations_with_the_same_numbers(self, store: Store, connection: Connection, get: Fetch) -> None:
        with serving() as other:
            other.case(1, 104, "2026-10-10")
            get(one=replace(connection, name="intern", base=other.base, audience="internal"))
        assert cases(store)["intern-1"][0] == "intern-104"
        assert len(cases(store)) == 5


class TestAgain:
    @pytest.mark.usefixtures("fetched")
    def test_a_repeated_fetch_changes_nothing(self, store: Store, get: Fetch) -> None:
        before = store.database().fingerprint
        for hours in (0, 1, 24):
            again = get(NIGHT + timedelta(hours=hours))
            assert (again.batch, again.new_cases, again.changed_cases) == (None, 0, 0)
        assert len(store.history()) == 1 and store.database().fingerprint == before
        assert load_fetch_statuses(store.folder)[0].at == NIGHT + timedelta(days=1)

    @pytest.mark.usefixtures("fetched")
    def test_where_small_numbers_are_protected_too(self, platform: Platform, store: Store, get: Fetch) -> None:
        """What is left out of what is served is known all the same; nobody is told how many cases came."""
        store.protect(True, ROLE, "", NIGHT)
        assert cases(store) == {}
        again = get(NIGHT + timedelta(days=1))
        assert (again.batch, again.new_cases) == (None, 0)
        platform.case(3, 104, "2026-11-20", "2026-11-24")
        result = get(NIGHT + timedelta(days=2))
        assert result.batch and (result.new_cases, result.changed_cases, result.batch.rows) == (0, 1, 1)
        assert fetch_output.lines(result, False, "sv") == [
            "oep: e-tjänster 3. Antalet ärenden är skyddat.",
            "  Import 2: Open ePlatform oep 2026-11-25.",
        ]
        told = fetch_output.as_json(result, "sv")
        assert (told["new_cases"], told["changed_cases"], told["batch"]["rows"]) == (None, None, None)
        assert not list(store.folder.rglob("known.duckdb"))

    @pytest.mark.usefixtures("fetched")
    def test_only_what_is_new_or_changed(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.case(3, 104, "2026-11-20", "2026-11-24")
        platform.case(6, 667, "2026-11-23")
        result = get(NIGHT + timedelta(days=2))
        assert result.batch and (result.new_cases, result.changed_cases, result.batch.rows) == (1, 1, 2)
        assert cases(store)["oep-3"][2] == date(2026, 11, 24)
        assert [t.dataset for t in result.batch.tables] == ["cases"]

    def test_an_old_case_that_is_open_is_watched(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.case(7, 667, "2025-02-03")
        get()
        platform.requests.clear()
        platform.case(7, 667, "2025-02-03", "2026-11-23")
        assert get(NIGHT + timedelta(days=1)).changed_cases == 1
        assert [one.query["fromDate"] for one in platform.requests[2:]] == ["2026-08-01", "2026-08-01", "2024-11-03"]

    @pytest.mark.usefixtures("fetched")
    def test_a_draft_that_is_sent_in_after_two_months(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.case(5, 155, "2026-11-28", added="2026-10-01")
        assert get(NIGHT + timedelta(days=8)).new_cases == 1

    @pytest.mark.usefixtures("fetched")
    def test_a_month_becomes_complete_when_it_is_over(self, platform: Platform, store: Store, get: Fetch) -> None:
        assert ("oep-667", date(2026, 11, 1)) not in covered(store)
        platform.case(8, 104, "2026-11-30", "2026-11-30")
        result = get(datetime(2026, 12, 5, 4, 15))
        assert result.batch and (result.new_cases, result.changed_cases) == (1, 0)
        assert {("oep-667", date(2026, 11, 1)), ("oep-104", date(2026, 11, 1))} <= covered(store)
        assert get(datetime(2026, 12, 6, 4, 15)).batch is None

    @pytest.mark.usefixtures("fetched")
    def test_a_new_e_service_is_fetched_from_the_beginning(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.flows.append(Flow(700, 3000, "Felanmälan gatubelysning", published=date(2026, 11, 24)))
        platform.case(9, 700, "2025-06-06", "2025-06-07")
        result = get(NIGHT + timedelta(days=2))
        assert result.flows == 4 and result.new_cases == 1
        assert {one.path: one.query for one in platform.requests}[f"{INSTANCES}700"]["fromDate"] == "2024-08-01"
        assert ("oep-700", date(2024, 11, 1)) in covered(store)
        assert len(table_rows(store.database(), "sightings")) == 3 + 4

    @pytest.mark.usefixtures("fetched")
    def test_an_e_service_that_is_gone_is_asked_for_while_it_has_open_cases(
        self, platform: Platform, store: Store, get: Fetch
    ) -> None:
        platform.flows = platform.flows[1:]
        result = get(NIGHT + timedelta(days=1))
        assert platform.paths()[-1] == f"{INSTANCES}104"
        assert "oep-104" in " ".join(result.sentences("sv"))
        read = table_rows(store.database(), "sightings", "seen_on, e_service_id")
        assert [one for day, one in read if day == date(2026, 11, 24)] == ["oep-155", "oep-667"]

    @pytest.mark.usefixtures("fetched")
    def test_a_switch_in_the_catalogue(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.change(155, enabled=False)
        assert get(NIGHT + timedelta(days=1)).batch
        assert table_rows(store.database(), "sightings", "seen_on, enabled")[-1] == (date(2026, 11, 24), True)
        assert dict(table_rows(store.database(), "e_services", "e_service_id, enabled"))["oep-155"] is False
        assert get(NIGHT + timedelta(days=2)).batch is None

    @pytest.mark.usefixtures("fetched")
    def test_another_name_in_the_newest_version(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.always(
            VERSIONS, Reply(body=platform.reply(request(VERSIONS)).body.replace(b"Ans", b"Utkast till ans"))
        )
        assert get(NIGHT + timedelta(days=1)).batch is None


class TestUndone:
    def test_what_is_undone_is_fetched_again(self, store: Store, get: Fetch, fetched: FetchResult) -> None:
        batch = fetched.batch
        assert batch
        before = cases(store), covered(store)
        store.undo(batch.number, ROLE, NIGHT)
        again = get(NIGHT + timedelta(days=1))
        assert again.batch and again.new_cases == 4
        assert (cases(store), covered(store)) == before

    def test_an_import_holds_all_of_the_months_that_it_completes(
        self, platform: Platform, store: Store, get: Fetch, fetched: FetchResult
    ) -> None:
        first = fetched.batch
        platform.case(8, 104, "2026-11-30", "2026-11-30")
        december = get(datetime(2026, 12, 5, 4, 15))
        assert first and december.batch
        store.undo(first.number, ROLE, NIGHT)
        assert covered(store) == {(f"oep-{family}", date(2026, 11, 1)) for family in (104, 155, 667)}
        assert {case for case, (_, day, _) in cases(store).items() if f"{day:%Y-%m}" == "2026-11"} == {"oep-3", "oep-8"}


class TestCounts:
    def expected(self, platform: Platform, until: str = "2026-10") -> dict[tuple[str, str], int]:
        """The counts, computed independently."""
        days = ((case.family, f"{case.submitted:%Y-%m}") for case in platform.cases if case.submitted)
        return dict(Counter((f"oep-{family}", month) for family, month in days if "2024-11" <= month <= until))

    def found(self, store: Store) -> dict[tuple[str, str], int]:
        counts = table_rows(store.database(), "case_counts", "e_service_id, month, cases, channel, method")
        assert {(channel, method) for *_, channel, method in counts} <= {("e_service", "counted")}
        return {(one, f"{month:%Y-%m}"): cases for one, month, cases, *_ in counts}

    def test_by_month_without_the_unfinished_one(
        self, platform: Platform, store: Store, counting: Connection, get: Fetch
    ) -> None:
        for number, day in enumerate(("2026-10-01", "2026-10-31", "2026-10-31", "2026-09-30", "2026-11-01"), 100):
            platform.case(number, 104, day, added="2026-08-30")
        get(one=counting)
        assert self.found(store) == self.expected(platform)
        assert self.found(store)["oep-104", "2026-10"] == 3
        assert ("oep-667", date(2026, 10, 1)) in covered(store) and ("oep-667", date(2026, 11, 1)) not in covered(store)
        assert len([one for one in platform.requests if one.path == STATISTICS]) == 28

    def test_use_by_the_month_that_cases_were_begun_in(
        self, platform: Platform, store: Store, counting: Connection, get: Fetch
    ) -> None:
        platform.case(100, 104, "2026-09-02", added="2026-08-30")
        get(one=counting)
        begun = Counter((f"oep-{one.family}", f"{one.added:%Y-%m}") for one in platform.cases)
        sent = Counter((f"oep-{one.family}", f"{one.added:%Y-%m}") for one in platform.cases if one.submitted)
        rows = table_rows(store.database(), "e_service_use", "e_service_id, month, started, submitted, answers, grades")
        found = {(one, f"{month:%Y-%m}"): numbers for one, month, *numbers in rows}
        assert ("oep-104", "2026-08") in found and len(found) > 3
        for key, numbers in found.items():
            assert numbers == [begun[key], sent[key], sent[key], 4 * sent[key]]  # whoever sends in answers 4
        assert all(month < "2026-11" for _, month in found)

    @pytest.mark.usefixtures("fetched_counts")
    def test_a_repeated_fetch_changes_nothing(self, store: Store, counting: Connection, get: Fetch) -> None:
        for days in (0, 1, 5):
            assert get(NIGHT + timedelta(days=days), counting).batch is None
        assert len(store.history()) == 1

    @pytest.mark.usefixtures("fetched_counts")
    def test_the_month_that_has_ended(self, platform: Platform, store: Store, counting: Connection, get: Fetch) -> None:
        platform.case(9, 667, "2026-11-29")
        assert get(datetime(2026, 12, 1, 4, 15), counting).new_cases == 2
        assert self.found(store) == self.expected(platform, "2026-11")

    @pytest.mark.usefixtures("fetched_counts")
    def test_culled_cases_do_not_lower_a_count(
        self, platform: Platform, store: Store, counting: Connection, get: Fetch
    ) -> None:
        before = self.found(store)
        platform.cases = [case for case in platform.cases if case.number != 4]
        for days in (1, 2, 3):
            get(NIGHT + timedelta(days=days), counting, since=date(2024, 11, 1))
            assert self.found(store) == before
        assert len(store.history()) <= 2

    def test_a_version_that_nobody_knows(
        self, platform: Platform, store: Store, counting: Connection, get: Fetch
    ) -> None:
        platform.cases = [replace(case, version=999) if case.number == 4 else case for case in platform.cases]
        get(one=counting)
        assert self.found(store)["oep/v999", "2026-10"] == 1


def instance(inner: str) -> bytes:
    """An answer with one case."""
    return f"<FlowInstances><FlowInstance>{inner}</FlowInstance></FlowInstances>".encode()


VALIDATION = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<ValidationErrors><validationError><messageKey>FromDateInvalid</messageKey></validationError></ValidationErrors>"""
# Where it fails, with what, and what the sentence in Swedish says to do.
FAILURES = {
    "login": (VERSIONS, Reply(401), "Kontrollera user och password"),
    "right": (VERSIONS, Reply(403), "Be den som sköter plattformen om behörighet"),
    "path": (CATALOGUE, Reply(404), "Kontrollera adressen och sökvägen"),
    "down": (CATALOGUE, Reply(500), "säg till den som sköter plattformen"),
    "half": (FAMILIES[1], Reply(body=b"<FlowInstances><FlowInstance>", sent=20), "Försök igen senare"),
    "login page": (FAMILIES[1], Reply(302, headers={"Location": "https://login.example.se/x?ticket=Hemlig"}), "inloggning"),
    "page": (FAMILIES[1], Reply(body=b"<!DOCTYPE html><html>Hemlig</html>"), "inloggningssida"),
    "nothing": (FAMILIES[1], Reply(), "Försök igen senare"),
    "errors": (FAMILIES[1], Reply(body=VALIDATION), "FromDateInvalid"),
    "other": (CATALOGUE, Reply(body=b"<Rss><Hemlig/></Rss>"), "Kontrollera sökvägen"),
    "another question": (VERSIONS, Reply(body=instance("<flowInstanceID>1</flowInstanceID>")), "Kontrollera sökvägen"),
    "an empty catalogue": (CATALOGUE, Reply(body=b"<Flows></Flows>"), ""),
    "damaged": (FAMILIES[1], Reply(body=instance("<poster>Hemlig")), ""),
    "no number": (FAMILIES[1], Reply(body=instance("<flowInstanceID>Hemlig</flowInstanceID>")), ""),
}  # fmt: skip


class TestTheName:
    """A dropped and a fetched catalogue of one platform are one installation, in either order."""

    @staticmethod
    def drop(store: Store, platform: Platform, folder: Path) -> None:
        file = folder / "getflows.xml"
        file.write_bytes(platform.reply(request(CATALOGUE)).body)
        with store.prepare([Source(file.name, file)], today=NIGHT.date()) as draft:
            store.commit(draft, {file.name: Choice("all")}, ROLE, NIGHT)

    @staticmethod
    def names(store: Store) -> dict[str, int]:
        return Counter(one for (one,) in table_rows(store.database(), "e_services", "installation"))

    def test_the_connections(
        self,
        platform: Platform,
        store: Store,
        get: Fetch,
        connection: Connection,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        monkeypatch.setenv("OPEN_EPLATFORM_EXTERN_BASE", platform.base)
        self.drop(store, platform, tmp_path)
        assert get(one=replace(connection, name="extern")).batch
        assert self.names(store) == {"extern": 3}

    def test_the_one_it_has_had(
        self, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fetched: FetchResult
    ) -> None:
        assert fetched.batch
        monkeypatch.setenv("OPEN_EPLATFORM_EXTERN_BASE", platform.base)
        platform.change(104, name="Anmäl misstänkt salmonella")
        self.drop(store, platform, tmp_path)
        assert self.names(store) == {"oep": 3}


class TestFailure:
    @pytest.mark.parametrize(("path", "reply", "do"), FAILURES.values(), ids=FAILURES)
    def test_nothing_is_imported_and_the_message_says_what_to_do(
        self,
        platform: Platform,
        store: Store,
        get: Fetch,
        connection: Connection,
        has_fetched: HasFetched,
        caplog: pytest.LogCaptureFixture,
        path: str,
        reply: Reply,
        do: str,
    ) -> None:
        caplog.set_level("DEBUG")
        has_fetched(connection, NIGHT - timedelta(days=40))
        before = store.database().fingerprint
        platform.always(path, reply)
        with pytest.raises(StoreError) as caught:
            get()
        message = caught.value.sentence("sv")
        assert do in message and "oep" in message and message.endswith(".")
        assert store.database().fingerprint == before and len(store.history()) == 1
        assert not secrets_in(
            stored_bytes(store.folder) + caplog.text.encode() + repr(caught.value).encode() + message.encode()
        )
        (saved,) = load_fetch_statuses(store.folder)
        assert (saved.failure("sv"), saved.failed_at, saved.flows) == (message, NIGHT, 3)
        assert saved.at == NIGHT - timedelta(days=40)
        platform.always(path, None)
        get(NIGHT + timedelta(hours=1))
        assert load_fetch_statuses(store.folder)[0].failure() is None

    def test_one_e_service_that_may_not_be_read(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.always(FAMILIES[0], Reply(403))
        result = get()
        assert result.batch and result.new_cases == 1
        assert "oep-104" in result.sentences("sv")[0]
        assert {one for one, _ in covered(store)} == {"oep-155", "oep-667"}
        platform.always(FAMILIES[0], None)
        assert get(NIGHT + timedelta(days=1)).new_cases == 3

    def test_none_that_may_be_read(self, platform: Platform, store: Store, get: Fetch) -> None:
        for path in FAMILIES:
            platform.always(path, Reply(404))
        with pytest.raises(FetchFailed) as caught:
            get()
        assert caught.value.text == FetchFailed.NOT_FOUND and not store.history()

    def test_another_name_for_what_is_known(
        self, store: Store, get: Fetch, connection: Connection, fetched: FetchResult
    ) -> None:
        assert fetched.batch
        with pytest.raises(FetchFailed) as caught:
            get(one=replace(connection, name="extern", base=connection.base.upper() + "/"))
        assert caught.value.text == FetchFailed.OTHER_NAME and "oep" in caught.value.sentence("sv")
        assert len(store.history()) == 1
        store.undo(1, ROLE, NIGHT)
        assert get(one=replace(connection, name="extern")).batch

    def test_two_at_once(self, store: Store, get: Fetch) -> None:
        (store.folder / "fetching").mkdir(parents=True)
        with FileLock(store.folder / "fetching" / "oep.lock"), pytest.raises(FetchFailed) as caught:
            get()
        assert caught.value.text == FetchFailed.BUSY and load_fetch_statuses(store.folder) == ()
        assert get().batch

    def test_a_person_is_no_role(self, store: Store, connection: Connection, platform: Platform) -> None:
        with pytest.raises(ImportRefused):
            fetch_installation(store, FetchRequest(connection, "anna@example.se", NIGHT))
        assert not platform.requests and not store.folder.exists()

    def test_a_misleading_encoding_is_seen_through(self, platform: Platform, store: Store, get: Fetch) -> None:
        body = platform.reply(request(CATALOGUE)).body.replace(b"ISO-8859-1", b"UTF-8")
        platform.always(CATALOGUE, Reply(body=body, content_type="text/xml;charset=UTF-8"))
        get()
        assert "Anmäl misstänkt matförgiftning" in dict(table_rows(store.database(), "e_services", "name, kind"))

    def test_a_clock_that_goes_wrong(self, platform: Platform, store: Store, get: Fetch) -> None:
        platform.case(2, 104, "2026-09-14", "2026-09-13")
        platform.case(4, 155, "2026-10-31", "2027-01-01")
        platform.case(10, 155, "2027-01-01")
        result = get()
        assert result.new_cases == 4 and result.sentences() == ()
        assert cases(store)["oep-2"][2] == date(2026, 9, 14)


class TestInterrupted:
    def interrupted(self, get: Fetch, platform: Platform, path: str, now: datetime = NIGHT) -> None:
        platform.always(path, Reply(500))
        with pytest.raises(FetchFailed):
            get(now)
        platform.always(path, None)
        platform.paths()

    def test_the_next_one_asks_only_for_what_is_missing(
        self, platform: Platform, store: Store, get: Fetch, tmp_path: Path
    ) -> None:
        self.interrupted(get, platform, FAMILIES[1])
        result = get(NIGHT + timedelta(hours=20))
        assert platform.paths() == FAMILIES[1:]
        assert result.new_cases == 4 and len(store.history()) == 1
        assert load_fetch_statuses(store.folder)[0].at == NIGHT  # the first half is as old as that
        assert not (store.folder / "fetching" / "oep").exists()

    def test_it_comes_to_the_same(
        self, platform: Platform, store: Store, get: Fetch, connection: Connection, fetched_once: FetchedOnce
    ) -> None:
        other = Store(fetched_once(connection, NIGHT)[0])
        self.interrupted(get, platform, FAMILIES[2])
        get(NIGHT + timedelta(hours=1))
        for table in ("cases", "e_services", "versions", "sightings", "covers"):
            assert table_rows(store.database(), table) == table_rows(other.database(), table)

    def test_counts_too(self, platform: Platform, store: Store, counting: Connection, get: Fetch) -> None:
        platform.next(STATISTICS, *[Reply(body=b"<FlowInstances><Count>0</Count></FlowInstances>")] * 10)
        platform.next(STATISTICS, *[Reply(500)] * 5)
        with pytest.raises(FetchFailed):
            get(one=counting)
        platform.paths()
        get(one=counting, now=NIGHT + timedelta(hours=1))
        assert platform.paths() == [STATISTICS] * 18

    @pytest.mark.parametrize("change", ["a day later", "another window", "another interface"])
    def test_another_round_is_begun_anew(
        self, platform: Platform, store: Store, connection: Connection, get: Fetch, change: str
    ) -> None:
        self.interrupted(get, platform, FAMILIES[2])
        match change:
            case "a day later":
                get(NIGHT + timedelta(hours=24))
            case "another window":
                get(NIGHT, since=date(2026, 1, 1))
            case "another interface":
                get(NIGHT, replace(connection, interfaces=("catalogue", "instances")))
        assert platform.paths()[0] == CATALOGUE

    def test_killed_between_two_questions(self, platform: Platform, store: Store, connection: Connection) -> None:
        pauses = iter((0, 0, 0))

        def sleep(_: float) -> None:
            if next(pauses, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch_installation(store, FetchRequest(connection, ROLE, NIGHT), clock=frozen_clock(sleep))
        assert len(platform.paths()) == 4
        assert not secrets_in(stored_bytes(store.folder)) and not list((store.folder / "drops").iterdir())
        fetch_installation(store, FetchRequest(connection, ROLE, NIGHT), clock=frozen_clock())
        assert platform.paths() == FAMILIES[2:]

    def test_a_damaged_note_is_no_round(self, platform: Platform, store: Store, get: Fetch) -> None:
        self.interrupted(get, platform, FAMILIES[2])
        (store.folder / "fetching" / "oep" / "round.json").write_text("{", "utf-8")
        assert get(NIGHT).new_cases == 4
        assert platform.paths()[0] == CATALOGUE

    @pytest.mark.usefixtures("fetched")
    def test_somebody_else_imports_meanwhile(
        self, platform: Platform, store: Store, get: Fetch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        platform.case(6, 667, "2026-11-23")
        with FileLock(store.folder / "lock"), pytest.raises(StoreError):
            get(NIGHT + timedelta(days=1))
        platform.paths()
        assert get(NIGHT + timedelta(days=1, hours=1)).new_cases == 1
        assert platform.paths() == []


@pytest.mark.usefixtures("fetched")
def test_no_personal_data_and_no_password_is_stored(platform: Platform, store: Store) -> None:
    assert secrets_in(platform.reply(request(FAMILIES[0])).body)  # they are there to be found
    assert not secrets_in(stored_bytes(store.folder))


def test_dry_run(platform: Platform, store: Store, get: Fetch) -> None:
    result = get(dry_run=True)
    assert (result.batch, result.new_cases, result.flows) == (None, 4, 3)
    assert store.history() == () and load_fetch_statuses(store.folder) == ()
    assert not (store.folder / "fetching" / "oep").exists()


def test_progress_is_reported(get: Fetch) -> None:
    steps: list[tuple[str, float]] = []
    get(progress=lambda text, share: steps.append((text, share)))
    assert next(text for text, _ in steps if "/" in text) == "oep 1/3" and all(0 <= share <= 1 for _, share in steps)
    assert {text for text, _ in steps} == {"oep 1/3", "oep 2/3", "oep 3/3", "oep", "write", "build"}


class TestConfined:
    """An answer is read in a process of its own: what ends that process, or halts it, is a fault of the answer."""

    def test_an_answer_that_takes_too_long(
        self, platform: Platform, get: Fetch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "SECONDS", 1)
        platform.always(CATALOGUE, Reply(body=b"<flows><flow>" + b"<x/>" * 30_000_000 + b"</flow></flows>"))
        with pytest.raises(FetchFailed) as failure:
            get()
        assert "den var inte klar efter 1 sekunder" in failure.value.sentence()

    @pytest.mark.parametrize(
        "files",
        [
            [{"dataset": "secrets", "columns": ["a"], "known_columns": []}],
            [{"dataset": "cases", "columns": ["x"], "known_columns": []}],
            [{"dataset": "cases", "columns": ["case_id"], "known_columns": ["x"]}],
            [{"dataset": "cases", "columns": ["case_id"]}],
            "x",
        ],
    )
    def test_what_the_process_gives_back_is_not_trusted(
        self, files: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        result = json.dumps({"files": files, "undated": 0, "fault": None, "is_expected": True})
        monkeypatch.setattr(conversion, "run_isolated", lambda *_: (tmp_path / conversion.RESULT).write_text(result))
        plan = conversion.CatalogueConversion(Origin(NIGHT.date()), "oep")
        with pytest.raises(Unreadable, match="reading_crashed"):
            conversion.convert(tmp_path / "answer", plan, tmp_path, lambda name, share: None)


@pytest.mark.usefixtures("fetched")
def test_a_damaged_fetch_log_is_ignored(store: Store, get: Fetch) -> None:
    for damage in ("{", "[]", json.dumps({"oep": 1})):
        (store.folder / "fetches.json").write_text(damage, "utf-8")
        assert load_fetch_statuses(store.folder) == ()
        assert get(NIGHT + timedelta(days=1)).batch is None
