"""The staff side of the tip box, inside Wagtail's admin: list, thread, files.

Who may enter is asked of Membership and the unit's key, never of `has_perm`, which a superuser always passes.
"""
