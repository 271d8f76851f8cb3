"""Explanations worked out by hand: which belong to a scope, and when an action is late."""

from collections.abc import Callable
from datetime import date

from analytics.metrics.scope import Scope
from analytics.registers.explanations import explanations
from data.store import Store

TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id;ersatter\nA;Alfa;;GAMMAL\nB;Beta;A;\nC;Gamma;;\nGAMMAL;Förra;;\n",
    "explanations": """forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande;atgard;klart_senast;lage;\
vantade_procentenheter
F1;2;A;2026-05;2026-08;Brev;Länkar;2026-11-01;pågår;2,5
F2;2;B;2026-05;2026-08;Papper;Länkar;2026-11-02;;
F3;2;;2026-01;2026-08;Allt;Länkar;2026-01-01;klar;
F4;2;GAMMAL;2026-01;2026-04;Förr;;2026-01-01;försenad;
F5;1;C;2026-01;2026-09;Mer;Länkar;;försenad;
F6;1;A;2026-08;2026-09;Sent;Länkar;2026-10-01;försenad;
""",
}


def test_those_whose_period_ends_in_the_scope_of_its_departments_and_what_is_below_or_replaced(
    small_store: Callable[..., Store],
) -> None:
    scope = Scope(date(2026, 1, 1), date(2026, 8, 1))
    of_a = Scope(date(2026, 4, 1), date(2026, 9, 1), departments=("A",))
    third, none = (
        Scope(date(2026, 5, 1), date(2026, 8, 1), departments=("B",)),
        Scope(date(2026, 9, 1), date(2026, 10, 1), ("B",)),
    )
    with small_store(TABLES).database().cursor() as cursor:
        found = {one.explanation_id: one for one in explanations(cursor, Scope(date(2026, 1, 1), date(2026, 9, 1)))}
        assert [one.explanation_id for one in explanations(cursor, scope)] == ["F3", "F1", "F2", "F4"]
        assert [one.explanation_id for one in explanations(cursor, of_a)] == ["F6", "F1", "F2", "F4"]
        assert [one.explanation_id for one in explanations(cursor, third)] == ["F2"]
        assert not explanations(cursor, none)
    # the day of the data is 2026-11-02: late from the day after; one without a day, or with nothing to do, never is
    states = {key: one.state for key, one in found.items()}
    assert states == {
        "F1": "late",
        "F2": "planned",
        "F3": "done",
        "F4": "in_progress",
        "F5": "in_progress",
        "F6": "late",
    }
    assert found["F1"].expected_points == 0.025 and found["F2"].expected_points is None
