"""Which services and e-services are suggested to belong together, and how often that is right."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.scope import Scope
from analytics.pairing import suggestions
from analytics.pairing.reasons import reasons
from analytics.pairing.similarity import name_similarity
from analytics.pairing.suggestions import (
    EServiceCandidate,
    ServiceCandidate,
    Suggestion,
    in_scope,
    rank_pairs,
    sure_from,
)
from analytics.pairing.tokens import parse_name
from data.store import Store

Make = Callable[..., Store]
T = TypeVar("T")
DATA = Path(__file__).parents[2] / "data"
CATALOGUE = DATA / "open-eplatform" / "getflows-161.iso-8859-1.json"
NOW = Scope(date(2026, 11, 1), date(2026, 11, 1))
TREE = "verksamhet_id;namn;overordnad_id\nSBK;Samhällsbyggnad;\nBYGG;Byggenheten;SBK\nSKOL;Skolkontoret;\n"
SERVICES = """tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran;publicerad_till
T1;Skolskjuts – Ansökan;SKOL;extern;2022-01-01;
T2;Skolskjuts – Synpunkter;SKOL;extern;;
T3;Bygglov, skylt – Ansökan;BYGG;extern;2021-01-01;
T4;Nycklar;BYGG;intern;;2026-01-31
T5;Modersmål – Säga upp;SKOL;extern;;
"""
E_SERVICES = """etjanst_id;namn;typ;avvecklad;oppen
E1;Ansökan om skolskjuts;e-tjänst;;
E2;Synpunkt och klagomål på skolskjuts;e-tjänst;;
E3;Bygglov - skylt;e-tjänst;;
E4;Nycklar;e-tjänst;;
E5;Uppsägning av modersmål;e-tjänst;2026-01-31;
E6;Uppsägning av modersmål;e-tjänst;;nej
E7;Bygglov skylt;blankett;;
"""
LINKS = "tjanst_id;etjanst_id;hor_ihop\n"
TABLES = {"departments": TREE, "services": SERVICES, "e_services": E_SERVICES}


def suggest_names(store: Store, question: Callable[..., T]) -> T:
    with store.database().cursor() as cursor:
        return question(cursor)


def pairs(result: tuple[Suggestion, ...]) -> list[tuple[str, str]]:
    return [(one.service.service_id, one.e_service.e_service_id) for one in result]


def suggested(store: Store) -> list[tuple[str, str]]:
    return pairs(suggest_names(store, suggestions.suggestions))


def by_pair(store: Store) -> dict[tuple[str, str], Suggestion]:
    result = suggest_names(store, suggestions.suggestions)
    return dict(zip(pairs(result), result, strict=True))


# --- what is suggested


def test_the_right_ones_first_and_what_is_out_of_force_never(small_store: Make) -> None:
    result = suggest_names(small_store(TABLES), suggestions.suggestions)
    assert {("T1", "E1"), ("T2", "E2"), ("T3", "E3"), ("T3", "E7")} == set(pairs(result)[:4])
    assert not {"T4", "E5", "E6"} & {key for pair in pairs(result) for key in pair}
    assert [one.score for one in result] == sorted((one.score for one in result), reverse=True)


def test_what_is_decided_never_returns(small_store: Make) -> None:
    store = small_store(TABLES | {"links": LINKS + "T1;E1;ja\nT2;E2;nej\n"})
    assert not {("T1", "E1"), ("T2", "E2")} & set(suggested(store))


def test_two_that_both_have_another_are_left_in_peace(small_store: Make) -> None:
    store = small_store(TABLES | {"links": LINKS + "T1;E2;ja\nT2;E1;ja\n"})
    assert not {("T1", "E1"), ("T2", "E2")} & set(suggested(store))
    assert ("T3", "E3") in suggested(store)


def test_a_service_that_has_one_may_have_another_but_not_unseen(small_store: Make) -> None:
    store = small_store(TABLES | {"links": LINKS + "T3;E7;ja\n"})
    result = by_pair(store)
    assert result["T3", "E3"].sure  # a form is no e-service
    store = small_store(TABLES | {"links": LINKS + "T3;E3;ja\n"})
    result = by_pair(store)
    assert not result["T3", "E7"].sure


def test_nothing_to_pair_with(small_store: Make) -> None:
    assert suggested(small_store({"departments": TREE})) == []
    assert suggested(small_store({"departments": TREE, "services": SERVICES})) == []
    assert suggested(small_store({"e_services": E_SERVICES})) == []


# --- who has nobody


def test_who_has_nobody(small_store: Make) -> None:
    exemptions = "undantag_id;typ;skal;tjanst_id;beslutat\nU1;ej tillämpligt;Muntligt;T5;2026-01-01\n"
    store = small_store(TABLES | {"links": LINKS + "T1;E1;ja\nT2;E7;ja\n", "exemptions": exemptions})
    assert [s.service_id for s in suggest_names(store, suggestions.unpaired_services)] == [
        "T3",
        "T2",
    ]  # a form is no e-service
    assert [e.e_service_id for e in suggest_names(store, suggestions.unpaired_e_services)] == ["E3", "E4", "E2"]


def test_a_department_holds_what_is_below_it_and_what_belongs_to_nobody(small_store: Make) -> None:
    store, chosen = small_store(TABLES), replace(NOW, departments=("SBK",))
    assert pairs(in_scope(chosen, suggest_names(store, suggestions.suggestions))) == [("T3", "E3"), ("T3", "E7")]
    assert len(in_scope(chosen, suggest_names(store, suggestions.unpaired_e_services))) == 4
    assert in_scope(replace(NOW, audience="internal"), suggest_names(store, suggestions.unpaired_services)) == ()


# --- names


@pytest.mark.parametrize(
    "name",
    ["Bygglov – Ansökan", "Ansök om bygglov", "Ansöka om BYGGLOV", "Ansökan, bygglov (e-tjänst)", "Bygglovsansökan"],
)
def test_ways_to_say_the_same(name: str) -> None:
    assert name_similarity([parse_name(name)], [parse_name("Ansökan om bygglov")])[0, 0] == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize(
    ("name", "likelier", "less_likely"),
    [
        ("Skolskjuts – Ansökan", "Ansökan om skolskjuts", "Klagomål på skolskjuts"),
        ("Modersmål – Säga upp", "Uppsägning av modersmålsundervisning", "Ansökan om modersmålsundervisning"),
        ("Modersmål – Ansökan", "Ansökan om modersmålsundervisning", "Uppsägning av modersmålsundervisning"),
        ("Tobak – Ändra", "Anmälan om ändring av tobaksförsäljning", "Anmälan om tobaksförsäljning"),
        ("Bostadsanpassning", "Ansökan om bostadsanpassningsbidrag", "Ansökan om vägbidrag"),
        ("Strandskydd, dispens", "Ansökan om strandskyddsdispens", "Ansökan om transportdispens"),
        ("Förskola – Säga upp plats", "Ansök om eller säg upp plats i förskola", "Ansök om plats i förskola"),
        ("Föreningar, bidrag", "Föreningsbidraget", "Bidrag till enskilda"),
        ("Avlopp – Ansökan", "Ansökan om avlopp", "Ansökan om plats"),
    ],
)
def test_which_is_likelier(name: str, likelier: str, less_likely: str) -> None:
    first, second = name_similarity([parse_name(name)], [parse_name(likelier), parse_name(less_likely)])[0]
    assert first > second + 0.1


# --- what else speaks for a pair, and why


def only(service: ServiceCandidate, e_service: EServiceCandidate) -> Suggestion:
    (one,) = rank_pairs([service], [e_service], [])
    return one


OWN = ServiceCandidate("T1", "Bygglov, skylt – Ansökan", "BYGG", ("BYGG",), "external", "Bygga och bo")
OTHER = EServiceCandidate(
    "E1", "Ansökan om skylt", url="https://e.sala.se/oversikt/overview/15", alias="https://e.sala.se/bygglov-skylt"
)


@pytest.mark.parametrize(
    ("own", "other", "why", "lift"),
    [
        ({"area": "Bygga och Bo"}, {"area": "bygga och bo"}, "same_area", True),
        ({}, {"department_id": "BYGG"}, "same_department", True),
        ({"url": "https://www.sala.se/bygga/bygglov-skylt"}, {}, "same_ending", True),
        ({"url": "http://e.sala.se/bygglov-skylt/"}, {}, "same_address", True),
        (
            {"url": "https://www.sala.se/till?mal=https%3A%2F%2Fe.sala.se%2Foversikt%2Foverview%2F15"},
            {},
            "same_address",
            True,
        ),
        ({"url": "https://www.sala.se/selfservice/15"}, {"url": "https://e.sala.se/oversikt/15"}, None, False),
        ({}, {"audience": "internal"}, "other_audience", False),
    ],
)
def test_what_else_speaks_for_a_pair(own: dict[str, Any], other: dict[str, Any], why: str | None, lift: bool) -> None:
    plain, suggestion = only(OWN, OTHER), only(replace(OWN, **own), replace(OTHER, **other))
    assert [reason.kind for reason in suggestion.reasons if reason not in plain.reasons] == ([why] if why else [])
    assert (suggestion.score > plain.score) == lift
    assert (suggestion.score == 100) == (why == "same_address")


def test_why_the_names_are_alike() -> None:
    own, other = "Tobaksförsäljning, butik – Ansökan", "Uppsägning av tobak, butiken, ansvarig"
    suggestion = {
        reason.kind: reason.words for reason in reasons(ServiceCandidate("T1", own), EServiceCandidate("E1", other))
    }
    assert suggestion["same_words"] == ("butik",)
    assert suggestion["similar_words"] == (("tobaksförsäljning", "tobak"),)
    assert suggestion["only_e_service"] == ("ansvarig",)
    assert suggestion["other_action"] == ("ansökan", "uppsägning")


def test_who_has_another_already_is_told() -> None:
    assert "e_service_taken" in {reason.kind for reason in only(OWN, replace(OTHER, unpaired=False)).reasons}
    assert "service_has_one" in {reason.kind for reason in only(replace(OWN, unpaired=False), OTHER).reasons}


# --- laws

WORDS = st.sampled_from(
    [
        "Ansökan",
        "Uppsägning",
        "om",
        "bygglov",
        "skylt",
        "skola",
        "skolskjuts",
        "avgift",
        "förskola",
        "(plats)",
        "–",
        "/",
        "12",
        "å",
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
LISTS = st.tuples(st.lists(NAMES, min_size=1, max_size=6), st.lists(NAMES, min_size=1, max_size=6))


def register(lists: tuple[list[str], list[str]]) -> tuple[list[ServiceCandidate], list[EServiceCandidate]]:
    own, other = lists
    return [ServiceCandidate(f"T{i}", n) for i, n in enumerate(own)], [
        EServiceCandidate(f"E{i}", n) for i, n in enumerate(other)
    ]


@given(LISTS, st.randoms())
def test_the_order_of_what_comes_in_does_not_matter(lists: tuple[list[str], list[str]], chance: Random) -> None:
    own, other = register(lists)
    result = rank_pairs(own, other, [])
    chance.shuffle(own)
    chance.shuffle(other)
    assert rank_pairs(own, other, []) == result


@given(LISTS)
def test_a_rejected_pair_never_returns_and_the_rest_stands(lists: tuple[list[str], list[str]]) -> None:
    own, other = register(lists)
    result = rank_pairs(own, other, [])
    assert all(suggestions.MIN_SCORE <= one.score <= 100 for one in result)
    rejected = pairs(result)[:3]
    again = rank_pairs(own, other, rejected)
    assert not set(rejected) & set(pairs(again))
    assert set(pairs(result)) - set(rejected) <= set(pairs(again))


@given(LISTS)
def test_it_is_as_like_one_way_as_the_other(lists: tuple[list[str], list[str]]) -> None:
    own, other = ([parse_name(name) for name in names] for names in lists)
    assert name_similarity(own, other) == pytest.approx(name_similarity(other, own).T, abs=1e-5)


@given(LISTS)
def test_what_is_sure_is_nobodys_second_choice(lists: tuple[list[str], list[str]]) -> None:
    result = sure_from(rank_pairs(*register(lists), []), suggestions.MIN_SCORE)
    assert len({one.service for one in result}) == len({one.e_service for one in result}) == len(result)


# --- how often it is right: registers written by hand, and 161 e-services of a real municipality


def catalogue() -> list[EServiceCandidate]:
    flows = json.loads(CATALOGUE.read_text("iso-8859-1"))["Flows"]
    return [
        EServiceCandidate(
            f"oep-{flow['FlowFamilyID']}",
            flow["Name"],
            area=flow["Category"],
            url=flow["FlowFamilyURL"],
            alias=next(iter(flow.get("Aliases") or ()), None),
        )
        for flow in flows
    ]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def measured(name: str, line: int) -> tuple[float, float, float, float]:
    """Precision and recall of the first suggestion from the line; of those approved at once."""
    right = {(row["tjanst_id"], row["etjanst_id"]) for row in rows(f"{name}-pairs.csv") if row["etjanst_id"]}
    register = [
        ServiceCandidate(
            row["tjanst_id"],
            row["namn"],
            row["verksamhet_id"],
            audience="external",
            area=row["omrade"] or None,
            url=row["adress"],
        )
        for row in rows(f"{name}.csv")
    ]
    every = rank_pairs(register, catalogue(), [])
    first = {one.service: one for one in reversed(every)}
    suggestion = []
    for result in ([one for one in first.values() if one.score >= line], sure_from(every, line)):
        hits = len(right & set(pairs(tuple(result))))
        suggestion += [hits / len(result), hits / len(right)]
    return suggestion[0], suggestion[1], suggestion[2], suggestion[3]


def among_three(name: str) -> float:
    """How many of the right ones are among the first three for their service."""
    right = {row["tjanst_id"]: row["etjanst_id"] for row in rows(f"{name}-pairs.csv") if row["etjanst_id"]}
    every = rank_pairs(
        [ServiceCandidate(row["tjanst_id"], row["namn"]) for row in rows(f"{name}.csv")], catalogue(), []
    )
    three = {key: [one.e_service.e_service_id for one in every if one.service.service_id == key][:3] for key in right}
    return sum(right[key] in three[key] for key in right) / len(right)


@pytest.mark.parametrize(("name", "recall"), [("register-40", 0.59), ("register-15", 0.58)])
def test_what_is_approved_at_once_is_right(name: str, recall: float) -> None:
    precision, result, sure, all_at_once = measured(name, suggestions.SURE_SCORE)
    assert precision == sure == 1.0
    assert min(result, all_at_once) >= recall


@pytest.mark.parametrize("line", range(50, 100, 5))
def test_a_higher_line_is_not_less_right(line: int) -> None:
    assert measured("register-40", line)[2] >= 0.96
    assert measured("register-40", line)[0] >= 0.90


@pytest.mark.parametrize(("name", "recall"), [("register-40", 0.96), ("register-15", 1.0)])
def test_the_right_one_is_nearly_always_in_sight(name: str, recall: float) -> None:
    assert among_three(name) >= recall
