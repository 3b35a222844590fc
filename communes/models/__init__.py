"""Units and staff; the pages of a commune."""

from .alerts import Alert
from .approval import ContactConfirmation, ReturnReason
from .former_names import FormerName
from .invitations import Invitation
from .link_pictures import LinkPicture
from .news import NewsIndexPage, NewsPage
from .pages import CommunePage, ContactPage
from .procedures import ProcedureIndexPage, ProcedurePage
from .search import MissedSearch, SearchWords, VocabularyStamp
from .special_days import SpecialDay
from .units import Membership, Unit
from .urgent import PostTemplate, UrgentPost
from .users import User
from .villages import Hamlet, PlaceList

__all__ = [
    "Alert",
    "CommunePage",
    "ContactConfirmation",
    "ContactPage",
    "FormerName",
    "Hamlet",
    "Invitation",
    "LinkPicture",
    "Membership",
    "MissedSearch",
    "NewsIndexPage",
    "NewsPage",
    "PlaceList",
    "PostTemplate",
    "ProcedureIndexPage",
    "ProcedurePage",
    "ReturnReason",
    "SearchWords",
    "SpecialDay",
    "Unit",
    "UrgentPost",
    "User",
    "VocabularyStamp",
]
