"""Benchmarks' names as a figure or a table has room for them."""

from collections.abc import Iterable

from trilbench.model.name import BenchmarkName, parse_name


def labels(names: Iterable[str]) -> dict[str, str]:
    """A short label for each name: its variant and shape; the operation and the threads where they differ. A name that
    is not of this suite stays as it is."""
    parsed = {name: _parsed(name) for name in names}
    known = [each for each in parsed.values() if each]
    operations = {each.operation for each in known}
    threads = {each.threads for each in known}
    return {name: _label(each, len(operations) > 1, threads != {1}) if each else name for name, each in parsed.items()}


def _parsed(name: str) -> BenchmarkName | None:
    try:
        return parse_name(name)
    except ValueError:
        return None


def _label(name: BenchmarkName, with_operation: bool, with_threads: bool) -> str:
    operation = f"{name.operation}/" if with_operation else ""
    return f"{operation}{name.variant} {name.shape}" + (f" omp:{name.threads}" if with_threads else "")
