"""What happens to staff and communes, for the floors above."""

from django.dispatch import Signal

# Sent inside the transaction with `membership`, which is over, and `by` (None from the command line).
membership_ended = Signal()

# Sent with `unit` and `lines`, to which a receiver adds what closing means on its floor. It only tells: it
# is sent for the preview as well.
commune_closing = Signal()
