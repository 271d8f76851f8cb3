"""Who gets the monthly note and how it is sent: a TOML file outside the store, which `DASHBOARD_NOTE` names.

docs/monthly_note.toml is an example of it. The addresses are in that file and nowhere else.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from data import Secret
from ui.note.toml_table import (
    InvalidSettings,
    Table,
    host_name,
    mail_address,
    one_line,
    port_number,
    wait_seconds,
    web_address,
)
from ui.text.i18n import LANGUAGES, _

FILE, PASSWORD = "DASHBOARD_NOTE", "DASHBOARD_NOTE_PASSWORD"
LOCAL = ("localhost", "127.0.0.1", "::1")
Security = Literal["starttls", "tls", "none"]
PROTECTED: Security = "starttls"  # where the settings do not say
PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
NAME = re.compile(r"[a-z0-9åäö](?:[a-z0-9åäö_-]{0,38}[a-z0-9åäö])?")


@dataclass(frozen=True)
class Recipient:
    """A role that gets the note of a department, or of the municipality (""), in a language. Its repr has no address."""

    name: str
    address: str = field(repr=False)
    department: str = ""
    language: str = LANGUAGES[0]


@dataclass(frozen=True)
class Server:
    """The server that takes the letters. Its repr has no user or password."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: Secret | None = field(default=None, repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0


@dataclass(frozen=True)
class Settings:
    """`dashboard` is the address that links begin with, ending in a slash; `sent` the file that remembers what is sent."""

    dashboard: str
    sender: str = field(repr=False)
    sender_name: str
    sent: Path
    server: Server
    recipients: tuple[Recipient, ...]


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the file that the environment names. InvalidSettings for the first that cannot be used."""
    named = environment.get(FILE, "").strip()
    if not named:
        raise InvalidSettings(
            _("Nobody is to get the note yet: {variable} names no file. docs/monthly_note.toml is an example.").format(
                variable=FILE
            )
        )
    path = Path(named).absolute()
    raw = _parsed(path)
    top = Table("", {key: value for key, value in raw.items() if key not in ("smtp", "recipients")})
    return Settings(
        dashboard=top.read("dashboard", web_address),
        sender=top.read("sender", mail_address),
        sender_name=top.read("sender_name", one_line, _("E-services")),
        sent=path.parent / top.read("sent", Path, path.with_suffix(".sent")),
        server=_server(Table("smtp", _table(raw, "smtp")), path.parent, environment),
        recipients=_recipients(_table(raw, "recipients")),
    )


def _parsed(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        raise InvalidSettings(
            _("{variable} names {file}, which cannot be read. Check the path and who may read it.").format(
                variable=FILE, file=path
            )
        ) from None
    except ValueError as error:  # its message may quote the file
        found = re.search(r"line (\d+)", str(error))
        place = _(" (line {line})").format(line=found[1]) if found else ""
        raise InvalidSettings(
            _("The settings in {file} cannot be read: they are not TOML{place}. Correct the file.").format(
                file=path.name, place=place
            )
        ) from None


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name, {})
    if not isinstance(found, dict) or not found:
        wanted = "[recipients.kommunchef]" if name == "recipients" else f"[{name}]"
        raise InvalidSettings(
            _("The settings of the note have no {table}. Write it as in docs/monthly_note.toml.").format(table=wanted)
        )
    return found


def _server(table: Table, folder: Path, environment: Mapping[str, str]) -> Server:
    security: Security = table.read("security", _security, PROTECTED)
    host, user = table.read("host", host_name), table.read("user", one_line, "")
    password = environment.get(PASSWORD) or table.read("password", str, "")
    if file := table.read("password_file", str, ""):
        password = password or _password_in(folder / file)
    if bool(user) != bool(password):
        raise InvalidSettings(
            _("The mail server needs both user and password, or neither. {missing} is missing.").format(
                missing="user" if password else "password"
            )
        )
    if user and security == "none" and host not in LOCAL:
        raise InvalidSettings(
            _('The password would be sent to {host} unprotected. Write security = "starttls" or "tls".').format(
                host=host
            )
        )
    ca = table.read("ca_file", str, "")
    return Server(
        host,
        table.read("port", port_number, PORTS[security]),
        security,
        user,
        Secret(password) if password else None,
        folder / ca if ca else None,
        table.read("timeout", wait_seconds, 30.0),
    )


def _password_in(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        raise InvalidSettings(
            _("The file {file} with the password cannot be read. Check the path and who may read it.").format(file=path)
        ) from None


def _recipients(raw: Mapping[str, Any]) -> tuple[Recipient, ...]:
    found: list[Recipient] = []
    for name, values in raw.items():
        if not NAME.fullmatch(name) or not isinstance(values, dict):
            raise InvalidSettings(
                _(
                    "A recipient is a table with the name of a role: [recipients.kommunchef]. The name has at most 40 small"
                    " letters, digits, hyphens and underscores."
                )
            )
        table = Table("recipients", values, f"recipients.{name}")
        one = Recipient(
            name,
            table.read("address", mail_address),
            table.read("department", one_line, ""),
            table.read("language", _language, LANGUAGES[0]),
        )
        same = (other.name for other in found if _key(other) == _key(one))
        if twin := next(same, ""):
            raise InvalidSettings(
                _("{name} and {other} have the same address and department. Take one of them away.").format(
                    name=one.name, other=twin
                )
            )
        found.append(one)
    return tuple(found)


def _key(one: Recipient) -> tuple[str, str]:
    return one.address.casefold(), one.department


def _security(text: str) -> Security:
    for known in PORTS:
        if text == known:
            return known
    raise ValueError


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError
    return text
