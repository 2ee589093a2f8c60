"""What the compilers made of an implementation: its functions and their loops, instruction by instruction. The objects
are those of the build folder in TRILBENCH_BUILD (default build/release)."""

import re
import subprocess
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import pytest
from built_binaries import BUILD, build_tool, lane_sets

REGISTER_OF_SET = {"sse2": "xmm", "avx2": "ymm", "avx512": "zmm", "neon": "v"}
BYTES_OF_REGISTER = {"xmm": 16, "ymm": 32, "zmm": 64, "v": 16}


@dataclass(frozen=True)
class Instruction:
    """One of x86-64's, in AT&T's words: sources first, the destination last."""

    address: int
    name: str
    operands: str

    ARITHMETIC = re.compile(r"v?(f?n?m?(add|sub)(\d{3})?|mul|div|max|min)[ps][sd]$")
    MOVE = re.compile(r"v?mov[aunt]+p[sd]$|v?mov(nt)?dq[au]?(8|16|32|64)?$|v?movntdq$")
    JUMP = re.compile(r"j")
    LEAVE = re.compile(r"call|ret")

    @property
    def registers(self) -> list[str]:
        return re.findall(r"%([xyz]mm\d+)", self.operands)

    @property
    def destination(self) -> str:
        return self.registers[-1]

    @property
    def touches_memory(self) -> bool:
        return "(" in self.operands and self.name not in ("lea", "nop", "nopw", "nopl")

    @property
    def loads(self) -> int:
        """Registers that are loaded."""
        return int(bool(self.MOVE.match(self.name) and re.match(r"[^%]*\(.*\),%[xyz]mm\d+$", self.operands)))

    @property
    def stores(self) -> int:
        """Registers that are stored."""
        return int(bool(self.MOVE.match(self.name) and re.match(r"%[xyz]mm\d+,[^%]*\(.*\)$", self.operands)))

    @property
    def streams(self) -> bool:
        return "movnt" in self.name

    @property
    def multiplies_and_adds(self) -> bool:
        return self.name.startswith("vfmadd")

    @property
    def target(self) -> int | None:
        """Where it jumps to, if it does and that is known."""
        known = self.JUMP.match(self.name) and re.fullmatch(r"[0-9a-f]+", self.operands)
        return int(self.operands, 16) if known else None


@dataclass(frozen=True)
class ArmInstruction(Instruction):
    """One of AArch64's: the destination first. All of a vector register is q3 to loads and stores, v3.4s to others."""

    ARITHMETIC = re.compile(r"f(n?m?(add|sub|la|ls|ul)|div|max|min)$")
    JUMP = re.compile(r"b$|b\.|cbn?z|tbn?z")
    LEAVE = re.compile(r"blr?$|br$|ret")

    @property
    def registers(self) -> list[str]:
        return [f"v{number}" for number in re.findall(r"\b[vq](\d+)\b", self.operands)]

    @property
    def destination(self) -> str:
        return self.registers[0]

    @property
    def touches_memory(self) -> bool:
        return re.search(r"(^|[\s,])\[", self.operands) is not None  # v3.s[0] is a lane

    @property
    def loads(self) -> int:
        return len(self.registers) if self.name in ("ldr", "ldur", "ldp", "ldnp") else 0

    @property
    def stores(self) -> int:
        return len(self.registers) if self.name in ("str", "stur", "stp", "stnp") else 0

    @property
    def streams(self) -> bool:
        """Never: what the kernels call so are ordinary stores here."""
        return False

    @property
    def multiplies_and_adds(self) -> bool:
        return self.name == "fmla"

    @property
    def target(self) -> int | None:
        known = self.JUMP.match(self.name) and re.search(r"\b([0-9a-f]+)$", self.operands)
        return int(known[1], 16) if known else None


Loop = list[Instruction]


def functions(listing: str) -> dict[str, Loop]:
    """The functions in what objdump prints, by name; those of one name are numbered."""
    found: dict[str, Loop] = {}
    kind = ArmInstruction if lane_sets() == ["neon"] else Instruction
    for line in listing.splitlines():
        if match := re.match(r"[0-9a-f]+ <(.*)>:$", line):
            name = match[1] if match[1] not in found else f"{match[1]} ({len(found)})"
            found[name] = []
        elif match := re.match(r"\s*([0-9a-f]+):\t(\S+)\s*((?:(?!<| # |//).)*)", line):
            found[name].append(kind(int(match[1], 16), match[2], match[3].strip()))
    return found


def innermost_loops(function: Loop) -> list[Loop]:
    """What lies between a jump backwards and its target, without another jump backwards or a call inside."""

    def goes_back(it: Instruction) -> bool:
        return it.target is not None and function[0].address <= it.target <= it.address

    loops = []
    for end, jump in enumerate(function):
        if not goes_back(jump):
            continue
        body = function[bisect_left(function, jump.target, key=lambda it: it.address) : end]
        if body and not any(it.LEAVE.match(it.name) or goes_back(it) for it in body):
            loops.append(body)
    return loops


def straight_loops(function: Loop) -> list[Loop]:
    """Those of them without any jump inside."""
    return [loop for loop in innermost_loops(function) if not any(it.JUMP.match(it.name) for it in loop)]


def object_of(operation: str, name: str, instruction_set: str) -> Path:
    """The implementation, or what kernels share, as it was compiled: what is sealed with the others of its set."""
    folders = {f"trilbench_{what}_{instruction_set}.dir" for what in ("operations", "kernels")}
    found = [file for file in BUILD.rglob(f"{operation}/{name}.cpp.o") if folders.intersection(file.parts)]
    if not found:
        pytest.skip(f"there is no build in {BUILD}")
    return found[0]


def functions_of(operation: str, name: str, instruction_set: str) -> dict[str, Loop]:
    file = object_of(operation, name, instruction_set)
    if re.search(rb"__[at]san_", file.read_bytes()):
        pytest.skip("sanitizers add code of their own")
    command = [build_tool("CMAKE_OBJDUMP", "objdump"), "--disassemble", "--demangle", "--no-show-raw-insn", file]
    return functions(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def text(loop: Loop) -> str:
    return "\n".join(f"{it.name} {it.operands}" for it in loop)
