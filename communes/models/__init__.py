"""Units and staff; the pages of a commune."""

from .approval import ContactConfirmation, ReturnReason
from .pages import (
    CommunePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
)
from .procedures import ProcedureIndexPage, ProcedurePage
from .units import Membership, Unit, units_where
from .users import User

__all__ = [
    "CommunePage",
    "ContactConfirmation",
    "ContactPage",
    "Membership",
    "NewsIndexPage",
    "NewsPage",
    "ProcedureIndexPage",
    "ProcedurePage",
    "ReturnReason",
    "Unit",
    "User",
    "units_where",
]
