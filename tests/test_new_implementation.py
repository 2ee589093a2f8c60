"""CONTRIBUTING.md's promise: a new implementation is one new file, listed and verified without another edit. The
recipe's own code is what is added; then one character makes it wrong, and it must be rejected."""

from pathlib import Path

import additions

SETS = {"scalar", "auto-sse2", f"auto-{additions.NEW_SET}", "auto-neon"}


def test_a_new_file_is_listed_and_verified_and_rejected_when_wrong(tree):
    ((path, code),) = additions.recipe("An implementation").items()
    name = Path(path).stem
    wrong = code.replace("static_cast<double>(t + 1)", "static_cast<double>(t + 2)")
    assert wrong != code
    tree.add(path, code)
    tree.build("bench_causal_mean")

    chosen = (f"--only={name}", "--shapes=3x5x7,2x1000x3")
    rows = tree.listed("bench/causal_mean", *chosen)
    assert {row["implementation"] for row in rows} == {name}
    sets = {row["isa"] for row in rows}
    assert sets <= SETS and ({"scalar", "auto-sse2"} <= sets or "auto-neon" in sets)

    verified = tree.timed("bench/causal_mean", *chosen)
    assert len(verified) == sum(not row["skipped"] for row in rows)
    assert all(row["error_over_bound"] <= 1 for row in verified)

    tree.add(path, wrong)
    tree.build("bench_causal_mean")
    rejected = tree.run("bench/causal_mean", *chosen, "--benchmark_min_time=0.001")
    (tree.source / path).unlink()
    assert rejected.returncode == 2
    assert "error_over_bound" in rejected.stdout + rejected.stderr
