"""A git repository with one commit of one file, for tests that check one out."""

import subprocess

import pytest
from trilbench.git import git


def small_repository(folder, text="committed", subject="Add a file"):
    """Makes it; returns the commit's hash. Skips the test where there is no git."""
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    folder.mkdir()
    try:
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    except FileNotFoundError:
        pytest.skip("git is missing")
    (folder / "file").write_text(text)
    git(folder, "add", "file")
    git(folder, *identity, "commit", "--quiet", "-m", subject)
    return git(folder, "rev-parse", "HEAD")
