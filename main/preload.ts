import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Port } from './api.ts'

// The page sees these five functions and nothing of Electron. What they carry is checked at both ends.
const port: Port = {
  send: (message) => ipcRenderer.send('door', message),
  onMessage: (listener) => ipcRenderer.on('door', (_event, message: Uint8Array) => listener(message)),
  onClose: (listener) => ipcRenderer.on('door-closed', () => listener()),
  close: () => ipcRenderer.send('door-close'),
  pathOf(file) {
    const path = webUtils.getPathForFile(file as File)
    // Only a file that the user has handed over has one: the host opens no others by path.
    if (path !== '') ipcRenderer.send('door-dropped', path)
    return path
  },
}

ipcRenderer.send('door-open')
contextBridge.exposeInMainWorld('fewline', port)
