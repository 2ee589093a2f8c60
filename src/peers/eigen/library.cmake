# Eigen is headers: what is measured is what our compiler makes of them. So it may use all that this CPU has, as
# Eigen's users are told to; the suite's own kernels lie sealed beside it in the program, out of its reach.
set(TRILBENCH_EIGEN "" CACHE PATH "Measure Eigen too: the folder that holds Eigen/Core")
if(EXISTS "${TRILBENCH_EIGEN}/Eigen/Core")
  add_library(trilbench_peer_eigen STATIC "${CMAKE_CURRENT_LIST_DIR}/library.cpp")
  target_include_directories(trilbench_peer_eigen SYSTEM PUBLIC "${TRILBENCH_EIGEN}")
  target_compile_options(trilbench_peer_eigen PUBLIC -O3 -march=native)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(trilbench_peer_eigen PUBLIC -Wno-maybe-uninitialized)  # GCC's own AVX-512 intrinsics
  endif()
  target_compile_definitions(trilbench_peer_eigen PUBLIC NDEBUG)
  target_link_libraries(trilbench_peer_eigen PUBLIC trilbench_suite)
endif()
