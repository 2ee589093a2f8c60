"""What the sealed objects show to the linker: their implementations and nothing else.

An inline function compiled for AVX-512 that the linker merges with another set's copy is a crash on somebody's machine.
The objects are those of the build folder in TRILBENCH_BUILD (default build/release).
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from built_binaries import BUILD, ROOT, build_setting, build_tool, lane_sets

LANES = lane_sets()
SETS = ["scalar", *LANES, *(f"auto_{lanes}" for lanes in LANES)]
UNDEFINED = "Uvw"  # the last two: weak references, which nothing is merged into


def sealed_objects() -> dict[Path, str]:
    """Every sealed object and its instruction set."""
    objects = {}
    for file in BUILD.rglob("*.o"):
        # auto_avx2 ends in avx2, so the longest name that fits is the one.
        fitting = [name for name in SETS if file.name.endswith(f"_{name}.o")]
        if fitting:
            objects[file] = max(fitting, key=len)
    return objects


def leaks(symbols_of: Path, instruction_set: str) -> list[str]:
    """The defined symbols that the linker may use or merge elsewhere, other than the implementations of the own
    namespace."""
    own = re.compile(rf"^trilbench::{instruction_set}::\w+::\w+$")
    lines = subprocess.run(
        [build_tool("CMAKE_NM", "nm"), "--demangle", symbols_of], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    shown = (line[17:].split(" ", 1) for line in lines)
    return [
        f"{kind} {name}"
        for kind, name in shown
        if kind not in UNDEFINED and (kind.isupper() or kind == "u") and not (kind in "DRB" and own.match(name))
    ]


def compiled(folder: Path, code: str) -> Path:
    """An object with the given code, as trilbench::avx2 would have it."""
    source = folder / "leak.cpp"
    source.write_text(code)
    compiler = shutil.which(build_tool("CMAKE_CXX_COMPILER", "c++"))
    assert compiler, "there is no C++ compiler"
    subprocess.run([compiler, "-O0", "-c", source, "-o", source.with_suffix(".o")], check=True)
    return source.with_suffix(".o")


@pytest.fixture(scope="module")
def objects() -> dict[Path, str]:
    found = sealed_objects()
    if not found:
        pytest.skip(f"there is no build in {BUILD}")
    return found


@pytest.mark.parametrize("target", ["trilbench_operations", "trilbench_odd_tunings"])
@pytest.mark.parametrize("instruction_set", LANES)
def test_every_lane_set_has_a_sealed_object(objects, target, instruction_set):
    if target == "trilbench_odd_tunings" and build_setting("TRILBENCH_ODD_TUNINGS") == "OFF":
        pytest.skip("this build leaves the odd tunings out")
    assert [file for file in objects if file.name == f"{target}_{instruction_set}.o"]


@pytest.mark.parametrize("instruction_set", SETS)
def test_the_operations_are_there_for_every_set(objects, instruction_set):
    assert [file for file in objects if file.name == f"trilbench_operations_{instruction_set}.o"]


def test_sealed_objects_show_nothing_but_their_implementations(objects):
    leaking = {str(file.relative_to(BUILD)): leaks(file, own) for file, own in objects.items()}
    assert {file: found for file, found in leaking.items() if found} == {}


def test_what_a_program_links_is_the_sealed_objects_alone(objects):
    """The archives must hold no unsealed object of a kernel beside the sealed one."""
    unsealed = []
    archives = {file.parent / f"lib{file.name.removesuffix(f'_{own}.o')}.a" for file, own in objects.items()}
    for archive in archives:
        members = subprocess.run(
            [build_tool("CMAKE_AR", "ar"), "t", archive], capture_output=True, text=True, check=True
        ).stdout.split()
        sealed = {file.name for file in objects if file.parent == archive.parent}
        own = {
            file.stem
            for what in ("operations", "kernels")
            for file in (ROOT / "src" / what).glob("*/*.cpp")
            if file.stem != "operation"
        }
        unsealed += [name for name in members if name not in sealed and name.split(".")[0] in own]
    assert unsealed == []


ONE = "namespace trilbench::avx2::causal_mean { struct S {}; extern const S one; const S one = {}; }\n"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (ONE, 0),
        (ONE + "inline int twice(int n) { return 2 * n; } static int use(int n) { return twice(n); } auto p = use;", 2),
        (ONE + "namespace trilbench::avx2 { int helper() { return 1; } }", 1),
        (
            ONE + "template <class T> struct S { static int n; }; template <class T> int S<T>::n; auto p = &S<int>::n;",
            2,
        ),
        ("namespace trilbench::avx512::causal_mean { extern const int one; const int one = 1; }", 1),
    ],
    ids=["an implementation", "an inline function", "a function", "a template's variable", "one of another set"],
)
def test_a_leak_would_be_seen(tmp_path, code, found):
    leaking = leaks(compiled(tmp_path, code), "avx2")
    assert len(leaking) == found, leaking
