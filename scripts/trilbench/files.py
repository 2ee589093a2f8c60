"""Files that appear complete or not at all."""

import contextlib
import os
from pathlib import Path

from trilbench.paths import shown
from trilbench.stop import Stop


def write_whole(path: Path, text: str | bytes) -> None:
    """Writes beside the final name and renames: a killed process leaves the old file or the new one."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise Stop(f"cannot write {shown(path)}: {error.strerror}") from error


def claim(folder: Path, instead: str = "") -> Path:
    """Makes the folder of a result; an earlier one is never written over. Raises Stop, which says what may be done
    `instead`, too."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Stop(f"{shown(folder)} is not empty: name a new folder{instead}")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Stop(f"cannot write to {shown(folder)}")
    except OSError as error:
        raise Stop(f"cannot make the folder {shown(folder)}: {error.strerror}") from error
    return folder
