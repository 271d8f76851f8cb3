"""Which rule places which posting: data/build/cost_rules.sql against plain loops over the same rows."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.build.database import COST_RULES
from data.schema.catalogue import datasets

Row = Mapping[str, object]
WORDS = ("supplier", "office", "unit", "text")
CODES = ("account", "cost_centre", "project", "ordered_by", "counterparty")


TOLD = "placed_by, cost_type, category, position, payer, shares"


def placed(costs: Sequence[Row], rules: Sequence[Row], told: str = TOLD) -> dict[object, tuple[object, ...]]:
    """What the rules make of the postings, by posting (and rule set)."""
    connection = duckdb.connect()
    for code, rows in (("costs", costs), ("rules", rules)):
        columns = ", ".join(f'"{name}" {kind}' for name, kind in datasets()[code].stored)
        connection.execute(f"CREATE TABLE {code} ({columns})")
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            connection.execute(f"INSERT INTO {code} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    connection.execute(COST_RULES.read_text("utf-8"))
    result = connection.sql(f"SELECT cost_id, rule_set, {told} FROM placed_costs").fetchall()
    sets = {row[1] for row in result}
    return {row[0] if len(sets) == 1 else row[:2]: row[2:] for row in result}


def posting(number: object = "K", **values: object) -> Row:
    return {"cost_id": str(number), "booked_on": "2026-01-02", "amount": "10.00"} | values


def rule(position: int = 1, rule_set: str = "2026-01-01", **values: object) -> Row:
    return {"rule_set": rule_set, "position": position, "name": f"regel {position}", "cost_type": "fixed"} | values


def plain(text: object) -> str:
    """A text as words: without case, accents and signs."""
    bare = "".join(c for c in unicodedata.normalize("NFD", str(text or "").lower()) if not unicodedata.combining(c))
    return " ".join(re.sub("[^a-z0-9*]", " ", bare).split())


def anything(wanted: str) -> str:
    """A regular expression for a text in which a star is anything."""
    return ".*".join(map(re.escape, wanted.split("*")))


def words_fit(value: object, condition: str) -> bool:
    parts = [plain(part) for part in condition.split(",")]
    return any(re.search(anything(f" {part} "), f" {plain(value)} ") for part in parts if part)


def code_fits(value: object, condition: str) -> bool:
    code = "" if value is None else str(value).strip().lower()
    for part in (part.strip().lower() for part in condition.split(",")):
        span = re.fullmatch(r"(\d+) *[-–] *(\d+)", part)
        if value is None or not part:
            continue
        if span and code.isascii() and code.isdigit() and int(span[1]) <= int(code) <= int(span[2]):
            return True
        if re.fullmatch(anything(part), code, re.S):
            return True
    return False


def fits(one: Row, requested: Row) -> bool:
    internal = str(one.get("counterparty") or "").strip()[:1] in {"1", "2", "3", "4"}
    if internal and requested.get("counterparty") is None:
        return False
    seen = dict(one) | {
        "supplier": f"{one.get('supplier') or ''} {one.get('supplier_id') or ''}",
        "text": f"{one.get('text') or ''} {one.get('account_text') or ''}",
    }
    return all(
        (words_fit if name in WORDS else code_fits)(seen.get(name), str(requested[name]))
        for name in WORDS + CODES
        if requested.get(name) is not None
    )


def expected(one: Row, rules: Sequence[Row]) -> tuple[object, object, object]:
    """placed_by, cost_type and position, the dumb way."""
    if one.get("cost_type"):
        return "file", one["cost_type"], None
    for requested in sorted(rules, key=lambda r: int(str(r["position"]))):
        if fits(one, requested):
            return "rule", requested["cost_type"], requested["position"]
    internal = str(one.get("counterparty") or "").strip()[:1] in {"1", "2", "3", "4"}
    return ("internal", "outside", None) if internal else ("nobody", None, None)


ASKED_OF_CODES = [
    ("5420", "5420", True),
    ("5420", "5421", False),
    ("5420", "542", False),
    ("5420", "54*", True),
    ("5420", "*20", True),
    ("5420", "6*, 54*", True),
    ("5420", "5400-5499", True),
    ("5500", "5400-5499", False),
    ("5420", "5400 – 5499", True),
    ("54200", "5400-5499", False),
    ("542A", "5400-5499", False),
    ("542A", "542a", True),
    ("54-20", "54-20", True),
    ("5_20", "5_20", True),
    ("5420", "5_20", False),
    ("5420", "5%", False),
    ("a\\b", "a\\*", True),
    (None, "*", False),
    ("5420", " , ", False),
    ("9" * 30, "1-" + "9" * 35, True),
]
ASKED_OF_WORDS = [
    ("Plattformsbolaget AB", "plattformsbolaget", True),
    ("Plattformsbolaget AB", "plattform", False),
    ("Plattformsbolaget AB", "plattform*", True),
    ("Plattformsbolaget AB", "bolaget", False),
    ("Plattformsbolaget AB", "*bolaget", True),
    ("Årsavgift för e-tjänster", "arsavgift", True),
    ("ARSAVGIFT FOR E TJANSTER", "årsavgift för e-tjänster", True),
    ("Licens, årlig", "licens årlig", True),
    ("Licens, årlig", "sms, licens", True),
    ("Licens", "sms, ,", False),
    ("Licens", ",", False),
    ("Licens", "!!!", False),
    ("", "licens", False),
    (None, "licens", False),
    ("100% klart_nu", "100 klart nu", True),
    ("Integration Bygg till W3D3", "integration*w3d3", True),
]


def each(column: str, cases: Sequence[tuple[str | None, str, bool]]) -> list[bool]:
    """Whether each value fits its condition on this column: a posting and a rule set for each."""
    costs = [posting(number, **{column: value}) for number, (value, _, _) in enumerate(cases)]
    rules = [rule(1, str(number), **{column: condition}) for number, (_, condition, _) in enumerate(cases)]
    result = placed(costs, rules)
    return [result[str(number), str(number)][0] == "rule" for number in range(len(cases))]


@pytest.mark.parametrize("column", ["account", "cost_centre", "project"])
def test_a_code_is_exact_a_beginning_or_within_a_range(column: str) -> None:
    wanted = [fit for _, _, fit in ASKED_OF_CODES]
    assert each(column, ASKED_OF_CODES) == wanted == [code_fits(*case[:2]) for case in ASKED_OF_CODES]


@pytest.mark.parametrize("column", WORDS)
def test_words_occur_without_case_and_accents(column: str) -> None:
    wanted = [fit for _, _, fit in ASKED_OF_WORDS]
    assert each(column, ASKED_OF_WORDS) == wanted == [words_fit(*case[:2]) for case in ASKED_OF_WORDS]


def test_the_suppliers_number_and_the_accounts_name_count_as_well() -> None:
    one = posting(supplier="Bolaget", supplier_id="556000-0000", text="Faktura 7", account_text="Programvaror")
    assert placed([one], [rule(supplier="556000-0000", text="programvaror")])["K"][0] == "rule"


SPELLINGS = (
    "5560000000",
    "556000-0000",
    "556000 0000",
    "165560000000",
    "16556000-0000",
    "SE556000000001",
    "se 556000-0000",
)


@pytest.mark.parametrize("condition", [*SPELLINGS, "Annat AB, 556000-0000", "5560*", "556000-*", "bolaget 556000-0000"])
def test_an_organisation_number_is_one_in_every_spelling(condition: str) -> None:
    costs = [posting(spelling, supplier="Bolaget", supplier_id=spelling) for spelling in SPELLINGS]
    costs.append(posting("in the name", supplier="Bolaget 556000-0000"))
    costs += [posting("another", supplier="Bolaget", supplier_id="556000-0001"), posting("none", supplier="Bolaget")]
    result = placed(costs, [rule(supplier=condition)], "placed_by")
    begins = {"another"} if condition.endswith("*") else set()
    assert {name for name, (by,) in result.items() if by == "rule"} == {*SPELLINGS, "in the name", *begins}


def test_all_conditions_must_hold_and_the_first_rule_wins() -> None:
    rules = [
        rule(1, supplier="bolaget", account="6*", cost_type="other"),
        rule(5, supplier="bolaget", cost_type="variable", category="SMS"),
        rule(3, supplier="bolaget", account="54*", cost_type="fixed"),
        rule(9, cost_type="outside"),
    ]
    result = placed([posting(1, supplier="Bolaget", account="5420"), posting(2, supplier="Bolaget"), posting(3)], rules)
    assert {key: (told[1], told[3]) for key, told in result.items()} == {
        "1": ("fixed", 3),
        "2": ("variable", 5),
        "3": ("outside", 9),
    }


def test_what_the_file_says_goes_before_every_rule() -> None:
    result = placed([posting(cost_type="other", supplier="Bolaget")], [rule(payer="A", category="X")])
    assert result["K"] == ("file", "other", None, None, None, [])


def test_the_files_category_stays_where_a_rule_gives_the_type() -> None:
    assert placed([posting(category="Egen")], [rule(category="Regelns")])["K"][:3] == ("rule", "fixed", "Egen")


def test_a_rule_names_the_e_service_where_the_file_does_not() -> None:
    costs = [posting("1", supplier="a"), posting("2", supplier="a", e_service_id="E-1"), posting("3", supplier="b")]
    made = [rule(1, supplier="a", e_service_id="E-2"), rule(2)]
    result = placed(costs, made, "e_service_id")
    assert result == {"1": ("E-2",), "2": ("E-1",), "3": (None,)}


def test_an_internal_posting_is_outside_unless_a_rule_names_its_counterparty() -> None:
    costs = [posting(1, counterparty="12"), posting(2, counterparty="871"), posting(3, counterparty=" 3")]
    result = placed(costs, [rule(1)])
    assert {key: told[:2] for key, told in result.items()} == {
        "1": ("internal", "outside"),
        "2": ("rule", "fixed"),
        "3": ("internal", "outside"),
    }
    named = placed(costs, [rule(1, counterparty="12", cost_type="other"), rule(2)])
    assert [named[key][:2] for key in "123"] == [("rule", "other"), ("rule", "fixed"), ("internal", "outside")]


@pytest.mark.parametrize(
    ("stated", "shares"),
    [
        ("SKOL:50, BYGG:50", [("SKOL", 50), ("BYGG", 50)]),
        ("SKOL:33.33,BYGG: 66.67", [("SKOL", 33.33), ("BYGG", 66.67)]),
        ("A:B:10", [("A:B", 10)]),
        ("SKOL", []),
        ("SKOL:mycket, :50, BYGG:0, C:-5", []),
        (None, []),
    ],
)
def test_a_rule_states_shares(stated: str | None, shares: list[tuple[str, float]]) -> None:
    (result,) = placed([posting()], [rule(cost_type="other", shares=stated)]).values()
    assert [(s["department_id"], float(s["share"])) for s in result[5]] == shares  # type: ignore[attr-defined]


def test_every_rule_set_places_every_posting() -> None:
    rules = [rule(1, "2026-01-01", account="1"), rule(1, "2026-02-01", account="2"), rule(2, "2026-02-01", account="1")]
    result = placed([posting(1, account="1"), posting(2, account="2", cost_type="other")], rules)
    assert {key: told[3] for key, told in result.items()} == {
        ("1", "2026-01-01"): 1,
        ("1", "2026-02-01"): 2,
        ("2", "2026-01-01"): None,
        ("2", "2026-02-01"): None,
    }


def test_without_a_rule_nobody_places() -> None:
    assert placed([posting()], [])["K"][:2] == ("nobody", None)
    assert placed([], [rule()]) == {}


TEXT = st.lists(st.sampled_from(["bolag", "Bolaget", "ÅÄÖ", "sms", "e-tjänst", "AB", "*", "lag", "1"]), max_size=3).map(
    " ".join
)
CODE = st.one_of(st.none(), st.sampled_from(["5420", "5421", "54", "6", "12", "A1", " 5420", "1-2", "0054"]))
ASKED = {
    **dict.fromkeys(WORDS, st.one_of(st.none(), st.none(), st.lists(TEXT, min_size=1, max_size=2).map(",".join))),
    **dict.fromkeys(
        CODES,
        st.one_of(
            st.none(),
            st.none(),
            st.lists(
                st.sampled_from(["5420", "54*", "5000-5999", "*", "1*", "a1", "6", "1-2", " 12 - 54 "]),
                min_size=1, max_size=2,
            ).map(",".join),
        ),
    ),
}  # fmt: skip
POSTINGS = st.lists(
    st.fixed_dictionaries(
        dict.fromkeys(WORDS, st.one_of(st.none(), TEXT))
        | dict.fromkeys(CODES, CODE)
        | {
            "supplier_id": st.sampled_from([None, "556000-0000"]),
            "account_text": st.one_of(st.none(), TEXT),
            "cost_type": st.sampled_from([None, None, None, "other"]),
        }
    ),
    max_size=8,
)
RULES = st.lists(
    st.fixed_dictionaries(
        ASKED
        | {
            "position": st.integers(1, 99),
            "cost_type": st.sampled_from(["fixed", "variable", "other", "outside"]),
        }
    ),
    max_size=6,
    unique_by=lambda r: r["position"],
)


@settings(max_examples=30)
@given(POSTINGS, RULES)
def test_every_posting_is_placed_as_plain_loops_place_it(postings: list[Row], requested: list[Row]) -> None:
    costs = [posting(number, **one) for number, one in enumerate(postings)]
    rules = [{**rule(), **one} for one in requested]
    result = placed(costs, rules)
    assert {key: (told[0], told[1], told[3]) for key, told in result.items()} == {
        one["cost_id"]: expected(one, rules) for one in costs
    }
