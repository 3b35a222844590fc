from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.signals import copy_for_translation_done, page_published, page_unpublished

        from . import checks, comparison  # noqa: F401
        from .focal_points import upper_third
        from .form_fields import clean_what_is_typed
        from .guards import drop_bulk_actions, drop_filters_by_name
        from .indexes import make_indexes
        from .jobs import MINUTE, Job, register
        from .media import refuse_change, refuse_deletion
        from .ordering import teach_sqlite
        from .picture_names import note_shown_pictures, rename_pictures
        from .references import index_all_texts
        from .rich_text import read_links_as_browsers_do
        from .spreadsheets import make_exports_plain
        from .translations import share_approval, take_down_translations

        clean_what_is_typed()
        connection_created.connect(teach_sqlite)
        post_migrate.connect(make_indexes, sender=self)
        drop_bulk_actions()
        drop_filters_by_name()
        read_links_as_browsers_do()
        make_exports_plain()
        index_all_texts()
        for model in (get_image_model(), get_document_model()):
            pre_save.connect(refuse_change, sender=model)
            pre_delete.connect(refuse_deletion, sender=model)
        pre_save.connect(upper_third, sender=get_image_model())
        page_published.connect(note_shown_pictures)
        page_unpublished.connect(take_down_translations)
        copy_for_translation_done.connect(share_approval)
        register(
            Job(
                "rename_pictures", MINUTE, rename_pictures, _("Renaming pictures that no page shows any more")
            )
        )
