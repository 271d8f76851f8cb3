"""A real mail server for the tests: it keeps what it is given."""

import asyncio
import email
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ui.note.settings import Server


@dataclass
class Box:
    """A server's handler: it keeps what it is given, refuses some recipients, and breaks off at others in the middle."""

    refuses: Sequence[str] = ()
    breaks: Sequence[str] = ()
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.partition("@")[0] in self.refuses:
            return f"550 {address} is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        if address.partition("@")[0] in self.breaks:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
            return "451 broken"
        read = email.message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
        assert isinstance(read, EmailMessage)
        self.got.append((address, read))
        return "250 OK"

    @property
    def names(self) -> list[str]:
        return [address.partition("@")[0] for address, _mail in self.got]


@contextmanager
def serving(box: Box, **options: object) -> Iterator[Server]:
    """A server at a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, "127.0.0.1", port, **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield Server("127.0.0.1", port, "none", timeout=20)
    finally:
        controller.stop()
