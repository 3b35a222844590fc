"""From a valid form to a sealed tip and its receipt code: all of it is stored, or nothing.

Never logs, and never raises with, a word of what was sent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from communes.models import Unit

from .. import audit, vault
from ..keyring import keyring
from ..keys.grants import sealing_key
from ..keys.ring import reporter_mac
from ..models import AuditEntry, Category, Holding, Part, Tip, WithdrawnMark
from ..uploads import Refused
from .about import About
from .answers import contents_of
from .attachments import Attachment, seal_attachment
from .holders import can_read
from .reporter import reporter_context
from .sealing import discard_files, seal_part
from .sent_forms import Said, remember

# An older form makes no new tip, so that nothing need be remembered of it for longer.
FORM_LIVES = timedelta(days=7)


class BoxClosed(Exception):
    """The unit has no key to seal to."""


class TakenBack(Exception):
    """This form's tip was taken back by its reporter."""


class SentBefore(Exception):
    """This form's tip is there: nothing is stored a second time."""


class FormExpired(Exception):
    """The form is older than FORM_LIVES, and no tip of it is there."""


@dataclass(frozen=True)
class Submission:
    """What a resident sent, already validated.

    `answers` by name, as in kinds.ANSWERS; days in ISO form. What is empty may be left out.
    """

    kind: str
    category: Category | None
    answers: Mapping[str, str] = field(repr=False)
    attachments: Sequence[Attachment] = ()
    left_out: Sequence[Refused] = ()
    # The commune whose page it came from, when the reporter passed over it.
    page: str = field(repr=False, default="")
    # The post or guide that it is about.
    about: About | None = field(repr=False, default=None)


def submit(
    unit: Unit, submission: Submission, nonce: bytes, *, said: Said | None = None, expired: bool = False
) -> str:
    """Store the tip and return its receipt code, four by four.

    `nonce` is the form's one-time value, which alone gives the code, and `said` what the form said, by which
    the same form sent again is known (`sent_forms`). An `expired` form makes no tip. Raises BoxClosed,
    SentBefore, also after the keyring was rotated in between, TakenBack, FormExpired, and whatever database,
    storage and vault raise; then nothing is left of the tip.
    """
    ring = keyring()
    codes = [vault.new_code(nonce, ring, key_id) for key_id in ring.ids]
    receipts = [
        vault.ReceiptKeys.derive(code, ring, key_id) for code, key_id in zip(codes, ring.ids, strict=True)
    ]
    if any(_is_stored(receipt) for receipt in receipts):
        raise SentBefore
    marks = [withdrawn_mark(receipt.lookup, receipt.key_id) for receipt in receipts]
    if expired:
        raise TakenBack if _was_taken_back(marks) else FormExpired
    try:
        store(unit, submission, receipts[0], marks, form=(nonce, said or Said(())))
    except (IntegrityError, OSError, vault.OpenError):
        # A second click that passed the look above while the first was being written, and took its files.
        if not _is_stored(receipts[0]):
            raise
        raise SentBefore from None
    return vault.display(codes[0])


def _is_stored(receipt: vault.ReceiptKeys) -> bool:
    return Tip.objects.filter(receipt_lookup=receipt.lookup).exists()


def withdrawn_mark(lookup: bytes, key_id: str) -> str:
    """What tells this form, sent again with the same words, from all others once its tip was taken back.

    Made of the look-up value, which both sides have: whoever takes the tip back comes with the code, the form
    comes with nonce and words. Without the environment nobody can make it from a nonce or a code.
    """
    return keyring().mac(vault.WITHDRAWN, lookup, key_id).hex()


def _was_taken_back(marks: Collection[str]) -> bool:
    return WithdrawnMark.objects.filter(mac__in=marks).exists()


def store(
    unit: Unit,
    submission: Submission,
    receipt: vault.ReceiptKeys,
    marks: Collection[str] = (),
    *,
    form: tuple[bytes, Said] | None = None,
) -> Tip:
    """Seal and store the tip under a receipt that is not used yet; TakenBack if one of `marks` is kept.

    `form`, if its receipt is to be shown again: the one-time value and what it said. Raises as `submit` does.
    """
    unit_key = sealing_key(unit)
    if unit_key is None:
        raise BoxClosed
    # Before the transaction: decoding pictures takes seconds, in which nobody else could write to SQLite.
    for attachment in submission.attachments:
        attachment.view  # noqa: B018 - made now, and kept
    parts: list[Part] = []
    try:
        with transaction.atomic():
            tip = _new_tip(unit, submission, receipt)
            # Only now: while the first click's tip is there, or is just being taken back, the row above waits
            # for it or fails. Looking before would let a slow second click bring back what was taken back.
            if _was_taken_back(marks):
                raise TakenBack
            for label, content in _contents(submission).items():
                parts.append(seal_part(tip, label, content, [unit_key]))
            for attachment in submission.attachments:
                seal_attachment(tip, attachment, [unit_key], parts)
            if form:
                remember(*form)
            audit.record(tip, AuditEntry.Action.RECEIVED)
            # The log's entry holds the unit: if its last reader left meanwhile, he left before.
            if not can_read(unit):
                raise BoxClosed
    except BaseException:
        discard_files(part.object_name for part in parts)
        raise
    return tip


def _new_tip(unit: Unit, submission: Submission, receipt: vault.ReceiptKeys) -> Tip:
    reporter = vault.KeyPair.generate()
    tip = Tip(
        unit=unit,
        received_by=unit.uuid,
        category=submission.category or Category.neutral(),
        day=timezone.localdate(),
        receipt_lookup=receipt.lookup,
        receipt_keyring_id=receipt.key_id,
        receipt_params=receipt.params,
        reporter_public_key=reporter.public,
    )
    tip.reporter_wrapped_key = vault.wrap(reporter.private, receipt.wrap_key, reporter_context(tip))
    tip.reporter_mac = reporter_mac(tip)
    tip.save(force_insert=True)
    Holding.objects.create(tip=tip, unit=unit)
    return tip


def _contents(submission: Submission) -> dict[str, dict[str, Any]]:
    """The four parts that every tip has, so that what is missing cannot be seen."""
    contents = contents_of(submission.answers)
    if submission.left_out:
        contents[Part.Label.MESSAGE]["left_out"] = [[file.name, file.reason] for file in submission.left_out]
    if submission.about:
        contents[Part.Label.MESSAGE]["about"] = asdict(submission.about)
    return {
        Part.Label.HEADER: {
            "v": 1,
            "kind": submission.kind,
            "received": timezone.localtime().isoformat(timespec="seconds"),
            "files": len(submission.attachments),
            "pictures": sum(attachment.type.is_picture for attachment in submission.attachments),
            **({"page": submission.page} if submission.page else {}),
        },
        **contents,
    }
