; The folder of the command line is put on the PATH of whom Fewline is installed for, and taken off it again.
!macro fewlinePath what
  nsExec::Exec '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\resources\bin\path.ps1" ${what} "$INSTDIR\resources\bin" "$installMode"'
  Pop $0
  ; Tells the programs that are open: the next one that they start finds it.
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=3000
!macroend

!macro customInstall
  !insertmacro fewlinePath add
!macroend

!macro customUnInstall
  ; An update takes the old version off before it puts the new one there.
  ${ifNot} ${isUpdated}
    !insertmacro fewlinePath remove
  ${endIf}
!macroend
