"""The slides of a meeting, in their order, each with its place; that they are large and whole is for a browser to tell."""

import re
from collections.abc import Callable

import pytest

from data.store import Store
from tests.reader import Look, lines, words

PAGE = "pages/follow_up/overview.py"


def shown(store: Store, look: Look, **query: str) -> tuple[str, str, set[str]]:
    """A slide's headline and place ("2 av 7"), and the slides that it leads to."""
    said = words(look(store, PAGE, visa="bildspel", **query))
    (headline,) = re.findall("<h1>.*?</h1>", said)
    (place,) = re.findall(r'class="place">([^<]*)<', said)
    return " ".join(lines(headline)), place.replace("\u00a0", " "), set(re.findall(r"bild=(\d+)", said))


def test_each_has_a_finding_and_its_place(store: Store, look: Look) -> None:
    headline, place, turns = shown(store, look)
    of = int(place.split()[-1])
    assert (place, turns) == (f"1 av {of}", {"2"}) and of == 7
    headlines = [headline]
    for n in range(2, of + 1):
        headline, place, turns = shown(store, look, bild=str(n))
        assert (place, turns) == (f"{n} av {of}", {str(to) for to in (n - 1, n + 1) if to <= of})
        headlines.append(headline)
    assert len(set(headlines)) == of and headlines[0] == "1 fråga från ett möte väntar på svar"
    assert headlines[6] == "Viktigast att göra härnäst"
    every = words(look(store, PAGE, visa="bildspel", bild="3"))  # on paper they are all there, in their order
    assert [
        " ".join(lines(one)) for one in re.findall('<div class="sheet[^"]*">(<h[12]>.*?</h[12]>)', every)
    ] == headlines
    places = re.findall(r'<span class="on-paper-only">([^<]*)</span>', every)
    assert [place.replace("\u00a0", " ") for place in places] == [f"{n} av {of}" for n in range(1, of + 1)]
    assert every.count(">Skriv ut</button>") == 1


def test_a_change_of_the_same_services_is_told_with_that_of_all(store: Store, look: Look) -> None:
    first = words(look(store, PAGE, visa="bildspel", bild="2")).split('<div class="sheet">')[1].split("sheet-foot")[0]
    said = " ".join(lines(first)).replace("\u00a0", " ")
    assert "+8 procentenheter på ett år, räknat på samma tjänster. Med ändrad rapportering: +15." in said
    assert "Vad ligger bakom" not in said


@pytest.mark.parametrize(("asked", "place"), [("99", "7 av 7"), ("0", "1 av 7"), ("x", "1 av 7"), ("²", "1 av 7")])
def test_a_number_that_is_none_leads_to_one_that_is(asked: str, place: str, store: Store, look: Look) -> None:
    assert shown(store, look, bild=asked)[1] == place


def test_a_goal_of_one_department_is_shown_over_time(store: Store, look: Look) -> None:
    said = words(look(store, PAGE, visa="bildspel", bild="2", department="RTJ"))
    assert "share-line" in said and "<table" not in said


def test_without_services_there_is_one(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store({"departments": "verksamhet_id;namn\nA;Alfa\n"})
    assert shown(store, look) == ("Inga tjänster är importerade än", "1 av 1", set())
