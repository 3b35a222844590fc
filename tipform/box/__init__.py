"""Sealed tips, and what may be done to them: stored, read, written to, handed on, sent up, taken back.

Nothing here logs content, and no unit gets a key that the one who hands it on could not open himself.
"""
