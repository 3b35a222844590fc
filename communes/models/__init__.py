"""Units and staff; the pages of a commune."""

from .invitations import Invitation
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
    "ContactPage",
    "Invitation",
    "Membership",
    "NewsIndexPage",
    "NewsPage",
    "ProcedureIndexPage",
    "ProcedurePage",
    "Unit",
    "User",
    "units_where",
]
