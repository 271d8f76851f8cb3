"""A goal's row says in marks what it says in words: its numbers are read back out of the markup."""

import re
from dataclasses import replace
from itertools import combinations, product

import pytest
from markupsafe import Markup

from tests.reader import lines
from ui.components.bullets import LETTER, NARROWEST, Bullet, Milestone, alt, bullet_chart, place
from ui.components.goal_rows import Change, Goal, goal_row, goal_rows, value
from ui.components.shares import Share, distance_text
from ui.frame.theme import stylesheet

pytestmark = pytest.mark.usefixtures("swedish")
MARKS = {"bar": "width", "tick": "left", "milestone": "left", "range": "left"}
GOAL = Goal(
    title="Mål 3 Digital ärendehantering",
    now=Share(0.42, 42, 100, all_known=False),
    of="av ärendena kan hanteras digitalt",
    before=Share(0.31, 31, 100),
    compared="året före",
    bounds=(0.38, 0.49),
    milestone=Milestone(0.5, "delmål 50 %", "i dec 2026", "6 procentenheter efter delmålen, ungefär 6 månader"),
    change=Change(
        "+11 procentenheter", "på ett år", ", det mesta i 6 tjänster", "varfor?goal=3", "Vad ligger bakom? Mål 3"
    ),
    href="mal-3",
)


def drawn(html: Markup) -> dict[str, float]:
    """Where each mark stands, in per cent of the axis; `range to` is the width of the range."""
    found = {}
    for mark, way in MARKS.items():
        if told := re.search(rf'class="bullet-{mark}[^"]*" style="{way}:([\d.]+)%(?:;width:([\d.]+)%)?', html):
            found[mark] = float(told[1])
            if told[2]:
                found["range to"] = float(told[1]) + float(told[2])
    return found


def said(html: Markup) -> str:
    return " ".join(lines(str(html)))


def test_the_marks_stand_where_the_numbers_are() -> None:
    assert drawn(goal_row(GOAL)) == {"bar": 42, "tick": 31, "milestone": 50, "range": 38, "range to": 49}


def test_the_row_says_all_that_it_draws() -> None:
    text = said(goal_row(GOAL))
    for part in (
        "42 %",
        "Mål 3 Digital ärendehantering",
        "av ärendena kan hanteras digitalt",
        "6 procentenheter efter delmålen, ungefär 6 månader",
        "delmål 50 % i dec 2026",
        "31 % året före",
        "kan vara 38–49 %",
        "+11 procentenheter",
        "på ett år, det mesta i 6 tjänster. Vad ligger bakom?",
    ):
        assert part in text
    assert 'href="varfor?goal=3"' in goal_row(GOAL) and 'aria-label="Vad ligger bakom? Mål 3"' in goal_row(GOAL)


def test_the_picture_has_its_sentences() -> None:
    told = alt(Bullet(0.42, 0.31, "året före", (0.38, 0.49), GOAL.milestone)).replace("\xa0", " ")
    assert told == (
        "42 % av målet 100 %. I jämförelseperioden 31 %. Mellan 38 % och 49 %, beroende på det som inte "
        "är rapporterat. Delmål 50 % i dec 2026."
    )


def test_what_is_not_known_is_a_hatched_track_and_says_why() -> None:
    row = goal_row(
        replace(GOAL, now=Share(None, state="not_reported"), before=None, bounds=None, milestone=None, change=None)
    )
    assert drawn(row) == {} and 'class="bullet-track hatch"' in row and "efter delmålen" not in said(row)
    assert "Ej rapporterat" in said(row) and "av ärendena" not in said(row)
    assert "Andelen är inte rapporterad. Målet är 100 %." in row.replace("\xa0", " ")


def test_of_few_the_counts_stand() -> None:
    row = goal_row(replace(GOAL, now=Share(0.5, 4, 8), before=Share(0.25, 2, 8), bounds=None))
    assert "4 av 8" in said(row) and "2 av 8 året före" in said(row) and "%" not in said(row).split("Mål 3")[0]
    assert drawn(row)["bar"] == 50 and drawn(row)["tick"] == 25


