"""What somebody does who writes to the database and has no environment, as SQL would: no signal hears it."""

from typing import Any

from communes.models import CommunePage, Membership
from tipform.models import KeyGrant, UnitKey


def copy_of(row: Any) -> dict[str, Any]:
    return type(row)._base_manager.filter(pk=row.pk).values().get()


def put_back(model: Any, copy: dict[str, Any]) -> None:
    rows = model._base_manager.filter(pk=copy["id"])
    if rows.update(**{name: value for name, value in copy.items() if name != "id"}) == 0:
        model._base_manager.bulk_create([model(**copy)])


def forge(commune: CommunePage, thief: Any) -> None:
    """A membership, and a grant of the present key; MACs copied from rows that the portal wrote."""
    genuine = KeyGrant.objects.filter(unit_key__unit=commune.unit).first()
    assert genuine
    Membership.objects.bulk_create(
        [Membership(user=thief, unit=commune.unit, role="officer", mac=genuine.mac, keyring_id="t1")]
    )
    KeyGrant.objects.bulk_create(
        [
            KeyGrant(
                unit_key=genuine.unit_key,
                officer_key=thief.officer_keys.get(),
                sealed_private_key=b"\1" * 97,
                mac=genuine.mac,
                keyring_id="t1",
            )
        ]
    )


def holders_of(key: UnitKey | None) -> set[str]:
    """The user names of those who hold this key today."""
    assert key is not None
    return {grant.officer_key.user.username for grant in key.grants.filter(ended=None)}
