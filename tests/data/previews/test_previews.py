"""What a change does to the goals is said before it is made, and is what it then does; undoing says what it loses."""

from datetime import date
from pathlib import Path

import pytest

from analytics.metrics.catalogue import GOALS, metrics
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from data import reading_store
from data.intake.draft import Draft, Source
from data.previews.goals import WITHOUT_GOALS, Goal, GoalPreview, Goals
from data.previews.losses import Losses, LostTable
from data.previews.text import AFTER_IMPORT, goal_line, goal_lines, losses_lines
from data.schema.catalogue import datasets
from data.store import Store
from tests.data.stores import BUDGET, COUNTS, EVENTS, NOW, ROLE, import_files, write_csv

MONTHS = tuple(f"2026-{month:02}" for month in range(1, 11))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two services with an e-service each: half of their cases are digital."""
    store = Store(tmp_path / "store")
    register = (
        write_csv(tmp_path, "verksamheter.csv", "verksamhet_id;namn", "BYGG;Bygg"),
        write_csv(
            tmp_path,
            "tjanster.csv",
            "tjanst_id;namn;verksamhet_id;malgrupp",
            "T1;Bygglov;BYGG;extern",
            "T2;Skylt;BYGG;extern",
        ),
        write_csv(tmp_path, "etjanster.csv", "etjanst_id;namn;typ", "E1;Bygglov;e-tjänst"),
        write_csv(tmp_path, "kopplingar.csv", "tjanst_id;etjanst_id", "T1;E1"),
    )
    digital = (f"T1;{month};e-tjänst;30" for month in MONTHS)
    import_files(store, *register, write_csv(tmp_path, "digitalt.csv", COUNTS, *digital))
    import_files(store, write_csv(tmp_path, "telefon.csv", COUNTS, *(f"T1;{month};telefon;30" for month in MONTHS)))
    return store


def prepared(store: Store, path: Path) -> Draft:
    return store.prepare([Source(path.name, path)], NOW.date())


def measured(store: Store) -> list[object]:
    cursor = store.database().cursor()
    return [measure(cursor, code, period(cursor).scope())[0].value for code in GOALS.values()]


def test_what_is_said_before_an_import_is_what_it_does(store: Store, tmp_path: Path) -> None:
    more = write_csv(tmp_path, "mer.csv", COUNTS, *(f"T1;{month};telefon;120" for month in MONTHS))
    before = measured(store)
    with prepared(store, more) as draft:
        preview = store.preview_import(draft, {})
        assert preview and measured(store) == before and len(store.history()) == 6, "nothing is changed"
        assert goal_lines(preview, "sv") == [
            "Så ändras målen om det här importeras (hela kommunen, jan–okt 2026):",
            "Mål 1, E-tjänster: 1 av 2, oförändrat",
            "Mål 2, Digitala ärenden: 50 → 20 %",
            "Mål 3, Digital ärendehantering: inte rapporterat, oförändrat",
        ]
        store.commit(draft, {}, ROLE, NOW)
    assert [after and after.value for _, after in preview.pairs] == measured(store) != before


def test_what_takes_no_goal_along_is_not_worked_out(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process is started")

    monkeypatch.setattr(reading_store, "preview_goals", refuse)
    with prepared(store, write_csv(tmp_path, "budget.csv", BUDGET, "2026;BYGG;fast;100")) as draft:
        assert goal_lines(store.preview_import(draft, {}), "sv") == []
        monkeypatch.setattr(reading_store, "MAX_ROWS", 20)
    with prepared(store, write_csv(tmp_path, "mer.csv", COUNTS, "T1;2026-11;telefon;1")) as draft:
        assert goal_lines(store.preview_import(draft, {}), "sv") == [
            "Det är för mycket för att räkna ut i förväg hur målen ändras. Det visas när importen är klar."
        ]


def test_no_goal_is_counted_from_what_is_left_out() -> None:
    assert set(datasets()) > WITHOUT_GOALS
    assert not WITHOUT_GOALS & {table for code in GOALS.values() for table in metrics()[code].tables}


def test_undoing_says_what_is_lost(store: Store, tmp_path: Path) -> None:
    losses = store.preview_undo(6)
    assert losses and losses.asks
    assert losses_lines(losses, "sv") == [
        "Det här försvinner om import 6, telefon.csv, ångras:",
        "Ärendeantal: 10 rader, jan–okt 2026.",
        "Värden som importen ändrade blir åter vad tidigare importer säger.",
        "Så ändras målen om den ångras (hela kommunen, jan–okt 2026):",
        "Mål 1, E-tjänster: 1 av 2, oförändrat",
        "Mål 2, Digitala ärenden: 50 % → inte rapporterat",
        "Mål 3, Digital ärendehantering: inte rapporterat, oförändrat",
    ]
    import_files(store, write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start"))
    events = store.preview_undo(7)
    assert events and events.asks
    assert losses_lines(events, "sv")[1:] == ["Händelser: 1 rad. Ingen annan import har rader i tabellen."]
    import_files(store, write_csv(tmp_path, "fler.csv", EVENTS, "2026-02-01;Mer"))
    one_of_two = store.preview_undo(8)
    assert one_of_two and one_of_two.asks, "rows go, though the table keeps others"
    assert losses_lines(one_of_two, "sv")[1:] == [
        "Händelser: 1 rad.",
        "Värden som importen ändrade blir åter vad tidigare importer säger.",
    ]
    assert not Losses(8, "tom.csv", ()).asks, "nothing goes"
    assert store.preview_undo(9) is None


def test_the_last_import_leaves_example_data(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    import_files(store, write_csv(tmp_path, "handelser.csv", EVENTS, "2026-01-01;Start"))
    losses = store.preview_undo(1)
    assert losses and losses.to_example and losses.asks
    assert losses_lines(losses, "sv")[-1] == "Inget annat är importerat, så sidorna visar exempeldata efteråt."


def goal(value: float | None, denominator: int = 100, state: str = "value") -> Goal:
    numerator = None if value is None else value * denominator
    return Goal(
        2, {"sv": "Digitala ärenden", "en": "Digital cases"}, value, numerator, denominator, state, denominator < 20
    )


def preview(before: Goal, after: Goal) -> GoalPreview:
    first = Goals(date(2025, 11, 1), date(2026, 10, 1), (before,))
    return GoalPreview(first, Goals(date(2025, 12, 1), date(2026, 11, 1), (after,)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (goal(0.54), goal(0.2), "54 → 20 %"),
        (goal(0.541), goal(0.544), "54,1 → 54,4 %"),
        (goal(0.9999), goal(1.0), "99 → 100 %"),
        (goal(0.472), goal(0.472), "47 %, oförändrat"),
        (goal(0.47203), goal(0.472), "47 %, nästan oförändrat"),
        (goal(0.50001), goal(0.5), "50 %, nästan oförändrat"),
        (goal(0.5, 6), goal(0.5, 4), "3 av 6 → 2 av 4"),
        (goal(0.5), goal(0.5, 4), "50 % → 2 av 4"),
        (goal(None, 0, "not_reported"), goal(0.2), "inte rapporterat → 20 %"),
        (goal(0.2), goal(None, 0, "suppressed"), "20 % → visas inte"),
        (goal(0.2), goal(None, 0, "not_applicable"), "20 % → ej tillämpligt"),
        (goal(0.2), None, "20 % → inte rapporterat"),
    ],
)
def test_a_goal_is_said_in_points(before: Goal, after: Goal | None, said: str) -> None:
    assert goal_line(before, after, "sv") == f"Mål 2, Digitala ärenden: {said}"


def test_the_months_are_said_and_both_where_they_differ() -> None:
    lines = goal_lines(preview(goal(0.54), goal(0.2)), "en", AFTER_IMPORT)
    assert lines == [
        "What became of the goals (the whole municipality, before: Nov 2025–Oct 2026, after: Dec 2025–Nov 2026):",
        "Goal 2, Digital cases: 54 → 20%",
    ]
    assert goal_lines(preview(goal(0.5), goal(0.5)), "sv") == ["Målen ändras inte."]


def test_losses_that_are_not_known() -> None:
    table = LostTable("case_counts", None, (date(2026, 1, 1), date(2026, 2, 1)), is_emptied=False)
    losses = Losses(3, "a.csv", (table,), goals=None)
    assert losses.asks
    assert losses_lines(losses, "sv")[1:] == [
        "Ärendeantal: antalet rader visas inte, jan–feb 2026.",
        "Värden som importen ändrade blir åter vad tidigare importer säger.",
        "Det är för mycket för att räkna ut i förväg hur målen ändras.",
    ]
