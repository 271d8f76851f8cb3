"""The note says what is new, what is left, what is late and what to do, of the departments in its scope and no others."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from data.serving.protection import VARIABLE
from tests.conftest import TODAY
from tests.ui.note.cases import ALFA, ALL, BETA, COVERS, OCTOBER, counts, month, tables
from tests.ui.note.conftest import opened
from ui.note import changes, content, letter
from ui.note.model import Note, Part

BASE = "https://e-tjanster.example.se/"


def plain(text: str) -> str:
    return " ".join(text.split())


def part(note: Note, heading: str) -> Part:
    return next(one for one in note.parts if one.heading == heading)


def told(one: Part) -> list[str]:
    return [plain(f"{item.title} | {item.sentence}") for item in one.items] + list(map(plain, one.sentences))


@pytest.mark.usefixtures("known")
def test_the_whole_municipality_in_the_month_that_something_changed() -> None:
    note = content.note(ALL)
    assert note.headline == "Oktober 2026: andelen digitala ärenden är högre än vanligt"
    assert note.subject == "Hela kommunen, oktober 2026: andelen digitala ärenden är högre än vanligt"
    assert [one.heading for one in note.parts] == [
        "Ovanligt den här månaden", "Det som återstår mest", "Försenat eller saknas", "Gör detta först",
    ]  # fmt: skip
    (digital,) = part(note, "Ovanligt den här månaden").items
    assert digital.title == "Andelen digitala ärenden är högre än vanligt"
    assert digital.sentence.endswith("Det mesta av det är i Alfa.") and digital.link == "Se Mål 2 Digitala ärenden"
    numerator = sum(int(row.split(";")[3]) for row in counts().splitlines() if "2026-10;e-tjänst" in row)
    assert f"Oktober 2026 ligger högre än vanligt: {round(numerator / 2)} % mot" in plain(digital.sentence)
    assert told(part(note, "Ovanligt den här månaden"))[1:] == [
        "Det här går inte att bedöma: andelen tjänster med e-tjänst (färre än 20 räknas)"
        " och andelen ärenden som kan hanteras digitalt (inte rapporterad)."
    ]


@pytest.mark.usefixtures("known")
def test_what_is_left_is_counted_over_a_year_a_second_way() -> None:
    (gap,) = part(content.note(ALFA), "Det som återstår mest").items
    rows = [row.split(";") for row in counts().splitlines()[1:]]
    year = [row for row in rows if row[0] == "T1" and "2025-11" <= row[1] <= "2026-10"]
    digital, of = (
        sum(int(row[3]) for row in year if row[2] in kinds) for kinds in (("e-tjänst",), ("e-tjänst", "telefon"))
    )
    assert plain(gap.sentence).startswith(
        f"Digitala ärenden, nov 2025–okt 2026: {round(100 * digital / of)} % ({digital} av 1 200)."
    )
    assert of == 1200 and gap.href.startswith("mal-2")


@pytest.mark.usefixtures("known")
def test_what_is_late_is_told_a_line_a_kind() -> None:
    assert told(part(content.note(ALL), "Försenat eller saknas")) == [
        "1 tjänst är inte fullt rapporterad för oktober 2026 | 1 tjänst är inte fullt rapporterad för tidigare månader.",
        "1 bestämd åtgärd är försenad | Stäng blanketten: skulle ha varit klar 1 oktober 2026.",
        "1 avvikelse är inte förklarad | Mål 2.",
        "Beta är inte klar med jan 2026–aug 2026 | De skulle ha varit klara 20 september 2026.",
    ]
    assert told(part(content.note(ALFA), "Försenat eller saknas")) == [
        "1 bestämd åtgärd är försenad | Stäng blanketten: skulle ha varit klar 1 oktober 2026."
    ]
    links = [item.link for item in part(content.note(ALL), "Försenat eller saknas").items]
    assert links == ["Se vilka månader som saknas", "Se åtgärderna", "Lämna en förklaring", "Se omgången"]


@pytest.mark.usefixtures("known")
def test_an_earlier_month_is_told_as_its_last_day_was() -> None:
    """Neither the action nor the round was late in August; the same holds when it is asked again."""
    note = content.note(month(2))
    assert note.headline == "Augusti 2026: inget är ovanligt"
    assert told(part(note, "Ovanligt den här månaden"))[0] == "Inget är ovanligt."
    assert [line for line in told(part(note, "Försenat eller saknas")) if "åtgärd" in line or "klar med" in line] == []
    assert note.href == "manadsbrev?from=2025-09&to=2026-08"


@pytest.mark.usefixtures("known")
def test_what_to_do_is_the_first_step_that_is_not_to_report() -> None:
    (step,) = part(content.note(BETA), "Gör detta först").items
    assert step.title == "Resa" and "tjanst?service=T3" in step.href
    assert [one.heading for one in content.note(BETA).parts].index("Försenat eller saknas") == 2


@pytest.mark.usefixtures("known")
def test_a_choice_without_services_says_so_and_nothing_else() -> None:
    note = content.note(replace(ALFA, audience="internal"))
    assert note.finding == "det finns inga tjänster i urvalet" and note.parts == ()


def test_what_lasts_is_no_news(
    small_stores: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, swedish: None
) -> None:
    """Alfa's cases became digital in September, and are so in October too."""
    rows = tables()["case_counts"].replace("T1;2026-09;e-tjänst;60", "T1;2026-09;e-tjänst;96")
    rows = rows.replace("T1;2026-09;telefon;40", "T1;2026-09;telefon;4")
    assert rows != tables()["case_counts"]
    opened(small_stores(tables() | {"case_counts": rows}, COVERS, TODAY) / "store", monkeypatch)
    assert content.note(month(1)).finding == "andelen digitala ärenden är högre än vanligt"
    note = content.note(ALL)
    assert note.finding == "inget nytt är ovanligt"
    assert told(part(note, "Ovanligt den här månaden"))[:2] == [
        "Inget nytt är ovanligt.",
        "Som månaden före: andelen digitala ärenden är högre än vanligt.",
    ]


