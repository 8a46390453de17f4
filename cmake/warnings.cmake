# Compiler settings shared by every target of the project.
add_library(jinsha_flags INTERFACE)
target_compile_options(jinsha_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overlaps in std::string operator+ that are not there (GCC PR 105651).
  target_compile_options(jinsha_flags INTERFACE -Wno-restrict)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    # g++ 13 and 14 see std::vector::insert write before what it has allocated; g++ 12 keeps the check.
    target_compile_options(jinsha_flags INTERFACE -Wno-stringop-overflow)
  endif()
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # These names mean more to clang than to g++; g++'s meaning is the rule.
  target_compile_options(jinsha_flags INTERFACE -Wno-sign-conversion -Wno-shadow)
endif()

if(JINSHA_SANITIZE)
  target_compile_options(jinsha_flags INTERFACE -fsanitize=${JINSHA_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  target_link_options(jinsha_flags INTERFACE -fsanitize=${JINSHA_SANITIZE})
  if(JINSHA_SANITIZE MATCHES "undefined")
    # AddressSanitizer finds nearly all of these too, and they more than double the compile time of g++.
    target_compile_options(jinsha_flags INTERFACE -fno-sanitize=null,vptr,object-size)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The sanitizers' own branches make g++ 12 and 14 warn of values it can no longer follow.
    target_compile_options(jinsha_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(JINSHA_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "JINSHA_FUZZ needs clang (libFuzzer is part of it); this is ${CMAKE_CXX_COMPILER_ID}. "
                        "Use the preset: cmake --preset fuzz")
  endif()
  target_compile_options(jinsha_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(JINSHA_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
