"""scripts/plot on a run that lies there."""

import json
from pathlib import Path

import fake_run
import pytest
from fake_history import manifest, write_folder
from fake_run import read_csv, row
from trilbench.again import command as again
from trilbench.commands import PlotOptions, ReportOptions
from trilbench.results.run import CellRecord, Status, write_manifest
from trilbench.stop import Exit, Stop


@pytest.fixture
def run(tmp_path):
    """A run's folder with one cell."""
    folder = tmp_path / "run"
    cell = CellRecord("causal_mean", "4x8x2", 1, status=Status.DONE)
    (folder / cell.file).parent.mkdir(parents=True)
    entries = [
        {
            "name": f"causal_mean/{variant}/f32/B:4/T:8/C:2/omp:1/real_time",
            "iterations": 10,
            "real_time": time,
            "time_unit": "ns",
        }
        for variant, time in (("scalar_loop/scalar", 640.0), ("prefix_mean/avx2", 64.0))
    ]
    (folder / cell.file).write_text(json.dumps({"context": {"compiler": "GNU 12"}, "benchmarks": entries}))
    write_manifest(folder, fake_run.manifest(cells=(cell,)))
    return folder


@pytest.fixture
def scaled_run(tmp_path):
    """One that measured a loop and two variants on one thread and on two."""
    times = {"scalar_loop/scalar": 8e-6, "prefix_mean/avx2": 1e-6, "tril_gemm/avx2": 2e-6}
    rows = [row(variant, time / n, threads=n, least=1e-6) for variant, time in times.items() for n in (1, 2)]
    return write_folder(tmp_path / "scaled", rows, manifest(0))


@pytest.mark.parametrize(
    ("words", "speedups"),
    [
        (["--select=prefix_mean", "--threads=1"], {"prefix_mean": 8.0}),
        (["--select=prefix_mean", "--baseline=tril_gemm/avx2", "--threads=1"], {"prefix_mean": 2.0}),
    ],
)
def test_what_is_not_chosen_may_still_be_the_baseline(scaled_run, tmp_path, words, speedups):
    # Would catch: the baseline's times left out with its lines, so that nothing is drawn.
    out = tmp_path / "out"
    assert plotted(scaled_run, *words, "--figure=speedup", "--format=svg", "--light", f"--out={out}") == Exit.FINE
    lines = read_csv(out / "causal_mean-speedup-omp1.csv")
    assert {line["implementation"]: float(line["speedup_0"]) for line in lines} == pytest.approx(speedups)


def test_two_threads_are_told_over_one(scaled_run, tmp_path):
    # Would catch: `--threads 2` that takes the times with one thread away.
    out = tmp_path / "out"
    words = ("--threads=2", "--select=tril", "--figure=threads", "--format=svg", "--light", f"--out={out}")
    assert plotted(scaled_run, *words) == Exit.FINE
    lines = read_csv(out / "causal_mean-threads.csv")
    found = [(line["implementation"], line["omp_threads"], float(line["speedup"])) for line in lines]
    assert found == [("tril_gemm", "1", 1.0), ("tril_gemm", "2", pytest.approx(2.0))]


@pytest.mark.parametrize(
    "word", ["--operations=causal_mean", "--select=x", "--shapes=1x2x3", "--threads=1", "--isa=avx2", "--history=h"]
)
@pytest.mark.parametrize("command", ["plot", "report"])
def test_a_comparison_refuses_what_only_runs_have(tmp_path, command, word):
    # Would catch: a choice that is ignored in silence, and the whole comparison taken for what was chosen.
    (tmp_path / "compare.json").write_text("{}")
    with pytest.raises(
        Stop, match=f"is a comparison, which is shown whole: {word.partition('=')[0]} is for runs"
    ) as stop:
        plotted(tmp_path, word) if command == "plot" else again.main(ReportOptions.parse([word, str(tmp_path)]))
    assert stop.value.code == Exit.TOOL_FAILED
    with pytest.raises(Stop, match="--baseline is for runs"):
        plotted(tmp_path, "--baseline=a/avx2")


def plotted(folder, *arguments):
    return again.main(PlotOptions.parse([*arguments, str(folder)]))


def test_plot_draws_what_was_asked_for(run, tmp_path, capsys):
    out = tmp_path / "out"
    words = ("--figure=time,speedup", "--format=svg", "--dark", f"--out={out}", "--baseline=prefix_mean/avx2")
    assert plotted(run, *words) == Exit.FINE
    names = [f"causal_mean-{kind}-omp1{end}" for kind in ("speedup", "time") for end in ("-dark.svg", ".csv")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(Path(line).name for line in capsys.readouterr().out.split()) == names
    lines = read_csv(out / "causal_mean-speedup-omp1.csv")
    assert {line["implementation"]: float(line["speedup_0"]) for line in lines} == {
        "scalar_loop": 0.1,
        "prefix_mean": 1.0,
    }
    assert {line["baseline_0"] for line in lines} == {"prefix_mean/avx2"}
    assert not (run / "figures").exists()


def test_plot_draws_of_what_is_chosen(run, tmp_path):
    out = tmp_path / "out"
    assert plotted(run, "--figure=time", "--select=prefix", "--shapes=4x8x2", f"--out={out}") == Exit.FINE
    assert {line["implementation"] for line in read_csv(out / "causal_mean-time-omp1.csv")} == {"prefix_mean"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--figure=share"], "nothing to draw"),
        (["--figure=bandwidth"], "nothing to draw"),
        (["--figure=comparison"], "is a run, which has no figure 'comparison'"),
        (["--operations=machine"], "no operation 'machine'; it has: causal_mean"),
        (["--threads=2"], "no rows on 2 threads; it has: 1"),
        (["--select=tril_gemm"], "nothing that was measured is among the chosen"),
        (["--isa=avx2", "--shapes=8x8x8"], "nothing that was measured is among the chosen"),
        (["--baseline=nobody"], "no variant 'nobody'"),
    ],
)
def test_plot_says_that_there_is_nothing(run, words, message):
    with pytest.raises(Stop, match=message) as stop:
        plotted(run, *words)
    assert stop.value.code == Exit.NOTHING_MATCHED


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--figure=tiem"], "there is no figure 'tiem'; there is: time, share, winner"),
        (["--format=pdf"], "there is no format 'pdf'"),
        (["--threads=0"], "not a list of numbers"),
        (["--light", "--dark"], "not allowed with"),
    ],
)
def test_plot_refuses_wrong_use(run, words, message):
    with pytest.raises(Stop, match=message) as stop:
        plotted(run, *words)
    assert stop.value.code == Exit.TOOL_FAILED


def test_plot_names_a_run_that_is_missing_or_damaged(run, tmp_path):
    with pytest.raises(Stop, match="not a run of scripts/bench"):
        plotted(tmp_path)
    (run / "raw/causal_mean/4x8x2-omp1.json").write_text('{"context": {')
    with pytest.raises(Stop, match=r"cannot read .*4x8x2-omp1\.json"):
        plotted(run)


def test_a_history_without_its_figure_is_refused(run):
    # Would catch: --history ignored in silence, and a run's figures taken for those of its history.
    with pytest.raises(Stop, match="--history is of the figure history, which --figure=history draws"):
        plotted(run, "--history=h")
    with pytest.raises(Stop, match="--history is of the figure history"):
        plotted(run, "--history=h", "--figure=time")
