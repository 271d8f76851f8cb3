"""Answers of the platform become rows of our tables: what is told, what is a guess, and what is left out."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.origin import Origin, installation_of
from data.readers import Unreadable
from tests.data.drafts import prepare_files
from tests.data.platform_answers import (
    CATALOGUE,
    TODAY,
    catalogue,
    flow,
    instance,
    instances,
    read,
    recorded,
    refusal,
    sheets_of,
    statistics,
    version,
)


def test_the_recorded_catalogue(tmp_path: Path) -> None:
    """All 161 flows, with everything the answer tells, are what a plain reading of its JSON gives."""
    found = read(tmp_path, recorded(CATALOGUE))
    told = json.loads(recorded(CATALOGUE).decode("latin-1"))["Flows"]
    rows = found.rows["e_services"]
    assert len(rows) == len(told) == 161
    for row, one in zip(rows, told, strict=True):
        assert row["e_service_id"] == f"oep-{one['FlowFamilyID']}"
        assert (row["name"], row["area"]) == (one["Name"], one["Category"])
        assert (row["url"], row["alias"]) == (one["FlowFamilyURL"], (one.get("Aliases") or [""])[0])
        assert row["login"] == ("e_id" if one["RequiresAuthentication"] else "none")
        assert row["signing"] == ("ja" if one["RequiresSigning"] else "nej")
        assert row["payment"] == ("ja" if one["PaymentSupportEnabled"] else "nej")
    ids = [(f"oep/v{one['ID']}", f"oep-{one['FlowFamilyID']}") for one in told]
    assert [(r["version_id"], r["e_service_id"]) for r in found.rows["versions"]] == ids
    seen = {(r["installation"], r["seen_on"], r["enabled"]) for r in found.rows["sightings"]}
    assert seen == {("oep", "2026-11-02", "ja")} and len(found.rows["sightings"]) == 161
    assert all("kind" not in (told or ()) for told in found.told["e_services"])
    assert set(found.column("e_services", "kind")) == {"e_service"} and not found.remarks


def test_the_recorded_catalogue_passes_the_checks(tmp_path: Path) -> None:
    """The production import recognises the three tables and finds every row good."""
    with prepare_files(tmp_path, {"vad.som.helst": recorded(CATALOGUE)}) as draft:
        (file,) = draft.files
    assert [(t.dataset.code, t.rows, t.good) for t in file.tables] == [
        ("e_services", 161, 161),
        ("versions", 161, 161),
        ("sightings", 161, 161),
    ]
    assert not file.all_faults


def test_a_catalogue_in_xml_says_the_same_as_in_json(tmp_path: Path) -> None:
    """Also with sections of CDATA, names in another case, and fields that nobody documented."""
    flows = json.loads(recorded(CATALOGUE).decode("latin-1"))["Flows"]
    for one in flows:
        one["Name"] = f"<![CDATA[{one['Name']}]]>"
        one["Aliases"] = "".join(f"<alias>{alias}</alias>" for alias in one.get("Aliases", []))
        one["Unknown"] = "<deep><ID>1</ID><Name>no</Name></deep>"
        one.update({k: str(one[k]).lower() for k in one if isinstance(one[k], bool)})
        one.update(ShortDescription=None, LongDescription=None)
    as_xml = catalogue({k.swapcase(): v for k, v in one.items() if v} for one in flows)
    assert read(tmp_path, as_xml).rows == read(tmp_path, recorded(CATALOGUE)).rows


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Blankett: Anmälan om hund", "form"),
        ("Anmälan om hund (blankett)", "form"),
        ("Anmälan om hund, PDF", "form"),
        ("Anmälan om hund – PDF-blankett", "form"),
        ("Beställ blankett", "e_service"),
        ("Blankettservice", "e_service"),
        ("Anmälan om hund", "e_service"),
    ],
)
def test_only_a_plain_name_makes_a_form(tmp_path: Path, name: str, kind: str) -> None:
    """And even then it is a guess."""
    found = read(tmp_path, catalogue([flow(1, Name=name)]))
    assert found.column("e_services", "kind") == [kind] and "kind" not in (found.told["e_services"][0] or ())


def test_what_a_flow_does_not_say_is_not_told(tmp_path: Path) -> None:
    """A field that is missing leaves what is known alone; flows that tell different things lie in sheets of their own."""
    bare = {"FlowFamilyID": 2, "Name": "Flow 2", "Enabled": "false"}
    found = read(tmp_path, catalogue([flow(1), bare]), Origin(TODAY, "intern", audience="internal"))
    full, short = found.told["e_services"]
    assert {"login", "signing", "payment", "url", "area"} <= (full or frozenset())
    assert short == {"e_service_id", "name", "platform", "installation", "alias", "enabled", "audience"}
    assert found.column("e_services", "audience") == ["internal", "internal"]
    assert [s.name for s in found.sheets if s.dataset == "e_services"] == ["etjanster", "etjanster (2)"]
    assert found.column("sightings", "enabled") == ["ja", "nej"]


def test_addresses_that_are_none_are_left_out(tmp_path: Path) -> None:
    """A path without a host is no address."""
    (row,) = read(tmp_path, catalogue([flow(1, FlowFamilyURL="/oversikt/overview/1")])).rows["e_services"]
    assert "url" not in row


@pytest.mark.parametrize(
    "empty", ["<Flows/>", "<Flows></Flows>", '{"Flows": []}', '{"Flows":null}', "<Flows><x/></Flows>"]
)
def test_an_empty_catalogue_is_refused(tmp_path: Path, empty: str) -> None:
    """It would say that every e-service is gone."""
    assert refusal(tmp_path, empty)[0] == "platform_empty_catalogue"


VERSIONS = [
    version(10, 1, Name="Gammalt namn", Published="2020-02-01", Changed="2020-03-01", Internal="true", Visible="true"),
    version(12, 1, Name="Nytt namn", Published="2023-05-01", Internal="true", Category="Trafik"),
    version(14, 1, Name="Utkast", Internal="true"),
    version(20, 2, Published="2021-01-01", Internal="true"),
    version(21, 2, Published="2022-01-01", Internal="false"),
    version(30, 3, Internal="true", StatisticsMode="PUBLIC"),
]


@given(st.permutations(VERSIONS))
def test_versions_make_one_e_service_a_family(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """The newest published version names it, whatever the order; a link is certain, all else is a guess."""
    found = read(tmp_path_factory.mktemp("x"), catalogue(order))  # type: ignore[arg-type]
    rows = {
        row["e_service_id"]: (row, told)
        for row, told in zip(found.rows["e_services"], found.told["e_services"], strict=True)
    }
    one, told = rows["oep-1"]
    assert (one["name"], one["area"], one["kind"], one["live_from"]) == (
        "Nytt namn",
        "Trafik",
        "e_service",
        "2020-02-01",
    )
    assert told == {"e_service_id", "name", "platform", "installation", "area"}
    link, told = rows["oep-2"]
    assert (
        (link["kind"], link["live_from"]) == ("link", "2021-01-01")
        and told
        and "kind" in told
        and "live_from" not in told
    )
    draft, told = rows["oep-3"]
    assert draft["stage"] == "development" and "live_from" not in draft and told and "stage" not in told
    versions = {
        r["version_id"]: (r["e_service_id"], r["published_on"], r["changed_on"]) for r in found.rows["versions"]
    }
    assert versions["oep/v10"] == ("oep-1", "2020-02-01", "2020-03-01") and versions["oep/v30"] == ("oep-3", "", "")
    assert len(versions) == 6 and "sightings" not in found.rows


STATISTICS = [
    {"flowID": 10, "created": "2026-01-30 10:00", "submitted": "2026-02-01 00:01", "sex": "Female", "age": 44},
    {"flowID": 10, "created": "2026-02-03 10:00", "submitted": "2026-02-28 23:59"},
    {"flowID": 10, "created": "2026-02-03 10:00", "abortedStep": 2},
    {"flowID": 11, "created": "2026-10-31 10:00", "submitted": "2026-10-31 10:00", "surveyAnswer": 5},
    {"flowID": 11, "created": "2026-10-31 10:00", "submitted": "2026-11-01 10:00"},
]


@given(st.permutations(STATISTICS))
def test_statistics_count_what_was_sent_in(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """By version and month, whatever the order; the month that is not over is left out and said."""
    found = read(tmp_path_factory.mktemp("x"), statistics(order), Origin(TODAY, "extern"))  # type: ignore[arg-type]
    counts = {(r["e_service_id"], r["month"]): r["cases"] for r in found.rows["case_counts"]}
    assert counts == {("extern/v10", "2026-02"): "2", ("extern/v11", "2026-10"): "1"}
    assert {(r["channel"], r["assisted"], r["method"]) for r in found.rows["case_counts"]} == {
        ("e_service", "nej", "counted")
    }
    assert found.remarks == {
        "platform_unfinished_month": {"month": "2026-11", "count": 1},
        "platform_never_sent": {"count": 1},
    }


def test_statistics_without_cases(tmp_path: Path) -> None:
    """The inner list is absent when it is empty."""
    found = read(tmp_path, statistics([]))
    assert [s.dataset for s in found.sheets] == ["case_counts"] and not found.rows["case_counts"]
    assert found.remarks == {"platform_no_cases": {}}


def test_recorded_cases(tmp_path: Path) -> None:
    """With the family in the answer, and with the family of whoever asked."""
    found = read(tmp_path, recorded("getinstances-with-family.xml"))
    days = [
        ("oep-4999", "2025-02-27"),
        ("oep-4965", "2025-02-18"),
        ("oep-4933", "2025-02-14"),
        ("oep-4932", "2025-02-14"),
    ]
    assert [(r["case_id"], r["received_on"]) for r in found.rows["cases"]] == days
    assert set(found.column("cases", "e_service_id")) == {"oep-104"}
    assert found.told["cases"][0] == {"case_id", "e_service_id", "received_on", "channel", "assisted"}
    named = read(tmp_path, recorded("getinstances-by-family.xml"), Origin(TODAY, family=104))
    assert named.rows == found.rows
    assert refusal(tmp_path, recorded("getinstances-by-family.xml")) == ("family_needed", 2)


def test_a_recorded_case_with_its_status(tmp_path: Path) -> None:
    """Status tells whether it is closed."""
    found = read(tmp_path, recorded("getwaitinginstances-showstatus.iso-8859-1.xml"))
    (row,) = found.rows["cases"]
    assert (row["case_id"], row["e_service_id"], row["received_on"], row["closed_on"]) == (
        "oep-5355", "oep-104", "2025-10-14", "",
    )  # fmt: skip
    assert "closed_on" in (found.told["cases"][0] or ())


def test_no_cases_and_no_list_of_cases(tmp_path: Path) -> None:
    """An empty list is an answer; the status of one case is none."""
    found = read(tmp_path, recorded("getinstances-empty.xml"))
    assert [s.dataset for s in found.sheets] == ["cases"] and found.remarks == {"platform_no_cases": {}}
    assert refusal(tmp_path, recorded("getstatus.xml"))[0] == "platform_status"


CASES = [
    instance(1, "SUBMITTED"),
    instance(2, "ARCHIVED", lastStatusChange="2026-04-01 09:00"),
    instance(3, "IN_PROGRESS", lastStatusChange="2026-04-02 09:00"),
    instance(4, "NEW", firstSubmitted=None),
    instance(5, "WAITING_FOR_PAYMENT", firstSubmitted=None),
    instance(6, "ARCHIVED", firstSubmitted=None),
    instance(7, "NEW"),
    instance(8),
    instance(8),
    instance(9, firstSubmitted=None),
]


@given(st.permutations(CASES))
def test_cases_are_what_was_sent_in(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """Whatever the status, its name, or the order."""
    found = read(tmp_path_factory.mktemp("x"), instances(order))  # type: ignore[arg-type]
    assert sorted(found.column("cases", "case_id")) == ["oep-1", "oep-2", "oep-3", "oep-7", "oep-8"]
    closed = {r["case_id"]: r.get("closed_on") for r in found.rows["cases"]}
    assert closed == {"oep-1": "", "oep-2": "2026-04-01", "oep-3": "", "oep-7": "", "oep-8": None}
    assert found.remarks == {
        "platform_not_cases": {"count": 3},
        "platform_lost_cases": {"count": 1},
        "platform_twice": {"count": 1},
    }


@pytest.mark.parametrize(
    ("extra", "assisted"),
    [
        ({}, "nej"),
        ({"addedByManager": "true"}, "ja"),
        ({"preparedByManager": "23622"}, "ja"),
        ({"addedByManager": "false"}, "nej"),
        ({"addedByManager": ""}, "nej"),
        ({"Attributes": "<Attribute><Name>addedByManager</Name><Value>true</Value></Attribute>"}, "ja"),
        ({"Attributes": "<Attribute><Value>true</Value><Name>preparedByManager</Name></Attribute>"}, "ja"),
        ({"Attributes": "<Attribute><Name>addedByManager</Name><Value>false</Value></Attribute>"}, "nej"),
        ({"attributes": "<Attribute name='addedByManager' value='true'/>"}, "ja"),
        ({"attributes": "<Attribute name='addedByManager'>true</Attribute>"}, "ja"),
        ({"attributes": "<Attribute name='other'>true</Attribute><Attribute name='addedByManager'/>"}, "nej"),
    ],
)
def test_cases_that_staff_typed_in_are_assisted(tmp_path: Path, extra: dict[str, Any], assisted: str) -> None:
    """Wherever inside the case it is said."""
    assert read(tmp_path, instances([instance(1, **extra)])).column("cases", "assisted") == [assisted]
    other = instances([instance(1)]).replace("<FlowInstance>", '<FlowInstance preparedByManager="true">')
    assert read(tmp_path, other).column("cases", "assisted") == ["ja"]


def test_days_come_from_milliseconds_too(tmp_path: Path) -> None:
    """In local time: half past eleven on New Year's Eve in UTC is the new year here."""
    late = "\n\t1767223800000 \n"
    for bad in (None, "nonsense"):
        cases = [instance(1, firstSubmitted=bad, firstSubmittedInMilliseconds=late)]
        assert read(tmp_path, instances(cases)).column("cases", "received_on") == ["2026-01-01"]
    assert refusal(tmp_path, instances([instance(1, firstSubmitted="nonsense")])) == ("platform_date", 2)


