"""docs/from-mean-to-attention.md, every line of which can be run: a program, an option or a test that is renamed would
leave a reader with an error."""

import re
import shlex

import pytest
from built_binaries import BUILD, QUICKLY, ROOT, Binary

PAGE = (ROOT / "docs/from-mean-to-attention.md").read_text()
COMMANDS = re.findall(r"^    (build/release/.*)$", PAGE, re.MULTILINE)


def test_every_block_is_made_of_commands_or_numbers():
    blocks = re.findall(r"^    (\S.*)$", PAGE, re.MULTILINE)
    assert [line for line in blocks if line not in COMMANDS and not re.fullmatch(r"[\d/ ]+", line)] == []
    assert len(COMMANDS) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_it_runs(command):
    program, *arguments = shlex.split(command)
    binary = Binary(BUILD / program.removeprefix("build/release/"))
    if not binary.path.exists():
        pytest.skip(f"{binary.path} is not built")
    is_benchmark = binary.path.parent.name == "bench"
    result = binary(*arguments, *[QUICKLY] * is_benchmark)
    assert result.returncode == 0, result.stdout + result.stderr
    if is_benchmark:
        only = next((word.removeprefix("--only=") for word in arguments if word.startswith("--only=")), "")
        assert [name for name in only.split(",") if name not in result.stdout] == []
    else:
        assert re.search(r"[1-9]\d* passed", result.stdout), result.stdout
