import { MediaQuery } from 'svelte/reactivity'
import { NARROW } from './query.ts'

export const narrow = new MediaQuery(NARROW)
