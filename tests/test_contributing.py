"""The recipes of CONTRIBUTING.md: each is applied to a copy of the code, and its commands are run there."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = (
    "analytics",
    "data",
    "ui",
    "pages",
    "locales",
    "static",
    "tests",
    ".streamlit",
    "dashboard.py",
    "pyproject.toml",
)
MOST_FILES = 3
WORDS = "locales/sv/LC_MESSAGES/messages.po"


@dataclass(frozen=True)
class Recipe:
    """A section of the guide: its heading, the changes to apply, the words to translate, and the commands that show the result."""

    title: str
    patches: tuple[str, ...]
    words: tuple[str, ...]
    commands: tuple[str, ...]

    @property
    def files(self) -> set[str]:
        """The files that the recipe changes by hand."""
        changed = set(re.findall(r"^\+\+\+ b/(.+)$", "\n".join(self.patches), re.M))
        return changed | {WORDS for _ in self.words}


def recipes() -> list[Recipe]:
    """The sections of the guide that hold changes."""
    sections = re.split(r"^## ", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), flags=re.M)[1:]
    made = [
        Recipe(section.splitlines()[0], *(tuple(_blocks(section, kind)) for kind in ("diff", "po", "sh")))
        for section in sections
    ]
    return [recipe for recipe in made if recipe.patches]


def _blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.M | re.S)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code, in a folder where it can be changed."""
    skip = shutil.ignore_patterns("__pycache__", "store", "browser")
    for name in CODE:
        source, target = ROOT / name, tmp_path / name
        shutil.copytree(source, target, ignore=skip) if source.is_dir() else shutil.copy(source, target)
    return tmp_path


def test_the_guide_covers_what_is_added_most_often() -> None:
    titles = " ".join(recipe.title for recipe in recipes())
    assert titles == "A column A metric A page A chart A file format"


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.title)
def test_a_recipe_works(recipe: Recipe, copy: Path) -> None:
    assert len(recipe.files) <= MOST_FILES
    assert recipe.commands
    for patch in recipe.patches:
        subprocess.run(["git", "apply", "--recount", "-"], cwd=copy, input=patch, text=True, check=True)
    with (copy / WORDS).open("a", encoding="utf-8") as words:
        words.writelines(f"\n{block}" for block in recipe.words)
    environment = os.environ | {"DASHBOARD_STORE": str(copy / "store"), "PYTHONPATH": str(copy)}
    for command in recipe.commands:
        script = command.replace(".venv/bin/python", sys.executable)
        done = subprocess.run(
            ["sh", "-e", "-c", script], cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