def test_a_case_is_of_a_family_else_of_a_version(tmp_path: Path) -> None:
    """The family goes first."""
    cases = [instance(1, flowID=99), instance(2, flowID=99, flowFamilyID=None)]
    found = read(tmp_path, instances(cases), Origin(TODAY, family=5))
    assert found.column("cases", "e_service_id") == ["oep-7", "oep/v99"]


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (catalogue([flow(1), flow(2, FlowFamilyID="abc")]), 13),
        (catalogue([flow(1, ID="1.5")]), 2),
        (statistics([{"flowID": "x", "created": "2026-01-01 10:00"}]), 1),
        (instances([instance("é1")]), 2),
        (instances([instance("")]), 2),
        ('{"Flows": [\n{"FlowFamilyID": 1, "Enabled": true},\n{"FlowFamilyID": "x", "Enabled": true}]}', 3),
    ],
)
def test_numbers_that_are_none_stop_the_reading(tmp_path: Path, answer: str, row: int) -> None:
    """With the line where the element begins."""
    assert refusal(tmp_path, answer) == ("platform_number", row)


def test_rows_never_share_a_number(tmp_path: Path) -> None:
    """Even when the whole answer stands on one line."""
    found = read(tmp_path, catalogue(flow(i) for i in range(1, 9)).replace("\n", ""))
    assert all(len(set(lines)) == len(lines) == 8 for lines in found.lines.values())


