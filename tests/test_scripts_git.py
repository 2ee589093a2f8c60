"""git as the scripts call it: of their own repository, whoever calls them and whoever owns it."""

import os
import subprocess

import pytest
from small_repository import small_repository
from trilbench import commands
from trilbench.compare import sides as side
from trilbench.git import asked, git
from trilbench.machine import facts as machine
from trilbench.stop import Stop


@pytest.fixture
def repository(tmp_path):
    return tmp_path / "repository", small_repository(tmp_path / "repository")


def test_a_hooks_repository_is_not_ours(repository, tmp_path, monkeypatch):
    # Would catch: the commit of the repository whose hook called, in the manifest.
    folder, commit = repository
    other = tmp_path / "other"
    small_repository(other, "another")
    for name, path in (("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/index"), ("GIT_WORK_TREE", "")):
        monkeypatch.setenv(name, str(other / path))
    monkeypatch.setattr(machine, "ROOT", folder)
    found = machine.environment()
    assert (found["git_commit"], found["git_dirty"]) == (commit, False)


def test_hooks_do_not_run(repository, tmp_path, monkeypatch):
    # Would catch: a post-checkout hook that fails, by which no ref can be compared; or one that does something.
    folder, commit = repository
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    monkeypatch.setattr(side, "ROOT", folder)
    monkeypatch.setattr(side, "CACHE", tmp_path / "cache")
    with side._worktree(commit) as source:
        assert (source / "file").read_text() == "committed"


def test_a_checkout_that_fails_leaves_nothing(repository, tmp_path, monkeypatch):
    # Would catch: a worktree that stays, and the reason kept from the user.
    folder, commit = repository
    (folder / ".git" / "config").open("a").write('[filter "broken"]\n\tsmudge = false\n\trequired = true\n')
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text("file filter=broken\n")
    monkeypatch.setattr(side, "ROOT", folder)
    monkeypatch.setattr(side, "CACHE", tmp_path / "cache")
    with pytest.raises(Stop, match=r"cannot check out \w+: git: .*filter broken failed"), side._worktree(commit):
        pytest.fail("there is nothing to build")
    assert list((tmp_path / "cache").iterdir()) == []
    assert len(git(folder, "worktree", "list").splitlines()) == 1


def test_a_tree_of_another_owner_is_read(repository, monkeypatch):
    # Would catch: "neither exists nor is a ref", because of "dubious ownership".
    folder, commit = repository
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    for path in (folder, folder / ".git"):
        os.chown(path, 12345, 12345)
    assert "dubious" in subprocess.run(["git", "log"], cwd=folder, capture_output=True, text=True).stderr
    assert asked(folder, "rev-parse", "HEAD") == commit


def test_git_that_cannot_read_says_why(tmp_path, monkeypatch):
    # Would catch: a ref that is said not to exist where no ref can be read.
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    with pytest.raises(Stop, match=r"'main' neither exists nor is a ref .*not a git repository.*a side is a git ref"):
        commands.commit_of("main")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="cannot run git: No such file"):
        git(tmp_path, "log")
    assert asked(tmp_path, "log") is None


def test_what_git_advises_of_ownership_is_passed_on(tmp_path, monkeypatch):
    # Would catch: an older git, which takes no word of ours for the tree, and a user who is not told what to do.
    (tmp_path / "git").write_text(
        "#!/bin/sh\nprintf \"fatal: detected dubious ownership in repository at '/x'\\nTo add an exception, call:\\n\\n"
        '\\tgit config --global --add safe.directory /x\\n" >&2\nexit 128\n'
    )
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        Stop, match=r"dubious ownership.*; this allows it: git config --global --add safe.directory /x$"
    ):
        git(tmp_path, "log")


def test_a_commits_subject_is_read_in_any_locale(tmp_path, monkeypatch):
    # Would catch: a traceback from a letter outside ASCII under LC_ALL=C.
    small_repository(tmp_path / "r", subject="Añade")
    assert git(tmp_path / "r", "show", "--no-patch", "--format=%s") == "Añade"
