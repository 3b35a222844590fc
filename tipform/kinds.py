"""The kinds of a message, and what each asks. The one place that knows them."""

from django.utils.translation import gettext_lazy as _

MAX_MESSAGE = 20_000  # characters
KINDS = [
    ("tip", _("Report something")),
    ("question", _("Ask about a procedure")),
    ("appointment", _("Make an appointment for papers")),
]
# What officers call each.
KIND_NAMES = {"tip": _("Tip"), "question": _("Question"), "appointment": _("Appointment")}
# The first question, as each kind asks it. The page carries all three, for the script that changes it.
FIRST_QUESTIONS = {
    "tip": _("What do you see or know?"),
    "question": _("What would you like to ask?"),
    "appointment": _("Which papers do you need?"),
}
TIMES = [("", _("Any time")), ("morning", _("Morning")), ("afternoon", _("Afternoon"))]
# Which kind asks which fields; of another kind their content does not count, even if it was typed.
ONLY_FOR = {"category": "tip", "preferred_day": "appointment", "preferred_time": "appointment"}
