# SPDX-License-Identifier: GPL-2.0-or-later
# What the zip and the installer for Windows have in them: cmake --install puts it into one folder,
# make-packages.py makes both of that.

# Whatever Windows reads itself has Windows' line ends: cmd.exe loses its way to a label without.
foreach(name install.cmd nlb-doctor.cmd nlb-doctor.ps1 README-Windows.txt)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/${name} ${NLB_STAGING}/${name} @ONLY NEWLINE_STYLE WIN32)
endforeach()
file(WRITE ${NLB_STAGING}/name "${NLB_PACKAGE}-${NLB_SERIES_VERSION}${dash_date}-windows-x86_64")
configure_file(${CMAKE_CURRENT_LIST_DIR}/installer.nsi ${NLB_STAGING}/installer.nsi @ONLY)

install(TARGETS nlb RUNTIME DESTINATION . LIBRARY DESTINATION . COMPONENT windows)
install(FILES ${NLB_STAGING}/install.cmd ${NLB_STAGING}/nlb-doctor.cmd ${NLB_STAGING}/nlb-doctor.ps1
        ${NLB_STAGING}/README-Windows.txt ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION . COMPONENT windows)
install(DIRECTORY ${NLB_PACKAGING}/profile/NLB DESTINATION profile COMPONENT windows)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION doc COMPONENT windows)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION doc COMPONENT windows)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/test-pcaps DESTINATION doc COMPONENT windows
        FILES_MATCHING PATTERN *.pcapng PATTERN README.md PATTERN real EXCLUDE PATTERN gen EXCLUDE)

# The licences of all that is inside nlb.dll: ours, xxHash's, and those of gcc's and MinGW's runtime.
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION licences RENAME nlb.txt COMPONENT windows)
foreach(pair "libxxhash-dev=xxHash" "gcc-mingw-w64-base=gcc-runtime" "mingw-w64-ucrt64-dev=MinGW-w64-runtime")
  string(REPLACE "=" ";" pair "${pair}")
  list(GET pair 0 package)
  list(GET pair 1 name)
  install(FILES /usr/share/doc/${package}/copyright DESTINATION licences RENAME ${name}.txt COMPONENT windows)
endforeach()
install(FILES /usr/share/common-licenses/GPL-3 DESTINATION licences RENAME gcc-GPL-3.txt COMPONENT windows)
