"""Costs, their shares, the rules that classify them, and the budget. Amounts are SEK without VAT, with decimal comma."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from data.coverage import month_end
from data.sample.cases import Case
from data.sample.plan import LAST, Row, month_text, months, plan
from data.sample.random_stream import RandomStream

FEES = {  # by category: supplier, fee per month, fee per case
    "SMS": ("sms", Decimal("149"), Decimal("1.47")),
    "Inloggning och signering": ("login", Decimal("3250"), Decimal("2.85")),
    "Betalning": ("payment", Decimal("395"), Decimal("0.64")),
}
Posting = tuple[date, str, str, Decimal, str, str, str, dict[str, str], str]


def _fixed() -> Iterator[Posting]:
    supplier = plan()["suppliers"]["platform"]
    for year, prices in plan()["fixed"].items():
        subscription, operation, support = (Decimal(str(price)) for price in prices)
        yield date(int(year), 1, 12), "fast", "Abonnemang", subscription, supplier, "Årsavgift", "", {}, ""
        yield date(int(year), 2, 8), "fast", "Support", support, supplier, "Support och underhåll", "", {}, ""
        for month in (1, 4, 7, 10):
            yield date(int(year), month, 20), "fast", "Drift", operation, supplier, "Drift, kvartal", "", {}, ""


def _variable(received: Counter[str]) -> Iterator[Posting]:
    stream = RandomStream("fees")
    for month in months():
        booked = min(month_end(month), LAST)
        for category, (supplier, monthly, per_case) in FEES.items():
            cases = received[month_text(month)] + int(stream.uniform() * 60)
            amount = (monthly + per_case * cases).quantize(Decimal("0.01"))
            yield booked, "rörlig", category, amount, plan()["suppliers"][supplier], "Månadsavgift", "", {}, ""


def _other() -> Iterator[Posting]:
    concerns = plan()["postings"]["concerns"]
    for day, kind, category, amount, supplier, text, orderer, parts in plan()["postings"]["list"]:
        money = Decimal(str(amount))
        yield date.fromisoformat(day), kind, category, money, supplier, text, orderer, parts, concerns.get(text, "")


def costs(cases: list[Case]) -> tuple[list[Row], list[Row]]:
    """Rows of kostnader and of kostnadsandelar; variable costs follow the number of cases."""
    received = Counter(case.received[:7] for case in cases)
    postings = sorted((*_fixed(), *_variable(received), *_other()), key=lambda p: (p[0], p[1], p[2], p[3]))
    rows: list[Row] = []
    shares: list[Row] = []
    for number, (day, kind, category, amount, supplier, text, orderer, parts, concerns) in enumerate(postings, 1):
        code = f"K-{number:04}"
        money = f"{amount:.2f}".replace(".", ",")
        rows.append((code, day.isoformat(), kind, category, money, supplier, text, orderer, *[""] * 9, concerns))
        shares.extend((code, department, part) for department, part in parts.items())
    return rows, shares


def budget() -> Iterator[Row]:
    """Rows of budget."""
    for year, payer, kind, amount in plan()["budget"]["list"]:
        yield str(year), payer, kind, str(amount)


def rules() -> Iterator[Row]:
    """Rows of regler."""
    for rule_set, listed in plan()["rules"].items():
        for position, (name, supplier, account, text, kind, category, payer, shares) in enumerate(listed, 1):
            conditions = (supplier, account, "", "", "", "", "", text, "")
            yield (rule_set, str(position), name, *conditions, kind, category, payer, shares, "")
