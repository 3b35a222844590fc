"""The keyring reads its setting strictly, derives one key for each purpose, and never shows a secret."""

import pytest
from nacl.bindings import sodium_memcmp

from tipform.vault import AUDIT, LIMITS, OFFICER_WRAP, PUBLIC_MAC, RECEIPT, Keyring, KeyringError

OLD, NEW = "1f" * 32, "C0ffee5a" * 8


def test_the_first_key_is_primary_and_white_space_does_not_matter():
    keyring = Keyring.parse(f" new:{NEW} ,\n old:{OLD}\n")
    assert keyring.ids == ("new", "old")
    assert keyring.primary == "new"
    assert keyring == Keyring.parse(f"new:{NEW.lower()},old:{OLD}")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        (NEW, 1),  # no id
        (f":{NEW}", 1),
        (f"{NEW}:k1", 1),  # the wrong way round
        (f"k1={NEW}", 1),
        (f"k1:{NEW}00", 1),
        (f"k1:{NEW[:-1]}", 1),
        (f"k1:{NEW[:-1]}g", 1),
        (f"k1:{NEW};k2:{OLD}", 1),
        (f"K1:{NEW}", 1),
        (f"{'k' * 17}:{NEW}", 1),
        (f"k1:{NEW},", 2),
        (f"k1:{NEW},{OLD}", 2),
        (f"k1:{NEW},k1:{OLD}", 2),
    ],
)
def test_a_malformed_setting_is_refused_by_the_entrys_number_without_repeating_any_of_it(text, number):
    with pytest.raises(KeyringError) as caught:
        Keyring.parse(text)
    message = str(caught.value)
    assert message.startswith(f"TIP_KEYRING: entry {number} ")
    for secret in (NEW, OLD):
        assert not any(secret[i : i + 8].lower() in message.lower() for i in range(len(secret) - 8))
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_a_keyring_does_not_show_its_secrets():
    keyring = Keyring.parse(f"k1:{NEW}")
    secret = bytes.fromhex(NEW)
    for shown in (repr(keyring), str(keyring), f"{[keyring]}"):
        assert "k1" in shown
        assert NEW.lower() not in shown.lower()
        assert repr(secret)[2:10] not in shown


def test_each_purpose_and_each_key_has_a_subkey_of_its_own():
    keyring = Keyring.parse(f"new:{NEW},old:{OLD}")
    labels = [OFFICER_WRAP, PUBLIC_MAC, RECEIPT, LIMITS, AUDIT]
    subkeys = {keyring.subkey(label, key_id) for label in labels for key_id in keyring.ids}
    assert len(subkeys) == 10
    assert {len(subkey) for subkey in subkeys} == {32}
    assert keyring.subkey(LIMITS) == keyring.subkey(LIMITS, "new")
    assert keyring.subkey(LIMITS, "old") == Keyring.parse(f"x:{OLD}").subkey(LIMITS)


def test_a_record_made_with_a_key_that_is_gone_names_the_missing_id():
    with pytest.raises(KeyringError, match=r"^TIP_KEYRING has no key '2026-a'"):
        Keyring.parse(f"k1:{NEW}").subkey(RECEIPT, "2026-a")


def test_a_mac_survives_rotation_until_its_key_is_taken_out():
    before = Keyring.parse(f"old:{OLD}")
    mac = before.mac(PUBLIC_MAC, b"a public key")
    during = Keyring.parse(f"new:{NEW},old:{OLD}")
    after = Keyring.parse(f"new:{NEW}")
    assert before.verify(PUBLIC_MAC, b"a public key", mac)
    assert during.verify(PUBLIC_MAC, b"a public key", mac)
    assert during.verify(PUBLIC_MAC, b"a public key", memoryview(mac))
    assert not after.verify(PUBLIC_MAC, b"a public key", mac)
    assert during.mac(PUBLIC_MAC, b"a public key") == after.mac(PUBLIC_MAC, b"a public key") != mac


def test_a_mac_holds_for_its_purpose_and_its_data_only():
    keyring = Keyring.parse(f"new:{NEW},old:{OLD}")
    mac = keyring.mac(AUDIT, b"entry 1")
    assert not keyring.verify(LIMITS, b"entry 1", mac)
    assert not keyring.verify(AUDIT, b"entry 2", mac)
    for wrong in (b"", mac[:-1], mac + b"\0", bytes([mac[0] ^ 1]) + mac[1:]):
        assert not keyring.verify(AUDIT, b"entry 1", wrong)


def test_verifying_looks_at_every_key_even_after_a_match(monkeypatch):
    keyring = Keyring.parse(f"new:{NEW},old:{OLD}")
    mac = keyring.mac(AUDIT, b"entry")
    compared = []

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(other)
        return sodium_memcmp(one, other)

    monkeypatch.setattr("tipform.vault.keyring.sodium_memcmp", counting)
    assert keyring.verify(AUDIT, b"entry", mac)
    assert len(compared) == 2
