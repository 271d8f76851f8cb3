"""Rules: what they do to the ledger, tried and saved. Money moves between payers, and none is created or lost."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.costs.postings import PostingFilter, postings
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.rules.dry_run import CostPlace, dry_run
from analytics.rules.impact import PostingSum, UnplacedGroup, evaluate
from analytics.rules.model import CONDITIONS, RESULTS, Rule, rule_sets, rules
from analytics.rules.suggest import Suggestion, suggest
from data.intake.choices import Choice
from data.intake.draft import Source
from data.store import Store
from tests.data.build.test_cost_rules import expected

Make = Callable[..., Store]
Row = Mapping[str, str]
TREE = "verksamhet_id;namn;overordnad_id\nA;Alfa;\nB;Beta;\nC;Gamma;B\n"
LEDGER = "kostnad_id;datum;belopp;leverantor;konto;text;forvaltning;motpart;kostnadstyp;bestallare\n"
RULES = "regelverk;ordning;regel;leverantor;konto;text;motpart;kostnadstyp;kategori;betalare;andelar;etjanst_id\n"
WORDS = {"fixed": "fast", "variable": "rörlig", "other": "övrig", "outside": "utanför"}
EVER = Scope(date(2026, 1, 1), date(2026, 11, 1))


def test_spellings_of_an_organisation_number_are_one_supplier(small_store: Make) -> None:
    rows = ["1;1000;5560000000", "2;500;556000-0000", "3;250;SE556000000001", "4;125;"]
    text = "kostnad_id;datum;belopp;leverantor_id;leverantor\n" + "".join(
        f"{number};2026-01-10;{rest};Bolaget AB\n" for number, rest in (row.split(";", 1) for row in rows)
    )
    with small_store({"costs": text}) as store:
        groups = evaluate(store.database().cursor(), ()).groups
        assert sorted((g.supplier_id or "", g.total.postings) for g in groups) == [("", 1), ("556000-0000", 3)]


def ledger(*rows: str) -> str:
    return LEDGER + "".join(f"{number};2026-0{1 + number % 9}-05;{row}\n" for number, row in enumerate(rows, 1))


def rules_csv(sets: Mapping[str, Sequence[Rule]]) -> str:
    """Rule sets as a file."""
    return RULES + "".join(
        ";".join((name, str(n), r.name, *(v or "" for v in (r.supplier, r.account, r.text, r.counterparty)),
                  WORDS[r.cost_type], *(v or "" for v in (r.category, r.payer, r.shares, r.e_service_id)))) + "\n"
        for name, made in sets.items() for n, r in enumerate(made, 1)
    )  # fmt: skip


def place_sums(cursor: duckdb.DuckDBPyConnection, rule_set: str | None = None) -> dict[object, int]:
    """Öre by payer, as the pages tell it, where they are any."""
    rows = measure(cursor, "cost", Scope(EVER.month_from, EVER.month_to, rules=rule_set), "payer")
    return {row.by["payer"]: int(row.value * 100) for row in rows if row.value}


SMALL = ledger(
    "100,01;Plattformsbolaget AB;5420;Årsavgift;Alfa;;;",
    "50;Plattformsbolaget AB;6540;Konsult integration;Beta;;;",
    "-0,05;Sms AB;6200;SMS mars;Alfa;;;",
    "7;Kommunen;7000;Internt;Alfa;12;;",
    "9;Någon annan;5420;Okänt;;;rörlig;",
)
FIRST = (
    Rule("Avgift", "fixed", "Abonnemang", supplier="plattformsbolaget", account="54*"),
    Rule("Resten", "other", "Konsult", supplier="plattformsbolaget", shares="A:50, B:50"),
)


@pytest.fixture
def small(small_store: Make) -> Store:
    return small_store({"departments": TREE, "costs": SMALL, "rules": rules_csv({"2026-01-01T08:00": FIRST})})


def test_rules_are_read_as_they_were_written(small: Store) -> None:
    with small.database().cursor() as cursor:
        assert rules(cursor) == rules(cursor, "2026-01-01T08:00") == FIRST
        assert rules(cursor, "never") == ()
        (one,) = rule_sets(cursor)
    assert (one.rule_set, one.rules, one.latest, one.who) == ("2026-01-01T08:00", 2, True, "test")
    assert one.saved_at == datetime(2026, 11, 2, 8, 0)
    assert FIRST[1].allocation == (("A", "50"), ("B", "50")) and FIRST[0].allocation == ()
    assert FIRST[0].conditions == (("supplier", "plattformsbolaget"), ("account", "54*"))


def test_a_posting_tells_which_rule_placed_it(small: Store) -> None:
    with small.database().cursor() as cursor:
        placings = {p.cost_id: (p.placed_by, p.rule, p.account, p.office) for p in postings(cursor, EVER)}
    assert placings == {
        "1": ("rule", "Avgift", "5420", "Alfa"),
        "2": ("rule", "Resten", "6540", "Beta"),
        "3": ("nobody", None, "6200", "Alfa"),
        "5": ("file", None, "5420", None),
    }


def test_what_the_rules_do(small: Store) -> None:
    with small.database().cursor() as cursor:
        result = evaluate(cursor, FIRST)
        none = evaluate(cursor, ())
    assert result.ledger == PostingSum(5, 16596, 16606)
    parts = [result.by_file, result.by_rule, result.internal, result.unplaced]
    assert parts == [
        PostingSum(1, 900, 900),
        PostingSum(2, 15001, 15001),
        PostingSum(1, 700, 700),
        PostingSum(1, -5, 5),
    ]
    assert result.outside == result.internal
    assert [(use.takes.postings, use.fits, use.shadowed_by, use.unreachable) for use in result.uses] == [
        (1, 1, (), False),
        (1, 2, (1,), False),
    ]
    assert [(c.winner, c.loser, c.disputed) for c in result.conflicts] == [(1, 2, PostingSum(1, 10001, 10001))]
    assert [(g.supplier, g.account, g.texts) for g in result.groups] == [("Sms AB", "6200", ("SMS mars",))]
    assert [g.account for g in none.groups] == ["5420", "6540", "6200"] and none.grouped == 3
    assert none.unplaced == PostingSum(3, 14996, 15006)


def test_a_rule_that_is_never_reached_and_one_that_fits_nothing(small: Store) -> None:
    draft = (
        Rule("Allt", "outside"),
        Rule("Aldrig", "fixed", account="5420"),
        Rule("Inget", "fixed", text="finns inte"),
    )
    with small.database().cursor() as cursor:
        result = evaluate(cursor, draft)
    assert [use.unreachable for use in result.uses] == [False, True, False]
    assert [(use.takes.postings, use.fits) for use in result.uses] == [(3, 3), (0, 1), (0, 0)]
    assert result.unplaced == PostingSum() and result.outside.postings == 4


def test_a_trial_tells_from_where_to_where(small: Store) -> None:
    draft = (
        Rule("SMS", "variable", "SMS", text="sms"),
        FIRST[0],
        Rule("K", "other", "Konsult", account="65*", payer="C"),
    )
    with small.database().cursor() as cursor:
        result = dry_run(cursor, draft)
    other = [CostPlace("other", "Konsult", code) for code in "ABC"]
    assert {(m.before, m.after, m.ore, m.postings) for m in result.moves} == {
        (other[0], other[2], 2500, 1),
        (other[1], other[2], 2500, 1),
        (CostPlace(None, None, "unplaced"), CostPlace("variable", "SMS", "system_owner"), -5, 1),
    }
    assert (result.postings, result.gross) == (2, 5005)


def test_a_rule_that_names_an_e_service_moves_no_money(small: Store) -> None:
    named = (replace(FIRST[0], e_service_id="E-1"), *FIRST[1:])
    with small.database().cursor() as cursor:
        result, same = dry_run(cursor, named), dry_run(cursor, FIRST)
        took = evaluate(cursor, FIRST).uses[0].takes.postings
    assert (result.moves, result.renamed, same.renamed) == ((), took, 0) and took
    save(small, {"2026-02-01T08:00": named})
    with small.database().cursor() as cursor:
        assert rules(cursor) == named
        assert sum(one.e_service_id == "E-1" for one in postings(cursor, EVER)) == took
        assert {one.e_service_id for one in postings(cursor, EVER, PostingFilter(e_services=["E-1"]))} == {"E-1"}


def test_what_is_tried_is_what_is_saved(small: Store, tmp_path: object) -> None:
    draft = (Rule("Ut", "outside", supplier="sms"), Rule("Allt", "other", "Delat", shares="A:33.33, B:33.33, C:33.33"))
    with small.database().cursor() as cursor:
        tried, before = dry_run(cursor, draft), place_sums(cursor)
    save(small, {"2026-02-01T08:00": draft})
    with small.database().cursor() as cursor:
        assert rules(cursor) == draft
        again = dry_run(cursor, draft)
        assert again.before == again.after == tried.after and again.moves == ()
        assert place_sums(cursor, "2026-01-01T08:00") == before  # an old report is told with the rules of its day
        back = dry_run(cursor, FIRST)
    assert back.after == tried.before
    assert {(m.after, m.before, m.ore) for m in back.moves} == {(m.before, m.after, m.ore) for m in tried.moves}


def save(store: Store, sets: Mapping[str, Sequence[Rule]]) -> None:
    path = store.folder.parent / "more.csv"
    path.write_text(rules_csv(sets), "utf-8")
    with store.prepare([Source("more.csv", path, table="rules")], today=date(2026, 11, 2)) as draft:
        store.commit(draft, {"more.csv": Choice()}, "test", datetime(2026, 11, 2, 9))


def test_a_few_ore_over_three_departments(small_store: Make) -> None:
    three = (Rule("Tre", "other", shares="A:33.33, B:33.33, C:33.33"),)
    whole = [1, -1, 2, -100]
    costs = ledger(*(f"{ore / 100:.2f};X;1;;;;;" for ore in whole))
    store = small_store({"departments": TREE, "costs": costs, "rules": rules_csv({"1": three})})
    with store.database().cursor() as cursor:
        dealt = [(p.cost_id, int(p.amount * 100)) for p in postings(cursor, EVER)]
        assert sum(ore for _, ore in dry_run(cursor, ()).after) == sum(whole)
    for number, wanted in enumerate(whole, 1):
        parts = [ore for cost_id, ore in dealt if cost_id == str(number)]
        assert sum(parts) == wanted and max(parts) - min(parts) <= 1


# --- laws ------------------------------------------------------------------------------------------------------------


def split(kind: object, ore: int, orderer: str, made: Rule | None) -> Iterable[tuple[str, int]]:
    """Who pays which part of a posting, by plain fractions: the parts rounded down, what is left to the largest rests."""
    if kind in ("fixed", "variable", "outside", None):
        return [({"outside": "outside", None: "unplaced"}.get(kind, "system_owner"), ore)]
    claims = [(code, Fraction(share)) for code, share in (made.allocation if made and not orderer else ())]
    claims = claims or [(orderer or (made and made.payer) or "", Fraction(100))]
    stated = sum(share for _, share in claims)
    if stated > Fraction("100.05"):
        claims = [("", Fraction(1))]
    elif stated < Fraction("99.95"):
        claims.append(("", Fraction(100 - stated)))
    known = sorted(((code in tuple("ABC") and code) or "~", share) for code, share in claims)
    whole = sum(share for _, share in known)
    parts = [abs(ore) * share / whole for _, share in known]
    rests = sorted(range(len(parts)), key=lambda i: (-(parts[i] % 1), known[i][0]))
    left = abs(ore) - sum(int(part) for part in parts)
    sign = 1 if ore > 0 else -1
    return [
        ("unplaced" if code == "~" else code, sign * (int(part) + (i in rests[:left])))
        for i, ((code, _), part) in enumerate(zip(known, parts, strict=True))
    ]


OPTIONAL = st.one_of(st.none(), st.none(), st.sampled_from(["sms", "bolag*", "drift, licens", "*"]))
ONE_RULE = st.builds(
    Rule,
    name=st.just("regel"),
    cost_type=st.sampled_from(["fixed", "variable", "other", "other", "other", "outside"]),
    category=st.sampled_from([None, "X", "Y"]),
    supplier=OPTIONAL,
    text=OPTIONAL,
    account=st.one_of(st.none(), st.sampled_from(["5*", "5420", "5000-5999", "6200, 5420"])),
    counterparty=st.sampled_from([None, None, None, "1*"]),
    payer=st.sampled_from([None, "A", "C", "FINNS-EJ"]),
    shares=st.sampled_from(
        [None, None, "A:50, B:50", "A:33.33, B:33.33, C:33.33", "A:10", "B:60, C:60", "A:50, Ö:50", "A:1, B:98, C:1"]
    ),
)
SETS = st.lists(st.lists(ONE_RULE, min_size=1, max_size=5), min_size=2, max_size=4)
POSTINGS = st.lists(
    st.fixed_dictionaries(
        {
            "ore": st.one_of(st.integers(-300, 300), st.integers(-10_000_000, 10_000_000)).filter(bool),
            "supplier": st.sampled_from(["", "Sms AB", "Bolaget", "Ån"]),
            "account": st.sampled_from(["", "5420", "6200", "7"]),
            "text": st.sampled_from(["", "Licens", "Drift och SMS"]),
            "counterparty": st.sampled_from(["", "", "", "12", "871"]),
            "cost_type": st.sampled_from(["", "", "", "fixed", "other", "outside"]),
            "orderer": st.sampled_from(["", "", "B", "FINNS-EJ"]),
        }
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POSTINGS, SETS)
def test_a_rule_change_moves_money_and_never_creates_or_loses_any(
    small_store: Make, rows: list[dict[str, object]], made: list[list[Rule]]
) -> None:
    sets = {f"2026-0{n}-01": tuple(one) for n, one in enumerate(made, 1)}
    costs = ledger(
        *(
            ";".join((f"{int(str(r['ore'])) / 100:.2f}", str(r["supplier"]), str(r["account"]), str(r["text"]), "",
                      str(r["counterparty"]), WORDS.get(str(r["cost_type"]), ""), str(r["orderer"])))
            for r in rows
        )
    )  # fmt: skip
    store = small_store({"departments": TREE, "costs": costs, "rules": rules_csv(sets)})
    with store.database().cursor() as cursor:
        known = {name: recomputed(rows, one) for name, one in sets.items()}
        for name, one in sets.items():
            assert rules(cursor, name) == one
            check_the_pages(cursor, name, known[name], rows)
            check_the_trial(cursor, one, known[max(sets)], known[name], rows)
            check_what_is_stored(cursor, name)
            placings = evaluate(cursor, one)
            assert placings.ledger.ore == sum(int(str(r["ore"])) for r in rows)
            assert sum(use.takes.ore for use in placings.uses) == placings.by_rule.ore
            assert sum(group.total.ore for group in placings.groups) == placings.unplaced.ore
            check_the_suggestions(cursor, one, placings.groups)


def recomputed(rows: list[dict[str, object]], made: Sequence[Rule]) -> Counter[CostPlace]:
    """Öre by where they lie, by plain loops."""
    conditions = [
        {name: getattr(r, name) for name in (*CONDITIONS, *RESULTS)} | {"position": n} for n, r in enumerate(made, 1)
    ]
    result: Counter[CostPlace] = Counter()
    for row in rows:
        one = {name: value or None for name, value in row.items()}
        _, kind, position = expected(one, conditions)
        took = made[int(str(position)) - 1] if position else None
        for payer, ore in split(kind, int(str(row["ore"])), str(row["orderer"]), took):
            result[CostPlace(kind, took.category if took else None, payer)] += ore  # type: ignore[arg-type]  # a field by its name
    return Counter({place: ore for place, ore in result.items() if ore})


def check_the_pages(
    cursor: duckdb.DuckDBPyConnection, name: str, known: Counter[CostPlace], rows: list[dict[str, object]]
) -> None:
    """The sum over payers is the ledger without what lies outside, to the öre; and each payer's is the recomputed one."""
    by_payer: Counter[str] = Counter()
    for place, ore in known.items():
        by_payer["B" if place.payer == "C" else place.payer] += ore  # C lies below B
    outside = by_payer.pop("outside", 0)
    paid = place_sums(cursor, name)
    assert paid == {payer: ore for payer, ore in by_payer.items() if ore}
    assert sum(paid.values()) == sum(int(str(r["ore"])) for r in rows) - outside


