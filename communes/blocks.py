"""Blocks of the structured pages: guides and contact pages."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.links import web_address
from home.phones import phone_validator


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Step"), max_length=120, help_text=_("What the resident does. For example: Nộp hồ sơ")
    )
    text = blocks.TextBlock(
        label=_("What happens"),
        max_length=800,
        required=False,
        help_text=_("Where, with whom, how long. One step, a few short sentences."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Step")
        group = _("Guide")
        description = _("One step, in the order in which the resident does it")
        preview_value = {"title": "Nộp hồ sơ", "text": "Mang giấy tờ đến Công an xã trong giờ làm việc."}


class RequiredDocumentBlock(blocks.StructBlock):
    name = blocks.CharBlock(
        label=_("Document to bring"),
        max_length=200,
        help_text=_("As it stands on the paper. For example: Tờ khai CT01"),
    )
    note = blocks.CharBlock(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Original or copy, how many. For example: Bản chính để đối chiếu"),
    )

    class Meta:
        icon = "form"
        label = _("Document to bring")
        group = _("Guide")
        description = _("One paper on the resident's checklist")
        preview_value = {"name": "Tờ khai CT01", "note": "Có sẵn tại nơi tiếp nhận"}


class LegalBasisBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Law or regulation"), max_length=300, help_text=_("For example: Luật Cư trú số 68/2020/QH14")
    )
    url = blocks.URLBlock(
        label=_("Address of the text"),
        required=False,
        validators=[web_address],
        help_text=_("Only an official address. For example: https://vbpl.vn/…"),
    )

    class Meta:
        icon = "doc-full"
        label = _("Legal basis")
        group = _("Guide")
        description = _("The law that the guide rests on")
        preview_value = {"title": "Luật Cư trú số 68/2020/QH14", "url": ""}


class FormBlock(blocks.StructBlock):
    code = blocks.CharBlock(
        label=_("Form number"), max_length=20, required=False, help_text=_("For example: CT01")
    )
    name = blocks.CharBlock(
        label=_("Name of the form"),
        max_length=200,
        help_text=_("For example: Tờ khai thay đổi thông tin cư trú"),
    )
    url = blocks.URLBlock(
        label=_("Where to get it"),
        required=False,
        validators=[web_address],
        help_text=_("Only an official address. Empty: at the office."),
    )

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
    first_day = blocks.ChoiceBlock(
        label=_("From"), choices=WEEKDAYS, default="0", help_text=_("The first day with these hours")
    )
    last_day = blocks.ChoiceBlock(
        label=_("To"),
        choices=WEEKDAYS,
        default="4",
        help_text=_("The last one; the same day if it is only one"),
    )
    opens = blocks.TimeBlock(label=_("Opens"), format="%H:%M", help_text=_("For example: 07:30"))
    closes = blocks.TimeBlock(
        label=_("Closes"),
        format="%H:%M",
        help_text=_("For example: 11:30. Earlier than it opens: on the next day."),
    )

    class Meta:
        icon = "time"
        label = _("Office hours")
        group = _("Contact")
        description = _("Days with the same hours; a lunch break makes two lines")
        preview_value = {"first_day": "0", "last_day": "4", "opens": "07:30", "closes": "11:30"}


class OfficerInChargeBlock(blocks.StructBlock):
    name = blocks.CharBlock(
        label=_("Name"), max_length=80, help_text=_("Full name, without rank. For example: Nguyễn Văn Mẫu")
    )
    position = blocks.CharBlock(
        label=_("Position"), max_length=120, help_text=_("For example: Phó Trưởng Công an xã")
    )
    duties = blocks.CharBlock(
        label=_("In charge of"),
        max_length=200,
        required=False,
        help_text=_("What residents come to him for. For example: Cư trú, căn cước"),
    )
    phone = blocks.CharBlock(
        label=_("Phone number"),
        max_length=20,
        required=False,
        validators=[phone_validator],
        help_text=_("A number of the office that he answers. For example: 0239 386 1113"),
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
