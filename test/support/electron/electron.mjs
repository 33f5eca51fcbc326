// Stands in for Electron where its program cannot be had: as much of it as an app touches before it is ready, and ready
// it never is. FEWLINE_APP is the path of an installed app; without it this is a checkout.
const nothing = () => undefined
const installed = process.env.FEWLINE_APP
// Of an installed app the first argument is what the user asks.
if (installed) process.argv.splice(1, 1)

export const app = {
  isPackaged: installed !== undefined,
  getAppPath: () => installed ?? process.cwd(),
  getPath: () => '',
  exit: (code) => process.exit(code),
  quit: () => process.exit(0),
  requestSingleInstanceLock: () => true,
  whenReady: () => new Promise(nothing),
}
export const protocol = { registerSchemesAsPrivileged: nothing }
export const Menu = {}
export const [BrowserWindow, ClipboardItem, Notification] = [nothing, nothing, nothing]
export const [clipboard, dialog, ipcMain, nativeTheme] = [{}, {}, {}, {}]
export const [screen, session, shell, utilityProcess] = [{}, {}, {}, {}]
