"""The memory of answers: asked once, bounded by what it holds."""

from hypothesis import given
from hypothesis import strategies as st

from ui.database import Answers, weight


def test_an_answer_is_made_once() -> None:
    asked: list[str] = []
    answers = Answers(10)
    for _ in range(3):
        assert answers.get("key", lambda: asked.append("asked") or "answer") == "answer"  # type: ignore[func-returns-value]
    assert asked == ["asked"]


def test_the_least_recently_used_goes_first() -> None:
    answers, made = Answers(2), []

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        answers.get(key, lambda key=key: make(key))  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=40))
def test_it_never_holds_more_than_it_may(asked: list[tuple[int, int]]) -> None:
    answers = Answers(12)
    for key, size in asked:
        assert len(answers.get((key, size), lambda size=size: [0] * size)) == size  # type: ignore[misc]
        held = answers._kept.values()
        assert sum(weight(answer) for answer, _ in held) == answers._weight <= 12
