"""What residents attach: files that go up ahead of their form, and what a posted form brought.

No name, type or key of a file that waits is kept here: they are in the form alone. Nothing is logged of it.
"""