def check_the_trial(
    cursor: duckdb.DuckDBPyConnection,
    draft: Sequence[Rule],
    before: Counter[CostPlace],
    after: Counter[CostPlace],
    rows: list[dict[str, object]],
) -> None:
    result = dry_run(cursor, draft)
    assert {place: ore for place, ore in result.before if ore} == before
    assert {place: ore for place, ore in result.after if ore} == after
    moved = Counter(dict(result.before))
    for move in result.moves:
        assert move.before != move.after and move.postings > 0
        moved[move.before] -= move.ore
        moved[move.after] += move.ore
    assert {place: ore for place, ore in moved.items() if ore} == after
    assert result.postings <= len(rows) and (result.postings == 0) == (not result.moves)
    assert abs(sum(move.ore for move in result.moves)) <= result.gross


def check_what_is_stored(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """The stored split of a saved rule set is what the macro deals of the same rules as the draft that was just tried."""
    stored, draft = "FROM cost_splits_by($rules)", "SELECT * EXCLUDE rule_set FROM cost_splits_of('draft_parts')"
    differing = f"({stored} EXCEPT ALL {draft}) UNION ALL ({draft} EXCEPT ALL {stored})"
    assert cursor.execute(differing, {"rules": name}).fetchall() == []


def check_the_suggestions(
    cursor: duckdb.DuckDBPyConnection, made: Sequence[Rule], groups: Iterable[UnplacedGroup]
) -> None:
    """A suggestion put last takes its whole group, and charges no department that the ledger does not name."""
    for group in groups:
        result = suggest(cursor, group)
        if result is None:
            assert not group.supplier and not group.account
            continue
        after = evaluate(cursor, (*made, result.rule))
        assert (group.supplier, group.account) not in {(g.supplier, g.account) for g in after.groups}
        assert result.rule.payer in (None, result.rule.ordered_by) and result.rule.shares is None


# --- suggestions -----------------------------------------------------------------------------------------------------


TELLING = [
    ("SMS mars", "variable", "SMS"),
    ("BankID-signeringar", "variable", "Inloggning och signering"),
    ("Licensavgift 2026", "fixed", "Abonnemang"),
    ("Arsavgift", "fixed", "Abonnemang"),
    ("Supportavtal", "fixed", "Support"),
    ("Drift, kvartal 1", "fixed", "Drift"),
    ("Konsulttimmar", "other", "Konsult"),
    ("Byggintegration", "other", "Integration"),
    ("Utveckling av funktion", "other", "Utveckling"),
]


def test_words_tell_what_kind_of_cost_it_is(small: Store) -> None:
    with small.database().cursor() as cursor:
        for text, kind, category in TELLING:
            result = suggest(cursor, group(texts=(text,)))
            assert result and result.known and (result.rule.cost_type, result.rule.category) == (kind, category), text
            assert [reason.kind for reason in result.why] == ["words"]


def group(**placings: object) -> UnplacedGroup:
    known: dict[str, object] = {
        "supplier": "Ny", "supplier_id": None, "account": None, "account_text": None, "total": PostingSum(1, 1, 1),
        "texts": (), "named": (("office", ("",)),), "first": date(2026, 1, 1), "last": date(2026, 1, 1),
    }  # fmt: skip
    return UnplacedGroup(**known | placings)  # type: ignore[arg-type]  # a field by its name


def test_what_nothing_tells_is_not_guessed(small: Store) -> None:
    with small.database().cursor() as cursor:
        result = suggest(cursor, group(texts=("Faktura 17",)))
        assert suggest(cursor, group(supplier="–", supplier_id=None)) is None
    assert result and not result.known and result.why == () and result.rule.conditions == (("supplier", "Ny"),)


def test_similar_postings_tell_before_words_do(small: Store) -> None:
    with small.database().cursor() as cursor:
        result = suggest(cursor, group(supplier="Plattformsbolaget AB", account="5420", texts=("SMS",)))
        other = suggest(cursor, group(supplier="Plattformsbolaget AB", account="9", texts=("Ett",)))
        account = suggest(cursor, group(supplier="Helt ny", account="6540"))
    assert result and result.why[0].kind == "same_supplier_and_account" and result.rule.cost_type == "fixed"
    assert result.rule.account == "5420"  # the supplier has several
    assert other and other.why[0].kind == "same_supplier" and other.rule.category == "Abonnemang"
    assert account and account.why[0].kind == "same_account" and account.rule.account is None


def test_a_payer_only_where_a_column_of_the_ledger_names_a_department(small: Store) -> None:
    def suggested(*named: tuple[str, tuple[str, ...]], texts: tuple[str, ...] = ("Konsult",)) -> Suggestion:
        suggestion = suggest(cursor, group(texts=texts, named=named))
        assert suggestion
        return suggestion

    with small.database().cursor() as cursor:
        office = suggested(("office", ("BETA",)))
        unit = suggested(("unit", ("Alfa",)), ("office", ("BETA",)))
        centre = suggested(("unit", ("Alfa", "BETA")), ("office", ("Okänd",)), ("cost_centre", ("b",)))
        shared = [
            suggested(("office", offices)) for offices in (("Alfa", "BETA"), ("", "BETA"), ("Beta, norra",), ("",))
        ]
        fixed = suggested(("office", ("Beta",)), texts=("Licens",))
    assert (office.rule.payer, office.rule.office, office.why[-1].kind) == ("B", "BETA", "office")
    assert (unit.rule.payer, unit.rule.unit, unit.rule.office, unit.why[-1].kind) == ("A", "Alfa", None, "unit")
    assert (centre.rule.payer, centre.rule.cost_centre, centre.why[-1].kind) == ("B", "b", "cost_centre")
    assert all(one.rule.payer is None and one.rule.office is None for one in shared)
    assert fixed.rule.payer is None
