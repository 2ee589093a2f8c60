# trilbench_add_cblas(<library>): the target of a library that has the C interface to BLAS. It is loaded when the program
# runs, so there is nothing to find.
function(trilbench_add_cblas library)
  set(cblas "${CMAKE_CURRENT_FUNCTION_LIST_DIR}")
  file(GLOB files CONFIGURE_DEPENDS "${cblas}/*.cpp" "${cblas}/../${library}/*.cpp")
  add_library(trilbench_peer_${library} STATIC ${files})
  target_link_libraries(trilbench_peer_${library} PUBLIC trilbench_suite ${CMAKE_DL_LIBS})
endfunction()
