"""The table of claims finds what contradicts, and nothing in what agrees."""

import re

import pytest

from tests.claims import AGREE, CLAIMS, EXCLUDE, WITHIN, contradictions


def row(n: int, numerator: int, denominator: int, reported: int = 100) -> str:
    """A goal's row as a page has it."""
    of = "".join(
        f"<dt>{term}</dt><dd>{said}</dd>"
        for term, said in (
            ("Antal", f"{numerator} med"),
            ("Av totalt", f"{denominator} av"),
            ("Underlag", f"{reported} %"),
        )
    )
    share = round(100 * numerator / denominator)
    return f'<article class="goal"><p>{share}<small> %</small></p><h2>Mål {n} X</h2><dl>{of}</dl></article>'


def page(*lines: str) -> str:
    """The lines as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        (row(1, 61, 91) + page("30 av 91 tjänster saknar e-tjänst"), page("31 av 91 tjänster saknar e-tjänst")),
        (row(1, 61, 91) + page("61 av 91 tjänster har en e-tjänst"), page("60 av 91 tjänster har en e-tjänst")),
        (row(1, 61, 91) + page("Var tredje tjänst saknar e-tjänst"), page("men var femte tjänst saknar e-tjänst")),
        (
            row(2, 7971, 12864) + page("38 % av ärendena kom in på annat sätt"),
            page("36 % av ärendena kom in på annat sätt"),
        ),
        (
            row(3, 10, 20) + page("Vartannat ärende kan inte hanteras digitalt"),
            page("Vart femte ärende kan inte hanteras digitalt"),
        ),
        (
            row(1, 9, 9) + page("Alla tjänster har en e-tjänst"),
            page("Alla ärenden kom in via e-tjänst") + row(2, 9, 9, 50),
        ),
        (
            row(2, 9, 9, 50) + page("Alla ärenden som räknas kom in via e-tjänst"),
            row(3, 8, 9) + page("Alla ärenden kan hanteras digitalt"),
        ),
        (row(1, 61, 91) + page("Mål 1 ligger på 67 %, mål 2 på 3 av 4"), page("Mål 1 ligger på 66 %")),
        (page("30 kr av 40 kr · 75 % är fördelat"), page("Systemägaren betalar 75 % av 41 kr")),
        (page("1 av 4 månader är fullt rapporterade, räknat per tjänst"), page("2 fullt rapporterade av 4 månader")),
        (
            '<ol class="waterfall"><b>32,0 %</b><b>+8,0</b><b>−0,5</b><b>39,5 %</b></ol>',
            '<ol class="waterfall"><b>1 %</b><b>+1</b><b>3 %</b></ol>',
        ),
        (page("Ingen månad saknas."), page("Månader som inte är rapporterade, räknat per tjänst")),
        (
            page("För lite är rapporterat för att jämföra andelen digitala ärenden"),
            page("Andelen digitala ärenden ökade med 3 procentenheter"),
        ),
        (
            '<article class="goal"><p>Ej rapporterat</p></article>',
            '<article class="goal"><p>Ej rapporterat</p><p>allt är rapporterat</p></article>',
        ),
    ],
)
def test_what_agrees_and_what_does_not(said: str, denied: str) -> None:
    assert contradictions(said) == []
    assert contradictions(said + denied)


def test_what_a_claim_needs_is_of_this_page() -> None:
    """Without the goal's row nothing is asked of it."""
    assert contradictions(page("30 av 91 tjänster saknar e-tjänst")) == []


def test_every_pattern_is_one() -> None:
    patterns = [text for table in (EXCLUDE, WITHIN, AGREE) for pair in table for text in pair] + [
        claim[1] for claim in CLAIMS
    ]
    assert len({re.compile(text) for text in patterns}) >= 50
