"""The cache of answers: each is made once, and all that is kept takes no more memory than it may."""

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.answer_cache import AnswerCache, size_in_bytes


def test_an_answer_is_made_once() -> None:
    made: list[str] = []
    answers = AnswerCache(10_000)
    for _ in range(3):
        assert answers.get("key", lambda: made.append("made") or "answer") == "answer"  # type: ignore[func-returns-value]  # append, then the answer
    assert made == ["made"]


def test_an_answer_that_many_ask_for_at_once_is_made_once() -> None:
    """After an import everybody's page has to be counted anew."""
    made: list[str] = []
    answers, begun, may_end = AnswerCache(10_000), Event(), Event()

    def make() -> str:
        made.append("made")
        begun.set()
        assert may_end.wait(10)
        return "answer"

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(answers.get, "key", make)
        assert begun.wait(10)
        others = [threads.submit(answers.get, "key", make) for _ in range(2)]
        assert answers.get("other", lambda: "made meanwhile") == "made meanwhile"
        assert wait(others, 0.05).not_done == set(others)
        may_end.set()
        assert {one.result(10) for one in (first, *others)} == {"answer"}
    assert made == ["made"]


def test_an_answer_that_could_not_be_made_is_made_by_the_next_and_may_ask_for_itself() -> None:
    answers = AnswerCache(10_000)
    with pytest.raises(ZeroDivisionError):
        answers.get("key", lambda: 1 / 0)
    assert answers.get("key", lambda: answers.get("key", lambda: "inner") + " and outer") == "inner"


def test_the_least_recently_used_goes_first() -> None:
    answers, made = AnswerCache(2 * size_in_bytes(("a", "a"))), []

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        answers.get(key, lambda key=key: make(key))  # type: ignore[misc]  # the default of a lambda has no type
    assert made == ["a", "b", "c", "b"]


@dataclass(frozen=True)
class Result:
    """An answer as analytics gives them: one object that holds much."""

    name: str
    rows: tuple[dict[str, float], ...]


def result(n: int) -> Result:
    return Result(f"result {n}", tuple({"value": n + i / 7} for i in range(50)))


BIG: list[Callable[[int], object]] = [
    result,
    lambda n: [result(n)],
    lambda n: {"by": (f"{n} " * 5_000, [n + i / 3 for i in range(400)])},
    lambda n: np.full(2_000, float(n)),
    lambda n: (np.full((2, 2_000), float(n))[0],),
    lambda n: np.array([f"text {n} {i}" for i in range(200)], dtype=object),
    lambda n: pd.DataFrame({"number": [n + i / 7 for i in range(500)], "text": [f"text {n} {i}" for i in range(500)]}),
]


@pytest.mark.parametrize("make", BIG)
def test_the_memory_that_answers_take_is_bounded(make: Callable[[int], object]) -> None:
    bound, answers = 1_000_000, AnswerCache(1_000_000)
    make(0)
    tracemalloc.start()
    try:
        for n in range(400):
            answers.get(n, lambda n=n: make(n))  # type: ignore[misc]  # the default of a lambda has no type
        held, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert bound / 4 < held < 1.2 * bound


def test_an_answer_larger_than_the_cache_is_not_kept() -> None:
    answers, made = AnswerCache(1_000), []
    for _ in range(2):
        assert len(answers.get("key", lambda: made.append(1) or [0] * 1_000)) == 1_000  # type: ignore[func-returns-value]  # append, then the answer
    assert made == [1, 1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=40))
def test_the_sizes_of_what_is_kept_add_up(queries: list[tuple[int, int]]) -> None:
    answers = AnswerCache(1_500)
    for key, length in queries:
        assert len(answers.get((key, length), lambda length=length: [0] * length)) == length  # type: ignore[misc]  # the default of a lambda has no type
        entries = answers._answers.items()
        assert (
            sum(size_in_bytes((key, answer)) for key, (answer, _size) in entries) == answers._answers.currsize <= 1_500
        )
