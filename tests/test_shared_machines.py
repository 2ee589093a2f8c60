"""The benchmark binaries where they may not have the whole machine: cores that are few, bound or shared, quotas and
limits of control groups, ulimit. All with real processes."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from built_binaries import QUICKLY, one_line

ALLOWED = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
TWO = ["--shapes=4x64x8", "--only=prefix_mean", "--threads=2"]
ONE = ["--shapes=4x64x8", "--only=running_sum", "--isa=scalar"]
pytestmark = pytest.mark.skipif(not ALLOWED, reason="Linux alone tells and sets where a program may run")
two_cores = pytest.mark.skipif(len(ALLOWED) < 2, reason="takes two cores")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("OMP_", "GOMP_", "KMP_"))]:
        monkeypatch.delenv(name)


def on(*cores):
    """A prefix that lets a program use these cores only, as taskset does."""
    code = f"import os, sys; os.sched_setaffinity(0, {set(cores)}); os.execvp(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", code]


def result_of(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- Cores ---


@two_cores
@pytest.mark.parametrize(
    "settings",
    [
        {"OMP_PROC_BIND": "true"},
        {"OMP_PROC_BIND": "close"},
        {"OMP_PROC_BIND": "spread"},
        {"OMP_PLACES": "threads"},
        {"OMP_PLACES": "{%d},{%d}"},
        {"GOMP_CPU_AFFINITY": "%d %d"},
    ],
)
def test_threads_that_the_user_binds_are_there(binary, settings):
    """OpenMP binds the first thread before main; a program that starts itself again in its place has one core."""
    settings = {name: value % tuple(ALLOWED[:2]) if "%" in value else value for name, value in settings.items()}
    result = result_of(binary(*TWO, QUICKLY, "--benchmark_format=json", **settings))
    assert {row["omp_threads"] for row in result["benchmarks"]} == {2}
    assert {name: result["context"][name] for name in settings} == settings
    allowed = len(ALLOWED) if settings.get("OMP_PROC_BIND") else None
    assert allowed is None or int(result["context"]["cores_allowed"]) == allowed


def threads_of(process):
    """Where each thread of a program may run, once it has started itself again and measured for a moment."""
    deadline = time.monotonic() + 60
    while b"OMP_DYNAMIC" not in Path(f"/proc/{process.pid}/environ").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    assert process.poll() is None
    tasks = [task.read_text() for task in Path(f"/proc/{process.pid}/task").glob("*/status")]
    return [re.search(r"^Cpus_allowed_list:\s*(\S+)", task, flags=re.M)[1] for task in tasks]


@contextlib.contextmanager
def measuring(binary, *arguments, **environment):
    """A program that measures for as long as the block takes."""
    command = [str(binary.path), *arguments, "--benchmark_min_time=60"]
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@two_cores
@pytest.mark.parametrize("arguments", [ONE, TWO])
def test_two_programs_at_once_are_not_bound_to_the_same_core(binary, arguments):
    """Both bound to the first core, each would take twice as long while the other cores are idle."""
    whole = Path("/proc/self/status").read_text()
    whole = re.search(r"^Cpus_allowed_list:\s*(\S+)", whole, flags=re.M)[1]
    with measuring(binary, *arguments) as first, measuring(binary, *arguments) as second:
        assert {*threads_of(first), *threads_of(second)} == {whole}


@two_cores
def test_threads_are_bound_where_the_user_says_so(binary):
    with measuring(binary, *ONE, OMP_PROC_BIND="close", OMP_PLACES="threads") as process:
        assert str(ALLOWED[0]) in threads_of(process)


def test_one_core_is_enough_for_one_thread_and_no_more(binary):
    one = on(ALLOWED[0])
    result = result_of(binary(*ONE, QUICKLY, "--benchmark_format=json", prefix=one))
    assert result["context"]["cores_allowed"] == "1"
    refused = binary(*TWO, prefix=one)
    assert refused.returncode == 1
    assert "'2' is not a whole number from 1 to 1, the hardware threads that this process may use" in one_line(
        refused.stderr
    )


@two_cores
def test_a_team_smaller_than_asked_is_an_error(binary):
    """A table would say two threads, and show what one does."""
    result = binary(*TWO, QUICKLY, OMP_THREAD_LIMIT="1")
    assert (result.returncode, result.stdout) == (1, "")
    words = "OpenMP gives a team of 1 where 2 threads were asked for (OMP_THREAD_LIMIT=1 is set): allow it more"
    assert words in one_line(result.stderr)
    assert binary(*ONE, QUICKLY, OMP_THREAD_LIMIT="1").returncode == 0


# --- A shared core ---


@contextlib.contextmanager
def hogs(*cores):
    """A busy program on each of the cores."""
    work = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
    running = [subprocess.Popen([*on(core), sys.executable, "-c", work]) for core in cores]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.mark.parametrize("threads", [1, pytest.param(2, marks=two_cores)])
def test_a_shared_core_shows(binary, threads):
    """Beside a busy program half of the core looks like half of the limit."""
    cores = ALLOWED[:threads]
    arguments = ["--shapes=8x256x64", "--only=prefix_mean", f"--threads={threads}", "--benchmark_min_time=0.1"]
    arguments += ["--benchmark_repetitions=3", "--benchmark_format=json"]
    with hogs(*cores):
        rows = result_of(binary(*arguments, prefix=on(*cores)))["benchmarks"]
    shares = [row["cpu_share"] for row in rows if row["run_type"] == "iteration"]
    assert shares
    assert min(shares) > 0
    assert max(shares) < 0.95


def test_a_call_that_sleeps_has_no_core(faulty):
    """The clock is the threads' own: another that spins meanwhile must not stand in for one that is away."""
    rows = faulty.rows("--only=sleeping", "--shapes=1x1024x1024")
    assert max(row["cpu_share"] for row in rows) < 0.95


