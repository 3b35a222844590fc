"""The demo's secrets: made once, kept in VAR_DIR/keys, standing for a server's environment."""

import os
import secrets
from pathlib import Path

from home.delivery.vapid import new_key


def write_keys(folder: Path) -> None:
    """Write the secrets that are not there yet, readable by their owner only. Raises OSError (disk full)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, value in (
        ("secret_key", secrets.token_urlsafe(50)),
        ("tip_keyring", f"k1:{secrets.token_hex(32)}"),
        ("vapid_private_key", new_key()),
    ):
        path = folder / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(value)
