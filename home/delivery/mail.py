"""One plain mail to one address."""

import smtplib
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from . import Answer, Outcome


def is_set_up() -> bool:
    return settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"


def message_id(name: str) -> str:
    """The name of a mail of this portal, by which mailboxes know it again."""
    return f"<{name}@{urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or 'localhost'}>"


def send(address: str, subject: str, text: str, *, message_id: str) -> Answer:
    """Hand it to the mail server. What the server has taken is sent, whatever happens to the line afterwards.

    Where that cannot be known, a second try goes out under the same `message_id`, by which mailboxes know it.
    """
    try:
        validate_email(address)
    except ValidationError:
        return Answer(Outcome.REFUSED, word="address")
    connection = get_connection()
    message = EmailMessage(
        subject,
        text,
        to=[address],
        connection=connection,
        # RFC 3834: out-of-office replies do not answer it.
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    try:
        # Opened here, so that Django does not close it: a failing good-bye would look like a mail not sent.
        connection.open()
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        [(code, _text)] = error.recipients.values()
        return _answer(code, final=True)
    except smtplib.SMTPDataError as error:
        return _answer(error.smtp_code, final=True)
    except smtplib.SMTPResponseException as error:
        # Of the server itself, such as its password: no other address would fare better.
        return _answer(error.smtp_code, final=False)
    except TimeoutError:
        return Answer(Outcome.LATER, word="timeout")
    except (smtplib.SMTPException, OSError):
        return Answer(Outcome.LATER, word="connection")
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()
    return Answer(Outcome.SENT)


def _answer(code: int, *, final: bool) -> Answer:
    refused = final and 500 <= code < 600
    return Answer(Outcome.REFUSED if refused else Outcome.LATER, word=str(code))