def test_two_that_would_look_equal_have_a_decimal() -> None:
    row = goal_row(replace(GOAL, now=Share(0.4161, 1, 100), before=Share(0.419, 1, 100), bounds=None))
    assert "41,9 % året före" in said(row)


def test_the_bounds_are_not_drawn_where_they_are_one() -> None:
    assert "range" not in drawn(goal_row(replace(GOAL, bounds=(0.4, 0.4))))


@pytest.mark.parametrize(("share", "number"), [(0.999, "99 %"), (1.0, "100 %"), (0.001, "1 %"), (0.0, "0 %")])
def test_the_number_is_never_rounded_to_all_or_nothing(share: float, number: str) -> None:
    assert said(value(Share(share, 1, 1000))) == number


def test_all_rows_share_one_axis() -> None:
    rows = goal_rows([GOAL, GOAL, GOAL], "slide")
    assert rows.count('class="goal"') == 3 and rows.count('class="goal-axis"') == 1
    assert rows.startswith('<div class="goal-rows slide">') and "Målet: 100 %" in said(rows)


def covered(bullet: Bullet) -> list[tuple[int, float, float]]:
    """What the range and the two labels cover below the bar of the narrowest phone: the line, from and to in pixels."""
    tick, span = place(bullet)
    low, high = bullet.bounds or (0, 0)
    found = [(0, low * NARROWEST, high * NARROWEST)]
    for one, words, gap in ((tick, bullet.tick_label, 0), (span, bullet.range_label, 0 if span.line else 8)):
        at, width = one.at * NARROWEST, len(words) * LETTER
        found.append(
            (
                one.line,
                *((at - gap - width, at - gap) if one.side == "left" else (at + gap, at + gap + width)),
            )
        )
    return found


@pytest.mark.parametrize("compared", ["året före", "utan ändringarna"])
def test_labels_below_the_bar_meet_nothing_and_stay_within_it(compared: str) -> None:
    shares = [i / 50 for i in range(51)]
    for before, low, width in product(shares, shares, (0.01, 0.1, 0.4, 0.9)):
        if low + width <= 1:
            found = covered(Bullet(0.5, before, compared, (low, low + width)))
            assert all(start >= -1 and end <= NARROWEST + 1 for _, start, end in found), (before, low, width, found)
            for (line, start, end), (other, left, right) in combinations(found, 2):
                assert line != other or end <= left or right <= start, (before, low, width, found)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Share(None), ""),
        (Share(1.0, 30, 30), "Målet är nått"),
        (Share(1.0, 30, 30, all_known=False), "100 % av det som är rapporterat"),
        (Share(0.5, 4, 8), "4 återstår"),
        (Share(0.75, 75, 100), "25 procentenheter kvar till 100 %"),
        (Share(0.995, 995, 1000), "0,5 procentenheter kvar till 100 %"),
    ],
)
def test_how_far_it_is(share: Share, text: str) -> None:
    assert distance_text(share).replace("\xa0", " ") == text


def test_no_text_from_outside_is_markup() -> None:
    assert "<script>" not in goal_row(replace(GOAL, title="<script>"))


def test_a_bullet_alone_is_one_picture() -> None:
    assert bullet_chart(Bullet(0.5)).count('role="img"') == 1


def test_no_label_takes_on_what_another_part_looks_like() -> None:
    """A name that the stylesheet uses alone elsewhere has moved a label off its line."""
    drawn = str(bullet_chart(Bullet(0.38, 0.0, "året före", (0.34, 0.44), Milestone(0.6, "delmål 60 %"))))
    names = {name for listed in re.findall(r'class="bullet-label ([^"]*)"', drawn) for name in listed.split()}
    assert "outside" in names and not [name for name in names if re.search(rf"(?m)^ *\.{name} {{", stylesheet())]
