"""`make demo`: sets the portal up on one's own computer and serves it the production way.

Runs before Django's settings can be loaded, so it imports neither Django nor the portal's apps. What it can
foresee going wrong, it says in one line.
"""
