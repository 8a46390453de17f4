# jinsha_layer(NAME [LAYERS ...] [LIBRARIES ...])
# One static library for the folder it is called in. LAYERS are the only other folders its sources
# may include (tests/lint/layers.py holds the same rule against the text); LIBRARIES are foreign.
function(jinsha_layer name)
  cmake_parse_arguments(arg "" "" "LAYERS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(NOT sources)
    add_library(jinsha_${name} INTERFACE)
    return()
  endif()
  add_library(jinsha_${name} STATIC ${sources})
  target_include_directories(jinsha_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  list(TRANSFORM arg_LAYERS PREPEND jinsha_)
  target_link_libraries(jinsha_${name} PUBLIC ${arg_LAYERS} PRIVATE jinsha_flags ${arg_LIBRARIES})
endfunction()

# jinsha_shared_library(LAYER)
# libjinsha.so: everything below LAYER, exporting what packaging/jinsha.map lists and nothing else.
function(jinsha_shared_library layer)
  set(map ${PROJECT_SOURCE_DIR}/packaging/jinsha.map)
  # The objects of LAYER as they are (nothing in the library refers to them), what they need behind.
  add_library(jinsha_shared SHARED $<TARGET_OBJECTS:jinsha_${layer}>)
  target_link_libraries(jinsha_shared PRIVATE jinsha_${layer} jinsha_flags)
  set_target_properties(jinsha_shared PROPERTIES
    OUTPUT_NAME jinsha VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR} LINKER_LANGUAGE CXX LINK_DEPENDS ${map})
  target_link_options(jinsha_shared PRIVATE "LINKER:--version-script=${map}")
  if(NOT JINSHA_SANITIZE) # a sanitizer's run-time symbols come from the program
    target_link_options(jinsha_shared PRIVATE LINKER:--no-undefined)
  endif()
endfunction()

# jinsha_program(LAYER [LIBRARIES ...])
# The program, build/<preset>/jinsha, from the sources of the folder it is called in.
function(jinsha_program layer)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(jinsha ${sources})
  target_include_directories(jinsha PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(jinsha PRIVATE jinsha_${layer} jinsha_flags ${arg_LIBRARIES})
  set_target_properties(jinsha PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()
