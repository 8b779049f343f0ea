@echo off
rem SPDX-License-Identifier: GPL-2.0-or-later
rem
rem Puts nlb.dll and the profile NLB into your personal Wireshark folders, or takes them out again:
rem   install.cmd            install.cmd /remove
rem Nobody else's Wireshark is touched, and nothing needs an administrator.
setlocal EnableExtensions DisableDelayedExpansion
call :main %*
set "STATUS=%ERRORLEVEL%"
rem Started by a double click the window would be gone before anybody read it.
setlocal EnableDelayedExpansion
set "LINE=!CMDCMDLINE!"
if not defined NLB_NO_PAUSE if defined LINE if not "!LINE:/c=!"=="!LINE!" pause
exit /b %STATUS%

:main
set "SERIES=@NLB_WIRESHARK_SERIES@"
set "HERE=%~dp0"
if not defined APPDATA (
  echo install.cmd: APPDATA is not set, so nobody can tell where your Wireshark keeps its files.
  exit /b 1
)
set "CONFIG=%APPDATA%\Wireshark"
if defined WIRESHARK_APPDATA set "CONFIG=%WIRESHARK_APPDATA%"
if defined WIRESHARK_CONFIG_DIR set "CONFIG=%WIRESHARK_CONFIG_DIR%"
set "EPAN=%CONFIG%\plugins\%SERIES%\epan"
set "PROFILE=%CONFIG%\profiles\NLB"
if "%~1"=="" goto install
if /i "%~1"=="/remove" goto remove
echo Usage: install.cmd [/remove]
exit /b 2

:install
if not exist "%HERE%nlb.dll" (
  echo install.cmd: nlb.dll is not beside it: unpack the whole zip first ^(Extract All^), and start it there.
  exit /b 1
)
call :find_version
if not defined FOUND (
  echo No installed Wireshark was found; the plugin is for Wireshark %SERIES%.
  goto put
)
for /f "tokens=1,2 delims=." %%a in ("%FOUND%") do set "FOUND_SERIES=%%a.%%b"
if not "%FOUND_SERIES%"=="%SERIES%" (
  echo install.cmd: this is the plugin for Wireshark %SERIES%, and yours is %FOUND%: get the zip for %FOUND_SERIES%.
  exit /b 1
)

:put
if not exist "%EPAN%" mkdir "%EPAN%"
if not exist "%EPAN%" (
  echo install.cmd: cannot make the folder "%EPAN%".
  exit /b 1
)
copy /y /b "%HERE%nlb.dll" "%EPAN%\nlb.dll" >nul
if errorlevel 1 (
  echo install.cmd: cannot write "%EPAN%\nlb.dll": close Wireshark, and start this again.
  exit /b 1
)
rem What came from the web may be held back; nothing is lost where there is no PowerShell.
powershell -NoProfile -Command "Unblock-File -LiteralPath ($env:EPAN + '\nlb.dll')" >nul 2>nul
echo Installed: "%EPAN%\nlb.dll"
if exist "%PROFILE%\" (
  echo The profile "%PROFILE%" is there already and stays as it is.
  goto installed
)
mkdir "%PROFILE%"
pushd "%HERE%profile\NLB" && for %%f in (*) do copy /y /b "%%f" "%PROFILE%\" >nul
popd
if not exist "%PROFILE%\preferences" (
  echo install.cmd: the profile could not be copied to "%PROFILE%"; the plugin works without it.
  goto installed
)
echo Installed: "%PROFILE%"

:installed
echo Start Wireshark anew. Help ^> About ^> Plugins must list nlb.dll; if not: nlb-doctor.cmd
exit /b 0

:remove
set "TAKEN="
if exist "%EPAN%\nlb.dll" (
  del /f /q "%EPAN%\nlb.dll"
  if exist "%EPAN%\nlb.dll" (
    echo install.cmd: cannot delete "%EPAN%\nlb.dll": close Wireshark, and start this again.
    exit /b 1
  )
  echo Removed: "%EPAN%\nlb.dll"
  set "TAKEN=yes"
)
for %%d in ("%EPAN%" "%CONFIG%\plugins\%SERIES%" "%CONFIG%\plugins") do rmdir "%%~d" 2>nul
rem The profile goes with the plugin of the last series.
set "OTHER="
for /d %%d in ("%CONFIG%\plugins\*") do if exist "%%~d\epan\nlb.dll" set "OTHER=yes"
if defined OTHER goto removed
if not exist "%PROFILE%\" goto removed
pushd "%HERE%profile\NLB" && for %%f in (*) do call :take_same "%%f" "%PROFILE%\%%f"
popd
rmdir "%PROFILE%" 2>nul
rmdir "%CONFIG%\profiles" 2>nul
if exist "%PROFILE%\" echo Left alone, because you changed it: "%PROFILE%"

:removed
if defined TAKEN exit /b 0
echo install.cmd: nothing to remove: "%EPAN%\nlb.dll" is not there.
exit /b 1

rem A file of the profile that is still as we shipped it.
:take_same
if not exist "%~2" exit /b 0
fc /b "%~1" "%~2" >nul 2>nul
rem 2: it could not compare. Wine's fc has no /b.
if errorlevel 2 fc "%~1" "%~2" >nul 2>nul
if errorlevel 1 exit /b 0
del /f /q "%~2"
set "TAKEN=yes"
exit /b 0

rem FOUND becomes the version that Wireshark's own installer wrote down: 4.6.9, or 4.6.9-something.
:find_version
set "FOUND="
for %%h in (HKLM HKCU) do for /f "tokens=3" %%v in (
  'reg query "%%h\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark" /v DisplayVersion 2^>nul ^| find "DisplayVersion"'
) do if not defined FOUND set "FOUND=%%v"
exit /b 0
