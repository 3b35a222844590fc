"""What happens is told to staff: one outbox, its fan-out to people, and how each of them hears."""
