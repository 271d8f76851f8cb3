"""`python -m ui.note`: each recipient gets the letter of their own departments, and no address is printed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.note.mail_server import Box, serving
from ui.note import sending
from ui.note.__main__ import main
from ui.note.settings import Server
from ui.note.toml_table import InvalidSettings

pytestmark = pytest.mark.usefixtures("swedish")
FILE = """
dashboard = "https://e-tjanster.example.se"
sender = "e@example.se"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[recipients.kommunchef]
address = "anna@example.se"
[recipients.alfa]
address = "bo@example.se"
department = "A"
language = "en"
[recipients.okand]
address = "eva@example.se"
department = "X"
"""


@pytest.fixture
def command(
    known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """A function that runs the command line with the recipients above: its exit code, and what it prints."""

    def run(server: Server, *arguments: str, settings: str = FILE) -> tuple[int, str, str]:
        (tmp_path / "note.toml").write_text(settings.format(port=server.port), "utf-8")
        monkeypatch.setenv("DASHBOARD_NOTE", str(tmp_path / "note.toml"))
        code = main(arguments)
        printed = capsys.readouterr()
        assert "@example.se" not in printed.out + printed.err  # a timer's output becomes a log
        return code, printed.out, printed.err

    return run


def test_the_command_sends_to_each_their_own(command: Callable[..., tuple[int, str, str]], known: Path) -> None:
    box = Box()
    with serving(box) as server:
        code, out, err = command(server, "--dry-run")
        assert code == 1 and box.got == []
        assert "Till kommunchef (Hela kommunen, sv)" in out and "Till alfa (Alfa, en)" in out
        assert "Ämne: Alfa, October 2026: the share of digital cases is higher than usual" in out
        unknown = "okand har inte fått månadsbrevet. Det finns ingen verksamhet X. Rätta department i inställningarna."
        assert unknown in err
        code, out, err = command(server)
        assert (code, out) == (1, "Månadsbrevet för oktober 2026: 2 skickade, 0 skickade tidigare, 1 kvar.\n")
        assert unknown in err and sorted(box.names) == ["anna", "bo"]
        known_one = FILE[: FILE.index("[recipients.okand]")]
        code, out, _err = command(server, settings=known_one)
        assert (code, out) == (0, "Månadsbrevet för oktober 2026: 0 skickade, 2 skickade tidigare, 0 kvar.\n")
        assert command(server, "--month", "2026-09", settings=known_one)[0] == 0
        told = command(server, "--month", "2031-01")
        assert told[0] == 2 and "Det finns inga siffror för 2031-01." in told[2]
        with pytest.raises(
            InvalidSettings, match="note.toml ligger i mappen med uppgifter. Flytta den till en egen mapp: den har"
        ):
            sending.outside_store(known / "note.toml")
    mail = dict(box.got)["bo@example.se"]
    body = mail.get_body(("plain",))
    assert body is not None and mail["Content-Language"] == "en"
    text = body.get_content()
    assert "https://e-tjanster.example.se/manadsbrev?department=A&from=2025-10&to=2026-09&lang=en" in text
    assert not [name for name in ("Beta", "Nyckel", "Resa") if name in text]


@pytest.mark.usefixtures("on_example")
def test_example_data_are_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.toml").write_text(FILE.format(port=1), "utf-8")
    monkeypatch.setenv("DASHBOARD_NOTE", str(tmp_path / "note.toml"))
    assert main([]) == 1
    assert (
        capsys.readouterr().err == "Exempeldata skickas inte: siffrorna är påhittade. Importera egna uppgifter först.\n"
    )
