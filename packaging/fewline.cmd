@echo off
rem The command line of an installed Fewline: its engine, on Electron's own Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Fewline.exe" "%~dp0..\app.asar.unpacked\dist\engine\cli.js" %*
exit /b %ERRORLEVEL%
