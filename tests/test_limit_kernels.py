"""What the compilers made of the limit kernels: a limit that spills a register or computes in passing is none.

The objects are those of the build folder in TRILBENCH_BUILD (default build/release). Tried with the faults in: an array
of accumulators under a plain loop (in memory with g++ -O2), more of them than there are registers, eight of them; two
vectors a group in the copies, an addition there, ordinary stores in the streaming probes; on NEON, whose multiply-add
overwrites its addend, a constant in its place, which each step has to copy.
"""

import re
import subprocess
from collections import Counter
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


def functions(listing: str) -> list[Loop]:
    """The functions in what objdump prints."""
    found: list[Loop] = []
    for line in listing.splitlines():
        if re.match(r"[0-9a-f]+ <.*>:$", line):
            found.append([])
        elif match := re.match(r"\s*([0-9a-f]+):\t(\S+)\s*((?:(?!<| # |//).)*)", line):
            kind = ArmInstruction if lane_sets() == ["neon"] else Instruction
            found[-1].append(kind(int(match[1], 16), match[2], match[3].strip()))
    return found


def innermost_loops(function: Loop) -> list[Loop]:
    """What lies between a jump backwards and its target, without another jump inside."""
    loops = []
    for end, jump in enumerate(function):
        if jump.target is None:
            continue
        body = [it for it in function[:end] if it.address >= jump.target]
        if body and not any(it.JUMP.match(it.name) or it.LEAVE.match(it.name) for it in body):
            loops.append(body)
    return loops


def object_of(operation: str, name: str, instruction_set: str) -> Path:
    """The implementation as it was compiled: what is sealed with the others of its set."""
    folder = f"trilbench_operations_{instruction_set}.dir"
    found = [file for file in BUILD.rglob(f"{operation}/{name}.cpp.o") if folder in file.parts]
    if not found:
        pytest.skip(f"there is no build in {BUILD}")
    return found[0]


def loops_of(operation: str, name: str, instruction_set: str) -> list[Loop]:
    file = object_of(operation, name, instruction_set)
    if re.search(rb"__[at]san_", file.read_bytes()):
        pytest.skip("sanitizers add code of their own")
    listing = subprocess.run(
        [build_tool("CMAKE_OBJDUMP", "objdump"), "--disassemble", "--no-show-raw-insn", file],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [loop for function in functions(listing) for loop in innermost_loops(function)]


def register_of(instruction_set: str, loops: list[Loop]) -> str:
    """The registers that its kernels should use: of a set that is not known here the widest that they do use."""
    used = {name.rstrip("0123456789") for loop in loops for it in loop for name in it.registers}
    return REGISTER_OF_SET.get(instruction_set) or max(used, key=lambda name: BYTES_OF_REGISTER[name])


def arithmetic(loop: Loop) -> Loop:
    return [it for it in loop if it.ARITHMETIC.match(it.name)]


def adds(it: Instruction) -> bool:
    return "add" in it.name or it.multiplies_and_adds


def accumulators(loop: Loop) -> Counter[str]:
    """How often each register is added to."""
    return Counter(it.destination for it in arithmetic(loop) if adds(it))


def text(loop: Loop) -> str:
    return "\n".join(f"{it.name} {it.operands}" for it in loop)


@pytest.fixture(params=lane_sets())
def instruction_set(request) -> str:
    return request.param


def test_fma_fills_the_pipes_from_registers(instruction_set):
    """Each accumulator as often as every other, at least ten, in the widest registers, and nothing from memory."""
    loops = [loop for loop in loops_of("machine", "fma", instruction_set) if arithmetic(loop)]
    assert loops
    register = register_of(instruction_set, loops)
    for loop in loops:
        assert not [it for it in loop if it.touches_memory], text(loop)
    hot = max(loops, key=lambda loop: len(accumulators(loop)))
    additions = [it for it in arithmetic(hot) if adds(it)]
    assert all(it.multiplies_and_adds != (instruction_set == "sse2") for it in additions), text(hot)
    if instruction_set == "sse2":
        assert len([it for it in arithmetic(hot) if it.name == "mulps"]) == len(additions), text(hot)
    assert all(it.name.endswith("ps") or ".4s" in it.operands for it in arithmetic(hot)), text(hot)
    assert not [it for it in hot if it.registers and it not in arithmetic(hot)], text(hot)
    assert all(name.startswith(register) for it in arithmetic(hot) for name in it.registers), text(hot)
    assert len(accumulators(hot)) >= 10, text(hot)
    assert len(set(accumulators(hot).values())) == 1, text(hot)


def stores_vectors(loop: Loop, register: str) -> bool:
    """Whether a loop copies vectors, or fills with them: what is left of the ends has other loops."""
    return any(it.stores and it.registers and it.registers[0].startswith(register) for it in loop)


def prefetches(it: Instruction) -> bool:
    return it.name.startswith(("prefetch", "prfm"))


def stores_stream(loop: Loop) -> bool:
    return all(it.streams for it in loop if it.stores)


@pytest.mark.parametrize("name", ["traffic", "prefetched_traffic", "streaming_traffic"])
def test_traffic_probes_only_load_and_store(name, instruction_set):
    """As many loads as stores, or none where zeros are stored, in the widest registers, two lines a group or one where
    stores are streamed."""
    all_loops = loops_of("machine", name, instruction_set)
    register = register_of(instruction_set, all_loops)
    loops = [loop for loop in all_loops if stores_vectors(loop, register)]
    for loop in loops:
        assert sum(it.loads for it in loop) in (0, sum(it.stores for it in loop)), text(loop)
        others = [it for it in loop if it.touches_memory and not it.loads and not it.stores]
        assert all(prefetches(it) for it in others), text(loop)
        assert not arithmetic(loop), text(loop)
        assert all(name.startswith(register) for it in loop for name in it.registers), text(loop)
    streaming = name == "streaming_traffic"
    least = (64 if streaming else 128) // BYTES_OF_REGISTER[register]
    hot = [
        loop
        for loop in loops
        if sum(it.loads for it in loop) >= least and stores_stream(loop) == (streaming and instruction_set != "neon")
    ]
    assert hot, "\n\n".join(map(text, loops))
    plain = name == "traffic"
    assert all(plain != any(prefetches(it) for it in loop) for loop in hot), "\n\n".join(map(text, hot))
