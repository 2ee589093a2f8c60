# Eigen is headers: what is measured is what our compiler makes of them. They are compiled for every set of lanes and
# sealed like the suite's own kernels; a program runs the best of the sets that its CPU has, and says which.
set(TRILBENCH_EIGEN "" CACHE PATH "Measure Eigen too: the folder that holds Eigen/Core")
if(EXISTS "${TRILBENCH_EIGEN}/Eigen/Core")
  add_library(trilbench_peer_eigen STATIC "${CMAKE_CURRENT_LIST_DIR}/library.cpp")
  target_include_directories(trilbench_peer_eigen SYSTEM PRIVATE "${TRILBENCH_EIGEN}")
  target_link_libraries(trilbench_peer_eigen PUBLIC trilbench_suite trilbench_peer_sets)

  # The options come after those of the suite's kernels: Eigen's users let the compiler fuse multiplications and
  # additions, as it does unless it is told otherwise.
  foreach(set IN LISTS TRILBENCH_LANE_SETS)
    string(LENGTH "${set}" length)
    trilbench_seal(trilbench_peer_eigen ${set} "_ZN9trilbench${length}${set}5eigen8compiledE\n"
      "${CMAKE_CURRENT_LIST_DIR}/routines.cpp")
    set(objects trilbench_peer_eigen_${set})
    target_include_directories(${objects} SYSTEM PRIVATE "${TRILBENCH_EIGEN}")
    target_compile_definitions(${objects} PRIVATE NDEBUG)
    target_compile_options(${objects} PRIVATE -O3 -ffp-contract=fast)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Eigen's static variables must not be unique in the program, and warnings of its code are not ours.
      target_compile_options(${objects} PRIVATE -fno-gnu-unique -Wno-maybe-uninitialized)
    endif()
  endforeach()
endif()
