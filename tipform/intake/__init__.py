"""Residents sending: the form, what comes back, the receipt. No cache keeps it, nothing typed is lost."""
