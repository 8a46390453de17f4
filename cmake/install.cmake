# What `cmake --install` puts where: the program, libjinsha with headers, a pkg-config file and a CMake package,
# man page, completion, schema and documents. Every path is relative, so that the result may be moved.
if(CMAKE_LIBRARY_ARCHITECTURE AND EXISTS /etc/debian_version)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Where libraries go")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

target_include_directories(jinsha_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(jinsha_shared PROPERTIES EXPORT_NAME jinsha)
install(TARGETS jinsha RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS jinsha_shared EXPORT JinshaTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/jinsha/jinsha.h include/jinsha/jinsha.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/jinsha)

# find_package(Jinsha) gives Jinsha::jinsha.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Jinsha)
install(EXPORT JinshaTargets NAMESPACE Jinsha:: DESTINATION ${package_dir})
configure_package_config_file(packaging/JinshaConfig.cmake.in ${PROJECT_BINARY_DIR}/JinshaConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/JinshaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/JinshaConfig.cmake ${PROJECT_BINARY_DIR}/JinshaConfigVersion.cmake
        DESTINATION ${package_dir})

# pkg-config finds the prefix from where jinsha.pc lies.
file(RELATIVE_PATH pc_to_prefix /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(packaging/jinsha.pc.in ${PROJECT_BINARY_DIR}/jinsha.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/jinsha.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Manual and changelog are compressed, as Debian wants them; -n leaves the time out.
find_program(GZIP gzip REQUIRED)
function(jinsha_install_gz source name destination)
  add_custom_command(
    OUTPUT ${PROJECT_BINARY_DIR}/${name}.gz
    COMMAND sh -c "'${GZIP}' -9nc '${PROJECT_SOURCE_DIR}/${source}' > '${PROJECT_BINARY_DIR}/${name}.gz'"
    DEPENDS ${PROJECT_SOURCE_DIR}/${source} VERBATIM)
  add_custom_target(gz_${name} ALL DEPENDS ${PROJECT_BINARY_DIR}/${name}.gz)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.gz DESTINATION ${destination})
endfunction()
jinsha_install_gz(packaging/jinsha.1 jinsha.1 ${CMAKE_INSTALL_MANDIR}/man1)
jinsha_install_gz(packaging/changelog changelog ${CMAKE_INSTALL_DOCDIR})

install(FILES packaging/jinsha.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME jinsha)
install(FILES configs/job.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/jinsha)
install(FILES packaging/copyright README.md docs/README.zh-CN.md docs/options.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY configs/presets configs/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
# The package of Debian refers to the licence that every Debian system has.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/jinsha)
