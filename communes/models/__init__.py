"""Units and staff; the pages of a commune."""

from .alerts import Alert
from .approval import ContactConfirmation, ReturnReason
from .duty import Absence, DutySlot, RingRules
from .former_names import FormerName
from .invitations import Invitation
from .link_pictures import LinkPicture
from .news import NewsIndexPage, NewsPage
from .notices import Delivery, MailAddress, NoticeChoice, OutboxEvent, PushSubscription
from .pages import CommunePage, ContactPage
from .procedures import ProcedureIndexPage, ProcedurePage
from .search import MissedSearch, SearchWords, VocabularyStamp
from .special_days import SpecialDay
from .units import Membership, Unit
from .urgent import PostTemplate, UrgentPost
from .users import User
from .villages import Hamlet, PlaceList

__all__ = [
    "Absence",
    "Alert",
    "CommunePage",
    "ContactConfirmation",
    "ContactPage",
    "Delivery",
    "DutySlot",
    "FormerName",
    "Hamlet",
    "Invitation",
    "LinkPicture",
    "MailAddress",
    "Membership",
    "MissedSearch",
    "NewsIndexPage",
    "NewsPage",
    "NoticeChoice",
    "OutboxEvent",
    "PlaceList",
    "PostTemplate",
    "ProcedureIndexPage",
    "ProcedurePage",
    "PushSubscription",
    "ReturnReason",
    "RingRules",
    "SearchWords",
    "SpecialDay",
    "Unit",
    "UrgentPost",
    "User",
    "VocabularyStamp",
]
