"""Residents reading what they sent, by the receipt code: thread, entries, sending up, taking back."""
