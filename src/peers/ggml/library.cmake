# ggml is loaded when its programs run, so there is nothing to find.
file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.cpp")
add_library(trilbench_peer_ggml STATIC ${files})
target_link_libraries(trilbench_peer_ggml PUBLIC trilbench_suite ${CMAKE_DL_LIBS})
