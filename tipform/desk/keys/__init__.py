"""Screens about keys: opening a box, recovery code, granting, health, and the password asked for."""
