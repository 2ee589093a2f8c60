"""CMake and ninja with progress on the screen and everything else in a log."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from trilbench.paths import BUILD, ROOT, shown
from trilbench.setup import libraries, peers
from trilbench.setup.environment import program
from trilbench.setup.toolchain import of_preset
from trilbench.setup.tools import Progress, alone, failed, run, say, succeeds
from trilbench.stop import Stop

GIVEN = "variables.json"  # in a build folder: those of the user that it was configured under


def build(preset: str, target: str, install: bool, settings: Sequence[str] = ()) -> Path:
    """Builds the target (a ninja target such as "all" or "bench/all") of the preset, with the libraries it needs;
    returns the build folder. `settings` are flags for CMake, which remembers them. Raises Stop if that fails."""
    return build_source(ROOT, BUILD / preset, preset, target, install, settings)


def build_source(
    source: Path, folder: Path, preset: str, target: str, install: bool, settings: Sequence[str] = ()
) -> Path:
    """The same of any checkout of the suite, in any folder."""
    toolchain = of_preset(preset)
    if not shutil.which(toolchain.compiler):
        raise Stop(f"there is no C++ compiler '{toolchain.compiler}'; install one ({toolchain.packages})")
    with alone():
        log = folder / "build.log"
        log.unlink(missing_ok=True)
        given = given_now()
        before = configured_under(folder)
        anew = before is not None and before != given
        if anew or not (folder / "build.ninja").exists():  # written last by a configuration that succeeds
            libraries.ensure(preset, install)
            under = "".join(f", {name}={value}" for name, value in given.items())
            say(f"configuring {shown(folder)}{under}")
        make = f"-DCMAKE_MAKE_PROGRAM={program('ninja')}"
        command = [program("cmake"), "--preset", preset, "-S", source, "-B", folder, make]
        try:
            run("configuring", [*command, *["--fresh"] * anew, *settings], log, libraries.cmake_environment(preset))
            (folder / GIVEN).write_text(json.dumps(given), encoding="utf-8")
            _ninja(folder, target, log, preset)
        except Stop:
            _forget_libraries(folder, command, log, preset)
            raise
    return folder


def given_now() -> dict[str, str]:
    """The user's variables that CMake looks at when it configures a folder first, and remembers."""
    names = ("CXX", "CXXFLAGS", "LDFLAGS", "CMAKE_PREFIX_PATH", "CMAKE_TOOLCHAIN_FILE")
    names += tuple(f"{name}_{what}" for name in libraries.declared() for what in ("ROOT", "DIR"))
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def configured_under(folder: Path) -> dict[str, str] | None:
    """The variables under which these scripts configured the folder; None if they never did."""
    try:
        given: dict[str, str] = json.loads((folder / GIVEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return given


def _forget_libraries(folder: Path, command: Sequence[str | Path], log: Path, preset: str) -> None:
    """Leaves libraries of scripts/bench --peers that do not compile out of the folder, which CMake remembers: builds
    without them would fail as well."""
    text = log.read_text(encoding="utf-8", errors="replace")
    failed = [name for name in peers.VARIABLES if re.search(rf"^FAILED: .*{name}", text, re.MULTILINE)]
    if failed:
        say(f"later builds leave {' and '.join(failed)} away, until scripts/bench --peers asks for it again")
        forget = [f"-U{peers.VARIABLES[name]}" for name in failed]
        succeeds([*command, *forget], log, libraries.cmake_environment(preset))


def _ninja(folder: Path, target: str, log: Path, preset: str) -> None:
    env = {**os.environ, **libraries.cmake_environment(preset), "NINJA_STATUS": "[%f/%t] "}
    progress = Progress(f"building {shown(folder)}")
    with log.open("a", encoding="utf-8") as output:
        ninja = subprocess.Popen(
            [program("ninja"), "-C", folder, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            text=True,
            errors="replace",
        )
        assert ninja.stdout is not None
        try:
            for line in ninja.stdout:
                output.write(line)
                if step := re.match(r"\[(\d+)/(\d+)\]", line):
                    progress.step(int(step[1]), int(step[2]))
        finally:
            progress.end()
            code = ninja.wait()  # after Ctrl-C too: ninja got it as well and tidies up
    if code:
        raise failed("the build", log)
