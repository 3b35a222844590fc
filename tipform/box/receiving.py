"""From a valid form to a sealed tip and its receipt code: all of it is stored, or nothing.

Never logs, and never raises with, a word of what was sent.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from communes.models import Unit
from home.pictures import Problem

from .. import audit, vault
from ..keyring import keyring
from ..keys.grants import sealing_key
from ..keys.ring import reporter_mac
from ..models import AuditEntry, Category, Holding, Part, Tip, WithdrawnMark
from ..uploads import Refused
from .answers import contents_of
from .attachments import Attachment, content_of, seal_attachment
from .holders import can_read
from .reporter import reporter_context
from .sealing import discard_files, seal_part

# An older form makes no new tip, so that nothing need be remembered of it for longer.
FORM_LIVES = timedelta(days=7)


class BoxClosed(Exception):
    """The unit has no key to seal to."""


class TakenBack(Exception):
    """This form's tip was taken back by its reporter."""


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
    # Those that went up ahead of the form, whether they are among the attachments or were not whole. Once the
    # tip is stored they are gone, so by these the same form is known when it is sent again.
    uploads: Sequence[UUID] = ()
    # Not part of the digest: the words sent again without such a file are the same tip.
    left_out: Sequence[Refused] = ()
    # The commune whose page it came from, when the reporter passed over it.
    page: str = field(repr=False, default="")

    def digest(self, unit: Unit) -> bytes:
        """A hash of every answer and every byte of the files; of those that went up before, of their ids.

        Of what was left empty there is nothing in it, so that a question that a release adds changes no hash
        of a form that was open before.
        """
        hashed = blake2b(digest_size=32)
        answers = [
            str(unit.uuid),
            self.kind,
            self.category.slug if self.category else "",
            sorted((name, text) for name, text in self.answers.items() if text),
            self.page,
            [[file.name, content_of(file)] for file in self.attachments if not file.handle],
            sorted(upload.hex for upload in self.uploads),
        ]
        hashed.update(json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode())
        return hashed.digest()

    def unseen(self) -> list[tuple[Attachment, Problem]]:
        """The pictures of which officers see none, or not all, unless they open the original."""
        return [(file, file.view.problem) for file in self.attachments if file.view.problem]


def submit(unit: Unit, submission: Submission, nonce: bytes, *, expired: bool = False) -> str:
    """Store the tip and return its receipt code, four by four.

    `nonce` is the form's one-time value: the same form sent again gives the same code and stores nothing,
    also when the keyring was rotated in between. An `expired` form gives the receipt of its tip, but makes
    none. Raises BoxClosed, TakenBack, FormExpired, and whatever database, storage and vault raise; then
    nothing is left of the tip.
    """
    ring, digest = keyring(), submission.digest(unit)
    codes = [vault.new_code(nonce, digest, ring, key_id) for key_id in ring.ids]
    receipts = [
        vault.ReceiptKeys.derive(code, ring, key_id) for code, key_id in zip(codes, ring.ids, strict=True)
    ]
    for code, receipt in zip(codes, receipts, strict=True):
        if _is_stored(receipt):
            return vault.display(code)
    marks = [withdrawn_mark(receipt.lookup, receipt.key_id) for receipt in receipts]
    if expired:
        raise TakenBack if _was_taken_back(marks) else FormExpired
    try:
        store(unit, submission, receipts[0], marks)
    except (IntegrityError, OSError, vault.OpenError):
        # A second click that passed the look above while the first was being written, and took its files.
        if not _is_stored(receipts[0]):
            raise
    return vault.display(codes[0])


def was_sent(unit: Unit, submission: Submission, nonce: bytes) -> bool:
    """Whether this form has made its tip already."""
    ring, digest = keyring(), submission.digest(unit)
    codes = [vault.new_code(nonce, digest, ring, key_id) for key_id in ring.ids]
    return any(
        _is_stored(vault.ReceiptKeys.derive(code, ring, key_id))
        for code, key_id in zip(codes, ring.ids, strict=True)
    )


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


def store(unit: Unit, submission: Submission, receipt: vault.ReceiptKeys, marks: Collection[str] = ()) -> Tip:
    """Seal and store the tip under a receipt that is not used yet; TakenBack if one of `marks` is kept.

    Raises as `submit` does.
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
