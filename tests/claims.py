"""What a page may not say at once, and what its numbers must bear: a table of claims, held against every page that a test opens.

The fixture `look` (conftest.py) asks. A page in English says none of it, nor does one without the numbers that a claim speaks of.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.reader import lines

GOAL = re.compile(r'<article class="goal">(.*?)</article>', re.S)
PAIRS = re.compile(r"<dt>([^<]*)</dt><dd>([^<]*)")
NEAR = 0.0205  # of "var tredje", and of a whole per cent
NTH = {"annan": 2, "annat": 2, "tredje": 3, "fjärde": 4, "femte": 5, "tionde": 10}


@dataclass(frozen=True)
class Goal:
    """A goal's row: its value as it is written, what it is counted of, and how much is reported, in per cent."""

    value: str
    numerator: int
    denominator: int
    reported: int

    @property
    def left(self) -> int:
        """What is left of the goal."""
        return self.denominator - self.numerator


EXCLUDE = (  # what no page says at once: a sentence as it begins, and what must not stand beside it
    (
        "Inga tjänster är importerade än",
        r"^Alla (?:steg|tjänster|ärenden) |Ingen månad saknas|Samma tjänster räknas|\d tjänster? utan e-tjänst",
    ),
    ("Det finns inga tjänster i urvalet", r"\d (?:publicerade )?tjänst(?:er)? (?:räknas|utan|saknar)|^Av totalt \d"),
    ("Vi vet inte vilka tjänster som har en e-tjänst", r"\d tjänst(?:er)? (?:utan|saknar) e-tjänst|^Alla tjänster"),
    (
        "För lite är rapporterat för att (?:visa|jämföra) andelen digitala ärenden",
        r"digitala ärenden (?:ökar|ökade|minskar|minskade|är oförändrad)|ärenden(?:a)? kom in på annat sätt$",
    ),
    (
        "För lite är rapporterat för att (?:visa hur det går med mål 3|jämföra digital ärendehantering)",
        r"hanteras digitalt (?:ökade|minskade|är oförändrad)|(?:Mer|Mindre) kan hanteras|kan inte hanteras digitalt$",
    ),
    (
        "För lite är rapporterat för att jämföra andelen tjänster",
        r"tjänster med e-tjänst (?:ökar|ökade|minskar|minskade)",
    ),
    ("Alla mål är nådda", r"^Ej rapporterat$|\bbygger på|saknar e-tjänst$|på annat sätt$|kan inte hanteras digitalt$"),
    ("Alla tjänster har en e-tjänst$", r"[1-9]\d* tjänst(?:er)? (?:utan|saknar) e-tjänst|Vi vet inte om \d"),
    ("Varje tjänst är fullt rapporterad varje månad", r"^(?:Månader|Uppgifter) saknas|[1-9]\d* ej rapporterat\b"),
    ("Ingen tjänst är fullt rapporterad någon månad", r"[1-9]\d* fullt rapporterade av"),
    ("Alla uppgifter är rapporterade", r"[1-9]\d* ej rapporterat\b"),
    ("Ingen månad saknas", r"^Månader som inte är rapporterade|ingen månad är rapporterad"),
    ("Inga kostnader är bokförda i urvalet", r"\d kr(?: saknar betalare|, och)|betalar \d"),
    ("Ingen regel behövs", r"^\d+ poster? saknar kostnadstyp"),
    ("Inget återstår till de tre målen", r"[1-9]\d* tjänst(?:er)? saknar e-tjänst"),
)
WITHIN = (  # the same within one goal's row
    ("Inget att jämföra med", r"procentenheter|Oförändrat"),
    ("Oförändrat", r"[+−][\d,]+ procentenhet"),
    ("Ej rapporterat", r"allt är rapporterat|\d procentenheter efter delmålen"),
)
AGREE = (  # two sentences with the same numbers
    (r"(\d+) av (\d+) månader är fullt rapporterade, räknat", r"(\d+) fullt rapporterade av (\d+) månader"),
    (r"Systemägaren betalar (\d+) % av", r"Systemägaren, (\d+) %"),
    (r"Systemägaren betalar \d+ % av ([\d ]+) kr", r"[\d ]+ kr av ([\d ]+) kr · \d+ % är fördelat"),
    (r", och ([\d ]+ kr) saknar betalare", r"([\d ]+ kr) Utan betalare, \d"),
    (r"^Alla (\d+) ", r"(\d+) av \1 rader"),
)
Bears = Callable[[Goal, Sequence[str]], bool]
WHAT = {1: ("tjänst(?:er(?:na)?)?", "saknar e-tjänst"), 2: ("ärende(?:n|na)?", "kom in på annat sätt")} | {
    3: ("ärende(?:n|na)?", "kan inte hanteras digitalt")
}
HAS = {1: "har en e-tjänst", 2: "(?:skickades in digitalt|kom in via e-tjänst)", 3: "kan hanteras digitalt"}


