import { mount } from 'svelte'
import { connect, type Door, socketPort } from '../main/api.ts'
import App from './App.svelte'
import { lastingDoor } from './state/door.ts'
import { createStudio } from './state/studio.svelte.ts'

/** Beside the page, whatever its address. */
const SOCKET = new URL('socket', location.href.replace(/^http/, 'ws'))

/** How long the still stands at most while the host has not answered, in milliseconds. */
const PATIENCE = 2000

/** The program itself, in the place of the still that was there, as soon as it knows what it shows. */
export async function openWindow(target: HTMLElement): Promise<void> {
  const openDoor = (): Door => connect(window.fewline ?? socketPort(new WebSocket(SOCKET)))
  const studio = createStudio(lastingDoor(openDoor, { lost: () => studio.lost(), opened: () => void studio.begin() }))
  await Promise.race([studio.begin(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
  target.replaceChildren()
  mount(App, { target, props: { studio } })
}
