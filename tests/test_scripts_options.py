"""The command lines: one vocabulary for all commands, and wrong use told in one line with exit code 1."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from trilbench import commands
from trilbench.commands import (
    ACTIONS,
    BenchOptions,
    CompareOptions,
    HistoryOptions,
    PlotOptions,
    ReportOptions,
)
from trilbench.compare import instructions
from trilbench.compare.instructions import MARGIN
from trilbench.compare.pairs import LONGEST_CALL, MOST_ROWS
from trilbench.compare.verdict import Rule
from trilbench.main import COMMANDS
from trilbench.options import BINARY_FIELDS, VOCABULARY, spelt
from trilbench.paths import HISTORY, instruction_sets
from trilbench.results.names import parse_name
from trilbench.stop import Exit, Stop
from trilbench.values import SETS

SCRIPTS = Path(__file__).parents[1] / "scripts"
CHOICE = ["--operations=causal_mean", "--select=avx", "--shapes=4x8x2,512", "--threads=1,2", "--isa=avx2"]


def test_every_option_is_taken_by_a_command():
    # Would catch: an option misspelt, which no vocabulary has; one that no command takes any more.
    taken = {name for options, _ in COMMANDS.values() for name in options.takes}
    taken |= {name for each in ACTIONS.values() for name in each[0]} | {"history", "no_install"}
    assert taken == VOCABULARY.keys()


def test_bench_without_arguments_is_a_quick_run_of_everything():
    options = BenchOptions.parse([])
    assert (options.mode, options.operations, options.select, options.flags) == ("quick", (), "", ())
    assert (options.strict, options.peers, options.json, options.no_install) == (False,) * 4


def test_the_choice_of_benchmarks_is_the_same_in_every_command(tmp_path):
    # Would catch: a command that lacks one of the five, or spells or reads it otherwise.
    chosen = [
        BenchOptions.parse(CHOICE),
        CompareOptions.parse([*CHOICE, "HEAD", "HEAD"]),
        PlotOptions.parse([*CHOICE, str(tmp_path)]),
        ReportOptions.parse([*CHOICE, str(tmp_path)]),
        *(HistoryOptions.parse([action, *CHOICE]) for action in ("changes", "plot")),
    ]
    for options in chosen:
        told = (options.operations, options.select, options.shapes, options.threads, options.isa)
        assert told == (("causal_mean",), "avx", ("4x8x2", "512"), (1, 2), ("avx2",))
    for options in chosen[:2]:
        assert options.flags == ("--shapes=4x8x2,512", "--threads=1,2", "--isa=avx2")


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ([], 5),
        (["--operations=causal_mean"], 3),
        (["--select=^causal_.*/avx"], 3),
        (["--shapes=4x8x2"], 3),
        (["--shapes=1x8g2x1024x64"], 1),
        (["--threads=2"], 1),
        (["--isa=avx2,sse2"], 2),
        (["--operations=causal_mean", "--isa=avx2", "--threads=2"], 0),
    ],
)
def test_what_is_chosen(arguments, count, tmp_path):
    names = [
        parse_name(f"{text}/omp:{threads}")
        for text, threads in (
            ("causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2", 1),
            ("causal_mean/prefix_mean/sse2/f32/B:4/T:8/C:2", 1),
            ("causal_mean/running_sum/scalar/f32/B:4/T:8/C:2", 1),
            ("causal_softmax/online/avx512/f32/T:512", 2),
            ("causal_attention/fused/avx512/f32/B:1/H:8g2/T:1024/D:64", 1),
        )
    ]
    options = ReportOptions.parse([*arguments, str(tmp_path)])
    assert sum(map(options.chooses, names)) == count


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        (["--threads", "2", "--strict"], ("--threads=2",)),
        (["--full", "--", "--only", "prefix_mean", "--shapes=1x2x3"], ("--shapes=1x2x3", "--only=prefix_mean")),
        (["--shapes=1x2x3", "--cold", "--only", "prefix_mean"], ("--shapes=1x2x3", "--only=prefix_mean", "--cold")),
        (["--benchmark_min_time", "0.1", "--", "--seed=1"], ("--seed=1", "--benchmark_min_time=0.1")),
        (["--only=nonsense"], ("--only=nonsense",)),  # a binary may know what the sources do not show
    ],
)
def test_flags_of_the_binaries_stand_before_two_dashes_or_after(arguments, flags):
    # Would catch: "unrecognized arguments" for what the help shows.
    assert BenchOptions.parse(arguments).flags == flags


def test_what_follows_two_dashes_goes_to_both_sides_as_it_is():
    # Would catch: a flag of another project's program refused, or taken for the suite's.
    options = CompareOptions.parse(["--threads=2", "HEAD", "HEAD", "--", "--threads=many", "--own", "word"])
    assert (options.base, options.head) == ("HEAD", "HEAD")
    assert options.flags == ("--threads=2", "--threads=many", "--own=word")


def test_every_command_means_the_same_history(tmp_path):
    assert HistoryOptions.parse(["list"]).history == PlotOptions.parse([str(tmp_path)]).history == HISTORY


def test_every_flag_of_the_binaries_is_known(binary):
    # Would catch: a flag that a binary learns and scripts/bench refuses.
    flags = set(re.findall(r"^  (--[a-z-]+)", binary("--help").stdout, re.MULTILINE))
    known = {spelt(field) for field in (*BINARY_FIELDS, "max_call")}
    assert flags - {"--iterations", "--list", "--explain", "--machine", "--help"} == known
    assert {"scalar", "sse2", "avx2", "avx512", "neon", "auto-avx2"} <= set(instruction_sets())


def test_pages_for_one_theme_alone(tmp_path):
    shown = [(options.light, options.dark) for words in ([], ["--light"], ["--dark"])
             for options in [PlotOptions.parse([*words, str(tmp_path)])]]  # fmt: skip
    assert shown == [(True, True), (True, False), (False, True)]


@pytest.mark.parametrize(
    ("parse", "arguments", "words"),
    [
        (BenchOptions.parse, ["--quik"], r"--quik; did you mean --quick\?"),
        (BenchOptions.parse, ["--operatoins=x"], r"--operatoins=x; did you mean --operations\?"),
        (BenchOptions.parse, ["--operations=causal_maen"], r"'causal_maen'; there is: .*; did you mean causal_mean\?"),
        (BenchOptions.parse, ["--thread", "2"], r"--thread 2; did you mean --threads\?"),
        (BenchOptions.parse, ["--only=tril_gemm,prefix_maen"], r"'prefix_maen'; .*; did you mean prefix_mean\?"),
        (BenchOptions.parse, ["--", "--isa", "avx-512"], r"no instruction set 'avx-512'; .*; did you mean avx512\?"),
        (BenchOptions.parse, ["tril_gemm"], r"unrecognized arguments: tril_gemm; --select tril_gemm chooses by name"),
        (CompareOptions.parse, ["--thread=2", "HEAD", "HEAD"], r"--thread=2; did you mean --threads\?"),
        (CompareOptions.parse, ["--selct=x", "a", "b"], r"--selct=x; did you mean --select\?"),
        (HistoryOptions.parse, ["chnges"], r"invalid choice: 'chnges'.*; did you mean changes\?"),
        (HistoryOptions.parse, ["changes", "tril_gemm"], r"tril_gemm; --select tril_gemm chooses by name"),
        (commands.TestOptions.parse, ["--preset", "relaese"], r"did you mean release\?"),
    ],
)
def test_a_near_miss_is_told(parse, arguments, words):
    # Would catch: a list of everything, or nothing, for one letter too few.
    with pytest.raises(Stop, match=words):
        parse(arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--quick", "--full"], "not allowed with"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--ful"], "unrecognized arguments"),
        (["--cold", "2"], "unrecognized arguments: 2"),
        (["--out", ""], "is not the name of a folder"),
        (["--out"], "expected one argument"),
        (["--operations", "nonsense"], "no operation 'nonsense'; there is: .*causal_mean"),
        (["--operations", "causal_mean,"], "not a list of names"),
        (["--isa", "nonsense"], "no instruction set 'nonsense'; there is: .*avx2"),
        (["--isa=avx2,peer"], "--peers adds libraries"),
        (["--threads=1,0"], "not a list of numbers"),
        (["--shapes=8x0x2"], "'8x0x2' is not a list of shapes such as"),
        (["--shapes=1x8gx2"], "'1x8gx2' is not a list of shapes such as"),
        (["--", "--shapes=8x"], "'8x' is not a list of shapes such as"),
        (["--select=("], "'\\(' is no regular expression: missing \\)"),
        (["--select=a", "--benchmark_filter=b"], "give one of them"),
        (["--max-call=long"], "not a number of seconds"),
        (["--data=foo"], "'foo' \\(choose from '?normal'?, .*denormal"),
        (["--", "--data=denormol"], "did you mean denormal"),
        (["--max-call=0"], "not a number of seconds"),
        (["--max-call=1.2.3"], "not a number of seconds"),
        (["--resume=nowhere"], "there is no folder 'nowhere'"),
        (["--resume=.", "--full"], "only --strict, --json, --figures and --no-install"),
        (["--resume=.", "--peers"], "only --strict, "),
        (["--resume=.", "--max-call=1"], "only --strict, "),
        (["--resume=.", "--", "--only=prefix_mean"], "only --strict, "),
        (["--", "--benchmark_out=x"], "--benchmark_out cannot be passed on"),
        (["--benchmark_report_aggregates_only=true"], "aggregates_only cannot be passed on"),
        (["--", "stray"], "'stray' is not a flag"),
        (["--", "--seed=1", "stray"], "'stray' is not a flag"),
        (["--", "--list"], "--list cannot be passed on"),
        (["--", "--explain"], "--explain cannot be passed on"),
        (["--", "--bad"], "unrecognized arguments: --bad"),
    ],
)
def test_wrong_use_of_bench(arguments, words):
    with pytest.raises(Stop, match=words) as stop:
        BenchOptions.parse(arguments)
    assert stop.value.code == Exit.TOOL_FAILED
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "0 were named; needed: BASE and HEAD"),
        (["HEAD", ""], "an empty text names no side"),
        (["HEAD", "nosuchref"], "'nosuchref' neither exists nor is a ref"),
        (["nosuchfolder"], "no folder 'nosuchfolder' to judge again"),
        (["HEAD", "--against", "HEAD"], "--against takes run folders"),
        ([".", "--budget=1m"], "is judged again"),
        (
            ["--self-test", "--threads=2"],
            "--threads has no effect on --self-test, which has benchmarks and margins of its own",
        ),
        (["--margin=2", "HEAD", "HEAD"], "'2' is not a share such as 5% or 0.05"),
        (["--budget=0s", "HEAD", "HEAD"], "'0s' is not a time such as 90s"),
        (["--against", "HEAD", "HEAD"], "those of base stand before it"),
        (["--self-test", "--json"], "--json has no effect on --self-test, which leaves calibration.json"),
        (["--self-test", "--instructions"], "--instructions has no effect on --self-test"),
        (["--self-test", "--preset=clang"], "--preset has no effect on --self-test"),
        (["--instructions", "HEAD", "HEAD", "--", "--isa=avx512"], "--isa=avx512 is one of the suite's"),
        (["--instructions", "HEAD", "HEAD", "--", "--threads", "2"], "--threads=2 is one of the suite's"),
        (["--instructions", "HEAD", "HEAD", "--budget=1m"], "--budget has no effect on --instructions"),
        (["--max-call=1", "HEAD", "HEAD"], "unrecognized arguments: --max-call=1"),
        (["HEAD", "--select", "x", "HEAD~1", "--operatoins=x"], "--operatoins=x; did you mean --operations"),
    ],
)
def test_wrong_use_of_compare(arguments, words):
    with pytest.raises(Stop, match=words):
        CompareOptions.parse(arguments)


@pytest.fixture
def two_runs(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").touch()
    return [str(tmp_path / name) for name in "ab"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cold"], "--cold has no effect on runs"),
        (["--data=normal"], "--data has no effect"),
        (["--seed=3"], "--seed has no effect"),
        (["--only=prefix_mean"], "--only has no effect"),
        (["--preset=clang"], "--preset has no effect"),
        (["--budget=1m"], "--budget has no effect"),
        (["--", "--shapes=4x8x2"], "--shapes=4x8x2 is for programs"),
        (["--benchmark_min_time=1"], "--benchmark_min_time=1 is for programs"),
        (["--shapes=quick"], "'quick' is the name of a set"),
    ],
)
def test_what_has_no_effect_on_runs_is_refused(two_runs, arguments, words):
    # Would catch: everything compared, as if the option had not been given.
    with pytest.raises(Stop, match=words):
        CompareOptions.parse([*two_runs, *arguments])
    with pytest.raises(Stop, match=words):
        CompareOptions.parse([two_runs[0], *arguments[: "--" not in arguments], "--against", two_runs[1], *arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        ["HEAD", "HEAD", "--shapes=4x8x2,odd", "--isa=avx2", "--cold", "--budget=90s", "--", "--benchmark_x=1"],
        ["HEAD", "HEAD", "--instructions", "--select=tril_gemm", "--operations=causal_mean", "--margin=1%"],
        ["HEAD", "HEAD", "--", "--isa=avx2"],
        ["A", "B", "--shapes=4x8x2", "--isa=avx2", "--alpha=0.1"],
        ["A", "--threads=1", "--against", "B"],
    ],
)
def test_a_recorded_command_asks_for_the_same(two_runs, arguments):
    # Would catch: a recorded command that, repeated, compares something else or is refused.
    words = [dict(zip("AB", two_runs, strict=True)).get(word, word) for word in arguments]
    options = CompareOptions.parse(words)
    again = shlex.split(options.repeated)
    assert again[0] == "scripts/compare"
    assert vars(CompareOptions.parse(again[1:])) == vars(options)


def test_what_stands_alone_may_stand_between_options(two_runs):
    # Would catch: "unrecognized arguments" for the second of two sides; a run that joins the other side's.
    options = CompareOptions.parse(["HEAD", "--select", "x", "HEAD~1"])
    assert (options.sides, options.select) == (["HEAD", "HEAD~1"], "x")
    assert commands.TestOptions.parse(["lanes", "--all", "exp"]).filters == ["lanes", "exp"]
    with pytest.raises(Stop, match="unrecognized arguments"):
        CompareOptions.parse([two_runs[0], "--against", two_runs[1], "--margin=1%", two_runs[1]])


def test_the_help_of_compare_tells_what_it_leaves_out(capsys):
    # Would catch: limits of the choice, or a margin, that the help tells otherwise.
    with pytest.raises(SystemExit):
        CompareOptions.parse(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{MOST_ROWS} at most are taken" in shown
    assert f"calls of at most {1000 * LONGEST_CALL:.0f} ms ({1000 * instructions.LONGEST_CALL:.0f} ms with" in shown
    assert f"default: {Rule().margin:.0%}; of --instructions {MARGIN:.1%}" in shown


@pytest.mark.parametrize("name", SETS)
def test_names_of_sets_are_for_what_measures(name, tmp_path):
    # Would catch: a set that scripts/bench refuses though the README gives it; one that matches nothing in a report.
    shapes = f"--shapes={name}"
    assert BenchOptions.parse([shapes]).flags == CompareOptions.parse([shapes, "HEAD", "HEAD"]).flags
    for options, words in ((ReportOptions, [tmp_path]), (PlotOptions, [tmp_path]), (HistoryOptions, ["changes"])):
        with pytest.raises(Stop, match=f"'{name}' is the name of a set, which is for what measures"):
            options.parse([*map(str, words), f"--shapes=4x8x2,{name}"])


@pytest.mark.parametrize("command", ["bench", "compare", "history", "test"])
def test_wrong_use_is_told_before_anything_is_installed(command, tmp_path):
    # Would catch: a traceback, a usage screen, an installation of a hundred megabytes before "unknown flag"; an options
    # module that needs more than the standard library.
    done = subprocess.run(
        [sys.executable, "-S", SCRIPTS / command, *["list"] * (command == "history"), "--nonsense"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == Exit.TOOL_FAILED
    assert done.stdout == ""
    assert done.stderr.startswith("error: unrecognized arguments: --nonsense")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_its_version(command):
    command = [sys.executable, "-S", SCRIPTS / command, "--version"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert re.fullmatch(r"trilbench ([0-9a-f]{12}(, changed since)?|unknown)", lines[0])
    assert lines[1].startswith("Python 3.")


def test_a_link_of_the_users_own_leads_to_its_command(tmp_path):
    # Would catch: "there is no command 'tril'", or scripts/bench for what leads to scripts/compare.
    (tmp_path / "bin").mkdir()
    (tmp_path / "scripts").symlink_to(SCRIPTS)
    for name, to, command in (("tril", "../scripts/bench", "bench"), ("cmp", "../scripts/compare", "compare")):
        (tmp_path / "bin" / name).symlink_to(to)
        words = [sys.executable, "-S", tmp_path / "bin" / name, "--nonsense"]
        told = subprocess.run(words, capture_output=True, text=True, check=False).stderr
        assert f"(scripts/{command} --help says what there is)" in told


ANSWERS = r"""
import sys
from types import SimpleNamespace
from trilbench.main import COMMANDS, main
from trilbench.report.terminal import print_json
from trilbench.setup import environment
environment.enter = lambda *_, **__: None
def answer(_):
    print("a table")
    print_json({"one": float("nan")})
    return 3
options = SimpleNamespace(no_install=True, json=True)
COMMANDS["answers"] = (SimpleNamespace(parse=lambda _: options), "answers.command")
sys.modules["trilbench.answers.command"] = SimpleNamespace(main=answer)
sys.exit(main("answers", []))
"""


def test_an_answer_for_programs_stands_alone_on_standard_output():
    # Would catch: a table in the middle of JSON, JSON that a strict reader refuses.
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}){ANSWERS}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (3, {"one": None}, "a table\n")
