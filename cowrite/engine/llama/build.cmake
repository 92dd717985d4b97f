# Leaves out of llama-cpp-python's build what cowrite never uses: llama.cpp's helpers for servers and chats, and
# its models for pictures. They are 60 % of the work. llama-cpp-python sets LLAMA_BUILD_COMMON in CMake's cache and
# can't be told otherwise there; a normal variable of this name goes before it (policies CMP0077 and CMP0126).
# Read by CMake where CMAKE_ARGS says -DCMAKE_PROJECT_INCLUDE=this file.
set(LLAVA_BUILD OFF)
set(LLAMA_BUILD_COMMON OFF)
