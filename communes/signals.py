"""What happens to staff and communes, for the floors above."""

from django.dispatch import Signal

# Sent inside the transaction with `membership`, which is over, and `by` (None from the command line).
membership_ended = Signal()

# Sent with `unit` and `lines`, to which a receiver adds what closing means on its floor. It only tells: it
# is sent for the preview as well.
commune_closing = Signal()

# Sent by a `Signed` row inside the transaction, before it is written: `row`, and `stored`, as it stands in
# the database until now (None for a new one). The receiver sets the row's version and MAC.
signing = Signal()

# Asks the floors above whether the portal itself wrote `row` and it still stands: each answers True or False.
in_force_asked = Signal()
