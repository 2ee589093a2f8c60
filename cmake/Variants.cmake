# Variants: from a folder of implementation files to one linkable object per instruction set and a table of all.
#
# A file <folder>/<operation>/<name>.cpp defines `const Implementation <name>` in the namespace
# trilbench::TRILBENCH_ISA::<operation>. A file that includes simd/ or kernels/, itself or by another header, is written
# in lanes and compiled once for each lane set; any other is plain C++, compiled once kept scalar and once per set for
# the compiler's vectoriser.
# <operation>/operation.cpp, where there is one, defines `const Operation operation` in trilbench::<operation>.

# trilbench_add_variants(<target> DIRECTORY <folder> TABLE <function> [PLAIN_SETS <set>...])
#
# Makes the static library <target>. The variants are returned by trilbench::<function>(), declared as
# `std::span<const Variant> <function>();`, and the operations by trilbench::operations() if the folder has any.
# PLAIN_SETS restricts the sets that plain files are compiled for.
function(trilbench_add_variants target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY;TABLE" "PLAIN_SETS")
  if(NOT arg_PLAIN_SETS)
    set(arg_PLAIN_SETS ${TRILBENCH_PLAIN_SETS})
  endif()
  file(GLOB files CONFIGURE_DEPENDS "${arg_DIRECTORY}/*/*.cpp")
  set(declarations "")
  set(variants "")
  set(operations "")
  set(operation_files "")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    get_filename_component(folder "${file}" DIRECTORY)
    get_filename_component(operation "${folder}" NAME)
    if(name STREQUAL "operation")
      list(APPEND operation_files "${file}")
      string(APPEND declarations "namespace trilbench::${operation} { extern const Operation operation; }\n")
      string(APPEND operations "    &${operation}::operation,\n")
      continue()
    endif()
    trilbench_find_lanes("${file}" lanes)
    if(lanes)
      set(sets ${TRILBENCH_LANE_SETS})
    else()
      set(sets ${arg_PLAIN_SETS})
    endif()
    foreach(set IN LISTS sets)
      list(APPEND sources_${set} "${file}")
      # Its linker symbol, by the Itanium C++ ABI: the one name that an instruction set's object may show.
      set(symbol "_ZN9trilbench")
      foreach(part IN ITEMS ${set} ${operation} ${name})
        string(LENGTH "${part}" length)
        string(APPEND symbol "${length}${part}")
      endforeach()
      string(APPEND symbols_${set} "${symbol}E\n")
      string(APPEND declarations
             "namespace trilbench::${set}::${operation} { extern const Implementation ${name}; }\n")
      string(APPEND variants
             "    {\"${operation}\", \"${name}\", Isa::${set}, &${set}::${operation}::${name}},\n")
    endforeach()
  endforeach()

  set(table "${CMAKE_CURRENT_BINARY_DIR}/${target}_table.cpp")
  set(TABLE ${arg_TABLE})
  set(DECLARATIONS "${declarations}")
  set(VARIANTS "${variants}")
  if(operations)
    set(OPERATIONS "\nstd::span<const Operation* const> operations() {\n  static const Operation* const table[] = {\n${operations}  };\n  return table;\n}\n")
  else()
    set(OPERATIONS "")
  endif()
  configure_file("${PROJECT_SOURCE_DIR}/cmake/table.cpp.in" "${table}" @ONLY)

  add_library(${target} STATIC "${table}" ${operation_files})
  target_link_libraries(${target} PUBLIC trilbench_suite)
  foreach(set IN LISTS TRILBENCH_PLAIN_SETS TRILBENCH_LANE_SETS)
    if(sources_${set})
      if(TARGET trilbench_kernels_${set})
        list(APPEND sources_${set} "$<TARGET_OBJECTS:trilbench_kernels_${set}>")
        add_dependencies(${target} trilbench_kernels_${set})  # Makefiles know the objects as files alone
      endif()
      trilbench_seal(${target} ${set} "${symbols_${set}}" ${sources_${set}})
    endif()
  endforeach()
endfunction()

# Whether a file is written in lanes. A change of what it includes configures again.
function(trilbench_find_lanes file result)
  set(${result} FALSE PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  get_filename_component(folder "${file}" DIRECTORY)
  file(STRINGS "${file}" includes REGEX "^#include \"")
  foreach(include IN LISTS includes)
    string(REGEX REPLACE "^#include \"([^\"]*)\".*" "\\1" include "${include}")
    if(include MATCHES "^(simd|kernels)/")
      set(${result} TRUE PARENT_SCOPE)
      return()
    endif()
    foreach(header IN ITEMS "${folder}/${include}" "${PROJECT_SOURCE_DIR}/src/${include}")
      if(EXISTS "${header}" AND NOT include MATCHES "^suite/")
        trilbench_find_lanes("${header}" lanes)
        if(lanes)
          set(${result} TRUE PARENT_SCOPE)
          return()
        endif()
      endif()
    endforeach()
  endforeach()
endfunction()

# The object library <name>: the sources, compiled for one instruction set.
function(trilbench_add_objects name set)
  add_library(${name} OBJECT ${ARGN})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_definitions(${name} PRIVATE TRILBENCH_ISA=${set})
  if(set IN_LIST TRILBENCH_LANE_SETS)
    target_link_libraries(${name} PRIVATE trilbench_xsimd)
    target_compile_definitions(${name} PRIVATE "TRILBENCH_LANES=\"simd/${set}.hpp\"")
  endif()
  target_compile_options(${name} PRIVATE ${TRILBENCH_WARNINGS} -Wmissing-declarations ${TRILBENCH_FLAGS_${set}}
    ${TRILBENCH_KERNEL_OPTIMISATION} -ffp-contract=off -fno-exceptions -fno-lto)
  target_link_libraries(${name} PRIVATE OpenMP::OpenMP_CXX)
endfunction()

# Compiles the sources for one instruction set and seals them, with objects of other targets that may be
# among them, into a single object that shows nothing but its implementations.
# What the headers leave behind as weak symbols (inline functions, templates) would otherwise be merged with other
# sets' copies by the linker, which keeps any one of them: an AVX-512 copy crashes on a machine without it.
function(trilbench_seal target set symbols)
  set(objects ${target}_${set})
  set(sources ${ARGN})
  set(compiled ${ARGN})
  list(FILTER compiled INCLUDE REGEX "^\\$<TARGET_OBJECTS:")
  list(FILTER sources EXCLUDE REGEX "^\\$<TARGET_OBJECTS:")
  set(merged "$<TARGET_OBJECTS:${objects}>" ${compiled})
  if(TRILBENCH_LINK_ORDER)
    # By the files' names, shuffled: each order has its own number, and is the same wherever the sources lie.
    set(shuffled)
    foreach(source IN LISTS sources)
      cmake_path(GET source FILENAME name)
      string(SHA256 place "${TRILBENCH_LINK_ORDER} ${name}")
      list(APPEND shuffled "${place} ${source}")
    endforeach()
    list(SORT shuffled)
    list(TRANSFORM shuffled REPLACE "^[0-9a-f]+ " "" OUTPUT_VARIABLE sources)
    if(TRILBENCH_LINK_ORDER MATCHES "[13579]$")
      list(REVERSE merged)
    endif()
  endif()
  trilbench_add_objects(${objects} ${set} ${sources})
  set(keep "${CMAKE_CURRENT_BINARY_DIR}/${objects}.symbols")
  file(CONFIGURE OUTPUT "${keep}" CONTENT "${symbols}")
  set(folder "${CMAKE_CURRENT_BINARY_DIR}")
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config)
    string(APPEND folder "/$<CONFIG>")
  endif()
  set(sealed "${folder}/${objects}.o")
  add_custom_command(
    OUTPUT "${sealed}"
    COMMAND ${TRILBENCH_LD} -r --force-group-allocation -o "${sealed}.merged" ${merged}
    COMMAND ${CMAKE_OBJCOPY} "--keep-global-symbols=${keep}" "${sealed}.merged" "${sealed}"
    DEPENDS ${objects} ${merged} "${keep}"
    COMMENT "Sealing ${objects}"
    COMMAND_EXPAND_LISTS VERBATIM)
  target_sources(${target} PRIVATE "${sealed}")
endfunction()