@pytest.mark.parametrize(
    ("origin", "host", "name"),
    [
        (Origin(TODAY, "intern"), "a.se", "intern"),
        (Origin(TODAY, configured={"extern": "A.se"}, known={"old": "b.se"}), "a.se", "extern"),
        (Origin(TODAY, configured={"extern": "A.se"}, known={"old": "a.se"}), "a.se", "old"),
        (Origin(TODAY, configured={"extern": "a.se", "intern": "b.se"}, known={"extern": None}), "a.se", "extern"),
        (Origin(TODAY, known={"oep": "a.se", "x": "b.se"}), "b.se", "x"),
        (Origin(TODAY), "a.se", "oep"),
        (Origin(TODAY, known={"extern": None}), "a.se", "extern"),
        (Origin(TODAY, known={"oep": "a.se"}), "b.se", "b.se"),
        (Origin(TODAY, known={"one": None, "two": None}), "b.se", "b.se"),
        (Origin(TODAY), None, "oep"),
        (Origin(TODAY, configured={"extern": "a.se"}), None, "extern"),
        (Origin(TODAY, configured={"extern": "a.se"}, known={"old": "A.se"}), None, "old"),
        (Origin(TODAY, known={"x": "a.se"}), None, "x"),
    ],
)
def test_which_installation_it_is(origin: Origin, host: str | None, name: str) -> None:
    """What is said goes before the host, and the host before what is known."""
    assert installation_of(origin, host) == name


def test_which_installation_cannot_be_told() -> None:
    """Two are known, and nothing in the answer tells."""
    with pytest.raises(Unreadable) as raised:
        installation_of(Origin(TODAY, known={"b": "b.se", "a": None}), None)
    assert (raised.value.code, raised.value.params) == ("installation_needed", {"names": ["a", "b"]})


@given(st.lists(st.tuples(st.integers(1, 3), st.dates(date(2025, 1, 1), date(2026, 10, 31)) | st.none()), max_size=30))
def test_statistics_are_a_plain_count(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[int, date | None]]
) -> None:
    """Recounted the dumb way."""
    told = [
        {"flowID": f, "created": "2025-01-01 00:00", **({"submitted": f"{d} 12:00"} if d else {})} for f, d in cases
    ]
    found = sheets_of(tmp_path_factory.mktemp("x"), statistics(told))
    assert found is not None
    dumb = Counter((f"oep/v{f}", f"{d:%Y-%m}") for f, d in cases if d)
    assert {(r["e_service_id"], r["month"]): int(r["cases"]) for r in found.rows["case_counts"]} == dumb
