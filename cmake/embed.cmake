# cmake -DOUTPUT=FILE.cpp -DFOLDER=configs/presets -P cmake/embed.cmake
# Writes the source file behind src/job/preset_files.h: every FOLDER/*.toml as a raw string.
file(GLOB files ${FOLDER}/*.toml)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  if(text MATCHES "\\)toml\"")
    message(FATAL_ERROR "${file} holds the end mark of the raw string it is written into: )toml\"")
  endif()
  string(APPEND rows "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
if(rows STREQUAL "")
  message(FATAL_ERROR "there is no .toml file in ${FOLDER}")
endif()
file(WRITE ${OUTPUT}
     "// Made of configs/presets/*.toml by cmake/embed.cmake.\n#include \"job/preset_files.h\"\n\nnamespace jinsha {\nnamespace {\n"
     "constexpr PresetFile kFiles[] = {\n${rows}};\n}  // namespace\n\n"
     "std::span<const PresetFile> preset_files() { return kFiles; }\n\n}  // namespace jinsha\n")
