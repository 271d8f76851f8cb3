"""How much a goal changed and its largest part, as its row has it: up, down, unchanged, by chance, few, or not to be compared."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.decomposition.effects import Counts
from analytics.metrics.scope import Scope
from tests.ui.decomposition.cases import ONE, SCOPE, THREE, TWO, UNKNOWN, moved, row
from ui.components import metric_views
from ui.decomposition import reason, summary
from ui.decomposition.summary import ShareChange
from ui.text import i18n

pytestmark = pytest.mark.usefixtures("register", "swedish")
YEAR, LAST = SCOPE, replace(SCOPE, comparison="previous")
FROM = replace(SCOPE, comparison=date(2024, 1, 1))
FEW = moved({"T1": (0, 1), "T2": (1, 1)}, {"T1": (1, 1), "T2": (1, 1)})
THIRTY = {f"S{i}": (int(i < 20), 1) for i in range(30)}


def told(monkeypatch: pytest.MonkeyPatch, code: str, found: ShareChange | None, scope: Scope = YEAR) -> str:
    """The row's words, the size first."""
    monkeypatch.setattr(summary, "load_change", lambda _code, _scope: found)
    monkeypatch.setattr(metric_views, "one", lambda _code, _scope: found.now if found else row(Counts(3, 4)))
    change = reason.describe(code, scope)
    return f"{change.size} | {change.period}{change.reason}".replace("\xa0", " ") if change else "nothing"


@pytest.mark.parametrize(
    ("code", "found", "scope", "said"),
    [
        (ONE, None, YEAR, "1 återstår | "),
        (ONE, UNKNOWN, YEAR, "nothing"),
        (
            ONE,
            ShareChange(row(Counts(30, 40)), row(None, state="not_reported"), None),
            YEAR,
            "Inget att jämföra med | för lite är rapporterat för jämförelseperioden",
        ),
        (
            ONE,
            ShareChange(row(Counts(30, 40)), row(None, state="not_applicable"), None),
            YEAR,
            "Inget att jämföra med | det fanns inget att räkna i jämförelseperioden",
        ),
        (
            TWO,
            ShareChange(row(Counts(30, 40)), row(Counts(20, 40)), None, beyond=True),
            YEAR,
            "Inget att jämföra med | det finns inga uppgifter så långt tillbaka",
        ),
        (ONE, FEW, YEAR, "1 fler | på ett år: Bygglov fick en e-tjänst"),
        (
            ONE,
            moved({"T1": (1, 1), "T2": (1, 1)}, {"T1": (0, 1), "T2": (0, 1)}),
            YEAR,
            "2 färre | på ett år: 2 tjänster har inte längre någon e-tjänst",
        ),
        (
            ONE,
            moved({"T1": (1, 1)}, {"T1": (0, 1)}),
            YEAR,
            "1 färre | på ett år: Bygglov har inte längre någon e-tjänst",
        ),
        (TWO, moved({"T1": (1, 9)}, {"T1": (4, 9)}), YEAR, "3 fler | på ett år"),
        (TWO, moved({"T1": (1, 9)}, {"T1": (1, 9)}), YEAR, "Oförändrat | på ett år"),
        (TWO, moved({"T1": (1, 9)}, {"T1": (4, 7)}), LAST, "från 1 av 9 | sedan föregående period"),
        (
            ONE,
            moved(THIRTY, THIRTY | {"S25": (1, 1), "S26": (1, 1)}),
            YEAR,
            "+6 procentenheter | på ett år: 2 tjänster fick en e-tjänst",
        ),
        (ONE, moved(THIRTY, THIRTY), FROM, "Oförändrat | sedan jan 2024–dec 2024"),
        (THREE, moved({"T1": (20, 50)}, {"T1": (25, 50)}, sure=False), YEAR, "Ingen säker ändring | på ett år"),
        (
            TWO,
            moved({"T1": (20, 50)}, {"T1": (40, 50)}, coverage=0.4),
            YEAR,
            "Går inte att jämföra | mindre än hälften är rapporterat",
        ),
        (THREE, moved({"T1": (20, 50)}, {"T1": (40, 50)}), YEAR, "+40 procentenheter | på ett år, allt i Bygglov"),
        (
            THREE,
            moved({"T1": (40, 50), "T2": (40, 50)}, {"T1": (20, 50), "T2": (20, 50)}),
            YEAR,
            "−40 procentenheter | på ett år, allt i 2 tjänster",
        ),
        (
            THREE,
            moved({"T1": (20, 100), "T2": (0, 40)}, {"T1": (60, 100), "T2": (0, 30)}),
            YEAR,
            "+32 procentenheter | på ett år, det mesta i Bygglov",
        ),
        (
            THREE,
            moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (40, 100)}),
            YEAR,
            "+20 procentenheter | på ett år, räknat på samma tjänster. Med ändrad rapportering: +30",
        ),
    ],
)
def test_a_change_in_a_few_words(
    monkeypatch: pytest.MonkeyPatch, code: str, found: ShareChange | None, scope: Scope, said: str
) -> None:
    assert told(monkeypatch, code, found, scope) == said


