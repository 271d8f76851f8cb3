"""The documents agree with the code, and with themselves."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generated import PAGES

ROOT = Path(__file__).resolve().parents[1]
MACHINE_PATH = re.compile(r"(?<![\w.:])/(work|farm|root|tmp|home)/[a-z]")
README = ("README.md", "LÄSMIG.md")
HEADING = re.compile(r"^(#+) ", re.M)
COMMAND = re.compile(r"(?:python -m \w+|^make) [a-z]+|--[a-z]+[a-z-]*|\b[A-Z]{3,}_[A-Z_]+\b", re.M)
PICTURE = re.compile(r"docs/\w+\.png")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def tracked() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def documents() -> list[Path]:
    """Every page of documentation."""
    return [file for file in tracked() if file.suffix == ".md"]


def anchors(document: Path) -> set[str]:
    """The names that a link can end in."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "generate"), PAGES.items(), ids=lambda value: getattr(value, "name", ""))
def test_a_generated_page_is_fresh(page: Path, generate: Callable[[], str]) -> None:
    assert page.read_text("utf-8") == generate(), "Run make fix."


@pytest.mark.parametrize("document", documents(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for target, anchor in LINK.findall(document.read_text("utf-8")):
        file = (document.parent / target).resolve() if target else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), f"{target}#{anchor}"


def test_the_commands_of_the_documents_exist() -> None:
    rules = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for document in documents():
        named = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", document.read_text("utf-8"), re.M))
        assert {"".join(pair) for pair in named} <= rules, document.name


def test_both_readmes_have_the_same_structure() -> None:
    english, swedish = ((ROOT / name).read_text("utf-8") for name in README)
    for part in (HEADING, COMMAND, PICTURE):
        assert part.findall(swedish) == part.findall(english)
    links = [sorted({target for target, _ in LINK.findall(text)} - {*README}) for text in (english, swedish)]
    assert links[0] == links[1]
    assert f"]({README[1]})" in english and f"]({README[0]})" in swedish


@pytest.mark.parametrize("program", ["data", "analytics"])
def test_the_command_lines_of_the_readme_exist(program: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", program, "--help"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    named = set(re.findall(rf"python -m {program} ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert named
    assert named <= set(re.findall(r"[a-z]+", told.stdout))


def test_no_path_of_a_machine_is_left_behind() -> None:
    for file in tracked():
        content = file.read_bytes()
        if b"\0" not in content:
            assert not MACHINE_PATH.search(content.decode("utf-8", "replace")), file.relative_to(ROOT)
