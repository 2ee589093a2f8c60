"""Files that appear complete or not at all."""

import contextlib
import os
from pathlib import Path

from trilbench.paths import shown
from trilbench.stop import Stop


def write_whole(path: Path, text: str) -> None:
    """Writes beside the final name and renames: a killed process leaves the old file or the new one."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise Stop(f"cannot write {shown(path)}: {error.strerror}") from error
