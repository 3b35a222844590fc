"""What happens to staff and communes, for the floors above."""

from django.dispatch import Signal

from home.events import Event

# With `membership`, which is over, and `by` (None from the command line).
membership_ended = Event()

# With `post`, each time that a text of it goes live, and `unit`, whose list it stands in. Not when a post is
# given an hour at which it is to go live.
post_published = Event()

# With `alert`, when it comes into force: approved, or at once. The public sees it from `alert.starts_at` on.
alert_out = Event()

# With `row`, a `Reviewed` that waits for a second pair of eyes, or about which was decided; and `by`.
review_asked = Event()
review_decided = Event()

# With `invitation`, whose slip has been used.
invitation_used = Event()

# Sent inside open_unit's transaction with `unit` and its editors' `group`; a floor above adds its own rights.
unit_opened = Signal()

# Sent with `values`, to which a floor above adds what its sentences in the starter pages name.
starter_values_asked = Signal()

# Sent inside open_commune's transaction with `page` and `report`, when the pages of all doors are there.
commune_opened = Signal()

# Sent with `unit` and `lines`, to which a receiver adds what closing means on its floor. It only tells: it
# is sent for the preview as well.
commune_closing = Signal()

# Sent by a `Signed` row inside the transaction, before it is written: `row`, and `stored`, as it stands in
# the database until now (None for a new one). The receiver sets the row's version and MAC.
signing = Signal()

# Asks the floors above whether the portal itself wrote `row` and it still stands: each answers True or False.
in_force_asked = Signal()

# Asks the floors above who can open what is told to `unit` today: each answers a set of account ids.
key_holders_asked = Signal()
