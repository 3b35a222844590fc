"""What is kept of a tip, and the page with the form. Content exists here only sealed (`tipform.vault`)."""

from .audit import AuditEntry, AuditHead, Unread
from .handling import Holding, Leftover, SentForm, WithdrawnMark
from .keys import KeyGrant, KeyNotice, OfficerKey, RecoveryKey, RecoveryWrap, UnitKey
from .limits import Counter
from .pages import TipFormPage
from .tips import Category, Part, PartKey, Tip
from .waiting import WaitingPiece, WaitingUpload

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Category",
    "Counter",
    "Holding",
    "KeyGrant",
    "KeyNotice",
    "Leftover",
    "OfficerKey",
    "Part",
    "PartKey",
    "RecoveryKey",
    "RecoveryWrap",
    "Tip",
    "TipFormPage",
    "UnitKey",
    "Unread",
    "SentForm",
    "WaitingPiece",
    "WaitingUpload",
    "WithdrawnMark",
]
