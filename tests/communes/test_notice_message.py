"""Every notice to staff is one text of one length, and says nothing of what happened."""

import json
from typing import Any

import pytest
from django.utils import translation

from communes.notices import message


def test_a_ring_says_that_something_is_new_and_where_to_log_in(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://congan.example.vn"
    ring = json.loads(message.ring("ack"))
    assert ring["web_push"] == 8030
    assert ring["ack"] == "ack"
    notification = ring["notification"]
    assert notification["title"] == "Kết nối An ninh"
    assert notification["body"] == "Có việc mới. Xin đăng nhập để xem."
    assert notification["navigate"] == "https://congan.example.vn/admin/"
    assert notification["lang"] == "vi"
    assert notification["silent"] is False


def test_a_test_of_the_bell_has_its_own_words_and_does_not_take_a_rings_place() -> None:
    ring, test = json.loads(message.ring("a")), json.loads(message.test_ring("a"))
    assert test["notification"]["body"] == "Thử chuông: máy này reo được."
    assert test["notification"]["tag"] != ring["notification"]["tag"]
    for of_one_text in ("title", "navigate", "lang"):
        assert test["notification"][of_one_text] == ring["notification"][of_one_text]


@pytest.mark.parametrize("ack", ["", "a", "ấ" * 50, "a" * 200])
def test_all_have_one_size_whatever_is_sent_back(ack: str) -> None:
    assert len(message.ring(ack)) == len(message.test_ring(ack)) == message.SIZE


def test_what_does_not_fit_is_not_sent_in_another_size() -> None:
    with pytest.raises(ValueError, match="bytes"):
        message.ring("a" * message.SIZE)


def test_a_text_is_the_same_for_whoever_reads_it_and_whatever_language_is_at_hand() -> None:
    texts = set()
    for language in ("vi", "en"):
        with translation.override(language):
            texts.add((message.ring("a"), message.test_ring("a"), message.mail()))
    assert len(texts) == 1


def test_a_mail_says_no_more_than_a_ring(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://congan.example.vn/"
    assert message.mail() == (
        "Kết nối An ninh: có việc mới",
        "Có việc mới. Xin đăng nhập để xem.\n\nhttps://congan.example.vn/admin/\n",
    )
