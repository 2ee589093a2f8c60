# The instruction sets that kernels are compiled for: one table of names and flags.
#
# Every set starts from the baseline: "-march=native -msse2" would still emit AVX-512. The flags come after the
# user's own (CMAKE_CXX_FLAGS), so the last -march wins.

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(TRILBENCH_LANE_SETS sse2 avx2 avx512)
  set(baseline -march=x86-64)
  set(TRILBENCH_FLAGS_sse2 ${baseline})
  set(TRILBENCH_FLAGS_avx2 ${baseline} -mavx2 -mfma)
  set(TRILBENCH_FLAGS_avx512 ${baseline} -mavx2 -mfma -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl
      -mprefer-vector-width=512)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC warns of its own AVX-512 intrinsics.
    list(APPEND TRILBENCH_FLAGS_avx512 -Wno-maybe-uninitialized -Wno-uninitialized)
  endif()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(TRILBENCH_LANE_SETS neon)
  set(baseline -march=armv8-a)
  set(TRILBENCH_FLAGS_neon ${baseline})
else()
  message(FATAL_ERROR "trilbench knows no instruction set of ${CMAKE_SYSTEM_PROCESSOR}: add it to cmake/InstructionSets.cmake")
endif()

set(TRILBENCH_SETS "" CACHE STRING "Of this kind of CPU's instruction sets, compile lanes for these only")
if(TRILBENCH_SETS)
  list(FILTER TRILBENCH_LANE_SETS INCLUDE REGEX "^(${TRILBENCH_SETS})$")
  if(NOT TRILBENCH_LANE_SETS)
    message(FATAL_ERROR "TRILBENCH_SETS=${TRILBENCH_SETS} (a regular expression) names no set of ${CMAKE_SYSTEM_PROCESSOR}")
  endif()
endif()

# Plain C++ is compiled once kept scalar (clang needs both flags) and once per set for the compiler's vectoriser.
set(TRILBENCH_PLAIN_SETS scalar)
set(TRILBENCH_FLAGS_scalar ${baseline} -fno-tree-vectorize -fno-slp-vectorize)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(TRILBENCH_FLAGS_scalar ${baseline} -fno-tree-vectorize)  # switches both of GCC's vectorisers off
endif()
foreach(set IN LISTS TRILBENCH_LANE_SETS)
  list(APPEND TRILBENCH_PLAIN_SETS auto_${set})
  set(TRILBENCH_FLAGS_auto_${set} ${TRILBENCH_FLAGS_${set}})
endforeach()
if(TRILBENCH_FLAGS_neon AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # For AArch64, and for no other, GCC orders instructions before it hands out registers: it loads what tiles multiply
  # so far ahead of its use that accumulators have to leave theirs.
  list(APPEND TRILBENCH_FLAGS_neon -fno-schedule-insns)
endif()

set(TRILBENCH_KERNEL_OPTIMISATION "-O3" CACHE STRING "Optimisation level of the files that hold implementations")
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=[a-z,]*address")
  # With the first g++ compiles the unrolled register tiles twenty times as long, with the others, which look at every
  # pointer before the address sanitizer looks at what it points to, four times.
  list(APPEND TRILBENCH_KERNEL_OPTIMISATION -fno-sanitize-address-use-after-scope
    -fno-sanitize=null,alignment,pointer-overflow)
endif()
