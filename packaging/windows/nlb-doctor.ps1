# SPDX-License-Identifier: GPL-2.0-or-later
#
# Says why Wireshark does not show NLB, and the one thing to do about it. For Windows PowerShell 5.
#   nlb-doctor.cmd                looks at what is installed
#   nlb-doctor.cmd FILE           also says whether this nlb.dll is for the Wireshark that is installed
# It changes nothing. Status: 0 all is well, 1 something is wrong, 2 wrong use.
param([string]$File = '')

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$testedSeries = '4.0', '4.4', '4.6'

# The first problem found is the one to solve first: later ones often follow from it.
$script:next = ''
$script:status = 0

function Say-Good([string]$what) { Write-Output "ok     $what" }
function Say-Fact([string]$what) { Write-Output "       $what" }

# It will not work like this.
function Say-Bad([string]$what, [string]$cure) {
    Write-Output "WRONG  $what"
    if ($script:status -eq 0) { $script:next = $cure }
    $script:status = 1
}

# It works, but not as most people want it.
function Say-Odd([string]$what, [string]$cure) {
    Write-Output "note   $what"
    if (-not $script:next) { $script:next = $cure }
}

# ---- what a file is ----

# "x64", "x86", "Arm64"; "no program" for anything that cannot be a plugin.
function Get-Machine([string]$path) {
    $bytes = New-Object byte[] 4096
    $stream = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')
    try { $count = $stream.Read($bytes, 0, $bytes.Length) } finally { $stream.Dispose() }
    if ($count -lt 64 -or $bytes[0] -ne 0x4D -or $bytes[1] -ne 0x5A) { return 'no program' }
    $head = [BitConverter]::ToInt32($bytes, 0x3C)
    if ($head -lt 0 -or $head + 6 -gt $count) { return 'no program' }
    switch ([BitConverter]::ToUInt16($bytes, $head + 4)) {
        0x8664 { return 'x64' }
        0x014C { return 'x86' }
        0xAA64 { return 'Arm64' }
        default { return 'unknown' }
    }
}

# "4.6" of version 4.6.9.0.
function Get-Series([string]$path) {
    $version = [Diagnostics.FileVersionInfo]::GetVersionInfo($path)
    return '{0}.{1}' -f $version.FileMajorPart, $version.FileMinorPart
}

# The series is written into the properties of nlb.dll, behind the version: "... for Wireshark 4.6".
function Get-PluginSeries([string]$path) {
    $text = [Diagnostics.FileVersionInfo]::GetVersionInfo($path).ProductVersion
    if ($text -match 'for Wireshark (\d+\.\d+)') { return $Matches[1] }
    return ''
}

# ---- the checks, in the order in which one thing needs the other ----

# "Run as administrator" with another account's password: then %APPDATA% is that account's.
function Test-User {
    $mine = [Security.Principal.WindowsIdentity]::GetCurrent()
    Say-Fact "running as $($mine.Name), whose folder is $env:APPDATA"
    $session = ''
    try { $session = (Get-CimInstance Win32_ComputerSystem).UserName } catch { }
    if ($session -and $session -ne $mine.Name) {
        Say-Odd "the desktop is $session's: a plugin in the folder of one is not seen by a Wireshark that runs as the other" `
            "run install.cmd and Wireshark as the same user, without 'Run as administrator' (capturing does not need it)"
    }
}

# Each folder with a Wireshark: what its installers wrote down, and the usual places.
function Find-Wiresharks {
    $folders = @()
    foreach ($hive in 'HKLM:', 'HKCU:') {
        foreach ($key in 'SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\wireshark.exe',
                         'SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\App Paths\wireshark.exe') {
            $found = Get-ItemProperty -Path "$hive\$key" -ErrorAction SilentlyContinue
            if ($found) { $folders += Split-Path -Parent $found.'(default)' }
        }
    }
    foreach ($parent in $env:ProgramFiles, ${env:ProgramFiles(x86)}) {
        if ($parent) { $folders += Join-Path $parent 'Wireshark' }
    }
    $command = Get-Command tshark.exe -ErrorAction SilentlyContinue
    if ($command) { $folders += Split-Path -Parent $command.Path }
    $folders | Where-Object { $_ -and (Test-Path -LiteralPath (Join-Path $_ 'Wireshark.exe')) } |
        ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Unique
}

function Test-Wireshark([string]$folder) {
    $program = Join-Path $folder 'Wireshark.exe'
    $machine = Get-Machine $program
    $series = Get-Series $program
    if ($machine -ne 'x64') {
        Say-Bad "$program is for $machine, and nlb.dll is for x64 only" 'install the x64 Wireshark of wireshark.org'
    } elseif ($testedSeries -notcontains $series) {
        Say-Bad "$program is Wireshark $series, for which there is no nlb.dll" `
            "install a Wireshark of one of these series: $($testedSeries -join ', ')"
    } else {
        Say-Good "$program is Wireshark $series, x64"
    }
}

