"""What the compilers made of the limit kernels: a limit that spills a register or computes in passing is none.

The objects are those of the build folder in TRILBENCH_BUILD (default build/release). Tried with the faults in: an array
of accumulators under a plain loop (in memory with g++ -O2), more of them than there are registers, eight of them; two
vectors a group in the copies, an addition there, ordinary stores in the streaming probes; on NEON, whose multiply-add
overwrites its addend, a constant in its place, which each step has to copy.
"""

from collections import Counter

import pytest
from built_binaries import lane_sets
from disassembly import BYTES_OF_REGISTER, REGISTER_OF_SET, Instruction, Loop, functions_of, straight_loops, text


def loops_of(operation: str, name: str, instruction_set: str) -> list[Loop]:
    return [loop for body in functions_of(operation, name, instruction_set).values() for loop in straight_loops(body)]


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
