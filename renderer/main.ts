import { mount } from 'svelte'
import { connect, type Door, socketPort } from '../main/api.ts'
import App from './App.svelte'
import { lastingDoor } from './state/door.ts'
import { createStudio } from './state/studio.svelte.ts'
import './styles/base.css'

/** Beside the page, whatever its address. */
const SOCKET = new URL('socket', location.href.replace(/^http/, 'ws'))

const openDoor = (): Door => connect(window.fewline ?? socketPort(new WebSocket(SOCKET)))
const studio = createStudio(lastingDoor(openDoor, { lost: () => studio.lost(), opened: () => void studio.begin() }))
mount(App, { target: document.getElementById('app')!, props: { studio } })
void studio.begin()
