"""What there is to know of a library."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

NOT_INSTALLED = "it is not installed; scripts/bench --peers without --no-install does that"


@dataclass(frozen=True)
class Library:
    """A library as this machine has it."""

    environment: Mapping[str, str] = field(default_factory=dict)  # variables that its programs run under
    settings: tuple[str, ...] = ()  # flags by which CMake finds it
    missing: str = ""  # why there is none


def in_folder(variable: str, folder: Path) -> Library:
    """A library that CMake is to find in the folder, by a variable of cmake's."""
    return Library(settings=(f"-D{variable}={folder}",))


def chosen_by_user(variable: str, file: str) -> Library | None:
    """The library in the folder that the environment variable names, if it is set; there must be that file in it."""
    folder = os.environ.get(variable)
    if not folder:
        return None
    if not (Path(folder) / file).is_file():
        return Library(missing=f"there is no {file} in {folder}, which {variable} names")
    return in_folder(variable, Path(folder).resolve())
