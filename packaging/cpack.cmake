# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed beside nlb.so, and the packages: ./dev package runs cpack on this.
#
# One package serves one Wireshark series: the loader takes no other. The version of a package names
# the series, and the dependency on the library pins it.

if(NLB_TOP_LEVEL)
  add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -DNLB_BUILD=${PROJECT_BINARY_DIR}
                    -P ${PROJECT_SOURCE_DIR}/packaging/uninstall.cmake)
endif()

# Built inside Wireshark's own tree, the packages are Wireshark's; personal is nlb.so alone.
if(NOT NLB_TOP_LEVEL OR NOT TARGET nlb OR NLB_INSTALL_PERSONAL)
  return()
endif()

find_package(Wireshark CONFIG REQUIRED)
set(NLB_WIRESHARK_SERIES "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")

set(NLB_PACKAGE nlb-wireshark)
set(NLB_MAINTAINER "NLB plugin maintainers <maintainers@nlb-wireshark.invalid>" CACHE STRING
    "Who made the packages: name and address")
set(NLB_PACKAGING ${PROJECT_SOURCE_DIR}/packaging)
set(NLB_STAGING ${PROJECT_BINARY_DIR}/packaging)
# TIMESTAMP obeys SOURCE_DATE_EPOCH.
string(TIMESTAMP NLB_PACKAGE_DATE "%Y-%m-%d" UTC)
string(TIMESTAMP NLB_DEBIAN_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(NLB_SERIES_VERSION "${PROJECT_VERSION}+ws${NLB_WIRESHARK_SERIES}")
# Two contents never have one version: between releases the date of the sources is behind it.
set(NLB_DATED "")
set(NLB_CONTENT "Release ${PROJECT_VERSION}")
file(READ ${PROJECT_SOURCE_DIR}/CHANGELOG.md changelog)
if(changelog MATCHES "\n## \\[Unreleased\\]\n+###")
  string(TIMESTAMP NLB_DATED "%Y%m%d" UTC)
  set(NLB_CONTENT "Sources of ${NLB_PACKAGE_DATE}, after release ${PROJECT_VERSION},")
endif()
string(REGEX REPLACE "(.+)" "+\\1" plus_date "${NLB_DATED}")
string(REGEX REPLACE "(.+)" ".\\1" dot_date "${NLB_DATED}")
string(REGEX REPLACE "(.+)" "-\\1" dash_date "${NLB_DATED}")
if(WIN32)
  include(${CMAKE_CURRENT_LIST_DIR}/windows/package.cmake)
  return()
endif()
set(NLB_DEBIAN_RELEASE "1${plus_date}")
set(NLB_DEBIAN_VERSION "${NLB_SERIES_VERSION}-${NLB_DEBIAN_RELEASE}")

foreach(name nlb-doctor nlb-survey nlb.7 nlb-doctor.1 nlb-survey.1 debian/copyright debian/changelog archive/install.sh)
  configure_file(${NLB_PACKAGING}/${name} ${NLB_STAGING}/${name} @ONLY)
endforeach()

# nlb_gzip(TO FROM): as Debian wants it, the same bytes each time.
find_program(NLB_GZIP gzip)
function(nlb_gzip to from)
  if(NLB_GZIP)
    execute_process(COMMAND ${NLB_GZIP} -9nc ${from} OUTPUT_FILE ${to} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()
nlb_gzip(${NLB_STAGING}/nlb.7.gz ${NLB_STAGING}/nlb.7)
nlb_gzip(${NLB_STAGING}/nlb-doctor.1.gz ${NLB_STAGING}/nlb-doctor.1)
nlb_gzip(${NLB_STAGING}/nlb-survey.1.gz ${NLB_STAGING}/nlb-survey.1)
nlb_gzip(${NLB_STAGING}/changelog.Debian.gz ${NLB_STAGING}/debian/changelog)
nlb_gzip(${NLB_STAGING}/changelog.gz ${PROJECT_SOURCE_DIR}/CHANGELOG.md)

set(NLB_PROFILE ${NLB_PACKAGING}/profile/NLB)

# nlb_install_docs(FOLDER COMPONENT...): in the order of the sources, or their links lead nowhere. The
# captures are those of the guide and the recipes; those below test-pcaps/real are others' work.
function(nlb_install_docs folder)
  install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${folder} COMPONENT ${ARGN})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${folder} COMPONENT ${ARGN})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/test-pcaps DESTINATION ${folder} COMPONENT ${ARGN}
          FILES_MATCHING PATTERN *.pcapng PATTERN README.md
          PATTERN real EXCLUDE PATTERN gen EXCLUDE)
  install(FILES ${NLB_PACKAGING}/lake/nlb-index-template.json DESTINATION ${folder} COMPONENT ${ARGN})
