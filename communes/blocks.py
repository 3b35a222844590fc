"""Blocks of the structured pages: guides and contact pages."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks import phone_validator


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Step"), max_length=120)
    text = blocks.TextBlock(label=_("What happens"), max_length=800, required=False)

    class Meta:
        icon = "list-ol"
        label = _("Step")
        group = _("Guide")
        description = _("One step, in the order in which the resident does it")
        preview_value = {"title": "Nộp hồ sơ", "text": "Mang giấy tờ đến Công an xã trong giờ làm việc."}


class RequiredDocumentBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Document to bring"), max_length=200)
    note = blocks.CharBlock(label=_("Note"), max_length=300, required=False)

    class Meta:
        icon = "form"
        label = _("Document to bring")
        group = _("Guide")
        description = _("One paper on the resident's checklist")
        preview_value = {"name": "Tờ khai CT01", "note": "Có sẵn tại nơi tiếp nhận"}


class LegalBasisBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Law or regulation"), max_length=300)
    url = blocks.URLBlock(label=_("Address of the text"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Legal basis")
        group = _("Guide")
        description = _("The law that the guide rests on")
        preview_value = {"title": "Luật Cư trú số 68/2020/QH14", "url": ""}


class FormBlock(blocks.StructBlock):
    code = blocks.CharBlock(label=_("Form number"), max_length=20, required=False)
    name = blocks.CharBlock(label=_("Name of the form"), max_length=200)
    url = blocks.URLBlock(label=_("Where to get it"), required=False)

    class Meta:
        icon = "form"
        label = _("Form")
        group = _("Guide")
        description = _("A form to fill in")
        preview_value = {"code": "CT01", "name": "Tờ khai thay đổi thông tin cư trú", "url": ""}


class HoursBlock(blocks.StructBlock):
    WEEKDAYS = [
        ("0", _("Monday")),
        ("1", _("Tuesday")),
        ("2", _("Wednesday")),
        ("3", _("Thursday")),
        ("4", _("Friday")),
        ("5", _("Saturday")),
        ("6", _("Sunday")),
    ]
    first_day = blocks.ChoiceBlock(label=_("From"), choices=WEEKDAYS, default="0")
    last_day = blocks.ChoiceBlock(label=_("To"), choices=WEEKDAYS, default="4")
    opens = blocks.TimeBlock(label=_("Opens"), format="%H:%M")
    closes = blocks.TimeBlock(label=_("Closes"), format="%H:%M")

    class Meta:
        icon = "time"
        label = _("Office hours")
        group = _("Contact")
        description = _("Days with the same hours; a lunch break makes two lines")
        preview_value = {"first_day": "0", "last_day": "4", "opens": "07:30", "closes": "11:30"}


class OfficerInChargeBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=80)
    position = blocks.CharBlock(label=_("Position"), max_length=120)
    duties = blocks.CharBlock(label=_("In charge of"), max_length=200, required=False)
    phone = blocks.CharBlock(
        label=_("Phone number"), max_length=20, required=False, validators=[phone_validator]
    )

    class Meta:
        icon = "user"
        label = _("Officer in charge")
        group = _("Contact")
        description = _("Whom a resident asks for what")
        preview_value = {
            "name": "Nguyễn Văn Mẫu",
            "position": "Trưởng Công an xã",
            "duties": "Phụ trách chung",
            "phone": "0900 000 001",
        }
