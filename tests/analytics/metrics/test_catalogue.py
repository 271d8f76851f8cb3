"""The catalogue holds every number: those of `measure`, and those that Python computes."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from analytics.metrics.catalogue import Computed, computed, definitions, metrics
from analytics.metrics.program import program_digest, program_files

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("definition", computed().values(), ids=lambda d: d.code)
def test_a_computed_number_names_what_computes_it(definition: Computed) -> None:
    import_module(definition.by)
    assert set(definition.of) <= set(metrics())
    assert ROOT.joinpath(*definition.by.split(".")).with_suffix(".py") in program_files(definition.by)


def test_no_code_is_defined_twice() -> None:
    assert len(definitions()) == len(metrics()) + len(computed())


@pytest.mark.parametrize("definition", computed().values(), ids=lambda d: d.code)
def test_a_computed_number_is_explained_where_it_stands(definition: Computed) -> None:
    """Each code is named by a table or a block of `ui`: a definition that nobody sees is dead."""
    sources = (file.read_text("utf-8") for file in (ROOT / "ui").rglob("*.py"))
    assert any(f'"{definition.code}"' in source for source in sources)


def test_the_version_changes_with_the_code(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "analytics", tmp_path / "analytics", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "analytics" / "costs" / "break_even.py"
    changed.write_text(changed.read_text("utf-8") + "\nADDED = True\n", "utf-8")
    modules = {definition.by for definition in computed().values()}
    moved = {module for module in modules if program_digest(module, tmp_path) != program_digest(module)}
    assert moved == {module for module in modules if ROOT / "analytics/costs/break_even.py" in program_files(module)}
    assert {"analytics.costs.break_even", "analytics.scenario.savings"} <= moved < modules
