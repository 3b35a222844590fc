from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .account import leave_out_panels
        from .labels import name_fields

        leave_out_panels()
        name_fields()
