"""A build with the thread sanitizer sees races: that its tests pass would else say nothing.

The build is the one in TRILBENCH_BUILD (default build/release).
"""

import subprocess

import pytest
from built_binaries import BUILD, build_setting

pytestmark = pytest.mark.skipif(
    "-fsanitize=thread" not in build_setting("CMAKE_CXX_FLAGS"), reason="the build is without the thread sanitizer"
)


def test_a_race_in_a_kernel_is_reported():
    command = [BUILD / "tests" / "trilbench_tests", "--no-skip", "--test-case=a race*"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "ThreadSanitizer: data race" in done.stderr and "shared_sum" in done.stderr, done.stderr
