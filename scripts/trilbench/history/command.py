"""scripts/history: keeps runs, and says where they became slower or faster."""

from datetime import UTC, datetime
from pathlib import Path

from trilbench.commands import HistoryOptions
from trilbench.history import store
from trilbench.history.figure import history_figure, left_out
from trilbench.history.store import Baseline, History, KeptRun, keep
from trilbench.history.text import Lines, change_lines, changes_as_json, machine_as_json, machine_lines
from trilbench.history.verdict import Rule, Verdict, judge, overall
from trilbench.machine import UNKNOWN
from trilbench.machine.key import Machine, machine_of
from trilbench.paths import shown
from trilbench.report import terminal as screen
from trilbench.report.figures.make import Choice, print_files
from trilbench.report.publish import read_run
from trilbench.results import documents
from trilbench.results.units import count
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: HistoryOptions) -> Exit:
    """Runs the command."""
    actions = {"add": add, "list": list_runs, "changes": changes, "plot": plot, "promote": promote}
    return actions[options.action](options)


def add(options: HistoryOptions) -> Exit:
    """All runs are read before the first is written: a wrong name leaves everything as it was."""
    read = [(folder, *_read(folder)) for folder in options.runs]
    for _, machine, run in read:
        _check_replacement(store.run_file(options.history, machine, run), run)
    for folder, machine, run in read:
        file = store.run_file(options.history, machine, run)
        if file.exists() and file.read_text(encoding="utf-8") == store.run_text(run):
            print(f"{shown(folder)} is there already: {shown(file)}")
            continue
        what = "brought up to date" if file.exists() else "added"
        store.write_run(options.history, machine, run)
        print(f"{what}: {shown(file)} ({count(len(run.rows), 'benchmark')})")
        for reason in run.disturbed:
            say(f"marked as disturbed, does not count: {reason}")
        if run.failures:
            say(f"marked: {count(len(run.failures), 'failure')}, first {run.failures[0]}")
    return Exit.FINE


def _read(folder: Path) -> tuple[Machine, KeptRun]:
    manifest, rows = read_run(folder)
    machine = machine_of(manifest.environment)
    if machine.cpu == UNKNOWN:
        raise Stop(f"{shown(folder)} does not say on which CPU it was measured", Exit.NOT_COMPARABLE)
    try:
        run = keep(manifest, rows)
    except ValueError as error:
        raise Stop(f"{shown(folder / 'manifest.json')} does not say when the run began: {error}") from error
    if not run.rows:
        raise Stop(f"nothing was measured in {shown(folder)}", Exit.NOTHING_MATCHED)
    return machine, run


def _check_replacement(file: Path, run: KeptRun) -> None:
    """Raises Stop if another run is there: of the same second and commit, and with other times."""
    if file.exists() and not documents.read(file, KeptRun).rows.items() <= run.rows.items():
        raise Stop(f"{shown(file)} holds another run of the same second and commit; remove it to add this one")


def list_runs(options: HistoryOptions) -> Exit:
    histories = _histories(options)
    for history in histories:
        _print(machine_lines(history))
    if options.json:
        screen.print_json({"exit_code": Exit.FINE, "machines": [machine_as_json(history) for history in histories]})
    return Exit.FINE


def changes(options: HistoryOptions) -> Exit:
    verdicts = _verdicts(options)
    for verdict in verdicts:
        _print(change_lines(verdict))
    code = overall(verdicts)
    if options.json:
        screen.print_json({"exit_code": code, "machines": [changes_as_json(verdict) for verdict in verdicts]})
    return code


def plot(options: HistoryOptions) -> Exit:
    choice = Choice(formats=options.formats, light=options.light, dark=options.dark)
    made = 0
    for verdict in _verdicts(options):
        if figure := history_figure(verdict):
            print_files([figure], options.out or options.history / verdict.history.key / "figures", choice)
            made += 1
        if missing := left_out(verdict):
            say(missing.strip())
    if not made:
        raise Stop("there is nothing to draw", Exit.NOTHING_MATCHED)
    return Exit.FINE


def promote(options: HistoryOptions) -> Exit:
    found = [(history, runs) for history in _histories(options) if (runs := _named(history, options.what))]
    if not found:
        raise Stop(
            f"no run or commit begins with '{options.what}'; scripts/history list names them", Exit.NOTHING_MATCHED
        )
    for _, runs in found:
        if len({run.commit for run in runs}) > 1:
            there = ", ".join(run.name for run in runs[:4])
            raise Stop(f"'{options.what}' begins the names of runs of several commits: {there}")
    for history, runs in found:
        now = datetime.now(UTC).replace(microsecond=0).isoformat()
        store.write_baseline(options.history, history.key, Baseline(tuple(run.name for run in runs), now))
        print(f"{history.key}: the baseline is {', '.join(run.name for run in runs)}")
        for run in runs:
            for reason in run.disturbed:
                say(f"{run.name} was disturbed: {reason}")
    return Exit.FINE


def _named(history: History, what: str) -> list[KeptRun]:
    """The runs of that name, or else those whose name or commit begins so: of changed sources only if there is no
    other."""
    exact = [run for run in history.runs if run.name == what]
    begun = [run for run in history.runs if run.name.startswith(what) or run.commit.startswith(what.lower())]
    return exact or [run for run in begun if not run.dirty] or begun


def _histories(options: HistoryOptions) -> list[History]:
    """Those of the machines asked for. Raises Stop if there are none."""
    keys = store.machine_keys(options.history)
    if not keys:
        where = shown(options.history)
        raise Stop(f"there is no history in {where}; scripts/history add RUN begins one", Exit.NOTHING_MATCHED)
    chosen = [key for key in keys if key.startswith(options.machine)]
    if not chosen:
        raise Stop(f"no machine begins with '{options.machine}'; there is: {', '.join(keys)}", Exit.NOTHING_MATCHED)
    return [store.read_history(options.history, key) for key in chosen]


def _verdicts(options: HistoryOptions) -> list[Verdict]:
    rule = Rule(options.margin, options.alpha, options.disturbed)
    return [judge(history, rule, options.chooses) for history in _histories(options)]


def _print(lines: Lines) -> None:
    console = screen.console()
    for text, style in lines:
        screen.print_lines(console, text, style=style)
