"""Letters go once to each recipient, over real SMTP; what the server does not take is told, and tried the next time."""

import multiprocessing
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from data import Secret
from tests.ui.note.cases import OCTOBER
from tests.ui.note.mail_server import Box, serving
from ui.note import sending
from ui.note.delivery import Outcome
from ui.note.model import Note
from ui.note.sending import Written
from ui.note.sent import SentUnusable, remembered
from ui.note.settings import Recipient, Server, Settings

pytestmark = pytest.mark.usefixtures("swedish")
ROLES = ("ekonom", "kommunchef", "rektor")
NOTE = Note("Hela kommunen", "oktober 2026", "2026-10", "sv", "inget är ovanligt", (), (), "manadsbrev?to=2026-10")
WRITTEN = Written(dict.fromkeys(ROLES, NOTE), ())


def settings(folder: Path, server: Server) -> Settings:
    recipients = tuple(Recipient(name, f"{name}@example.se") for name in ROLES)
    base = "https://e-tjanster.example.se/"
    return Settings(base, "e@example.se", "E-tjänster", folder / "note.sent", server, recipients)


def send(to: Settings, *, again: bool = False) -> list[Outcome]:
    return list(sending.send(to, WRITTEN, OCTOBER, again=again))


def results(found: Sequence[Outcome]) -> dict[str, str]:
    return {one.to.name: one.result for one in found}


def test_a_refused_recipient_is_told_and_tried_again_and_nobody_gets_two(tmp_path: Path) -> None:
    box = Box(refuses=["kommunchef"])
    with serving(box) as server:
        to = settings(tmp_path, server)
        found = send(to)
        assert results(found) == {"ekonom": "sent", "kommunchef": "failed", "rektor": "sent"}
        assert [one.reason for one in found if one.reason] == ["E-postservern tar inte emot mottagarens adress (550)."]
        assert box.names == ["ekonom", "rektor"]
        assert results(send(to)) == {"ekonom": "already", "kommunchef": "failed", "rektor": "already"}
        box.refuses = []
        assert results(send(to))["kommunchef"] == "sent" and results(send(to))["kommunchef"] == "already"
        assert box.names == ["ekonom", "rektor", "kommunchef"]
        (address, mail), *_rest = box.got
        assert mail["To"] == address == "ekonom@example.se" and mail["Bcc"] is mail["Cc"] is None
        assert mail["Subject"] == "Hela kommunen, oktober 2026: inget är ovanligt"
        later = list(sending.send(to, WRITTEN, OCTOBER.replace(month=9), again=False))
        assert results(later) == dict.fromkeys(ROLES, "sent")  # of another month
        moved = replace(to, recipients=(Recipient("rektor", "ny.rektor@example.se"),))
        assert results(send(moved)) == {"rektor": "sent"}  # who has the role now
    kept = (tmp_path / "note.sent").read_text("utf-8")
    assert "example.se" not in kept and "rektor" not in kept and (tmp_path / "note.sent").stat().st_mode & 0o077 == 0


def test_a_server_that_breaks_off_costs_that_letter_alone(tmp_path: Path) -> None:
    box = Box(breaks=["kommunchef"])
    with serving(box) as server:
        to = settings(tmp_path, server)
        found = send(to)
        assert results(found) == {"ekonom": "sent", "kommunchef": "failed", "rektor": "sent"}
        assert found[1].reason == "E-postservern avbröt innan den hade tagit emot brevet."
        box.breaks = []
        assert results(send(to)) == {"ekonom": "already", "kommunchef": "sent", "rektor": "already"}
    assert sorted(box.names) == sorted(ROLES)
    (gone,) = send(replace(to, recipients=(Recipient("kommunchef", "n@example.se"),)))
    assert (
        gone.reason.startswith(f"E-postservern 127.0.0.1:{to.server.port} går inte att nå.") and gone.result == "failed"
    )


def test_a_run_that_was_ended_in_the_middle_asks_before_it_sends_once_more(tmp_path: Path) -> None:
    box = Box()
    with serving(box) as server:
        to = settings(tmp_path, server)
        with remembered(to.sent) as sent:
            number = sent.number(to.recipients[1], "2026-10")
            sent.note(number, "begun")
        with to.sent.open("a") as file:
            file.write('{"letter": "hal')  # what the end of the process left
        found = send(to)
        assert results(found) == {"ekonom": "sent", "kommunchef": "unsure", "rektor": "sent"}
        (told,) = [one.reason for one in found if one.result == "unsure"]
        assert told.endswith("Fråga mottagaren; --again skickar det en gång till.")
        assert results(send(to))["kommunchef"] == "unsure" and "kommunchef" not in box.names
        assert results(send(to, again=True)) == {"ekonom": "already", "kommunchef": "sent", "rektor": "already"}
    assert sorted(box.names) == sorted(ROLES)
    assert [mail["Message-ID"] for address, mail in box.got if "kommunchef" in address] == [f"<{number}@example.se>"]


