"""Every program's axes at the edges of whole numbers: the plan is made, or refused in one line; no crash, and no number
that has gone round. (tests/shape_edges.cpp walks them all, without the plan.)"""

import json
import os

import pytest
from built_binaries import built, built_programs, one_line, operation_of

# T that float32 cannot count, T * T and 4 T * T past 2^63 and 2^64, and the largest that any axis takes.
EDGES = [2**24 + 1, 2**31, 2**32, 3037000500, 2**45, 2**62, 2**63 - 1]


def edge_shapes(operation):
    """Each axis alone and all together, with the floats of their arrays."""
    for edge in EDGES:
        if operation == "machine":
            yield f"{edge}", 2 * edge
        elif operation == "causal_softmax":
            yield f"{edge}", edge + edge * (edge - 1) // 2 + edge * edge
        elif operation == "broadcast_matmul":
            yield f"{edge}x1@1x1", 2 * edge + 1
            yield f"1x{edge}@{edge}x1", 2 * edge + 1
            yield f"1x1@1x{edge}", 2 * edge + 1
            yield f"{edge}x1x1@1x1", 2 * edge + 1
            yield f"{edge}x1@1x{edge}", 2 * edge + edge * edge
        else:
            for b, t, c in [(edge, 1, 1), (1, edge, 1), (1, 1, edge), (edge, edge, edge)]:
                weights = 0 if operation == "causal_mean" else t * (t + 1) // 2
                yield f"{b}x{t}x{c}", 2 * b * t * c + weights


@pytest.mark.parametrize("program", built_programs())
def test_shapes_at_the_edges_are_planned_or_refused(program):
    binary = built(program)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for shape, floats in edge_shapes(operation_of(program)):
        result = binary("--list=json", f"--shapes={shape}", "--max-call=1e300")
        if result.returncode != 0:
            assert (result.returncode, result.stdout) == (1, ""), (shape, result)
            line = one_line(result.stderr)
            assert f"shape {shape} needs" in line or f"shape '{shape}': " in line
            continue
        assert 4 * floats < memory, shape
        for row in json.loads(result.stdout)["rows"]:
            assert row["bytes"] == 4 * floats, row
            assert row["skipped"] or row["predicted_seconds"] > 0, row
            assert all(0 <= (row[figure] or 0) < 2**62 for figure in ("growth", "flops", "workspace_bytes")), row
