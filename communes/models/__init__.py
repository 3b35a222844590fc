"""Units and staff; the pages of a commune."""

from .alerts import Alert
from .approval import ContactConfirmation, ReturnReason
from .invitations import Invitation
from .link_pictures import LinkPicture
from .news import NewsIndexPage, NewsPage
from .pages import CommunePage, ContactPage
from .procedures import ProcedureIndexPage, ProcedurePage
from .special_days import SpecialDay
from .units import Membership, Unit
from .urgent import PlaceList, PostTemplate, UrgentPost
from .users import User

__all__ = [
    "Alert",
    "CommunePage",
    "ContactConfirmation",
    "ContactPage",
    "Invitation",
    "LinkPicture",
    "Membership",
    "NewsIndexPage",
    "NewsPage",
    "PlaceList",
    "PostTemplate",
    "ProcedureIndexPage",
    "ProcedurePage",
    "ReturnReason",
    "SpecialDay",
    "Unit",
    "UrgentPost",
    "User",
]