function Get-Configuration {
    foreach ($name in 'WIRESHARK_CONFIG_DIR', 'WIRESHARK_APPDATA') {
        $value = [Environment]::GetEnvironmentVariable($name)
        if ($value) { return $value }
    }
    return Join-Path $env:APPDATA 'Wireshark'
}

# Why this file cannot be this Wireshark's plugin; '' when it can.
function Get-Misfit([string]$path, [string]$series) {
    $machine = Get-Machine $path
    if ($machine -eq 'no program') { return 'it is no program, perhaps a download gone wrong' }
    if ($machine -ne 'x64') { return "it is for $machine" }
    $mine = Get-PluginSeries $path
    if (-not $mine) { return 'it does not say which Wireshark it is for, perhaps half a download' }
    if ($mine -ne $series) { return "it is for Wireshark $mine" }
    return ''
}

function Test-Blocked([string]$path) {
    $mark = Get-Item -LiteralPath $path -Stream 'Zone.Identifier' -ErrorAction SilentlyContinue
    if ($mark) {
        Say-Odd "$path is marked as come from the web, and may be held back" "Unblock-File -LiteralPath '$path'"
    }
}

function Test-File([string]$path, [string]$series) {
    $reason = Get-Misfit $path $series
    if ($reason) {
        Say-Bad "${path}: $reason" "replace it by the nlb.dll of the zip for Wireshark $series"
    } else {
        Say-Good "$path fits"
        Test-Blocked $path
    }
}

function Find-Copies([string]$series, [string]$folder, [string]$configuration) {
    foreach ($root in $configuration, $folder) {
        $path = Join-Path $root "plugins\$series\epan\nlb.dll"
        if (Test-Path -LiteralPath $path) { $path }
    }
}

# In any other folder Wireshark does not look.
function Find-Misplaced([string[]]$right, [string]$folder, [string]$configuration) {
    foreach ($root in $configuration, (Join-Path $folder 'plugins')) {
        if (Test-Path -LiteralPath $root) {
            Get-ChildItem -LiteralPath $root -Filter 'nlb*.dll' -Recurse -ErrorAction SilentlyContinue |
                ForEach-Object { $_.FullName } | Where-Object { $right -notcontains $_ }
        }
    }
}