def test_two_runs_at_the_same_time_are_one(tmp_path: Path) -> None:
    box = Box()
    with serving(box) as server:
        to = settings(tmp_path, server)
        with (
            remembered(to.sent),
            pytest.raises(SentUnusable, match="En annan körning skickar just nu. Den här har inte"),
        ):
            send(to)
        assert box.got == []
        context = multiprocessing.get_context("fork")
        runs = [context.Process(target=_attempt, args=(to,)) for _n in range(2)]
        for run in runs:
            run.start()
        for run in runs:
            run.join(120)
        send(to)
    assert sorted(box.names) == sorted(ROLES)


def _attempt(to: Settings) -> None:
    try:
        send(to)
    except SentUnusable:
        return


def test_what_is_damaged_sends_nothing(tmp_path: Path) -> None:
    box = Box()
    with serving(box) as server:
        to = settings(tmp_path, server)
        to.sent.write_text('not a key\n{"letter": "a", "state": "sent"}\n', "utf-8")
        with pytest.raises(
            SentUnusable, match="Inget mer skickas: .*note.sent, där det noteras vad som är skickat, är skadad"
        ):
            send(to)
        with pytest.raises(SentUnusable, match="Inget skickas: det går inte att skriva i .*borta, där det noteras"):
            send(replace(to, sent=Path("/dev/null/borta/note.sent")))
    assert box.got == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that vouches for itself, and its key; made anew, so that no key lies among the tests."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "own.pem", folder / "own.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


def authenticator(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
) -> AuthResult:
    return AuthResult(success=given.password == b"hemligt", handled=False)


def test_starttls_is_required_and_believed_only_with_a_certificate(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    made, key = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made, key)
    box = Box()
    options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": authenticator}
    with serving(box, **options) as server:
        to = settings(tmp_path, replace(server, security="starttls", user="e", password=Secret("hemligt")))
        assert {one.reason for one in send(to)} == {
            f"E-postservern 127.0.0.1:{server.port} går inte att lita på: dess certifikat gäller inte för det namnet."
            " Kontrollera host och port, eller ange utfärdaren i ca_file."
        }
        trusting = replace(to.server, ca_file=made)
        wrong = replace(to, server=replace(trusting, password=Secret("fel")))
        assert {one.reason for one in send(wrong)} == {
            "E-postservern 127.0.0.1 godtar inte användarnamnet eller lösenordet. Kontrollera user och password i"
            " inställningarna."
        }
        assert {one.result for one in send(replace(to, server=server))} == {"failed"} and box.got == []
        gone = replace(to, server=replace(to.server, ca_file=tmp_path / "borta.pem"))
        assert {one.reason for one in send(gone)} == {
            "Filen som ca_file anger går inte att läsa. Kontrollera sökvägen och vem som får läsa den."
        }
        assert results(send(replace(to, server=trusting))) == dict.fromkeys(ROLES, "sent")
    with serving(box) as plain:  # which offers no STARTTLS: nothing is sent without
        to = settings(tmp_path / "..", replace(plain, security="starttls"))
        (first, *_rest) = list(sending.send(replace(to, sent=tmp_path / "other"), WRITTEN, OCTOBER, again=False))
    assert first.reason.startswith(f"E-postservern 127.0.0.1:{plain.port} erbjuder ingen skyddad anslutning")
    assert box.names == list(ROLES)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (smtplib.SMTPConnectError(421, "busy"), "E-postservern a.se:25 tar inte emot några brev just nu."),
        (TimeoutError(), "E-postservern a.se:25 svarade inte i tid."),
        (socket.gaierror(), "Det finns ingen e-postserver med namnet a.se. Kontrollera host i inställningarna."),
    ],
)
def test_why_there_is_no_connection(
    error: OSError, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    assert {one.reason for one in send(settings(tmp_path, Server("a.se", 25, "none")))} == {reason}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            smtplib.SMTPSenderRefused(553, b"e@example.se", "e@example.se"),
            "E-postservern tar inte emot avsändarens adress (553).",
        ),
        (smtplib.SMTPDataError(552, b"too large"), "E-postservern tar inte emot brevet (552)."),
        (TimeoutError(), "E-postservern svarade inte i tid."),
    ],
)
def test_why_a_letter_is_not_taken(
    error: OSError, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise error

    monkeypatch.setattr(smtplib.SMTP, "send_message", refuse)
    with serving(Box()) as server:
        assert {one.reason for one in send(settings(tmp_path, server))} == {reason}