def _counts(goal: Goal, said: Sequence[str]) -> bool:
    return (goal.left, goal.denominator) == tuple(map(_number, said))


def _reached(goal: Goal, said: Sequence[str]) -> bool:
    return (goal.numerator, goal.denominator) == tuple(map(_number, said))


def _share(goal: Goal, said: Sequence[str]) -> bool:
    return abs(goal.left / goal.denominator - _number(said[0]) / 100) <= NEAR / 2


def _nth(goal: Goal, said: Sequence[str]) -> bool:
    return abs(goal.left / goal.denominator - 1 / NTH[said[0]]) <= NEAR


def _all(goal: Goal, said: Sequence[str]) -> bool:
    return not goal.left and goal.reported == 100


def _all_that_counts(goal: Goal, said: Sequence[str]) -> bool:
    return not goal.left


def _level(goal: Goal, said: Sequence[str]) -> bool:
    return goal.value == said[0]


CLAIMS: tuple[tuple[int, str, Bears], ...] = tuple(  # of which goal, the claim, and what its row must bear
    claim
    for n, (what, lacks) in WHAT.items()
    for claim in (
        (n, rf"(?<!\d )\b(\d[\d ]*) av (\d[\d ]*) {what} {lacks}", _counts),
        (n, rf"(?<!\d )\b(\d[\d ]*) av (\d[\d ]*) {what} {HAS[n]}", _reached),
        (n, rf"\b(\d+) % av {what} {lacks}", _share),
        (n, rf"\b[Vv]art?\s?(annan|annat|tredje|fjärde|femte|tionde) {what} {lacks}", _nth),
        (n, rf"^Alla {what} {HAS[n]}", _all),
        (n, rf"^Alla {what} som (?:vi har uppgifter om|räknas) {HAS[n]}$", _all_that_counts),
        (n, rf"(?:M|, m| och m)ål {n} (?:ligger )?på (\d+ av \d+|\d+ %)", _level),
    )
)


def contradictions(html: str) -> list[str]:
    """What a page says that its own other words or numbers deny."""
    return [*_at_once(html), *_apart(html), *_not_borne(html), *_not_summing(html)]


def _at_once(html: str) -> Iterator[str]:
    places = [(lines(html), EXCLUDE), *((lines(row), WITHIN) for row in GOAL.findall(html))]
    for said, table in places:
        for claim, against in table:
            for line in (line for line in said if re.match(claim, line)):
                yield from (f"{line} | {other}" for other in said if other != line and re.search(against, other))


def _apart(html: str) -> Iterator[str]:
    said = lines(html)
    for one, other in AGREE:
        first, second = ([m.groups() for line in said for m in re.finditer(each, line)] for each in (one, other))
        if first and second and first[0] not in second:
            yield f"{first[0]} | {second}"


def _not_borne(html: str) -> Iterator[str]:
    goals, said = dict(_goals(html)), lines(GOAL.sub("", html))
    for n, claim, bears in CLAIMS:
        for line in said if n in goals and goals[n].denominator else ():
            match = re.search(claim, line)
            if match and not bears(goals[n], match.groups()):
                yield f"{line} | {goals[n]}"


def _not_summing(html: str) -> Iterator[str]:
    """The parts of a change sum to the difference between its ends."""
    for chart in re.findall(r'<ol class="waterfall">(.*?)</ol>', html, re.S):
        written = [_tenths(text) for text in re.findall(r"<b>([^<]*)</b>", chart)]
        if written and sum(written[:-1]) != written[-1]:
            yield f"{written[0]} and {written[1:-1]} are not {written[-1]}"


def _goals(html: str) -> Iterator[tuple[int, Goal]]:
    for row in GOAL.findall(html):
        number = re.search(r">Mål (\d)", row)
        told = dict(PAIRS.findall(row))
        if number and "Antal" in told:
            value = next(iter(lines(row)))
            value = f"{value} %" if re.fullmatch(r"\d+", value) else value
            counted = (_number(told["Antal"]), _number(told["Av totalt"]), _number(told["Underlag"]))
            yield int(number[1]), Goal(value, *counted)


def _number(text: str) -> int:
    match = re.match(r"\d[\d\s]*", text)
    return int(re.sub(r"\s", "", match[0])) if match else 0


def _tenths(text: str) -> int:
    return round(10 * float(re.sub(r"[^\d,.-]", "", text.replace("−", "-")).replace(",", ".")))