function Test-Copies([string]$series, [string]$folder, [string]$configuration) {
    $copies = @(Find-Copies $series $folder $configuration)
    $misplaced = @(Find-Misplaced $copies $folder $configuration)
    $right = Join-Path $configuration "plugins\$series\epan"
    if ($copies.Count -eq 0) {
        if ($misplaced.Count -gt 0) {
            Say-Bad "nlb.dll is in $($misplaced[0]), where Wireshark $series does not look" `
                "start install.cmd of the zip for Wireshark $series, which puts it into $right"
        } else {
            Say-Bad "there is no nlb.dll in $right" "start install.cmd of the zip for Wireshark $series"
        }
        return
    }
    foreach ($path in $copies) { Test-File $path $series }
    if ($copies.Count -gt 1) { Say-Bad "there are two copies: $($copies -join ' and ')" "delete $($copies[1])" }
}

# Wireshark itself is asked what it loads.
function Test-Loading([string]$folder) {
    $tshark = Join-Path $folder 'tshark.exe'
    if (-not (Test-Path -LiteralPath $tshark)) {
        Say-Fact 'tshark is not installed: look at Help > About Wireshark > Plugins, which must list nlb.dll'
        return
    }
    $ErrorActionPreference = 'Continue'
    $said = @(& $tshark -G plugins 2>&1 | ForEach-Object { "$_" })
    $row = @($said | Where-Object { $_ -match '^nlb\.dll\s' })
    if ($row.Count -gt 0) {
        Say-Good "Wireshark loads it: $($row[0] -replace '\s+', ' ')"
        return
    }
    $about = @($said | Where-Object { $_ -match 'nlb\.dll' })
    if ($about.Count -gt 0) {
        Say-Bad "Wireshark refuses it: $($about[0])" 'replace it by the nlb.dll of the zip for your Wireshark'
    } else {
        Say-Bad 'Wireshark does not load it, and says nothing' 'run "tshark -G plugins" and report what it prints'
    }
}

function Test-Setting([string]$configuration, [string]$name, [string]$pattern) {
    $path = Join-Path $configuration $name
    return (Test-Path -LiteralPath $path) -and (Select-String -LiteralPath $path -Pattern $pattern -Quiet)
}

function Test-Switches([string]$configuration) {
    foreach ($name in 'nlb', 'nlb.analysis') {
        if (Test-Setting $configuration 'disabled_protos' "^$([regex]::Escape($name)) *$") {
            Say-Bad "the protocol $name is switched off" "switch $name on in Wireshark: Analyze > Enabled Protocols"
        }
    }
    if (Test-Setting $configuration 'heuristic_protos' '^nlb_eth,0') {
        Say-Bad 'the heuristic nlb_eth is switched off: without it there are no findings' `
            'switch nlb_eth on in Wireshark: Analyze > Enabled Protocols, below Ethernet'
    }
    if (Test-Setting $configuration 'preferences' '^nlb\.replace_builtin: *FALSE') {
        Say-Odd 'by your own setting the built-in msnlb decodes heartbeats' `
            'if you did not mean that: Preferences > Protocols > NLB > Decode heartbeats here'
    }
    if (Test-Path -LiteralPath (Join-Path $configuration 'profiles\NLB')) {
        Say-Good "profile NLB: $(Join-Path $configuration 'profiles\NLB')"
    } else {
        Say-Odd 'the profile NLB (colours, buttons, columns) is not there; the plugin works without it' `
            "start install.cmd, or copy the folder profile\NLB of the zip to $(Join-Path $configuration 'profiles\NLB')"
    }
}

function Test-All {
    Test-User
    $folders = @(Find-Wiresharks)
    if ($folders.Count -eq 0) {
        Say-Bad 'no Wireshark was found' 'install Wireshark (x64) from wireshark.org'
        return
    }
    foreach ($folder in $folders) { Test-Wireshark $folder }
    if ($folders.Count -gt 1) { Say-Fact "there are $($folders.Count) Wiresharks; each needs an nlb.dll of its own series" }
    if ($script:status -ne 0) { return }
    $configuration = Get-Configuration
    foreach ($folder in $folders) {
        $series = Get-Series (Join-Path $folder 'Wireshark.exe')
        if ($File) { Test-File (Resolve-Path -LiteralPath $File).Path $series }
        Test-Copies $series $folder $configuration
        if ($script:status -ne 0) { return }
        Test-Loading $folder
    }
    Test-Switches $configuration
}

if ($File -and -not (Test-Path -LiteralPath $File -PathType Leaf)) {
    [Console]::Error.WriteLine("nlb-doctor: ${File}: no such file")
    exit 2
}
Test-All
Write-Output ''
if ($script:next) { Write-Output "Next: $($script:next)" } else { Write-Output 'All is well.' }
exit $script:status
