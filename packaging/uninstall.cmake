# SPDX-License-Identifier: GPL-2.0-or-later
# cmake --build BUILD --target uninstall: removes what the last cmake --install of that folder put there,
# and the folders that are empty then.
set(manifest ${NLB_BUILD}/install_manifest.txt)
if(NOT EXISTS ${manifest})
  message(FATAL_ERROR "nothing was installed from ${NLB_BUILD}")
endif()

file(STRINGS ${manifest} files)
foreach(file IN LISTS files)
  set(path $ENV{DESTDIR}${file})
  message(STATUS "Removing: ${path}")
  file(REMOVE ${path})
  set(failed FALSE)
  while(NOT failed)
    get_filename_component(path ${path} DIRECTORY)
    execute_process(COMMAND rmdir ${path} RESULT_VARIABLE failed ERROR_QUIET)
  endwhile()
endforeach()
file(REMOVE ${manifest})
