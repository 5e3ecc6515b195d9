"""The files that a store is kept in: made for their owner alone."""

import os
from pathlib import Path

from graph.errors import StoreUnusable


def make_file(path: Path) -> bool:
    """Make the file, and its folder, where they are missing; whether the file was. Raises `StoreUnusable`."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Never opened where it is there: closing it would take the locks of this process's connections away.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise StoreUnusable(f"{path}: this is a folder; name a file") from None
        if not path.parent.is_dir():
            raise StoreUnusable(f"{path}: {path.parent} is no folder; name another file") from None
        if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise StoreUnusable(f"{path}: the file cannot be written to; look at what it permits") from None
        return False
    except OSError as error:
        raise StoreUnusable(f"{path}: the file cannot be made: {error.strerror}; name another one") from error
    return True
