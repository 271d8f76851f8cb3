"""`python -m data fetch`: every connection is tried, and the results are printed in Swedish or as JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.connections.config import connections_and_errors
from data.connections.settings import PATHS
from data.fetch.client import Clock
from data.store import Store
from tests.data.command import Answer, Run, run_command
from tests.data.platform_server import CATALOGUE, PASSWORD, PERSONAL, USER, Platform, Reply, serving


@pytest.fixture
def platform() -> Iterator[Platform]:
    with serving() as one:
        one.case(1, 104, "2025-01-07", "2025-01-09")
        yield one


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `fetch` on a new store, without waiting; returns its output."""
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("data.connections.config.SECRETS", tmp_path / ".streamlit" / "secrets.toml")
    monkeypatch.setattr("data.fetch.client.Clock", lambda: Clock(lambda _: None, lambda: 0.0))

    def answer(*arguments: str) -> Answer:
        result = run_command(capsys, "fetch", *arguments)
        assert not [s for s in (PASSWORD, USER, *PERSONAL) if s in result.out + result.err]
        return result

    return answer


def connected(monkeypatch: pytest.MonkeyPatch, name: str, base: str, **settings: str) -> None:
    """Configure a connection in the environment."""
    for setting, value in {"base": base, "user": USER, "password": PASSWORD, **settings}.items():
        monkeypatch.setenv(f"OPEN_EPLATFORM_{name}_{setting}".upper(), value)


@pytest.fixture
def extern(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(monkeypatch, "extern", platform.base, since="2025-01")


@pytest.mark.usefixtures("extern")
class TestOne:
    def test_what_came(self, run: Run) -> None:
        answer = run("--since", "2025-01")
        assert (answer.code, answer.err) == (0, "")
        first, second = answer.out.splitlines()
        assert first == "extern: e-tjänster 3, nya ärenden 1, ändrade 0."
        assert second.startswith("  Import 1: Open ePlatform extern 20")
        (batch,) = Store().history()
        assert batch.who == "kommandoraden"

    def test_nothing_new(self, run: Run) -> None:
        run()
        answer = run("extern")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out == "extern: e-tjänster 3, nya ärenden 0, ändrade 0.\n  Inget är nytt.\n"

    def test_dry_run(self, run: Run) -> None:
        answer = run("--dry-run")
        assert answer.code == 0 and "ingenting importerades" in answer.out
        assert Store().history() == ()

    def test_for_a_script(self, run: Run) -> None:
        (result,) = run("--json", "--who", "nattjobb").json["installations"]
        assert (result["installation"], result["flows"], result["new_cases"]) == ("extern", 3, 1)
        assert result["batch"]["who"] == "nattjobb" and result["sentences"] == []

    def test_in_english(self, run: Run) -> None:
        assert "new cases 1," in run("--dry-run", "--language", "en").out

    def test_it_fails(self, platform: Platform, run: Run) -> None:
        platform.always(CATALOGUE, Reply(404))
        answer = run()
        assert (answer.code, answer.out) == (1, "")
        assert answer.err.startswith("extern har inget på /api/v1/getflows/xml (404).")
        assert run("--json").json["errors"] == [answer.err.strip()]

    def test_another_name(self, run: Run) -> None:
        answer = run("intern")
        assert answer.code == 2
        assert answer.err == "Det finns ingen anslutning intern. Anslutningarna är: extern.\n"

    @pytest.mark.parametrize("wrong", [("--since", "2025"), ("--who", "anna@example.se")])
    def test_asked_wrongly(self, platform: Platform, run: Run, wrong: tuple[str, str]) -> None:
        assert run(*wrong).code == 2
        assert not platform.requests


def test_one_that_fails_does_not_stop_the_others(platform: Platform, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as other:
        other.always(CATALOGUE, Reply(500))
        connected(monkeypatch, "a", other.base)
        connected(monkeypatch, "b", "ftp://example.se")
        connected(monkeypatch, "c", platform.base)
        answer = run()
    assert answer.code == 1
    assert "c: e-tjänster 3" in answer.out
    assert [line[:2] for line in answer.err.splitlines()] == ["b:", "De"]
    assert "plattformen a (500)" in answer.err
    assert len(Store().history()) == 1


def test_a_name_leaves_the_others_alone(platform: Platform, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(monkeypatch, "b", "ftp://example.se")
    connected(monkeypatch, "c", platform.base)
    answer = run("c", "--dry-run")
    assert (answer.code, answer.err) == (0, "")


def test_nothing_is_set_up(run: Run) -> None:
    answer = run()
    assert answer.code == 1
    assert ".streamlit/secrets.toml.example" in answer.err and len(answer.err.splitlines()) == 1


def test_settings_that_are_no_toml(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(f'[open_eplatform.extern]\npassword = {PASSWORD}"\n', "utf-8")
    answer = run("extern")
    assert answer.code == 1
    assert "rad 2" in answer.err


def test_the_example_settings_can_be_read() -> None:
    example = Path(__file__).parents[3] / ".streamlit" / "secrets.toml.example"
    (one,), wrong = connections_and_errors(example, {})
    assert not wrong and one.name == "extern" and one.interfaces == ("catalogue", "statistics", "instances")
    assert all(f'# {setting} = "{path}"' in example.read_text("utf-8") for setting, path in PATHS.items())
