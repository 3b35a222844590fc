"""Whose a tip is: handing it on, handling it jointly, sending it up, taking it back.

Nothing here logs content, and no unit gets a key that the one who hands it on could not open himself.
"""
