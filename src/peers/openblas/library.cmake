# OpenBLAS is loaded when the program runs, so there is nothing to find.
add_library(trilbench_peer_openblas STATIC "${CMAKE_CURRENT_LIST_DIR}/library.cpp" "${CMAKE_CURRENT_LIST_DIR}/routines.cpp")
target_link_libraries(trilbench_peer_openblas PUBLIC trilbench_suite ${CMAKE_DL_LIBS})
