// node --import …/hook.mjs: `electron` is the stand-in beside this file.
import { register } from 'node:module'

const url = JSON.stringify(new URL('electron.mjs', import.meta.url).href)
const code = `export const resolve = (name, context, next) =>
  name === 'electron' ? { url: ${url}, shortCircuit: true } : next(name, context)`
register(`data:text/javascript,${encodeURIComponent(code)}`)
