"""Pages for the browser: a run's and a comparison's, plain and with names that try to become part of the page."""

import dataclasses

import every_verdict
import fake_history
import fake_run
from fake_run import failed, row
from msgspec.structs import replace
from trilbench.compare.page import write
from trilbench.compare.verdict import outcome
from trilbench.history.figure import history_figure
from trilbench.history.store import History
from trilbench.history.text import section
from trilbench.history.verdict import Rule, judge
from trilbench.machine.key import machine_of
from trilbench.report.figures.make import make_figures
from trilbench.report.limits import split
from trilbench.report.page import page
from trilbench.report.table import make_tables
from trilbench.results.run import CellRecord, NamedReason, Status

SHAPES = ("4x8x2", "8x256x64", "8x1024x64")
# The variants of the run with their seconds at the first shape. As texts, 1.00 ms comes before 2.00 us.
TIMES = {
    "scalar_loop/scalar": 1e-3,
    "running_sum/auto-avx2": 2e-6,
    "masked_softmax/avx2": 8e-6,
    "prefix_mean/sse2": 12e-6,
    "prefix_mean/neon": 10e-6,
    "prefix_mean/avx2": 500e-9,
    "prefix_mean/avx512": 501e-9,
    "tril_gemm/avx512": 40e-6,
    "openblas_strmm/peer": 4e-6,
}
FAILED = "tril_gemm/avx2"

HOSTILE = (
    "<script>document.title='run'</script><img src=x onerror=alert(1)><b class=injected>bold</b>"
    "\"'><svg onload=alert(2)> ${7*7} {{7*7}} \u202egnol\u202c \u05d0\u05d1 " + "long" * 200
)


def made(folder):
    """The files, by name."""
    found = {}
    for name, text in (("", ""), ("hostile ", HOSTILE)):
        found[f"{name}run"] = _run(folder / f"{name}run", text)
        found[f"{name}comparison"] = _comparison(folder / f"{name}comparison", text)
    return found


def _named(hostile, variant, *values, **counters):
    made = row(variant, *values, **counters)
    name = dataclasses.replace(made.name, implementation=hostile + made.name.implementation)
    return dataclasses.replace(made, name=name)


def _run(folder, hostile):
    rows = [
        _named(
            hostile,
            variant,
            seconds * 4**i,
            shape=shape,
            least=4e-7 * 4**i,
            noise=(0.8, 1, 1.3),
            of_peak=0.3,
            bytes_per_second=1e9,
        )
        for i, shape in enumerate(SHAPES)
        for variant, seconds in TIMES.items()
    ]
    rows += [failed(FAILED, shape) for shape in SHAPES]
    rows += fake_run.limits()
    said = hostile or "something"
    manifest = fake_run.manifest(
        warnings=(f"the machine was busy {said}",),
        failures=(NamedReason(f"{FAILED} {said}", said),),
        skipped=tuple(NamedReason(f"{variant} {said}", f"no {variant}") for variant in "abc"),
        cells=(CellRecord("causal_mean", "4x8x2", 1, status=Status.BROKEN, command=said, message=said),),
        environment={"cpu": f"A CPU {said}", "program": {"compiler": said, "flags_avx2": said}},
        command=f"scripts/bench {said}",
        operations=(f"causal_mean {hostile}",),
    )
    file = folder / "raw" / "causal_mean" / "4x8x2-omp1.json"
    file.parent.mkdir(parents=True)
    file.touch()
    figures = make_figures(rows, manifest)
    operations, limits = split(rows)
    page_file = folder / "report.html"
    text = page(folder, manifest, make_tables(operations), limits, figures, history=_history(hostile))
    page_file.write_text(text, encoding="utf-8")
    return page_file


def _history(hostile):
    """Of a time that grew by a fifth when the kernel changed."""
    levels = fake_history.noisy([1e-6] * 8 + [1.2e-6] * 8)
    kernels = [f"one {hostile}"] * 8 + [f"another {hostile}"] * 8
    runs = tuple(
        fake_history.kept(number, seconds, environment={"kernel": kernel})
        for number, (seconds, kernel) in enumerate(zip(levels, kernels, strict=True))
    )
    machine = machine_of(fake_history.ENVIRONMENT)
    history = History(machine.key, machine, runs)
    verdict = judge(history, Rule())
    assert verdict.judged[0].changes
    return section(verdict, history_figure(verdict))


def _comparison(folder, hostile):
    folder.mkdir()
    (folder / "compare.json").touch()
    changes = {}
    if hostile:
        side = replace(every_verdict.side(hostile, compiler=hostile), what=hostile)
        changes = {
            "base": side,
            "head": replace(side, label=f"head {hostile}"),
            "command": hostile,
            "failures": (NamedReason(hostile, hostile),),
            "added": (hostile,),
            "doubts": (hostile,),
            "benchmarks": (*every_verdict.EVERY_VERDICT, every_verdict.measured(hostile, 1.3)),
        }
    comparison = every_verdict.comparison(**changes)
    assert write(folder, outcome(comparison)) == ""
    return folder / "report.html"
