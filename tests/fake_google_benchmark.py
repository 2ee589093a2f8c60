"""Answers as another project's Google Benchmark program does: a stand-in made from a description in JSON.

    fake_google_benchmark.py DESCRIPTION FLAGS...

DESCRIPTION is a file: {"rows": {name: row}, ...}. A row has "seconds" of a call; "unit"; "fixed", the calls that the
code itself asks for; "adds", what every repetition adds to its entry; "aggregates_only"; "crashes"; "hangs". Beside
"rows" may stand "old" (Google Benchmark 1.7), "says" (words on stdout, {pid} among them), "says_if_nothing_matches",
"needs" (a flag of its own), "ignores" (flags that start so are lost), "leftovers" (main does not look for flags that
nobody took), "returns_count" (the exit code is the number of benchmarks), "twice" (names that two benchmarks have)
and "locale" (the separators of decimals and of groups of digits in every number of the result).
"""

import json
import os
import re
import sys
import time
import warnings
from pathlib import Path

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
MOST_STATES = 100_000  # of libstdc++'s regular expressions, about one a character


def compiled(pattern):
    """As libstdc++ reads POSIX's extended ones: strict about backslashes and about length."""
    if "\\" in re.sub(r"\\[.\[\\()*+?{|^$]", "", pattern) or len(pattern) > MOST_STATES:
        sys.stderr.write(f"Could not compile benchmark re: {pattern[:20]}\n")
        return None
    warnings.simplefilter("ignore", FutureWarning)  # of a bracket in brackets
    return re.compile(pattern)


def entries(name, row, flags, old):
    """What the file holds of one benchmark."""
    length = flags.get("--benchmark_min_time", "0.5s")
    seconds, unit = row.get("seconds", 1e-6), row.get("unit", "ns")
    calls = row.get("fixed") or (
        int(length[:-1]) if length.endswith("x") else max(1, round(float(length.removesuffix("s")) / seconds))
    )
    repetitions = int(flags.get("--benchmark_repetitions", 1))
    entry = {
        "name": name,
        "run_name": name,
        "run_type": "iteration",
        "iterations": calls,
        "real_time": seconds / UNITS[unit],
        "cpu_time": float("nan") if old else 1.0,
        "time_unit": unit,
        **row.get("adds", {}),
    }
    found = [] if row.get("aggregates_only") else [entry] * repetitions
    for aggregate, factor in row.get("aggregates", (("mean", 50), ("median", 1), ("stddev", 70))):
        found.append(
            entry
            | {"name": f"{name}_{aggregate}", "run_type": "aggregate", "aggregate_name": aggregate}
            | {"real_time": factor * seconds / UNITS[unit], "iterations": repetitions}
        )
    return found


def in_locale(text, decimal, group):
    """The lines of the result as Google Benchmark up to 1.9.4 writes them: whole numbers in groups, others with
    sixteen decimals and an exponent."""

    def number(match):
        if "." in match[2] or "e" in match[2]:
            return match[1] + f"{float(match[2]):.16e}".replace(".", decimal)
        return match[1] + f"{int(match[2]):,}".replace(",", group)

    return re.sub(r'^( *"[^"]*": )(-?[0-9.e+-]+)(?=,?$)', number, text, flags=re.M)


def run(rows, chosen, flags, out, old, locale=None):
    part = ""
    for name in chosen:
        if rows[name].get("crashes"):
            out.write_text(part + ",")
            os.abort()
        if rows[name].get("hangs"):
            time.sleep(60)
        part += json.dumps(entries(name, rows[name], flags, old), indent=1 if locale else None)[1:-1] + ","
    part = part.replace("\\u001b", "\x1b")  # Google Benchmark escapes few control characters
    text = json.dumps({"context": {"library_version": "v1.7.1" if old else "v1.9.1"}, "benchmarks": []})
    text = text.replace("[]", "[" + part.rstrip(",") + "]")
    if locale:
        head = '{\n "context": {\n  "num_cpus": 2,\n  "mhz_per_cpu": 2100,\n  "load_avg": [LOAD]\n },\n'
        text = in_locale(head + text[text.index('"benchmarks"') :], *locale)
        text = text.replace("LOAD", f"0{locale[0]}05,1{locale[0]}5,12")
    out.write_bytes(text.replace("\\ufffd", "\ufffd").encode().replace("\ufffd".encode(), b"\xe9"))


def main():
    description = json.loads(Path(sys.argv[1]).read_text())
    rows, old = description["rows"], description.get("old", False)
    ignored = tuple(description.get("ignores", ()))
    words = [word for word in sys.argv[2:] if not (ignored and word.startswith(ignored))]
    flags = dict(word.partition("=")[::2] for word in words)
    for word in description.get("says", ()):
        print(word.format(pid=os.getpid()))
    if (needed := description.get("needs")) and needed not in words:
        sys.exit(f"give me {needed}")
    length = flags.get("--benchmark_min_time", "")
    if old and length.endswith(("x", "s")):
        sys.stderr.write(f'The value of flag --benchmark_min_time is expected to be a double, but is "{length}".\n')
        if not description.get("leftovers"):
            sys.exit(f"unrecognized command-line flag: --benchmark_min_time={length}")
        flags.pop("--benchmark_min_time")
    out = Path(flags["--benchmark_out"]) if "--benchmark_out" in flags else None
    if out:
        out.write_text("")  # opened before anything is looked for
    pattern = compiled(flags.get("--benchmark_filter", "."))
    chosen = [name for name in rows if pattern and pattern.search(name)]
    if not chosen and (words := description.get("says_if_nothing_matches")):
        print(words)
    if "--benchmark_list_tests" in flags:
        sys.stdout.flush()
        names = [name for name in chosen for _ in range(1 + (name in description.get("twice", ())))]
        sys.stdout.buffer.write("".join(f"{name}\n" for name in names).encode().replace("\ufffd".encode(), b"\xe9"))
    elif chosen and out:
        run(rows, chosen, flags, out, old, description.get("locale"))
    return len(chosen) if description.get("returns_count") else 0


if __name__ == "__main__":
    sys.exit(main())
