import { mount } from 'svelte'
import { connect, type Door, socketPort } from '../main/api.ts'
import App from './App.svelte'
import { lastingDoor } from './state/door.ts'
import { createStudio } from './state/studio.svelte.ts'

/** Beside the page, whatever its address. */
const SOCKET = new URL('socket', location.href.replace(/^http/, 'ws'))

/** The program itself, in the place of the still that was there. */
export function openWindow(target: HTMLElement): void {
  const openDoor = (): Door => connect(window.fewline ?? socketPort(new WebSocket(SOCKET)))
  const studio = createStudio(lastingDoor(openDoor, { lost: () => studio.lost(), opened: () => void studio.begin() }))
  void studio.begin()
  target.replaceChildren()
  mount(App, { target, props: { studio } })
}
