"""Whether two programs run the same machine code for a benchmark, wherever the linker put it.

The code of a row is everything that its function pointers reach, read from binutils' disassembly: instruction by
instruction, with addresses replaced by what they mean (a place in the same function, the n-th function reached, data).
On x86-64 alone: elsewhere an address is put together by several instructions, and functions that are reached through it
would be left out.
"""

import hashlib
import platform
import re
import subprocess
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What readelf and objdump print.
_SYMBOL = re.compile(r"^ *\d+: ([0-9a-f]+) +(\w+) (FUNC|OBJECT) +\w+ +\w+ +\d+ (\S+)", re.M)
_POINTER = re.compile(r"^([0-9a-f]+) +[0-9a-f]+ R_\w+_RELATIVE +([0-9a-f]+)$", re.M)
_INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\t(.*?) *$", re.M)
_TARGET = re.compile(r"\b([0-9a-f]+) <([^>]*)>")
_RELATIVE = re.compile(r"-?0x[0-9a-f]+(?=\(%rip\))")


@dataclass(frozen=True)
class _Image:
    """A program taken apart."""

    starts: Sequence[int]  # of its functions, ascending
    ends: Sequence[int]
    symbols: Mapping[str, tuple[int, int]]  # mangled name: address and size
    pointers: Mapping[int, int]  # where the loader writes an address: that address
    lines: Mapping[int, str]  # address: instruction

    def function(self, address: int) -> int | None:
        """Where the function that holds the address starts."""
        i = bisect_right(self.starts, address) - 1
        return self.starts[i] if i >= 0 and address < self.ends[i] else None

    def end(self, start: int) -> int:
        return self.ends[bisect_right(self.starts, start) - 1]


def same_code(base: Path, head: Path, names: Iterable[str], roots: Callable[[str], str]) -> dict[str, bool | None]:
    """For each benchmark whether both programs run the same instructions; None where one cannot be read. `roots` turns
    a benchmark's name into the mangled name of its row or function."""
    images = [_image(program) for program in (base, head)]
    return {name: _same(*(_digest(image, roots(name)) for image in images)) for name in names}


def row_symbol(name: str) -> str:
    """The symbol of an implementation's row, by the Itanium C++ ABI, as cmake/Variants.cmake makes it."""
    operation, implementation, isa = name.split("/")[:3]
    parts = (isa.replace("-", "_"), operation, implementation)
    return "_ZN9trilbench" + "".join(f"{len(part)}{part}" for part in parts) + "E"


def _same(base: str | None, head: str | None) -> bool | None:
    return None if base is None or head is None else base == head


def _digest(image: _Image | None, symbol: str) -> str | None:
    if image is None or symbol not in image.symbols:
        return None
    address, size = image.symbols[symbol]
    # A function, or a row: a table of pointers to functions.
    addresses = [address, *(image.pointers[place] for place in sorted(image.pointers) if 0 <= place - address < size)]
    reached = [start for start in dict.fromkeys(map(image.function, addresses)) if start is not None]
    if not reached:
        return None
    digest = hashlib.sha256()
    for start in reached:  # grows meanwhile
        for place in range(start, image.end(start)):
            if line := image.lines.get(place):
                digest.update(_normal(line, start, image, reached).encode())
    return digest.hexdigest()


def _normal(line: str, start: int, image: _Image, reached: list[int]) -> str:
    """The instruction without addresses. Functions that it leads to are added to `reached`."""

    def meaning(match: re.Match[str]) -> str:
        address = int(match[1], 16)
        if "@" in match[2]:  # another library's
            return match[2]
        function = image.function(address)
        if function is None:
            return "data"
        if function not in reached:
            reached.append(function)
        return f"f{reached.index(function) if function != start else ''}+{address - function:x}"

    return _TARGET.sub(meaning, _RELATIVE.sub("", line)) + "\n"


def _image(program: Path) -> _Image | None:
    """None if binutils cannot read it, or it is not x86-64's."""
    if platform.machine() != "x86_64":
        return None
    try:
        symbols = _run("readelf", "--wide", "--symbols", program)
        relocations = _run("readelf", "--wide", "--relocs", program)
        code = _run("objdump", "--disassemble", "--no-show-raw-insn", "--wide", program)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.findall(_SYMBOL, symbols)
    functions = {int(value, 16): int(value, 16) + int(size, 0) for value, size, kind, _ in found if kind == "FUNC"}
    ordered = sorted(functions.items())
    return _Image(
        starts=[start for start, _ in ordered],
        ends=[end for _, end in ordered],
        symbols={name: (int(value, 16), int(size, 0)) for value, size, _, name in found},
        pointers={int(place, 16): int(to, 16) for place, to in re.findall(_POINTER, relocations)},
        lines={int(address, 16): line for address, line in re.findall(_INSTRUCTION, code)},
    )


def _run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
