"""git, of a repository that the caller names: neither of one that a hook's variables name, nor with its hooks."""

import os
import subprocess
from pathlib import Path

from trilbench.setup import variables
from trilbench.stop import Stop


def git(repository: Path, *arguments: str) -> str:
    """What git says. Raises Stop with its reason if it fails."""
    # The tree's owner may be another (a container's, root): who runs its scripts trusts it already.
    settings = ["-c", "core.hooksPath=/dev/null", "-c", f"safe.directory={repository}"]
    environment = {**os.environ, "LC_ALL": "C"}
    variables.drop(environment)
    try:
        done = subprocess.run(
            ["git", *settings, "-C", repository, *arguments],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    except OSError as error:
        raise Stop(f"cannot run git: {error.strerror}") from error
    if done.returncode:
        raise Stop(f"git: {_reason(done.stderr) or f'{arguments[0]} exited with {done.returncode}'}")
    return done.stdout.strip()


def asked(repository: Path, *arguments: str) -> str | None:
    """What git says; None if it fails."""
    try:
        return git(repository, *arguments)
    except Stop:
        return None


def _reason(text: str) -> str:
    """The line in which git says what went wrong, and what it advises of ownership."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    worst_first = sorted(lines, key=lambda line: (not line.startswith("fatal:"), not line.startswith("error:")))
    reason = worst_first[0] if lines else ""
    advice = next((f"; this allows it: {line}" for line in lines if "safe.directory" in line), "")
    return reason.partition(": ")[2] + advice if reason.startswith(("fatal:", "error:")) else reason
