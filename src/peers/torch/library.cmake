# PyTorch's C++ library, without its CMake package: that looks for much which no routine here needs, and warns.
set(TRILBENCH_TORCH "" CACHE PATH "Measure PyTorch too: the folder of libtorch or of the Python package torch")
if(EXISTS "${TRILBENCH_TORCH}/lib/libtorch_cpu.so")
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.cpp")
  add_library(trilbench_peer_torch STATIC ${files})
  target_include_directories(trilbench_peer_torch SYSTEM PUBLIC "${TRILBENCH_TORCH}/include")
  # By name, and their folder by flags: CMake warns of folders that hold an OpenMP runtime too, as this one does.
  target_link_options(trilbench_peer_torch PUBLIC "-L${TRILBENCH_TORCH}/lib" "LINKER:-rpath,${TRILBENCH_TORCH}/lib")
  target_link_libraries(trilbench_peer_torch PUBLIC trilbench_suite -ltorch_cpu -lc10 ${CMAKE_DL_LIBS})
endif()
