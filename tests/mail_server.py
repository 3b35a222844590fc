"""A mail server on loopback that answers as it is told, and keeps what it took.

def test_it_is_mailed(mail_server):
    mail_server.answers(rcpt="451 4.3.0 try later")
    ...
    assert [mail["Subject"] for mail in mail_server.arrived] == ["…"]
"""

import asyncio
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# Instead of an answer: none at all; the line cut before the mail is taken, or after it, before the answer.
HANG, CUT_BEFORE, CUT_AFTER = "hang", "cut before", "cut after"


class MailServer:
    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.asked = 0
        self.answers()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        # For EMAIL_URL of another process.
        self.url = f"smtp://127.0.0.1:{self.port}"

    def close(self) -> None:
        if not self._controller.loop.is_closed():
            self._controller.stop()

    def answers(
        self, *, sender: str = "250 OK", rcpt: str = "250 OK", data: str = "250 OK", bye: str = ""
    ) -> None:
        """What it says from now on: "550 no such user", HANG, CUT_BEFORE, CUT_AFTER. `bye` may be HANG."""
        self._sender, self._rcpt, self._data, self._bye = sender, rcpt, data, bye

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        envelope.mail_from = address
        return self._sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._rcpt == HANG:
            await asyncio.sleep(60)
        if self._rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        taken = self._data.startswith("250") or self._data == CUT_AFTER
        if taken:
            content = envelope.original_content or b""
            self.arrived.append(BytesParser(policy=policy.default).parsebytes(content))
            self.recipients += envelope.rcpt_tos
        if self._data == HANG:
            await asyncio.sleep(60)
        if self._data in (CUT_BEFORE, CUT_AFTER):
            self._cut(server)
        return self._data

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._bye == HANG:
            await asyncio.sleep(60)
        return self._bye or "221 bye"

    def _cut(self, server: Any) -> None:
        server.transport.abort()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """This process mails by way of it; another one by its `url`."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield server
    server.close()
