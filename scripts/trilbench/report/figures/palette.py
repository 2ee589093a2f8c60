"""Colours and symbols: one colour per implementation in every figure of every run, one symbol per instruction set."""

import colorsys
import hashlib
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """The colours of a figure but its implementations'."""

    page: str
    text: str
    quiet: str  # what is read last
    line: str  # grids and axes
    shade: str  # a band behind marks


LIGHT = Theme(page="#ffffff", text="#1c2128", quiet="#5b6470", line="#d5d9df", shade="#e7eaee")
DARK = Theme(page="#14171c", text="#e6e9ee", quiet="#a3adb9", line="#363d47", shade="#252b33")

# On the light page, on the dark one. Those of one operation differ in lightness too, for the colour-blind.
IMPLEMENTATIONS = {
    "scalar_loop": ("#4d4d4d", "#bdbdbd"),
    "running_sum": ("#a56900", "#f2c14e"),
    "prefix_mean": ("#1874d0", "#5aa9ff"),
    "tril_gemm": ("#a02800", "#ff6f3c"),
    "masked_softmax": ("#008458", "#12b886"),
    "openblas_strmm": ("#5b1a86", "#a86be0"),
    "openblas_sgemm": ("#c04898", "#ffb3e3"),
    "eigen_dense": ("#0630db", "#a058fc"),
    "eigen_triangular": ("#542c12", "#fdf0b9"),
    "torch_cumsum": ("#541254", "#b464a4"),
    "torch_matmul": ("#548034", "#cef91f"),
    "torch_bmm": ("#2f2145", "#b27cc0"),
    "three_pass": ("#0606db", "#ac50fc"),
    "online": ("#8c7400", "#f9761f"),
    "overlapped": ("#1f0280", "#947c60"),
    "eigen_array": ("#0573bd", "#707cbc"),
    "torch_masked_fill": ("#633d03", "#e4bc81"),
    "torch_mask_added": ("#122c54", "#b9c7fd"),
    "softmax_gemm": ("#3006db", "#c830fc"),
    "fused": ("#488400", "#d7d742"),
    "eigen_softmax_dense": ("#160363", "#9c6cbc"),
    "eigen_softmax_triangular": ("#475412", "#b4a464"),
    "torch_softmax_matmul": ("#884997", "#d5b9fd"),
    "torch_softmax_bmm": ("#388458", "#b9fdb9"),
    "batched_gemm": ("#030363", "#7478cc"),
    "openblas_sgemm_batch": ("#4470e0", "#648c1c"),
    "mkl_sgemm": ("#210504", "#fcfdf3"),
    "mkl_strmm": ("#006cf5", "#fe2a5a"),
    "mkl_sgemm_batch": ("#052545", "#c0ff94"),
    "mkl_sgemm_softmax": ("#0203f8", "#3d7bff"),
    "blis_sgemm": ("#0e049b", "#0edd83"),
    "blis_strmm": ("#2e00fb", "#d8f78a"),
    "blis_sgemm_batch": ("#333303", "#4c9265"),
    "blis_sgemm_softmax": ("#0a1879", "#f3ff04"),
    "openblas_sgemm_softmax": ("#0670ed", "#f84b03"),
    "torch_sdpa": ("#26012b", "#ba6e67"),
    "torch_sdpa_grouped": ("#0d200d", "#fcfceb"),
    "ggml_flash_attn_ext": ("#0b00b2", "#61889c"),
    "openblas_sgemv_softmax": ("#916e01", "#e8fea7"),
    "mkl_sgemv_softmax": ("#413a02", "#bac8fc"),
    "blis_sgemv_softmax": ("#5675a2", "#2dcc58"),
    "onnxruntime_gqa": ("#3a0902", "#fdf275"),
    "onnxruntime_mha": ("#448150", "#d8c6a0"),
    "onnxruntime_mask_added": ("#0a0205", "#fef716"),
    # the machine's limits, never in one figure with the others
    "plain_copy": ("#666666", "#c4c4c4"),
    "copy": ("#0b7a8c", "#35b8cc"),
    "streaming_copy": ("#8a1f4b", "#dc4c80"),
    "fma": ("#5b6b00", "#b4c43c"),
}

# The outline of each instruction set's symbol: corners, how far the first is turned from the top, and its size. A cross
# has every third corner further in.
_SYMBOLS = {
    "scalar": (12, 30, 1.25),
    "sse2": (3, 0, 1.25),
    "avx2": (4, 45, 1.2),
    "avx512": (24, 0, 0.95),
    "neon": (5, 0, 1.1),
    "peer": (4, 0, 1.25),
}
_OTHER_SYMBOLS = ((3, 180, 1.25), (3, 90, 1.25), (6, 0, 1.1), (3, 270, 1.25), (8, 22.5, 1.05), (6, 30, 1.1))


def colour(implementation: str, theme: Theme = LIGHT) -> str:
    """The implementation's colour, as #rrggbb. One that is not known here has what its name alone
    decides."""
    dark = theme is DARK
    if implementation in IMPLEMENTATIONS:
        return IMPLEMENTATIONS[implementation][dark]
    hue = _number(implementation) / 65536
    red, green, blue = colorsys.hls_to_rgb(hue, 0.68 if dark else 0.29, 0.65)
    return "#" + "".join(f"{round(255 * part):02x}" for part in (red, green, blue))


def both(implementation: str) -> tuple[str, str]:
    """Its colours on light pages and on dark ones."""
    return colour(implementation, LIGHT), colour(implementation, DARK)


def _number(name: str) -> int:
    """Below 65536, of any name, and always the same."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big")


def short(name: str) -> str:
    """The name as a figure has room for it."""
    return name if len(name) <= 24 else name[:23] + "…"


def symbol(isa: str) -> str:
    """The mark of an instruction set, as an SVG path of two by two units round 0. `auto-avx2` has avx2's, hollow: the
    compiler, not the author, chose the instructions. A set that is not known here has one that its name decides."""
    name = isa.removeprefix("auto-")
    corners, turned, size = _SYMBOLS.get(name) or _OTHER_SYMBOLS[_number(name) % len(_OTHER_SYMBOLS)]
    outline = []
    for i in range(corners):
        angle = math.radians(turned + 360 * i / corners)
        reach = size * (0.42 if corners == 12 and i % 3 == 2 else 1)
        outline.append((reach * math.sin(angle), -reach * math.cos(angle)))
    hole = [(0.55 * x, 0.55 * y) for x, y in reversed(outline)] if isa.startswith("auto-") else []
    return "".join(f"M{'L'.join(f'{x:.2f},{y:.2f}' for x, y in part)}Z" for part in (outline, hole) if part)
