# Libraries that have the C interface to BLAS. They are loaded when their programs run, so there is nothing to find.
include_guard()

# The suite's softmax, for attention out of their products.
set(cblas "${CMAKE_CURRENT_LIST_DIR}")
add_library(trilbench_cblas_softmax STATIC "${cblas}/softmax/softmax.cpp")
target_link_libraries(trilbench_cblas_softmax PUBLIC trilbench_suite trilbench_peer_sets)
target_compile_options(trilbench_cblas_softmax PRIVATE ${TRILBENCH_WARNINGS})
foreach(set IN LISTS TRILBENCH_LANE_SETS)
  string(LENGTH "${set}" length)
  trilbench_seal(trilbench_cblas_softmax ${set} "_ZN9trilbench${length}${set}5cblas15softmax_of_rowsE\n"
    "${cblas}/softmax/rows.cpp")
endforeach()

# trilbench_add_cblas(<library>)
function(trilbench_add_cblas library)
  set(cblas "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  file(GLOB files CONFIGURE_DEPENDS "${cblas}/*.cpp" "${cblas}/../${library}/*.cpp")
  add_library(trilbench_peer_${library} STATIC ${files})
  target_link_libraries(trilbench_peer_${library} PUBLIC trilbench_cblas_softmax ${CMAKE_DL_LIBS})
endfunction()
