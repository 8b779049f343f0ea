# SPDX-License-Identifier: GPL-2.0-or-later
# Read by cpack once for each kind of package: which components go into it.
# The components of one package are installed together; nothing else in CPack can say that.

set(parts common)
if(CPACK_GENERATOR STREQUAL "DEB")
  list(APPEND parts Unspecified profile deb)
elseif(CPACK_GENERATOR STREQUAL "RPM")
  list(APPEND parts rpm)
elseif(CPACK_GENERATOR STREQUAL "TGZ")
  # Unpacked and installed into a home by install.sh.
  set(parts archive)
  execute_process(COMMAND uname -m OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_NAME}-${CPACK_NLB_SERIES_VERSION}-linux-${machine}")
endif()

list(GET CPACK_INSTALL_CMAKE_PROJECTS 0 build)
set(CPACK_INSTALL_CMAKE_PROJECTS)
foreach(part IN LISTS parts)
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS ${build} nlb ${part} /)
endforeach()
