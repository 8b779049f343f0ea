@echo off
rem SPDX-License-Identifier: GPL-2.0-or-later
rem Says why Wireshark does not show NLB: starts nlb-doctor.ps1, whatever scripts may do on this computer.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0nlb-doctor.ps1" %*
set "STATUS=%ERRORLEVEL%"
rem Started by a double click the window would be gone before anybody read it.
setlocal EnableDelayedExpansion
set "LINE=!CMDCMDLINE!"
if defined LINE if not "!LINE:/c=!"=="!LINE!" pause
exit /b %STATUS%