def test_nothing_of_another_department_moves_the_note(
    small_stores: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, swedish: None
) -> None:
    """The attack: all that Beta has, names and figures, is another; Alfa's note is the same to the letter."""
    own = []
    for beta, rename in ((50, {}), (9, {"Beta": "Gamma", "Nyckel": "Segel", "Resa": "Ankare", "Låna nyckel": "Hissa"})):
        changed = tables(beta)
        for old, new in rename.items():
            changed = {code: text.replace(old, new) for code, text in changed.items()}
        opened(small_stores(changed, COVERS, TODAY) / "store", monkeypatch)
        note = content.note(ALFA)
        own.append((json.dumps(asdict(note)), letter.plain(note, BASE), letter.page(note, BASE)))
        theirs = letter.plain(content.note(BETA), BASE)
        assert (rename or {"Beta": "Beta"})["Beta"] in theirs  # what is to be kept apart is there
    assert own[0] == own[1]
    for text in own[0]:
        assert not [name for name in ("Beta", "Nyckel", "Resa", "nyckel") if name in text]


def test_protected_counts_stay_protected(
    small_stores: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, swedish: None
) -> None:
    monkeypatch.setenv(VARIABLE, "ja")
    opened(small_stores(tables(last=97), COVERS, TODAY) / "store", monkeypatch)
    note = content.note(ALFA)
    assert "antal från 1 till 4 visas inte" in note.facts
    assert note.finding == "det går inte att se om något är ovanligt"  # of three by telephone in October
    assert "1 200" not in plain(letter.plain(note, BASE)) and "97 %" not in plain(letter.plain(note, BASE))


@pytest.mark.usefixtures("on_example", "swedish")
def test_the_example_has_at_most_three_changes_and_exemptions_that_need_something() -> None:
    note = content.note(ALL)
    assert len(part(note, "Ovanligt den här månaden").items) <= changes.MOST
    assert "2 undantag behöver beslut eller analys" in " ".join(told(part(note, "Försenat eller saknas")))
    assert "Exempeldata – påhittade siffror" in note.facts
    assert content.last_month() == OCTOBER
