"""A sentence is true, true otherwise, false or neither: of what it names itself, as it would be written."""

from collections.abc import Callable
from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.insights.claims import Claim, _rounds, check_claim, understood
from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from ui.text import numbers

NAMES = {"VOF": "Vård och omsorg", "VO": "Vård", "BMF": "Bygg och miljö Sala Heby"}
SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
YEAR = (date(2025, 1, 1), date(2025, 12, 1))
INTERIM = (date(2026, 1, 1), date(2026, 8, 1))
OCTOBER = (date(2025, 10, 1), date(2025, 10, 1))


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("62 procent av ärendena är digitala", Claim(62, 0, None, False, (2,), None, None)),
        ("År 2025 hade 61 av 91 tjänster (67 %) en e-tjänst.", Claim(67, 0, (61, 91), False, (1,), YEAR, None)),
        ("Inom Vård och omsorg kan 12,5 % hanteras digitalt", Claim(12.5, 1, None, False, (3,), None, "VOF")),
        ("38 % av ärendena kom in på annat sätt jan–aug 2026", Claim(38, 0, None, True, (2,), INTERIM, None)),
        ("In October 2025 7 000 of 12 864 cases were digital", Claim(None, 0, (7000, 12864), False, (2,), OCTOBER, None)),
        ("Tertial 2 år 2026: 48 percent", Claim(48, 0, None, False, (1, 2, 3), (date(2026, 5, 1), date(2026, 8, 1)), None)),
        ("Delårsrapporten 2026: 33 % saknar e-tjänst", Claim(33, 0, None, True, (1,), INTERIM, None)),
        ("nov 2025 till okt 2026: 1 av 2", Claim(None, 0, (1, 2), False, (1, 2, 3), (date(2025, 11, 1), date(2026, 10, 1)), None)),
        ("Var tredje tjänst saknar e-tjänst", Claim(100 / 3, 0, None, True, (1,), None, None, words=True)),
        ("Vartannat ärende kan inte hanteras digitalt", Claim(50, 0, None, True, (3,), None, None, words=True)),
        ("Två av tre ärenden är digitala", Claim(200 / 3, 0, None, False, (2,), None, None, words=True)),
        ("Three quarters of the services have an e-service", Claim(75, 0, None, False, (1,), None, None, words=True)),
        ("Half of all cases can be handled digitally", Claim(50, 0, None, False, (3,), None, None, words=True)),
        ("1 in 3 services has no e-service", Claim(100 / 3, 0, None, True, (1,), None, None, words=True)),
        ("1 in 2 cases cannot be handled digitally", Claim(50, 0, None, True, (3,), None, None, words=True)),
        ("5,604 of 8,960 cases are digital", Claim(None, 0, (5604, 8960), False, (2,), None, None)),
        ("Digitala ärenden ökade från 52 till 62,5 procent", Claim(62.5, 1, None, False, (2,), None, None, before=(52, 0))),
        ("Systemägaren betalar 64 % av kostnaden", Claim(64, 0, None, False, (), None, None)),
        ("Det går bra.", Claim(None, 0, None, False, (1, 2, 3), None, None)),
    ],
)  # fmt: skip
def test_what_a_sentence_says(sentence: str, claim: Claim) -> None:
    assert understood(sentence, NAMES) == claim


@given(st.integers(0, 4000), st.integers(1, 4000), st.integers(0, 2))
def test_a_share_fits_what_is_written_of_it_and_nothing_else(part: int, rest: int, decimals: int) -> None:
    share = part / (part + rest)
    written = float(numbers.percent(share, decimals).rstrip("% \u00a0").replace(",", "."))
    assert _rounds(100 * share, written, decimals)
    step = 10.0**-decimals
    assert not _rounds(100 * share, round(written + 2 * step, 2), decimals)
    assert written < 2 * step or not _rounds(100 * share, round(written - 2 * step, 2), decimals)


def test_each_goal_is_true_as_it_is_written_and_false_beside_it(cursor: duckdb.DuckDBPyConnection) -> None:
    about = {1: "av tjänsterna har en e-tjänst", 2: "av ärendena skickas digitalt", 3: "kan hanteras digitalt"}
    for goal, words in about.items():
        (row,) = measure(cursor, GOALS[goal], SCOPE)
        percent = round(100 * float(row.value or 0))
        right = check_claim(cursor, f"{percent} % {words}", SCOPE)
        assert (right.verdict, [one.metric for one in right.matches]) == ("true", [GOALS[goal]])
        assert check_claim(cursor, f"{100 - percent} procent av ärendena inte {words}", SCOPE).verdict in (
            "true",
            "otherwise",
        )
        wrong = check_claim(cursor, f"{percent - 31} % {words} nov 2025–okt 2026", SCOPE)
        assert wrong.verdict == "false" and wrong.matches[0].row == row
        counted = check_claim(cursor, f"{row.numerator} av {row.denominator} {words}", SCOPE)
        assert counted.verdict == "true"


def test_it_may_be_true_otherwise(cursor: duckdb.DuckDBPyConnection) -> None:
    (row,) = measure(cursor, "digital_submission_with_email", SCOPE)
    by_email = check_claim(cursor, f"{round(100 * float(row.value or 0), 2)} % av ärendena nov 2025–okt 2026", SCOPE)
    assert by_email.verdict == "otherwise" and {one.metric for one in by_email.matches} == {
        "digital_submission_with_email"
    }
    year = Scope(date(2025, 1, 1), date(2025, 12, 1))
    (then,) = measure(cursor, GOALS[2], year)
    earlier = check_claim(cursor, f"{then.numerator} av {then.denominator} ärenden", SCOPE)
    assert earlier.verdict == "otherwise"
    assert {(one.scope.month_from, one.scope.month_to) for one in earlier.matches if one.adopted} == {YEAR}


def test_neither(small_store: Callable[..., object], cursor: duckdb.DuckDBPyConnection) -> None:
    assert check_claim(cursor, "Allt är bättre", SCOPE).verdict == "no_share"
    assert check_claim(cursor, "62 % av ärendena 2019", SCOPE).verdict == "unknown"


def test_what_a_share_has_come_from_is_checked_too(cursor: duckdb.DuckDBPyConnection) -> None:
    before = SCOPE.compared()
    assert before
    then, now = (round(100 * float(measure(cursor, GOALS[2], scope)[0].value or 0)) for scope in (before, SCOPE))
    for first, last, verdict in ((then, now, "true"), (then + 3, now, "false"), (then, now + 3, "false")):
        answer = check_claim(cursor, f"Digitala ärenden ökade från {first} till {last} procent", SCOPE)
        assert (answer.verdict, [one.scope for one in answer.matches]) == (verdict, [SCOPE, before])


def test_a_share_in_words_is_as_near_as_our_own_headlines_say_it(cursor: duckdb.DuckDBPyConnection) -> None:
    share = 100 * float(measure(cursor, GOALS[1], SCOPE)[0].value or 0)
    for words, percent in (("Två tredjedelar", 200 / 3), ("Hälften", 50.0), ("Nio av tio", 90.0)):
        verdict = check_claim(cursor, f"{words} av tjänsterna har en e-tjänst", SCOPE).verdict
        assert (verdict == "true") == (abs(share - percent) <= 2)
    assert check_claim(cursor, "E-tjänsterna kostade 67 kr", SCOPE).verdict == "costs"