endfunction()

# ---- what every installation has ----

install(PROGRAMS ${NLB_STAGING}/nlb-doctor ${NLB_STAGING}/nlb-survey DESTINATION bin COMPONENT common)
if(NLB_GZIP)
  install(FILES ${NLB_STAGING}/nlb.7.gz DESTINATION share/man/man7 COMPONENT common)
  install(FILES ${NLB_STAGING}/nlb-doctor.1.gz ${NLB_STAGING}/nlb-survey.1.gz
          DESTINATION share/man/man1 COMPONENT common)
endif()
nlb_install_docs(share/doc/${NLB_PACKAGE} common)
install(DIRECTORY ${NLB_PACKAGING}/survey/ DESTINATION share/nlb-survey COMPONENT common
        FILES_MATCHING PATTERN *.py)
# Wireshark's prefix, not ours: that is where it looks.
if(IS_DIRECTORY ${NLB_PROFILE})
  install(DIRECTORY ${NLB_PROFILE} COMPONENT profile
          DESTINATION ${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles)
endif()

# ---- what one kind of package adds ----

install(FILES ${NLB_STAGING}/debian/copyright ${NLB_STAGING}/changelog.Debian.gz
        ${NLB_STAGING}/changelog.gz
        DESTINATION share/doc/${NLB_PACKAGE} COMPONENT deb EXCLUDE_FROM_ALL)

# Where Fedora and its kin look, on whatever system the package is made. Below the prefix, because
# CPack takes files at absolute places for configuration.
install(TARGETS nlb COMPONENT rpm EXCLUDE_FROM_ALL
        LIBRARY DESTINATION lib64/wireshark/plugins/${NLB_WIRESHARK_SERIES}/epan)
if(IS_DIRECTORY ${NLB_PROFILE})
  install(DIRECTORY ${NLB_PROFILE} DESTINATION share/wireshark/profiles
          COMPONENT rpm EXCLUDE_FROM_ALL)
endif()
set(NLB_NOTICES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    ${NLB_STAGING}/debian/copyright)
install(FILES ${NLB_NOTICES}
        DESTINATION share/doc/${NLB_PACKAGE} COMPONENT rpm EXCLUDE_FROM_ALL)

install(TARGETS nlb LIBRARY DESTINATION . COMPONENT archive EXCLUDE_FROM_ALL)
install(PROGRAMS ${NLB_STAGING}/archive/install.sh ${NLB_STAGING}/nlb-doctor ${NLB_STAGING}/nlb-survey
        DESTINATION . COMPONENT archive EXCLUDE_FROM_ALL)
install(DIRECTORY ${NLB_PACKAGING}/survey DESTINATION . COMPONENT archive EXCLUDE_FROM_ALL
        FILES_MATCHING PATTERN *.py)
install(FILES ${NLB_STAGING}/nlb.7 ${NLB_NOTICES} DESTINATION . COMPONENT archive EXCLUDE_FROM_ALL)
nlb_install_docs(doc archive EXCLUDE_FROM_ALL)
if(IS_DIRECTORY ${NLB_PROFILE})
  install(DIRECTORY ${NLB_PROFILE} DESTINATION profile COMPONENT archive EXCLUDE_FROM_ALL)
endif()

# ---- CPack ----

set(CPACK_PACKAGE_NAME ${NLB_PACKAGE})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "NLB plugin maintainers")
set(CPACK_PACKAGE_CONTACT "${NLB_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin that explains Microsoft Network Load Balancing")
string(CONCAT CPACK_PACKAGE_DESCRIPTION
  "Decodes NLB heartbeats, and says for ordinary packets what is normal NLB,\n"
  "what is broken, which box does it and how to cure it: clusters and their\n"
  "hosts, masked and multicast MACs, ARP, copies of packets and the foreign\n"
  "router that made them.\n\n"
  "This package is for Wireshark ${NLB_WIRESHARK_SERIES} only.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR "DEB;RPM;TGZ")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
# Chooses the components, see there.
set(CPACK_PROJECT_CONFIG_FILE ${NLB_PACKAGING}/cpack-generator.cmake)
set(CPACK_NLB_SERIES_VERSION ${NLB_SERIES_VERSION}${dash_date})

# The package of the library has the series in its name, and an upgrade leaves it beside that of the next
# series. The package of its data has one name in all of them: bound to it as well, this package is taken
# away with its Wireshark.
function(nlb_bounds result)
  get_target_property(configurations epan IMPORTED_CONFIGURATIONS)
  list(GET configurations 0 configuration)
  get_target_property(library epan IMPORTED_LOCATION_${configuration})
  math(EXPR next "${Wireshark_MINOR_VERSION} + 1")
  set(bounds)
  foreach(file ${library} ${Wireshark_INSTALL_PREFIX}/share/wireshark/colorfilters)
    execute_process(COMMAND dpkg-query -S ${file} OUTPUT_VARIABLE owner ERROR_QUIET)
    string(REGEX REPLACE ":.*" "" owner "${owner}")
    string(STRIP "${owner}" owner)
    if(owner)
      list(APPEND bounds "${owner} (>= ${NLB_WIRESHARK_SERIES}~)"
           "${owner} (<< ${Wireshark_MAJOR_VERSION}.${next}~)")
    endif()
  endforeach()
  list(JOIN bounds ", " bounds)
  set(${result} "${bounds}" PARENT_SCOPE)
endfunction()

set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
find_program(NLB_DPKG_QUERY dpkg-query)
if(NLB_DPKG_QUERY)
  nlb_bounds(CPACK_DEBIAN_PACKAGE_DEPENDS)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_VERSION ${NLB_SERIES_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE ${NLB_DEBIAN_RELEASE})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
# python3 is for nlb-survey alone, as parallel is; file is for nlb-doctor.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wireshark | tshark, python3, file")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "wireshark, tshark")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "parallel")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${NLB_PACKAGING}/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# rpm asks for libwireshark.so.NN by itself, which is as exact.
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE GPL-2.0-or-later)
set(CPACK_RPM_PACKAGE_RELEASE "1.ws${NLB_WIRESHARK_SERIES}${dot_date}")
set(CPACK_RPM_PACKAGE_GROUP "Applications/Internet")
set(CPACK_RPM_PACKAGE_AUTOREQ ON)
# Links below /usr/lib/.build-id belong to a package with debugging information. Suggestions stand here,
# because CPack asks the rpm of Debian whether it knows them in a way that fails, and leaves them out.
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none\nSuggests: python3, parallel, file")
# Folders that Wireshark or the system owns.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /usr/lib64 /usr/lib64/wireshark /usr/lib64/wireshark/plugins
    /usr/lib64/wireshark/plugins/${NLB_WIRESHARK_SERIES}
    /usr/lib64/wireshark/plugins/${NLB_WIRESHARK_SERIES}/epan
    /usr/share/doc /usr/share/man /usr/share/man/man1 /usr/share/man/man7
    /usr/share/wireshark /usr/share/wireshark/profiles)

include(CPack)
