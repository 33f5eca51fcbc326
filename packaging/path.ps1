# Adds a folder to the PATH, or removes it: path.ps1 add|remove FOLDER all|CurrentUser. What is there stays as it is written,
# names of other variables included.
param([string]$what, [string]$folder, [string]$for)
$ErrorActionPreference = 'Stop'
$hive, $place = if ($for -eq 'all') { [Microsoft.Win32.Registry]::LocalMachine, 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment' }
                else { [Microsoft.Win32.Registry]::CurrentUser, 'Environment' }
$key = $hive.OpenSubKey($place, $true)
$old = [string]$key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
$folders = @($old -split ';' | Where-Object { $_ -ne '' -and $_.TrimEnd('\') -ne $folder.TrimEnd('\') })
if ($what -eq 'add') { $folders += $folder }
$new = $folders -join ';'
if ($new -ne $old) { $key.SetValue('Path', $new, [Microsoft.Win32.RegistryValueKind]::ExpandString) }
$key.Close()
