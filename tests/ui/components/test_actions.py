"""What to do: at most three, in order, each with its link; and plain figures."""

import re

import pytest

from tests.reader import lines
from ui.components.actions import Action, actions
from ui.components.figures import Figure, figure, problem

pytestmark = pytest.mark.usefixtures("swedish")


def action(n: int, *, needs_eyes: bool = False) -> Action:
    return Action(f"Titel {n}", f"Mening {n}.", f"Se {n}", f"mal-{n}", needs_eyes)


def test_three_at_most_in_order() -> None:
    html = str(actions([action(n) for n in range(1, 5)]))
    assert re.findall(r"<h3>(.*?)</h3>", html) == ["Titel 1", "Titel 2", "Titel 3"]
    assert re.findall(r'href="(.*?)"', html) == ["mal-1", "mal-2", "mal-3"]
    assert re.findall(r'aria-label="(.*?)"', html) == ["Se 1: Titel 1", "Se 2: Titel 2", "Se 3: Titel 3"]
    assert lines(html)[:4] == ["1", "Titel 1", "Mening 1.", "Se 1"]


def test_what_needs_eyes_is_marked() -> None:
    html = str(actions([action(1), action(2, needs_eyes=True)]))
    assert re.findall(r'<li class="(.*?)"', html) == ["action", "action needs-eyes"]


def test_none_says_so() -> None:
    assert lines(str(actions([]))) == ["Inget sticker ut just nu."]


def test_a_figure_has_its_number_and_what_it_is_of() -> None:
    html = str(figure(Figure("Titel", "12 st", "av alla", "#lista")))
    assert lines(html) == ["Titel", "12 st", "av alla"] and 'href="#lista"' in html


@pytest.mark.parametrize(("n", "marked"), [(0, False), (3, True)])
def test_a_problem_is_marked_where_there_is_one(n: int, marked: bool) -> None:
    assert ("eyes" in figure(problem("Titel", n, "", ""))) == marked
