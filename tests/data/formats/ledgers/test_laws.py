"""Properties of ledgers: every amount is accounted for, ids do not depend on row order, personal numbers are masked."""

import random
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import privacy
from data.privacy import mask_all, mask_supplier_id
from tests.data.drafts import TODAY
from tests.data.formats.ledgers.test_sie import sie, ver
from tests.data.ledger_reading import check_digit, ledger, read

LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
AMOUNT = st.decimals(-(10**7), 10**7, places=2).map(lambda d: f"{d:.2f}")
ROW = st.fixed_dictionaries(
    {
        "verifikationsnummer": st.sampled_from(["1", "2", "A 3", ""]),
        "leverantor_id": st.sampled_from(["556036-0793", "850709-9805", ""]),
        "konto_nr": st.sampled_from(["5420", "6540", "6540", "556036-0793", ""]),
        "belopp": st.one_of(AMOUNT, AMOUNT, AMOUNT, st.sampled_from(["", "2026-01-14", "hundra", "1.234"])),
        "datum": st.sampled_from(["2026-01-14", "2026-02-14", "2026-02-14", "", "KSF", "2099-01-01"]),
        "forvaltning": st.sampled_from(["KSF", "BUF"]),
    }
)
POSTING = st.tuples(st.sampled_from(["1910", "2440", "3010", "4000", "5420", "8999", "9000"]), AMOUNT)
VOUCHERS = st.lists(st.lists(POSTING, max_size=4), min_size=1, max_size=6)


def plain(text: str) -> Decimal | None:
    """An amount, parsed independently."""
    try:
        return Decimal(text) if text != "1.234" else None
    except InvalidOperation:
        return None


