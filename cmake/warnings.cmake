# Compiler settings shared by every target of the project.
add_library(jinsha_flags INTERFACE)
target_compile_options(jinsha_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror
                       -Wno-restrict # g++ 12 sees overlaps in std::string operator+ that are not there (GCC PR 105651)
                       -ffp-contract=off)
if(JINSHA_SANITIZE)
  target_compile_options(jinsha_flags INTERFACE -fsanitize=${JINSHA_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  target_link_options(jinsha_flags INTERFACE -fsanitize=${JINSHA_SANITIZE})
endif()
if(JINSHA_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
