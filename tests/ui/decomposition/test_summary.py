"""Why a goal moved, in one sentence: up, down, unchanged, unknown, few, and parts that pull against each other."""

from dataclasses import replace
from math import inf

import pytest

from tests.ui.decomposition.cases import LANGUAGES, ONE, SCOPE, THREE, TWO, UNKNOWN, moved, row
from ui.decomposition import summary
from ui.text import i18n

pytestmark = pytest.mark.usefixtures("register")

LONGEST = 70  # letters of a headline in Swedish, two lines on a wide screen
SENTENCES: list[tuple[str, str, summary.ShareChange | None, str, str]] = [
    ("no comparison", TWO, None, "There is nothing to compare with", "Det finns inget att jämföra med"),
    (
        "unknown now", TWO, UNKNOWN,
        "It is not known how the share of digital cases changed: nothing is reported for the period",
        "Det går inte att säga hur andelen digitala ärenden har ändrats: inget är rapporterat för perioden",
    ),
    (
        "unknown then", ONE, replace(UNKNOWN, now=UNKNOWN.then, then=UNKNOWN.now),
        ("It is not known how the share of services with an e-service changed: nothing was reported for "
"the same period a year earlier"),
        ("Det går inte att säga hur andelen tjänster med e-tjänst har ändrats: inget är rapporterat för "
"samma period året före"),
    ),
    (
        "before anything is known", TWO, replace(moved({"T1": (10, 50)}, {"T1": (20, 50)}), split=None, beyond=True),
        "The share of digital cases cannot be compared: there are no figures that far back",
        "Det går inte att jämföra andelen digitala ärenden: det finns inga uppgifter så långt tillbaka",
    ),
    (
        "nothing to count", THREE, replace(UNKNOWN, now=row(None, state="not_applicable")),
        "There is nothing to count: the period has nothing to count the share of cases that can be handled digitally of",
        "Det finns inget att räkna: perioden har inget att räkna andelen ärenden som kan hanteras digitalt på",
    ),
    (
        "few cases", TWO, moved({"T1": (2, 5)}, {"T1": (3, 4)}),
        "The share of digital cases is 3 of 4: it was 2 of 5 the same period a year earlier. That is too few to"
        " draw conclusions",
        "Andelen digitala ärenden är 3 av 4: den var 2 av 5 samma period året före. Det är för få för att dra"
        " slutsatser",
    ),
    (
        "few services, one gained", ONE, moved({"T1": (0, 1), "T2": (0, 1)}, {"T1": (1, 1), "T2": (0, 1)}),
        "The share of services with an e-service is 1 of 2: it was 0 of 2 the same period a year earlier: Bygglov"
        " gained an e-service",
        "Andelen tjänster med e-tjänst är 1 av 2: den var 0 av 2 samma period året före: Bygglov fick en e-tjänst",
    ),
    (
        "few, unchanged", ONE, moved({"T1": (1, 1)}, {"T1": (1, 1)}),
        "The share of services with an e-service is unchanged: 1 of 1",
        "Andelen tjänster med e-tjänst är oförändrad: 1 av 1",
    ),
    (
        "unchanged", TWO, moved({"T1": (10, 50)}, {"T1": (20, 100)}),
        "The share of digital cases is unchanged", "Andelen digitala ärenden är oförändrad",
    ),
    (
        "unchanged, one gained and one lost", ONE,
        moved({"T1": (0, 30), "T2": (30, 30)}, {"T1": (30, 30), "T2": (0, 30)}),
        "The share of services with an e-service is unchanged: Bygglov gained an e-service and Nyckel no longer"
        " has an e-service",
        "Andelen tjänster med e-tjänst är oförändrad: Bygglov fick en e-tjänst och Nyckel har inte längre någon"
        " e-tjänst",
    ),
    (
        "unchanged, evened out", TWO, moved({"T1": (50, 100), "T2": (0, 100)}, {"T1": (25, 100)}),
        "The share of digital cases is unchanged: Nyckel is no longer reported in full (+25),"
        " but Bygglov got a smaller part of its cases digitally (−25)",
        "Andelen digitala ärenden är oförändrad: Nyckel rapporteras inte längre fullt ut (+25),"
        " men Bygglov fick en mindre del av sina ärenden digitalt (−25)",
    ),
    (
        "within chance", THREE, moved({"T1": (50, 100)}, {"T1": (52, 100)}, sure=False),
        "It is uncertain whether the share of cases that can be handled digitally has changed",
        "Det är osäkert om andelen ärenden som kan hanteras digitalt ändrats",
    ),
    (
        "within chance, pulling apart", TWO,
        moved({"T1": (50, 100), "T2": (0, 25), "X": (0, 25)}, {"T1": (39, 100)}, sure=False),
        "It is uncertain whether the share of digital cases has changed: Vård och omsorg no longer reports 2 services"
        " in full (+17), but Bygglov got a smaller part of its cases digitally (−11)",
        "Det är osäkert om andelen digitala ärenden ändrats: Vård och omsorg rapporterar inte längre 2 tjänster"
        " fullt ut (+17), men Bygglov fick en mindre del av sina ärenden digitalt (−11)",
    ),
    (
        "only coverage, up", TWO, moved({"T1": (50, 100), "T2": (0, 50), "X": (0, 50)}, {"T1": (50, 100)}),
        "The share of digital cases rose by 25 percentage points: all of it: Vård och omsorg no longer reports 2"
        " services in full",
        "Andelen digitala ärenden ökade med 25 procentenheter: hela ändringen: Vård och omsorg rapporterar inte längre 2"
        " tjänster fullt ut",
    ),
    (
        "only coverage, down, one service", TWO, moved({"T1": (50, 100)}, {"T1": (50, 100), "T2": (0, 100)}, "published"),
        "The share of digital cases fell by 25 percentage points: all of it: Nyckel was published",
        "Andelen digitala ärenden minskade med 25 procentenheter: hela ändringen: Nyckel publicerades",
    ),
    (
        "one point", TWO, moved({"T1": (500, 1000)}, {"T1": (510, 1000)}),
        "The share of digital cases rose by 1 percentage point: all of it: Bygglov got a larger part of its"
        " cases digitally",
        "Andelen digitala ärenden ökade med 1 procentenhet: hela ändringen: Bygglov fick en större del av sina ärenden"
        " digitalt",
    ),
    (
        "less than a point, down", TWO, moved({"T1": (50_400, 100_000)}, {"T1": (50_000, 100_000)}),
        "The share of digital cases fell by 0.4 percentage points: all of it: Bygglov got a smaller part of"
        " its cases digitally",
        "Andelen digitala ärenden minskade med 0,4 procentenheter: hela ändringen: Bygglov fick en mindre del av sina"
        " ärenden digitalt",
    ),
    (
        "nearly all", TWO, moved({"T1": (50, 100), "T2": (0, 10)}, {"T1": (100, 100)}),
        "The share of digital cases rose by 55 percentage points: most of it: Bygglov got a larger part"
        " of its cases digitally",
        "Andelen digitala ärenden ökade med 55 procentenheter: det mesta av ändringen: Bygglov fick en större"
        " del av sina ärenden digitalt",
    ),
    (
        "most", TWO, moved({"T1": (50, 100), "T2": (0, 100)}, {"T1": (100, 100)}),
        "The share of digital cases rose by 75 percentage points: most of it: Bygglov got a larger part of its"
        " cases digitally",
        "Andelen digitala ärenden ökade med 75 procentenheter: det mesta av ändringen: Bygglov fick en större"
        " del av sina ärenden digitalt",
    ),
    (
        "half", TWO, moved({"T1": (50, 100), "T2": (0, 100)}, {"T1": (75, 100)}),
        "The share of digital cases rose by 50 percentage points: about half of it: Bygglov got a larger part"
        " of its cases digitally",
        "Andelen digitala ärenden ökade med 50 procentenheter: ungefär hälften av ändringen: Bygglov fick en"
        " större del av sina ärenden digitalt",
    ),
    (
        "three of much the same size", TWO,
        moved({"T1": (40, 40), "T2": (0, 40), "T3": (0, 40)}, {"T1": (60, 60), "T2": (8, 20)}),
        "The share of digital cases rose by 52 percentage points: the largest part:"
        " a larger part of the cases went to services that are more digital",
        "Andelen digitala ärenden ökade med 52 procentenheter: den största delen:"
        " en större del av ärendena gällde tjänster som är mer digitala",
    ),
    (
        "little known", TWO, moved({"T1": (20, 100)}, {"T1": (40, 100)}, coverage=0.4),
        "The share of digital cases rose by 20 percentage points: counted on what is reported. All of it:"
        " Bygglov got a larger part of its cases digitally",
        "Andelen digitala ärenden ökade med 20 procentenheter: räknat på det som är rapporterat. Hela ändringen: Bygglov"
        " fick en större del av sina ärenden digitalt",
    ),
    (
        "pulling against", TWO, moved({"T1": (60, 100), "T2": (0, 100)}, {"T1": (50, 100)}),
        "The share of digital cases rose by 20 percentage points: Nyckel is no longer reported in full (+30),"
        " but Bygglov got a smaller part of its cases digitally (−10)",
        "Andelen digitala ärenden ökade med 20 procentenheter: Nyckel rapporteras inte längre fullt ut (+30),"
        " men Bygglov fick en mindre del av sina ärenden digitalt (−10)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "found", "english", "swedish"), [s[1:] for s in SENTENCES], ids=[s[0] for s in SENTENCES]
)
def test_a_sentence(code: str, found: summary.ShareChange | None, english: str, swedish: str) -> None:
    for language, expected in zip(LANGUAGES, (english, swedish), strict=True):
        i18n.set_language(language)
        finding = summary.describe_change(code, found, SCOPE)
        assert ": ".join(filter(None, (finding.clause, finding.reason))).replace("\u00a0", " ") == expected
        assert language == "en" or len(finding.clause) <= LONGEST


def test_the_causes_that_are_written_sum_to_the_change_on_the_card() -> None:
    found = moved({"T1": (60, 100), "T2": (3, 100), "T3": (7, 31)}, {"T1": (50, 100), "X": (13, 17)})
    assert sum(found.written.units) == found.written.change


@pytest.mark.parametrize(
    ("errors", "english"),
    [
        ((0.0, 0.0), ""),
        (
            (0.03, 0.04),
            "With what the counting weeks leave open, the change lies between −3.0 percentage points and +7.0 percentage points."
            " So it may be none at all.",
        ),
        (
            (0.01, 0.0),
            "With what the counting weeks leave open, the change lies between +1.0 percentage points and +3.0 percentage points.",
        ),
        (
            (inf, 0.0),
            "Some of it is estimated from counting weeks, too few to say how sure the change is.",
        ),
    ],
)
def test_what_counting_weeks_leave_open(
    monkeypatch: pytest.MonkeyPatch, errors: tuple[float, float], english: str
) -> None:
    change = replace(moved({"T1": (500, 1000)}, {"T1": (520, 1000)}), errors=errors)
    monkeypatch.setattr(summary, "load_change", lambda *_: change)
    i18n.set_language("en")
    said = summary.of_weeks(TWO, SCOPE).replace("\u00a0", " ")
    assert said.replace("+1.0 percentage point ", "+1.0 percentage points ") == english
    monkeypatch.setattr(summary, "load_change", lambda *_: None)
    assert summary.of_weeks(TWO, SCOPE) == ""
