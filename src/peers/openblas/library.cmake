include("${CMAKE_CURRENT_LIST_DIR}/../cblas/cblas.cmake")
trilbench_add_cblas(openblas)
