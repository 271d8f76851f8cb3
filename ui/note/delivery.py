"""Hands letters to the mail server, each recipient's by itself, and says which it did not take and why."""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from ui.note.sent import Sent
from ui.note.settings import Recipient, Server
from ui.text.i18n import _

Result = Literal["sent", "already", "unsure", "failed"]


@dataclass(frozen=True)
class Letter:
    """A letter to one recipient; `number` is what it is remembered by."""

    to: Recipient
    number: str
    message: EmailMessage


@dataclass(frozen=True)
class Outcome:
    """What became of a letter, and of one that is left the reason as a sentence, without an address."""

    to: Recipient
    result: Result
    reason: str = ""


def undelivered(letters: Sequence[Letter], sent: Sent, *, again: bool) -> tuple[list[Letter], list[Outcome]]:
    """The letters that are to be sent, and what is to be said of the others: sent before, or perhaps (unless `again`)."""
    todo, rest = [], []
    for letter in letters:
        state = sent.state(letter.number)
        if state == "sent":
            rest.append(Outcome(letter.to, "already"))
        elif state == "begun" and not again:
            rest.append(Outcome(letter.to, "unsure", _unsure()))
        else:
            todo.append(letter)
    return todo, rest


def _unsure() -> str:
    return _(
        "A run was ended while this letter was being sent, so it may have arrived. Ask the recipient; --again sends it once more."
    )


def deliver(letters: Sequence[Letter], server: Server, sender: str, sent: Sent) -> Iterator[Outcome]:
    """Send the letters one by one. A letter that the server refuses, or breaks off at, is left; the others are sent all the same.

    A server that breaks off before it has answered has not taken the letter (RFC 5321, 4.5.4.1): it is tried again the next time,
    with the same Message-ID. SentUnusable when that cannot be remembered.
    """
    connection: smtplib.SMTP | None = None
    unreachable = ""
    try:
        for letter in letters:
            if connection is None and not unreachable:
                connection, unreachable = _connect(server)
            if connection is None:
                yield Outcome(letter.to, "failed", unreachable)
                continue
            sent.note(letter.number, "begun")
            reason = _send(connection, letter, sender)
            sent.note(letter.number, "failed" if reason else "sent")
            yield Outcome(letter.to, "failed" if reason else "sent", reason)
            if connection.sock is None:  # it broke off
                connection = None
    finally:
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()


def _send(connection: smtplib.SMTP, letter: Letter, sender: str) -> str:
    """Hand over one letter; blank where the server took it, else why not, without its own words: they may hold the address."""
    try:
        connection.send_message(letter.message, sender, [letter.to.address])
    except smtplib.SMTPRecipientsRefused as error:
        (code, _text), *_rest = error.recipients.values()
        return _("The mail server refuses the recipient's address ({code}).").format(code=code)
    except smtplib.SMTPSenderRefused as error:
        return _("The mail server refuses the sender's address ({code}).").format(code=error.smtp_code)
    except smtplib.SMTPResponseException as error:
        return _("The mail server refuses the letter ({code}).").format(code=error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        connection.close()
        late = _("The mail server did not answer in time.")
        return (
            late if isinstance(error, TimeoutError) else _("The mail server broke off before it had taken the letter.")
        )
    return ""


def _connect(server: Server) -> tuple[smtplib.SMTP | None, str]:
    """A connection to the server, protected and logged in as the settings say; or why there is none."""
    place = {"host": server.host, "port": server.port}
    connection: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=server.ca_file)
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.password:
            connection.login(server.user, server.password.reveal())
        return connection, ""
    except (OSError, smtplib.SMTPException) as error:
        if connection is not None:
            connection.close()
        return None, _trouble(error).format(**place)


def _trouble(error: OSError | smtplib.SMTPException) -> str:
    """Why there is no connection, with places for the server's name and port."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _(
            "The mail server {host} does not accept the user name or password. Check user and password in the settings."
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _(
            "The mail server {host}:{port} offers no protected connection or no log-in. Nothing is sent without. Check security"
            " and user in the settings."
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server {host}:{port} takes no letters now.")
    if isinstance(error, ssl.SSLError):
        return _(
            "The mail server {host}:{port} could not be trusted: its certificate is not valid for that name. Check host and port,"
            " or name who issued it in ca_file."
        )
    if isinstance(error, TimeoutError):
        return _("The mail server {host}:{port} did not answer in time.")
    if isinstance(error, socket.gaierror):
        return _("There is no mail server by the name {host}. Check host in the settings.")
    if isinstance(error, FileNotFoundError | PermissionError):
        return _("The file that ca_file names cannot be read. Check the path and who may read it.")
    return _("The mail server {host}:{port} cannot be reached. Check host and port in the settings.")
