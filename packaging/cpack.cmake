# Packages (./dev package): a .deb for the Debian it is built on, and a .tar.gz of the same files.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME jinsha)
set(CPACK_PACKAGE_VENDOR "Jinsha")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "transcode professional video to judged 4K/8K HDR streams")
set(CPACK_PACKAGE_DESCRIPTION
    "Any common source in, HEVC or AV1 in MPEG-TS or fragmented MP4 out, in SDR,
PQ or HLG. What was written is read back and judged before a job is called
done; nothing of the source is lost in silence.
.
This package has the program, the library and the headers of its C and C++
interface.")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

# Library versions differ between the generations of Debian: the package says which it is for.
set(suffix "")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release generation REGEX "^VERSION_ID=")
  string(REGEX REPLACE "[^0-9.]" "" generation "${generation}")
  if(generation)
    set(suffix "+deb${generation}")
  endif()
endif()
set(CPACK_DEBIAN_PACKAGE_VERSION ${PROJECT_VERSION}${suffix})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "Jinsha developers <jinsha@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The library is public: others find out what they depend on, and ldconfig learns of it through dpkg's trigger.
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs "libjinsha ${PROJECT_VERSION_MAJOR} jinsha (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/shlibs ${PROJECT_BINARY_DIR}/debian/triggers)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# bin/, lib/ and share/ under one folder with the name of the package.
set(CPACK_PACKAGE_FILE_NAME jinsha-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR}${suffix})
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/cpack_generator.cmake)
include(CPack)
