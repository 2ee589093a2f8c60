# Libraries: what is installed comes first (Debian's packages, or a folder in CMAKE_PREFIX_PATH), GitHub at a fixed
# commit second.
include(FetchContent)

find_package(OpenMP COMPONENTS CXX)
if(NOT OpenMP_CXX_FOUND)
  string(REGEX MATCH "^[0-9]+" version "${CMAKE_CXX_COMPILER_VERSION}")
  message(FATAL_ERROR "${CMAKE_CXX_COMPILER} has no OpenMP: install its runtime (clang's is libomp-${version}-dev on "
    "Debian, libomp-devel on Fedora, libomp in Homebrew; g++'s is libgomp)")
endif()

# trilbench_need(<library> <GitHub's owner/name> <Debian's package> <Fedora's> <Homebrew's> [<least version>])
#
# An installed library that is too old must not be found here: its target would stand in the way of the one fetched.
# Stops where a library is neither installed nor to be fetched: git's own error would name no package.
function(trilbench_need library repository debian fedora homebrew)
  string(TOUPPER "${library}" upper)
  if(FETCHCONTENT_FULLY_DISCONNECTED OR FETCHCONTENT_SOURCE_DIR_${upper})
    return()
  endif()
  find_package(${library} ${ARGN} QUIET)
  if(NOT ${library}_FOUND)
    set(url "https://github.com/${repository}.git")
    execute_process(COMMAND git ls-remote --exit-code "${url}" HEAD TIMEOUT 30 RESULT_VARIABLE unreachable
      OUTPUT_QUIET ERROR_QUIET)
    if(unreachable)
      message(FATAL_ERROR "${library} is not installed, and ${url} is out of reach: install it (${debian} on Debian, "
        "${fedora} on Fedora, ${homebrew} in Homebrew)")
    endif()
  endif()
endfunction()

# xsimd, for src/simd/ only. Its headers warn under our flags, hence SYSTEM.
set(TRILBENCH_XSIMD_INCLUDE_DIR "" CACHE PATH "Use the xsimd headers in this folder (to compare versions)")
add_library(trilbench_xsimd INTERFACE)
if(TRILBENCH_XSIMD_INCLUDE_DIR)
  target_include_directories(trilbench_xsimd SYSTEM INTERFACE "${TRILBENCH_XSIMD_INCLUDE_DIR}")
else()
  FetchContent_Declare(xsimd
    GIT_REPOSITORY https://github.com/xtensor-stack/xsimd.git
    GIT_TAG e88a72831858123924f7118f345dfe5d70d95991  # 14.3.0
    SYSTEM
    FIND_PACKAGE_ARGS)  # from 8.1; no version is asked for, since its package file refuses every other major one
  trilbench_need(xsimd xtensor-stack/xsimd libxsimd-dev xsimd-devel xsimd)
  FetchContent_MakeAvailable(xsimd)
  target_link_libraries(trilbench_xsimd INTERFACE xsimd)
endif()

set(BENCHMARK_ENABLE_TESTING OFF)
set(BENCHMARK_ENABLE_INSTALL OFF)
FetchContent_Declare(benchmark
  GIT_REPOSITORY https://github.com/google/benchmark.git
  GIT_TAG 192ef10025eb2c4cdd392bc502f0c852196baa48  # 1.9.5
  SYSTEM
  FIND_PACKAGE_ARGS 1.7.1)
trilbench_need(benchmark google/benchmark libbenchmark-dev google-benchmark-devel google-benchmark 1.7.1)
FetchContent_MakeAvailable(benchmark)

set(DOCTEST_WITH_TESTS OFF)
FetchContent_Declare(doctest
  GIT_REPOSITORY https://github.com/doctest/doctest.git
  GIT_TAG 1da23a3e8119ec5cce4f9388e91b065e20bf06f5  # 2.4.12
  SYSTEM
  FIND_PACKAGE_ARGS 2.4.9)
if(TRILBENCH_TESTS)
  trilbench_need(doctest doctest/doctest doctest-dev doctest-devel doctest 2.4.9)
  FetchContent_MakeAvailable(doctest)
endif()
