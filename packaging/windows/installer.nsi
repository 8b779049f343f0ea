; SPDX-License-Identifier: GPL-2.0-or-later
; The installer: the same files as the zip's install.cmd puts into the same personal folders, and a row in
; "Apps & features" to take them out again. makensis gets STAGE, the folder with the files, and OUT.
; A program of 64 bits, as Wireshark is: Windows itself refuses it where there are fewer.
Target amd64-unicode
!define SERIES "@NLB_WIRESHARK_SERIES@"
!define VERSION "@PROJECT_VERSION@"
!define TITLE "NLB for Wireshark ${SERIES}"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\nlb-wireshark-${SERIES}"
!include LogicLib.nsh
!include FileFunc.nsh

Name "${TITLE}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\nlb-wireshark\${SERIES}"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ShowInstDetails show
ShowUninstDetails show
LicenseData "${STAGE}/licences/nlb.txt"
Page license
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Var config

; /SD: what a silent installation (/S) takes for the answer. One sentence, also for whoever reads a log.
!macro refuse TEXT
  DetailPrint "${TEXT}"
  SetErrorLevel 2
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  Abort
!macroend

; Leaves the version of the installed Wireshark on the stack, or "".
!macro find_wireshark
  SetRegView 64
  ReadRegStr $0 HKLM "Software\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark" "DisplayVersion"
  ${If} $0 == ""
    ReadRegStr $0 HKCU "Software\Microsoft\Windows\CurrentVersion\Uninstall\Wireshark" "DisplayVersion"
  ${EndIf}
!macroend

!macro find_config
  ReadEnvStr $config "WIRESHARK_CONFIG_DIR"
  ${If} $config == ""
    ReadEnvStr $config "WIRESHARK_APPDATA"
  ${EndIf}
  ${If} $config == ""
    StrCpy $config "$APPDATA\Wireshark"
  ${EndIf}
!macroend

; $1 becomes the series of the version in $0: what stands before its second dot.
Function SeriesOf
  StrCpy $2 0
  StrCpy $3 0
  ${Do}
    StrCpy $4 $0 1 $2
    ${If} $4 == ""
      ${Break}
    ${EndIf}
    ${If} $4 == "."
      IntOp $3 $3 + 1
      ${If} $3 = 2
        ${Break}
      ${EndIf}
    ${EndIf}
    IntOp $2 $2 + 1
  ${Loop}
  StrCpy $1 $0 $2
FunctionEnd

Function .onInit
  !insertmacro find_wireshark
  ${If} $0 == ""
    !insertmacro refuse "No installed Wireshark was found: install Wireshark ${SERIES} first, or use install.cmd of the zip for a portable one."
  ${EndIf}
  Call SeriesOf
  ${If} $1 != "${SERIES}"
    !insertmacro refuse "This is the plugin for Wireshark ${SERIES}, and yours is $0: get the installer for $1."
  ${EndIf}
FunctionEnd

Section
  !insertmacro find_config
  SetOutPath "$config\plugins\${SERIES}\epan"
  ClearErrors
  File "${STAGE}/nlb.dll"
  ${If} ${Errors}
    !insertmacro refuse "nlb.dll cannot be written: close Wireshark, and start this again."
  ${EndIf}
  ; What the user changed in the profile stays.
  ${IfNot} ${FileExists} "$config\profiles\NLB\*.*"
    SetOutPath "$config\profiles\NLB"
    File "${STAGE}/profile/NLB/*"
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${STAGE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "NLB plugin maintainers"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  DetailPrint "Start Wireshark anew: Help > About > Plugins must list nlb.dll."
SectionEnd

; install.cmd knows which files of the profile are as we shipped them.
Section "Uninstall"
  !insertmacro find_config
  ; Nobody is there to press a key.
  System::Call 'kernel32::SetEnvironmentVariable(t "NLB_NO_PAUSE", t "1")'
  ExecWait '"$SYSDIR\cmd.exe" /c ""$INSTDIR\install.cmd" /remove"'
  ${If} ${FileExists} "$config\plugins\${SERIES}\epan\nlb.dll"
    !insertmacro refuse "nlb.dll cannot be deleted: close Wireshark, and start this again."
  ${EndIf}
  DeleteRegKey HKCU "${UNINSTALL}"
  RMDir /r "$INSTDIR"
  RMDir "$LOCALAPPDATA\nlb-wireshark"
SectionEnd
