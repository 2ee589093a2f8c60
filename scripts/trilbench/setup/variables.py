"""The variables that reach a command from outside, meant for other programs: those that would lead ours astray."""

import functools
import os
import re
from collections.abc import MutableMapping

from trilbench.setup.tools import say

# Of pip's settings those that say whence packages come, and what may be installed. The others say into which folder,
# with which dependencies, for which Python, in another project's environment.
_PIP_KEPT = (
    *("index_url", "extra_index_url", "no_index", "find_links", "trusted_host", "proxy", "cert", "client_cert"),
    *("keyring_provider", "timeout", "default_timeout", "retries", "resume_retries", "cache_dir", "no_cache_dir"),
    *("config_file", "isolated", "use_feature", "use_deprecated", "disable_pip_version_check", "no_input"),
    *("only_binary", "prefer_binary", "require_hashes"),
)
# What Python imports, and whether its assertions count.
_PYTHON = ("PATH", "HOME", "PLATLIBDIR", "EXECUTABLE", "SAFEPATH", "OPTIMIZE", "WARNINGS")
# Which repository git works on: a hook's own, where one calls us.
_GIT = (
    *("DIR", "WORK_TREE", "IMPLICIT_WORK_TREE", "COMMON_DIR", "INDEX_FILE", "PREFIX", "NAMESPACE"),
    *("OBJECT_DIRECTORY", "ALTERNATE_OBJECT_DIRECTORIES", "QUARANTINE_PATH", "CONFIG", "CONFIG_PARAMETERS"),
    *("CEILING_DIRECTORIES", "SHALLOW_FILE", "GRAFT_FILE", "REPLACE_REF_BASE", "NO_REPLACE_OBJECTS"),
)
_ASTRAY = re.compile(
    rf"PIP_(?!(?i:{'|'.join(_PIP_KEPT)})$)|PYTHON(?:{'|'.join(_PYTHON)})$|GIT_(?:{'|'.join(_GIT)})$"
    r"|PYTEST_(?:ADDOPTS|PLUGINS|DISABLE_PLUGIN_AUTOLOAD)$"
)
# pip's configuration files may say the same; variables win over them.
_PIP_SET = {"PIP_USER": "0", "PIP_NO_DEPS": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DRY_RUN": "0"}


def drop(environment: MutableMapping[str, str]) -> list[str]:
    """Takes the variables away that would lead the programs we call astray, and returns their names."""
    found = [name for name in environment if _ASTRAY.match(name) and environment[name] != _PIP_SET.get(name)]
    for name in found:
        del environment[name]
    environment.update(_PIP_SET)
    return found


# The variables that steer every program of Google Benchmark's: BENCHMARK_FILTER is --benchmark_filter. The scripts
# say themselves what a program is to do, so that a variable left over from elsewhere would only spoil what they read.

_FLAGS = (
    *("list_tests", "filter", "min_time", "min_warmup_time", "repetitions", "dry_run", "enable_random_interleaving"),
    *("report_aggregates_only", "display_aggregates_only", "format", "out", "out_format", "color"),
    *("counters_tabular", "perf_counters", "context", "time_unit"),
)
GOOGLE_BENCHMARK = (*(f"BENCHMARK_{flag.upper()}" for flag in _FLAGS), "V")  # V is --v, how much it says


def environment() -> dict[str, str]:
    """What the programs see: this process's variables without those, which are named once."""
    aside = tuple(name for name in GOOGLE_BENCHMARK if name in os.environ)
    if aside:
        _name(aside)
    return {name: value for name, value in os.environ.items() if name not in aside}


@functools.cache
def _name(variables: tuple[str, ...]) -> None:
    say(f"without effect here: {', '.join(variables)}; flags for the programs follow after --")
