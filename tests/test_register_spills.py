"""What the compilers made of the kernels' inner loops: a vector that is put on the stack and fetched again in a loop
which multiplies and adds costs a store, a load and their latency each time round.

The objects are those of the build folder in TRILBENCH_BUILD (default build/release); NEON's are those of the preset
aarch64, which .ci/run builds. Tried with the fault in: a barrier for all of memory between the rows of keys of
attention_decode, which kept the query on the stack (seen with SSE2).
"""

import re

import pytest
from built_binaries import BUILD, lane_sets
from disassembly import REGISTER_OF_SET, ArmInstruction, Instruction, Loop, functions_of, innermost_loops, text

SCALAR = re.compile(r"v?\w+(ss|sd)$|v?mov[dq]$|v?mov[hl]p[sd]$")

# What may go by the stack: sets, what the kernel's and the function's name say, whether vectors are stored there too
# and not only fetched, and why.
PERMITTED = [
    (("sse2", "avx2"), r"sweep_in_registers<.*, [67]>", False, "the carry is an operand of its addition"),
    (
        ("sse2", "avx2"),
        r"sweep_in_registers<.*, 8>",
        True,
        "eight carries are operands, and of eight sums one is put by",
    ),
    (
        ("sse2", "avx2"),
        r" .*(softmax_|::softmax\(|exponentiate|weigh|attend_packed<|attend\()",
        True,
        "of sixteen registers four exponentials under way, their constants and their sums want more",
    ),
    (("avx2",), r"materialised .*::each_part<.*Plan::run", False, "constants of an exponential, for the last weights"),
    (("avx512", "neon"), r"::attend_packed<", True, "of 200 instructions with six exponentials, two sums of weights"),
    (("neon",), r"::softmax\(|softmax_pipeline<", True, "of eight exponentials under way one value, or a constant"),
    (("sse2", "avx2", "avx512", "neon"), r"::add_block<[24], 1, ", True, "keys left over, fewer than taken abreast"),
    (("sse2",), r"::score_tiles<4>", True, "four products of one key, of sixteen registers"),
    (("sse2",), r"::add_block<1, 8, false>", True, "eight sums and eight values, the last of them cut"),
]


def kernels() -> list[str]:
    """The files that are written in lanes, as folder/name: those that the build compiled for a set of lanes."""
    found = {
        f"{file.parent.name}/{file.name.removesuffix('.cpp.o')}"
        for lanes in lane_sets()
        for what in ("operations", "kernels")
        for file in BUILD.glob(f"src/CMakeFiles/trilbench_{what}_{lanes}.dir/{what}/*/*.o")
    }
    return sorted(found)


def on_the_stack(it: Instruction, register: str, frame: bool) -> bool:
    """Whether it loads or stores a whole vector of a variable: at a fixed place, where an array's would move."""
    if isinstance(it, ArmInstruction):
        return bool(re.search(r"\[(sp|x29)[,\]]", it.operands) and re.search(r"\bq\d", it.operands))
    base = "r[sb]p" if frame else "rsp"
    place = re.search(rf"(^|,)-?(0x)?[0-9a-f]*\(%{base}\)", it.operands)
    return bool(place and any(name.startswith(register) for name in it.registers) and not SCALAR.match(it.name))


def multiplies_and_adds(loop: Loop) -> bool:
    names = [it.name for it in loop if it.name.endswith("ps") or ".4s" in it.operands]
    fused = any(re.match(r"v?f(n?m(add|sub)\d|ml[as])", name) for name in names)
    return fused or all(any(re.match(rf"[vf]?{what}", name) for name in names) for what in ("mul", "add"))


def spills(body: Loop, register: str) -> list[tuple[bool, Loop]]:
    """The loops with vectors on the stack, and whether any is stored there."""
    frame = any(it.name == "mov" and it.operands == "%rsp,%rbp" for it in body)
    found = []
    for loop in innermost_loops(body):
        spilled = [it for it in loop if on_the_stack(it, register, frame)]
        if spilled and multiplies_and_adds(loop):
            found.append((any(it.stores for it in spilled), loop))
    return found


def permitted(instruction_set: str, name: str, stored: bool) -> bool:
    return any(
        instruction_set in sets and re.search(function, name) and (stores or not stored)
        for sets, function, stores, _ in PERMITTED
    )


def test_kernels_are_found():
    """A target of another name would leave nothing to look at."""
    assert kernels() or not (BUILD / "CMakeCache.txt").exists()


@pytest.mark.parametrize("instruction_set", lane_sets())
@pytest.mark.parametrize("kernel", kernels())
def test_no_inner_loop_spills_a_vector(kernel, instruction_set):
    found = [
        f"{name}:\n{text(loop)}"
        for name, body in functions_of(*kernel.split("/"), instruction_set).items()
        for stored, loop in spills(body, REGISTER_OF_SET[instruction_set])
        if not permitted(instruction_set, f"{kernel} {name}", stored)
    ]
    assert not found, "\n\n".join(found)
