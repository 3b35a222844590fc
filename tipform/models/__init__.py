"""What is kept of a tip, and the page with the form. Content exists here only sealed (`tipform.vault`)."""

from .audit import AuditEntry
from .handling import Holding, Leftover
from .keys import UnitKey
from .limits import Counter
from .pages import TipFormPage
from .tips import Category, Part, PartKey, Tip

__all__ = [
    "AuditEntry",
    "Category",
    "Counter",
    "Holding",
    "Leftover",
    "Part",
    "PartKey",
    "Tip",
    "TipFormPage",
    "UnitKey",
]
