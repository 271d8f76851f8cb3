"""The first tour on the overview: beside the example data a line that opens, without a register all that there is."""

import re
from collections.abc import Callable

from data.store import Store
from tests.reader import Look, lines, words

PAGE = "pages/follow_up/overview.py"
STEPS = ["Importera registret", "Importera ärendena", "Importera kostnaderna"]


def test_without_a_register_it_is_one_screen(small_store: Callable[..., Store], look: Look) -> None:
    app = look(small_store({"departments": "verksamhet_id;namn\nA;Alfa\n"}), PAGE)
    said = words(app)
    assert "<h1>Inga tjänster är importerade än</h1>" in said
    assert [line for line in lines(said) if line in STEPS] == STEPS
    assert re.findall(r'href="importera[^"#]*(#templates)?"', said[said.index("<h1>") :]) == ["#templates", "", ""]
    assert "<details" not in said and "goal-rows" not in said and len(lines(said)) < 25


def test_beside_the_example_it_opens(store: Store, look: Look) -> None:
    said = words(look(store, PAGE))
    assert "<summary>Kom i gång med egna uppgifter</summary>" in said
    assert [line for line in lines(said) if line in STEPS] == STEPS
    assert "goal-rows" in said


def test_with_a_register_it_is_gone(small_store: Callable[..., Store], look: Look) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Bygglov;A;extern\n",
    }
    said = words(look(small_store(tables), PAGE))
    assert STEPS[0] not in said