@LAWS
@given(st.lists(ROW, min_size=1, max_size=12))
def test_read_and_refused_postings_sum_to_the_file(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    result = read(tmp_path, ledger(rows))
    sums, uncertain = result.totals, result.notes.get("ledger_unsure", {"count": 0})["count"]
    (count, total), (refused, refused_total) = sums["read"], sums["refused"]
    assert sums["all"] == (count + refused, total + refused_total)
    assert sums["all"][0] == len(rows) and sums["read"] == (len(result.rows), sum(r["amount"] for r in result.rows))
    good = [r for r in rows if r["konto_nr"].isdigit() and r["verifikationsnummer"] and r["datum"][:4] == "2026"]
    amounts = [amount for r in good if (amount := plain(r["belopp"])) is not None]
    assert sums["read"] == (len(amounts), sum(amounts, Decimal(0)))
    sure = [plain(r["belopp"]) for r in rows if r["konto_nr"] in ("5420", "6540", "") and r["datum"] not in ("", "KSF")]
    late = [
        plain(r["belopp"]) for r in rows if r["konto_nr"].isdigit() and r["verifikationsnummer"] and r["datum"] == "KSF"
    ]
    counted = [amount for amount in (*sure, *late) if amount is not None]
    assert sums["all"][1] == sum(counted, Decimal(0)) and uncertain == len(rows) - len(counted)
    assert len({fault.row for fault in result.table.faults}) == len(rows) - len(result.rows)


@LAWS
@given(VOUCHERS)
def test_read_and_excluded_postings_sum_to_the_file(tmp_path: Path, vouchers: list[list[tuple[str, str]]]) -> None:
    generated = [
        ver(*(f"#TRANS {account} {{}} {amount}" for account, amount in postings), start=f"#VER A {i} 20260114")
        for i, postings in enumerate(vouchers)
    ]
    result = read(tmp_path, sie(*generated))
    all_rows = [(account[0], Decimal(amount)) for postings in vouchers for account, amount in postings]
    total = {
        c: sum((amount for first, amount in all_rows if first in c), Decimal(0)) for c in ("12", "3", "45678", "90")
    }
    names = {"12": "sie_left_balance", "3": "sie_left_income", "90": "sie_left_other", "45678": "read"}
    assert {c: result.totals.get(name, (0, Decimal(0)))[1] for c, name in names.items()} == total
    parts = [part for name, part in result.totals.items() if name != "all"]
    assert result.totals["all"] == (len(all_rows), sum((amount for _, amount in all_rows), Decimal(0)))
    assert result.totals["all"] == (sum(n for n, _ in parts), sum((kr for _, kr in parts), Decimal(0)))
    wrong = sum(bool(sum(Decimal(amount) for _, amount in postings)) for postings in vouchers)
    assert result.notes.get("sie_unbalanced", {"count": 0})["count"] == wrong
    assert len({row["cost_id"] for row in result.rows}) == len(result.rows)


@LAWS
@given(st.lists(ROW, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_row_order(tmp_path: Path, rows: list[dict[str, str]], chance: random.Random) -> None:
    def ids(told: list[dict[str, str]]) -> list[tuple[object, ...]]:
        saved = [{k: v for k, v in row.items() if k != "_row"} for row in read(tmp_path, ledger(told)).rows]
        return sorted(tuple(map(str, row.values())) for row in saved)

    first = ids(rows)
    assert len({row[0] for row in first}) == len(first)
    assert ids(chance.sample(rows, len(rows))) == first


NUMBER = st.tuples(st.dates(date(1930, 1, 1), date(2005, 12, 31)), st.integers(0, 999), st.booleans()).map(
    lambda t: f"{t[0]:%y%m}{t[0].day + 60 * t[2]:02}{t[1]:03}"
)
WRITTEN = st.sampled_from(["{}{}", "{}-{}", "19{}{}", "19{}-{}", "16{}{}", "16{}-{}", "{} {}", "SE{}{}01"])


@given(NUMBER, WRITTEN)
def test_a_sole_traders_number_never_comes_through(nine: str, written: str) -> None:
    ten = nine + check_digit(nine)
    assert mask_supplier_id(written.format(ten[:6], ten[6:]), TODAY) == (privacy.NUMBER_MASK, True)
    assert mask_supplier_id(privacy.NUMBER_MASK, TODAY) == (privacy.NUMBER_MASK, True)
    mistyped = ten[:9] + str((int(ten[9]) + 1) % 10)
    assert mask_supplier_id(written.format(mistyped[:6], mistyped[6:]), TODAY)[1]


@given(
    st.integers(20, 99), st.integers(21, 99), st.integers(0, 999_999), WRITTEN.filter(lambda w: not w.startswith("19"))
)
def test_an_organisations_number_does(middle: int, first: int, rest: int, written: str) -> None:
    ten = f"{first}{middle}{rest:06}"
    assert mask_supplier_id(written.format(ten[:6], ten[6:]), TODAY) == (f"{ten[:6]}-{ten[6:]}", False)


@given(
    st.lists(st.tuples(NUMBER, WRITTEN, st.sampled_from([" ", ", ", "x", "a@b.se", "-", ""])), min_size=1, max_size=4)
)
def test_no_text_keeps_a_personal_number(parts: list[tuple[str, str, str]]) -> None:
    numbers = [nine + check_digit(nine) for nine, _, _ in parts]
    text = "".join(w.format(n[:6], n[6:]) + rest for n, (_, w, rest) in zip(numbers, parts, strict=True))
    shown = mask_all(text, TODAY)
    assert privacy.personal_data_kind(shown, TODAY) is None


@LAWS
@given(st.lists(st.tuples(NUMBER, WRITTEN), min_size=1, max_size=6))
def test_no_ledger_keeps_a_personal_number(tmp_path: Path, traders: list[tuple[str, str]]) -> None:
    tens = [nine + check_digit(nine) for nine, _ in traders]
    written = [w.format(ten[:6], ten[6:]) for ten, (_, w) in zip(tens, traders, strict=True)]
    rows = [{"leverantor_id": text, "leverantor": f"Firma {text}", "avtal": text} for text in written]
    result = read(tmp_path, ledger(rows))
    assert len(result.rows) == len(rows)
    for row in result.rows:
        assert not any(privacy.personal_data_kind(str(value), TODAY) for value in row.values())
        assert row["supplier"] == "Enskild firma" and row["supplier_id"] == privacy.NUMBER_MASK
