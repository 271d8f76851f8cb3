"""The words: everything the code says exists in Swedish, and nothing else does."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from analytics.metrics.catalogue import metrics
from data.schema.catalogue import datasets, value_lists

ROOT = Path(__file__).resolve().parents[1]
WORDS = ROOT / "locales/sv/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%(?:\(\w+\))?[srd]")


def texts(message: str | tuple[str, ...] | list[str]) -> list[str]:
    """The forms of a message: one, or singular and plural."""
    return [message] if isinstance(message, str) else list(message)


def placeholders(text: str) -> list[str]:
    """What is put into a message."""
    return sorted(PLACEHOLDER.findall(text))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every message in the code."""
    pot = tmp_path_factory.mktemp("words") / "messages.pot"
    command = ["pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml"), "-k", "plural:1,2", "-o", str(pot)]
    CommandLineInterface().run([*command, str(ROOT)])  # type: ignore[no-untyped-call]  # Babel's command line has no types
    with pot.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    """The Swedish catalogue."""
    with WORDS.open("rb") as file:
        return read_po(file, locale="sv")


def key(message: Message) -> tuple[str | None, str]:
    """What identifies a message."""
    return message.context, texts(message.id)[0]


def keys(catalog: Catalog) -> set[tuple[str | None, str]]:
    """What identifies each message, without the header."""
    return {key(message) for message in catalog if message.id}


def test_the_code_says_something(said: Catalog) -> None:
    assert len(keys(said)) > 50


def spoken(*rooms: str) -> Iterator[tuple[str, str]]:
    """Every constant given to `_`, `ngettext` or `plural`, and where: read as Python reads it, not as the extractor does."""
    every = rooms or ("analytics", "data", "pages", "ui")
    for file in sorted(file for room in every for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=(ast.Name("_" | "ngettext") | ast.Attribute(attr="plural")),
                    args=[ast.Constant(str(text)), *_],
                ):
                    yield text, f"{file.relative_to(ROOT)}:{node.lineno}"


def test_the_extractor_sees_all_that_is_said(said: Catalog) -> None:
    """Babel does not look inside an f-string: what is said there stays English."""
    known = {text for _, text in keys(said)}
    assert {text: where for text, where in spoken() if text not in known} == {}


SAID_IN = (
    *("decomposition/*", "next_steps/*", "scenario/*"),
    *(f"components/{name}" for name in ("chance", "courses", "events", "forecast*", "variation")),
    *(f"charts/{name}" for name in ("outlook", "waterfall")),
)
HOLE = "\ue000"  # what an f-string puts in


