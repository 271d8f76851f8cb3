"""Rows of the input tables from answers of the platform: known columns, guesses, and what is left out."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.base.fault import Fault
from data.formats.origin import Origin, installation_of
from data.messages import render
from data.readers.errors import Unreadable
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
    """All 161 flows and their known columns equal an independent reading of the JSON."""
    result = read(tmp_path, recorded(CATALOGUE))
    text = json.loads(recorded(CATALOGUE).decode("latin-1"))["Flows"]
    rows = result.rows["e_services"]
    assert len(rows) == len(text) == 161
    for row, one in zip(rows, text, strict=True):
        assert row["e_service_id"] == f"oep-{one['FlowFamilyID']}"
        assert (row["name"], row["area"]) == (one["Name"], one["Category"])
        assert (row["url"], row["alias"]) == (one["FlowFamilyURL"], (one.get("Aliases") or [""])[0])
        assert row["login"] == ("e_id" if one["RequiresAuthentication"] else "none")
        assert row["signing"] == ("ja" if one["RequiresSigning"] else "nej")
        assert row["payment"] == ("ja" if one["PaymentSupportEnabled"] else "nej")
    ids = [(f"oep/v{one['ID']}", f"oep-{one['FlowFamilyID']}") for one in text]
    assert [(r["version_id"], r["e_service_id"]) for r in result.rows["versions"]] == ids
    seen = {(r["installation"], r["seen_on"], r["enabled"]) for r in result.rows["sightings"]}
    assert seen == {("oep", "2026-11-02", "ja")} and len(result.rows["sightings"]) == 161
    assert all("kind" not in (text or ()) for text in result.known_columns["e_services"])
    assert set(result.column("e_services", "kind")) == {"e_service"} and not result.notes


def test_the_recorded_catalogue_passes_the_checks(tmp_path: Path) -> None:
    """The production import recognises the three tables and finds no fault."""
    with prepare_files(tmp_path, {"vad.som.helst": recorded(CATALOGUE)}) as draft:
        (file,) = draft.files
    assert [(t.dataset.code, t.rows, t.good) for t in file.tables] == [
        ("e_services", 161, 161),
        ("versions", 161, 161),
        ("sightings", 161, 161),
    ]
    assert not file.all_faults


def test_a_catalogue_gives_equal_rows_in_xml_and_json(tmp_path: Path) -> None:
    """Also with CDATA, names in other case, and undocumented fields."""
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
def test_a_form_is_recognised_by_its_name(tmp_path: Path, name: str, kind: str) -> None:
    """The kind is a guess in either case."""
    result = read(tmp_path, catalogue([flow(1, Name=name)]))
    assert result.column("e_services", "kind") == [kind] and "kind" not in (result.known_columns["e_services"][0] or ())


def test_missing_fields_are_not_known_columns(tmp_path: Path) -> None:
    """A missing field is not a known column; flows with different known columns are in different sheets."""
    bare = {"FlowFamilyID": 2, "Name": "Flow 2", "Enabled": "false"}
    result = read(tmp_path, catalogue([flow(1), bare]), Origin(TODAY, "intern", audience="internal"))
    full, short = result.known_columns["e_services"]
    assert {"login", "signing", "payment", "url", "area"} <= (full or frozenset())
    assert short == {"e_service_id", "name", "platform", "installation", "alias", "enabled", "audience"}
    assert result.column("e_services", "audience") == ["internal", "internal"]
    assert [s.name for s in result.sheets if s.dataset == "e_services"] == ["etjanster", "etjanster (2)"]
    assert result.column("sightings", "enabled") == ["ja", "nej"]


def test_invalid_urls_are_left_out(tmp_path: Path) -> None:
    """A path without a host is not a URL."""
    (row,) = read(tmp_path, catalogue([flow(1, FlowFamilyURL="/oversikt/overview/1")])).rows["e_services"]
    assert "url" not in row


@pytest.mark.parametrize(
    "empty", ["<Flows/>", "<Flows></Flows>", '{"Flows": []}', '{"Flows":null}', "<Flows><x/></Flows>"]
)
def test_an_empty_catalogue_is_refused(tmp_path: Path, empty: str) -> None:
    """It would mean that every e-service is gone."""
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
def test_versions_give_one_e_service_per_family(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """The latest published version names the e-service, in any order; that it is a link is certain, other kinds are guesses."""
    result = read(tmp_path_factory.mktemp("x"), catalogue(order))  # type: ignore[arg-type]  # a field by its name
    rows = {
        row["e_service_id"]: (row, text)
        for row, text in zip(result.rows["e_services"], result.known_columns["e_services"], strict=True)
    }
    one, text = rows["oep-1"]
    assert (one["name"], one["area"], one["kind"], one["live_from"]) == (
        "Nytt namn",
        "Trafik",
        "e_service",
        "2020-02-01",
    )
    assert text == {"e_service_id", "name", "platform", "installation", "area"}
    link, text = rows["oep-2"]
    assert (
        (link["kind"], link["live_from"]) == ("link", "2021-01-01")
        and text
        and "kind" in text
        and "live_from" not in text
    )
    draft, text = rows["oep-3"]
    assert draft["stage"] == "development" and "live_from" not in draft and text and "stage" not in text
    versions = {
        r["version_id"]: (r["e_service_id"], r["published_on"], r["changed_on"]) for r in result.rows["versions"]
    }
    assert versions["oep/v10"] == ("oep-1", "2020-02-01", "2020-03-01") and versions["oep/v30"] == ("oep-3", "", "")
    assert len(versions) == 6 and "sightings" not in result.rows


STATISTICS = [
    {"flowID": 10, "created": "2026-01-30 10:00", "submitted": "2026-02-01 00:01", "sex": "Female", "age": 44},
    {"flowID": 10, "created": "2026-02-03 10:00", "submitted": "2026-02-28 23:59"},
    {"flowID": 10, "created": "2026-02-03 10:00", "abortedStep": 2, "surveyAnswer": 1},  # was never sent in
    {"flowID": 11, "created": "2026-10-31 10:00", "submitted": "2026-10-31 10:00", "surveyAnswer": 5},
    {"flowID": 11, "created": "2026-10-31 10:00", "submitted": "2026-11-01 10:00", "surveyAnswer": 9},  # no grade
]


@given(st.permutations(STATISTICS))
def test_statistics_count_submitted_cases(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """By version and month, in any order, without the current month, which gives a note."""
    result = read(tmp_path_factory.mktemp("x"), statistics(order), Origin(TODAY, "extern"))  # type: ignore[arg-type]  # a field by its name
    counts = {(r["e_service_id"], r["month"]): r["cases"] for r in result.rows["case_counts"]}
    assert counts == {("extern/v10", "2026-02"): "2", ("extern/v11", "2026-10"): "1"}
    assert {(r["channel"], r["assisted"], r["method"]) for r in result.rows["case_counts"]} == {
        ("e_service", "nej", "counted")
    }
    assert result.notes == {
        "platform_unfinished_month": {"month": "2026-11", "count": 1},
        "platform_never_sent": {"count": 1},
    }
    names = ("started", "submitted", "abandoned", "answers", "grades")
    use = {(r["e_service_id"], r["month"]): tuple(int(r[name]) for name in names) for r in result.rows["e_service_use"]}
    assert use == {  # by the month of beginning
        ("extern/v10", "2026-01"): (1, 1, 0, 0, 0),
        ("extern/v10", "2026-02"): (2, 1, 1, 0, 0),
        ("extern/v11", "2026-10"): (2, 2, 0, 1, 5),
    }
    assert [tuple(r.values()) for r in result.rows["abandoned_steps"]] == [("extern/v10", "2026-02", "2", "1")]


def test_statistics_without_cases(tmp_path: Path) -> None:
    """The inner list is absent when it is empty."""
    result = read(tmp_path, statistics([]))
    assert [s.dataset for s in result.sheets] == ["case_counts"] and not result.rows["case_counts"]
    assert result.notes == {"platform_no_cases": {}}


def test_recorded_cases(tmp_path: Path) -> None:
    """With the family in the answer, or in the origin."""
    result = read(tmp_path, recorded("getinstances-with-family.xml"))
    days = [
        ("oep-4999", "2025-02-27"),
        ("oep-4965", "2025-02-18"),
        ("oep-4933", "2025-02-14"),
        ("oep-4932", "2025-02-14"),
    ]
    assert [(r["case_id"], r["received_on"]) for r in result.rows["cases"]] == days
    assert set(result.column("cases", "e_service_id")) == {"oep-104"}
    assert result.known_columns["cases"][0] == {"case_id", "e_service_id", "received_on", "channel", "assisted"}
    named = read(tmp_path, recorded("getinstances-by-family.xml"), Origin(TODAY, family=104))
    assert named.rows == result.rows
    assert refusal(tmp_path, recorded("getinstances-by-family.xml")) == ("family_needed", 2)


def test_a_recorded_case_with_its_status(tmp_path: Path) -> None:
    """Whether a case is closed depends on its status."""
    result = read(tmp_path, recorded("getwaitinginstances-showstatus.iso-8859-1.xml"))
    (row,) = result.rows["cases"]
    assert (row["case_id"], row["e_service_id"], row["received_on"], row["closed_on"]) == (
        "oep-5355", "oep-104", "2025-10-14", "",
    )  # fmt: skip
    assert "closed_on" in (result.known_columns["cases"][0] or ())


def test_no_cases_and_no_list_of_cases(tmp_path: Path) -> None:
    """An empty list is an answer; the status of one case is not."""
    result = read(tmp_path, recorded("getinstances-empty.xml"))
    assert [s.dataset for s in result.sheets] == ["cases"] and result.notes == {"platform_no_cases": {}}
    assert refusal(tmp_path, recorded("getstatus.xml"))[0] == "platform_status"


@pytest.mark.parametrize("space", ["", ' xmlns="http://www.oeplatform.org/version/2.0/schemas/flowinstance"'])
def test_a_single_case_says_that_the_list_is_wanted(tmp_path: Path, space: str) -> None:
    case = f"<FlowInstance{space}><Header><FlowInstanceID>6931</FlowInstanceID></Header><Values/></FlowInstance>"
    assert refusal(tmp_path, case)[0] == "platform_single_case"
    assert render.sentence(Fault("platform_single_case", "a.xml"), "en") == (
        "This is a single case (getinstance). Fetch the list of cases (getinstances) instead."
    )


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
def test_cases_are_those_submitted(tmp_path_factory: pytest.TempPathFactory, order: list[object]) -> None:
    """Independent of status, its name, and the order."""
    result = read(tmp_path_factory.mktemp("x"), instances(order))  # type: ignore[arg-type]  # a field by its name
    assert sorted(result.column("cases", "case_id")) == ["oep-1", "oep-2", "oep-3", "oep-7", "oep-8"]
    closed = {r["case_id"]: r.get("closed_on") for r in result.rows["cases"]}
    assert closed == {"oep-1": "", "oep-2": "2026-04-01", "oep-3": "", "oep-7": "", "oep-8": None}
    assert result.notes == {
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
    """Wherever in the case the mark is."""
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
    """The family takes precedence."""
    cases = [instance(1, flowID=99), instance(2, flowID=99, flowFamilyID=None)]
    result = read(tmp_path, instances(cases), Origin(TODAY, family=5))
    assert result.column("cases", "e_service_id") == ["oep-7", "oep/v99"]


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
def test_invalid_numbers_are_refused(tmp_path: Path, answer: str, row: int) -> None:
    """With the line where the element begins."""
    assert refusal(tmp_path, answer) == ("platform_number", row)


def test_rows_never_share_a_number(tmp_path: Path) -> None:
    """Also when the answer is one line."""
    result = read(tmp_path, catalogue(flow(i) for i in range(1, 9)).replace("\n", ""))
    assert all(len(set(lines)) == len(lines) == 8 for lines in result.lines.values())


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
def test_the_installation_of_an_answer(origin: Origin, host: str | None, name: str) -> None:
    """The origin's installation takes precedence over the host, and the host over known installations."""
    assert installation_of(origin, host) == name


def test_an_ambiguous_installation_is_refused() -> None:
    """Two are known, and the answer has no host."""
    with pytest.raises(Unreadable) as raised:
        installation_of(Origin(TODAY, known={"b": "b.se", "a": None}), None)
    assert (raised.value.code, raised.value.params) == ("installation_needed", {"names": ["a", "b"]})


@given(st.lists(st.tuples(st.integers(1, 3), st.dates(date(2025, 1, 1), date(2026, 10, 31)) | st.none()), max_size=30))
def test_statistics_are_a_plain_count(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[int, date | None]]
) -> None:
    """Counted independently."""
    text = [
        {"flowID": f, "created": "2025-01-01 00:00", **({"submitted": f"{d} 12:00"} if d else {})} for f, d in cases
    ]
    result = sheets_of(tmp_path_factory.mktemp("x"), statistics(text))
    assert result is not None
    dumb = Counter((f"oep/v{f}", f"{d:%Y-%m}") for f, d in cases if d)
    assert {(r["e_service_id"], r["month"]): int(r["cases"]) for r in result.rows["case_counts"]} == dumb