@pytest.mark.parametrize(
    ("part", "where", "cause"),
    [
        (1.0, ", allt i 6 tjänster", ": 2 tjänster fick en e-tjänst"),
        (0.8, ", det mesta i 6 tjänster", ", det mesta: 2 tjänster fick en e-tjänst"),
        (0.5, ", ungefär hälften i 6 tjänster", ", ungefär hälften: 2 tjänster fick en e-tjänst"),
        (0.2, ", den största delen i 6 tjänster", ", den största delen: 2 tjänster fick en e-tjänst"),
        (1.6, ", den största delen i 6 tjänster", ", den största delen: 2 tjänster fick en e-tjänst"),
    ],
)
def test_how_much_of_the_change_it_is(part: float, where: str, cause: str) -> None:
    assert summary.in_part(part, reason._in_part()).format(where="6 tjänster") == where
    assert summary.in_part(part, reason._because()).format(cause="2 tjänster fick en e-tjänst") == cause


@pytest.mark.parametrize("code", [TWO, THREE])
def test_shares_of_cases_lead_with_the_same_services(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Nyckel, which had no digital case, is no longer reported: of the rise of 50 points 10 are of the same services."""
    found = moved({"T1": (500, 1000), "T2": (0, 1500)}, {"T1": (600, 1000)})
    alike = "+10 procentenheter | på ett år, räknat på samma tjänster. Med ändrad rapportering: +40"
    assert told(monkeypatch, code, found) == alike
    chance = moved({"T1": (50, 100), "T2": (0, 150)}, {"T1": (55, 100)})
    unsure = "Ingen säker ändring | på ett år, räknat på samma tjänster. Med ändrad rapportering: +35"
    assert told(monkeypatch, code, chance) == unsure
    other = moved({"T1": (50, 100), "T2": (9, 10)}, {"T1": (30, 100)})
    fell = "−20 procentenheter | på ett år, räknat på samma tjänster. Med ändrad rapportering: −24"
    assert told(monkeypatch, code, other) == fell


def test_they_lead_with_them_where_the_change_of_all_is_not_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    found = moved({"T1": (500, 1000), "T2": (300, 400)}, {"T1": (600, 1000)})
    alike = "+10 procentenheter | på ett år, räknat på samma tjänster. Med ändrad rapportering: ingen säker ändring"
    assert told(monkeypatch, TWO, replace(found, sure=False)) == alike
    alone = moved({"T1": (20, 50)}, {"T1": (25, 50)}, sure=False)
    assert told(monkeypatch, TWO, alone) == "Ingen säker ändring | på ett år"


def test_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.set_language("en")
    found = moved({"T1": (500, 1000), "T2": (0, 1500)}, {"T1": (600, 1000)})
    alike = "+10 percentage points | in a year, counted on the same services. With changed reporting: +40"
    assert told(monkeypatch, TWO, found) == alike
    change = reason.describe(TWO, YEAR)
    assert change and (change.reason, change.why_name) == (
        ". With changed reporting: +40",
        "What is behind it? Goal 2",
    )
    assert told(monkeypatch, ONE, FEW) == "up 1 | in a year: Bygglov gained an e-service"
    assert (
        told(monkeypatch, TWO, moved({"T1": (1, 9)}, {"T1": (4, 7)}), FROM) == "from 1 of 9 | since Jan 2024–Dec 2024"
    )
    two = (
        moved({"T1": (1, 9)}, {"T1": (4, 9)}),
        moved({"T1": (4, 9)}, {"T1": (1, 9)}),
        moved({"T1": (4, 9)}, {"T1": (3, 9)}),
    )
    assert [told(monkeypatch, TWO, found) for found in two] == [
        "up 3 | in a year",
        "down 3 | in a year",
        "down 1 | in a year",
    ]
    half = moved({"T1": (20, 100), "T2": (0, 40)}, {"T1": (60, 100), "T2": (0, 30)})
    assert told(monkeypatch, THREE, half) == "+32 percentage points | in a year, most of it in Bygglov"
    parts = [summary.in_part(part, reason._because()).format(cause="it is so") for part in (1.0, 0.8, 0.5, 0.2)]
    assert parts == [
        ": it is so",
        ", most of it: it is so",
        ", about half of it: it is so",
        ", the largest part: it is so",
    ]
    where = [summary.in_part(part, reason._in_part()).format(where="6 services") for part in (1.0, 0.8, 0.5, 0.2)]
    assert where == [
        ", all of it in 6 services",
        ", most of it in 6 services",
        ", about half of it in 6 services",
        ", the largest part in 6 services",
    ]


def test_the_way_to_the_whole_of_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = moved({"T1": (20, 50)}, {"T1": (40, 50)})
    monkeypatch.setattr(summary, "load_change", lambda _code, _scope: found)
    monkeypatch.setattr(metric_views, "one", lambda _code, _scope: found.now)
    change = reason.describe(TWO, YEAR)
    assert change and (change.why, change.why_name) == ("varfor?goal=2", "Vad ligger bakom? Mål 2")
    steps = reason.describe("digital_steps", YEAR)
    assert steps and steps.why == "varfor?goal=digital_steps"


@pytest.mark.parametrize(
    ("found", "scope"),
    [
        (FEW, YEAR),  # one service of few: the row has told it
        (moved({"T1": (20, 50)}, {"T1": (20, 50)}), YEAR),
        (moved({"T1": (20, 50)}, {"T1": (40, 50)}), replace(YEAR, services=("T1",))),
    ],
)
def test_no_way_to_a_page_that_says_the_same(monkeypatch: pytest.MonkeyPatch, found: ShareChange, scope: Scope) -> None:
    monkeypatch.setattr(summary, "load_change", lambda _code, _scope: found)
    monkeypatch.setattr(metric_views, "one", lambda _code, _scope: found.now)
    change = reason.describe(TWO, scope)
    assert change and change.why == change.why_name == ""