def sentences() -> Iterator[tuple[str, str, str]]:
    """Every template that makes a sentence, its number ("one", "many" or none), and where it stands."""
    for file in sorted(file for name in SAID_IN for file in (ROOT / "ui").glob(f"{name}.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("_"), args=[ast.Constant(str(text))]):
                    forms = {"": text}
                case ast.Call(
                    func=(ast.Name("ngettext") | ast.Attribute(attr="plural")),
                    args=[ast.Constant(str(one)), ast.Constant(str(many)), _],
                ):
                    forms = {"one": one, "many": many}
                case _:
                    continue
            if any(PLACEHOLDER.search(text) or text.endswith(".") for text in forms.values()):
                yield from ((text, number, f"{file.relative_to(ROOT)}:{node.lineno}") for number, text in forms.items())


def quoted() -> list[str]:
    """Every string in the tests but docstrings, on a line; an f-string with a hole where something is put in."""
    found = []
    for file in sorted(file for file in (ROOT / "tests").rglob("*.py") if file != Path(__file__)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for child in ast.iter_child_nodes(node):
                match node, child:
                    case ((ast.Expr() | ast.JoinedStr()), _):
                        continue
                    case _, ast.Constant(str(text)):
                        found.append(text)
                    case _, ast.JoinedStr(parts):
                        found.append(
                            "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in parts)
                        )
    return [" ".join(text.split()) for text in found]


def as_said(text: str, number: str) -> re.Pattern[str]:
    """A template as it is said: all its words, its number, and for all else that is put in something within a sentence."""
    first, *rest = re.split(f"({PLACEHOLDER.pattern})", text)
    some = r"(?:(?!\. )[^{}])+?"
    put_in = {"{n}": {"one": rf"(?:1|[Oo]ne|{HOLE})", "many": rf"(?!(?:1|[Oo]ne)\b){some}"}.get(number, some)}
    words = [put_in.get(part, some) if PLACEHOLDER.fullmatch(part) else re.escape(part) for part in rest]
    start = rf"[{first[0]}{first[0].upper()}]{re.escape(first[1:])}" if first[:1].isalpha() else re.escape(first)
    return re.compile(rf"(?<!\w){start}{''.join(words)}(?!\w)")


def test_every_sentence_is_quoted_in_a_test() -> None:
    """As it is said, in singular and in plural: whoever changes a sentence sees what it becomes."""
    lines = quoted()
    missing = {}
    assert len(list(sentences())) > 300
    for text, number, where in sentences():
        words = [part[1:] for part in PLACEHOLDER.split(text) if part]  # the quick look first
        said = as_said(text, number)
        if not any(all(part in line for part in words) and said.search(line) for line in lines):
            missing[text] = where
    assert missing == {}


def test_everything_is_translated(said: Catalog, swedish: Catalog) -> None:
    assert sorted(keys(said) - keys(swedish), key=str) == []
    assert not [message.id for message in swedish if message.id and not all(texts(message.string or ""))]


def test_nothing_is_stale(said: Catalog, swedish: Catalog) -> None:
    assert sorted(keys(swedish) - keys(said), key=str) == []
    assert not list(swedish.obsolete)


def test_nothing_is_a_guess(swedish: Catalog) -> None:
    assert not [message.id for message in swedish if message.id and message.fuzzy]


def test_what_is_put_in_is_the_same(swedish: Catalog) -> None:
    for message in swedish:
        known = {tuple(placeholders(text)) for text in texts(message.id)}
        assert not message.id or {tuple(placeholders(text)) for text in texts(message.string or "")} <= known, (
            message.id
        )


def pairs() -> list[tuple[str, object]]:
    """Every {sv, en} in the catalogues, with where it stands."""
    tables = [
        (f"{table.code}.{name}", getattr(table, name))
        for table in datasets().values()
        for name in ("title", "grain", "help")
    ]
    columns = [
        (f"{table.code}.{column.code}", words)
        for table in datasets().values()
        for column in table.columns
        for words in (column.title, column.help)
    ]
    values = [(f"{name}.{value.code}", value.labels) for name, values in value_lists().items() for value in values]
    measures = [
        (f"{metric.code}.{name}", getattr(metric, name))
        for metric in metrics().values()
        for name in ("title", "definition", "formula")
    ]
    return tables + columns + values + measures + list(ui_pairs())


def ui_pairs() -> Iterator[tuple[str, dict[str, str]]]:
    """Every {sv, en} in the catalogues of words that lie beside the code of ui/; what is neither is no word."""

    def within(where: str, value: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
        if any(isinstance(inner, str) for inner in value.values()):
            yield where, value
        else:
            for key, inner in value.items():
                if isinstance(inner, dict):
                    yield from within(f"{where}.{key}", inner)

    for file in sorted((ROOT / "ui").rglob("*.toml")):
        yield from within(file.stem, tomllib.loads(file.read_text("utf-8")))


INSTEAD = {  # Swedish that is not written, as a pattern, and what is: one word for one thing, and none that promises more
    r"tjänstemånad": "tjänsternas månader, räknat per tjänst",
    r"\bi fjol\b|året innan|perioden innan": "samma period året före",
    r"det du har valt": "urvalet",
    r"\btjugo\b": "20",
    r"\bstannar?\b": "återstår",
    r"\bstoppa(?:r|s|de)?\b": "är inte digitalt",
    r"\btappa": "kommer in på annat sätt",
    r"\bfattas\b": "återstår",
    r"\blyft(?:er|a|s)?\b": "kommer närmare målet",
    r"handlägga|handlades\b|handlagd": "hanteras, hanterades digitalt",
    r"helt digital": "kan hanteras digitalt",
    r"assistera": "inskrivet av medarbetare",
    r"utanför e-tjänst|en annan väg|andra vägar|övriga kanaler": "på annat sätt än via e-tjänst",
    r"\bkänd(?:a)? för\b": "vi känner inte till",
    r"komplett": "fullt rapporterad",
    r"\btäck": "omfattar, underlag",
    r"e-tjänstplattform": "e-tjänsteplattformen",
    r"endast blankett": "bara blankett",
    r"\bpå väg\b": "prognos",
    r"variation": "det vanliga",
    r"slumpen kan göra|av en slump|är slump|vara slump": "kan bero på slumpen",
    r"från helheten": "från genomsnittet",
    r"ihålig": "ofylld",
    r"\bstreckad": "snedstreckad",
    r"nämnare|täljare|percentil": "räknas, antal, av totalt",
    r"\bmedian": "den mittersta, hälften av",
    r"\bper den\b": "uppgifter till och med den, läget den",
    r"ofördela": "utan betalare",
    r"besparing": "sparad tid, i kronor",
    r"\binläs|lästs? in\b|\bläsa? in\b": "importera",
    r"\bsläpp": "ladda upp",
    r"ta tillbaka|\bg(?:ör|jord|öras) om\b": "ångra, återställ",
    r"utelämna": "kom inte med",
    r"omatcha": "saknas i registren",
    r"den enskilde|människor": "den sökande, personer",
    r"\bsom roll\b": "din roll",
    r"sköter översikten": "systemförvaltaren",
    r"i jämförelsen\b|sedan jämförelsen\b": "jämförelseperioden",
    r"e-tjänst (?:är |det är )?inte (?:är )?tillämplig|\be\.t\.": "behöver ingen e-tjänst",
    r"halva vägen|av vägen till": "av det som återstår",
    r"att vinna|\bvinna till": "ger mest för",
    r"\bbanan?\b": "en jämn ökning mellan delmålen",
    r"rört sig|står stilla|nästan stilla": "ändrats",
    r"förändring": "ändring",
    r"\bvilar\b": "bygger på",
    r"\blaga\b": "rätta",
}
RIGHT = {  # where such a word is right, and why
    "brandvägg stoppar datorn": "a firewall does stop it",
    "bröts på halva vägen": "of an answer on its way",
    "går inte att ta tillbaka": "of what has been shown, not of an import",
    "i filerna: assisterat": "the value in the files",
    "innan du gör om den": "does the same once more, which is not to restore it",
}


def written(swedish: Catalog) -> Iterator[str]:
    """Every Swedish form in the catalogue, and every Swedish text of the catalogues beside the code."""
    for message in swedish:
        if message.id:
            yield from texts(message.string or "")
    yield from (words["sv"] for _where, words in ui_pairs())


def test_words_that_were_left_do_not_come_back(swedish: Catalog) -> None:
    """Definitions of what is counted have words of their own."""
    found = {
        text: instead
        for text in written(swedish)
        for pattern, instead in INSTEAD.items()
        if re.search(pattern, text, re.IGNORECASE) and not any(right in text for right in RIGHT)
    }
    assert found == {}
    every = " ".join(written(swedish))
    assert [right for right in RIGHT if right not in every] == []


MACHINES = r"--\w|FIL=|&amp;|\[förval\]"  # of the command line, or an entity


def test_no_sentence_is_joined_by_a_semicolon(swedish: Catalog) -> None:
    assert [text for text in written(swedish) if ";" in text and not re.search(MACHINES, text)] == []


COUNTED = re.compile(
    r"\{n\} (?:\w+ )?(?:services|e-services|months|cases|rows|departments|postings|files|rules|years|steps)\b"
)
SEVERAL = {  # a count that cannot be one, by why
    "in a row|the {n} months|months are unusual|counted over {n} months": "so many months at least are asked for",
    "{n} files": "one file is said by its name alone",
    "all {n} services|the {n} services|one of {n} services": "there are at least two",
}


def test_a_count_has_a_form_for_one(swedish: Catalog) -> None:
    """Where one service is called by its name, its own sentence says it."""
    by_name = {text for text, _where in spoken("ui/decomposition")}
    single = {str(message.id) for message in swedish if message.id and not message.pluralizable}
    never_one = re.compile("|".join(SEVERAL).replace("{", r"\{").replace("}", r"\}"))
    assert [text for text in sorted(single - by_name) if COUNTED.search(text) and not never_one.search(text)] == []


@pytest.mark.parametrize(("where", "words"), pairs(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_catalogue_speaks_both_languages(where: str, words: dict[str, str]) -> None:
    assert set(words) == {"sv", "en"}
    assert all(text.strip() for text in words.values())
    assert placeholders(words["sv"]) == placeholders(words["en"])