def test_every_row_tells_its_share_of_the_core(binary):
    for row in binary.rows("--shapes=1x1x1,8x64x64", "--threads=1"):
        assert 0 < row["cpu_share"] <= 1.01


# --- Control groups ---


class Group:
    """A control group of this test's own, of whichever version the machine has."""

    def __init__(self, controller):
        self._folders = []
        own = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
        mounts = [line.split(" ") for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        for words in mounts:
            kind, options = words[words.index("-") + 1], words[-1].split(",")
            if kind == "cgroup" and controller in options:
                group = next((path for names, path in own.items() if controller in names.split(",")), "/")
                self._make(Path(words[4] + group.removeprefix(words[3].rstrip("/"))), version=1)
            elif kind == "cgroup2" and controller in _first_line(Path(words[4], "cgroup.subtree_control")):
                self._make(Path(words[4]), version=2)
            if self._folders:
                return
        pytest.skip(f"there is no hierarchy of the controller '{controller}' to write to")

    def _make(self, parent, version):
        folder = parent / f"trilbench-test-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError as error:
            pytest.skip(f"cannot make a control group: {error.strerror}")
        self._folders = [folder]
        self.version = version

    def write(self, file, text):
        try:
            (self._folders[-1] / file).write_text(str(text))
        except OSError as error:
            self.remove()
            pytest.skip(f"cannot set {file}: {error.strerror}")

    def nested(self):
        """Another group inside, which sets no limit of its own."""
        self._folders.append(self._folders[-1] / "inner")
        self._folders[-1].mkdir()

    @property
    def prefix(self):
        """What runs a program in it."""
        return ["sh", "-c", f'echo $$ > {self._folders[-1] / "cgroup.procs"} && exec "$@"', "sh"]

    def remove(self):
        for folder in reversed(self._folders):
            for _ in range(50):  # a program that has just ended is in it for a moment
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.02)
        self._folders = []


def _first_line(path):
    with contextlib.suppress(OSError):
        return path.read_text()
    return ""


@contextlib.contextmanager
def quota_of(share):
    group = Group("cpu")
    try:
        if group.version == 1:
            group.write("cpu.cfs_period_us", 20000)
            group.write("cpu.cfs_quota_us", round(20000 * share))
        else:
            group.write("cpu.max", f"{round(20000 * share)} 20000")
        group.nested()
        yield group
    finally:
        group.remove()


@two_cores
def test_threads_beyond_a_quota_are_told(binary):
    """A container of one core on a machine of many: its threads take turns, and nobody says so."""
    with quota_of(1) as group:
        result = binary(*TWO, QUICKLY, "--benchmark_format=json", prefix=group.prefix)
        alone = binary(*ONE, QUICKLY, prefix=group.prefix)
    assert result_of(result)["context"]["cores_quota"] == "1"
    assert "warning: 2 threads for 1 core, which is this container's quota" in result.stderr
    assert alone.returncode == 0
    assert "quota" not in alone.stderr


def test_a_quota_that_runs_out_shows_as_a_shared_core(binary):
    with quota_of(0.5) as group:
        arguments = ["--benchmark_min_time=0.2", "--benchmark_format=json"]
        result = binary(*ONE, *arguments, prefix=group.prefix)
    assert "warning: 1 thread for 0.5 cores" in result.stderr
    assert max(row["cpu_share"] for row in result_of(result)["benchmarks"]) < 0.95


@contextlib.contextmanager
def memory_of(megabytes):
    group = Group("memory")
    try:
        group.write("memory.limit_in_bytes" if group.version == 1 else "memory.max", megabytes << 20)
        group.nested()
        yield group
    finally:
        group.remove()


LARGE = ["--shapes=1x4000000x8", "--only=running_sum", "--isa=scalar"]  # 256 MB


def test_what_a_groups_memory_cannot_hold_is_refused(binary):
    """It would be killed in the midst of a run."""
    with memory_of(200) as group:
        refused = binary(*LARGE, prefix=group.prefix)
        fits = binary(*ONE, QUICKLY, prefix=group.prefix)
    assert refused.returncode == 1
    assert "needs 256 MB of memory, more than 60 % of the" in one_line(refused.stderr)
    assert fits.returncode == 0


def test_what_a_ulimit_cannot_hold_is_refused(binary):
    for kind in "vd":
        limit = ["bash", "-c", f'ulimit -{kind} 400000; exec "$@"', "bash"]
        if binary(*ONE, QUICKLY, prefix=limit).returncode != 0:
            pytest.skip("this build needs more address space than the limit, as sanitizers do")
        refused = binary(*LARGE, prefix=limit)
        assert refused.returncode == 1
        assert "needs 256 MB of memory, more than 60 % of the" in one_line(refused.stderr)


def test_a_row_whose_workspace_is_too_large_is_skipped_with_its_reason(binary):
    """masked_softmax keeps T weights for each of T times; the others of the shape are measured."""
    limit = ["bash", "-c", 'ulimit -v 400000; exec "$@"', "bash"]
    if binary(*ONE, QUICKLY, prefix=limit).returncode != 0:
        pytest.skip("this build needs more address space than the limit, as sanitizers do")
    arguments = ["--shapes=1x9000x1", "--isa=scalar,sse2", "--max-call=1e9", "--benchmark_filter=running_sum"]
    result = binary(*arguments, QUICKLY, prefix=limit)
    assert result.returncode == 0, result.stderr
    assert "more than 60 %" in result.stderr
