import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/devices/ask.ts'
import { chooseDevice } from '../../src/devices/choose.ts'

const RIGHT = [0.5, 1, -2, 3, 0.25]
/** What half precision may make of it. */
const ROUNDED = RIGHT.map((v) => 1.002 * v)
const took = (milliseconds: number, values = RIGHT): Answer => ({ values, milliseconds })

/** Devices that answer as told, and who was asked. */
function machine(answers: Record<string, Answer>) {
  const asked: string[] = []
  const ask = async (device: string): Promise<Answer> => {
    asked.push(device)
    return answers[device] ?? { failed: 'it has no half precision' }
  }
  return {
    asked,
    choose: (device: string) =>
      chooseDevice(
        device,
        Object.keys(answers).filter((d) => d !== 'cpu' && !d.includes('half')),
        ask,
      ),
  }
}

describe('auto', () => {
  test('takes the fastest device that beats the processor', async () => {
    const { choose } = machine({ cpu: took(30), webgpu: took(10), cuda: took(5), dml: took(50) })
    expect(await choose('auto')).toEqual({ device: 'cuda', precision: 'single', notes: [] })
  })

  test('refuses one that is slower, as software adapters are', async () => {
    const { choose } = machine({ cpu: took(30), webgpu: took(3000) })
    expect(await choose('auto')).toEqual({ device: 'cpu', precision: 'single', notes: [] })
  })

  test.each([
    ['one number is off', [0.5, 1, -2, 3, -0.25]],
    ['the loss is off', [0.6, 1, -2, 3, 0.25]],
    ['all are too large', RIGHT.map((v) => 1.01 * v)],
    ['some are missing', RIGHT.slice(1)],
    ['they are no numbers', RIGHT.map(() => NaN)],
  ])('refuses one whose results are wrong: %s', async (_, values) => {
    const { choose } = machine({ cpu: took(30), webgpu: took(1, values) })
    expect((await choose('auto')).device).toBe('cpu')
  })

  test('goes on past one that fails, and says nothing of it', async () => {
    const { choose } = machine({ cpu: took(30), webgpu: { failed: 'it crashed' }, cuda: took(5) })
    expect(await choose('auto')).toEqual({ device: 'cuda', precision: 'single', notes: [] })
  })

  test('where there is only the processor, nothing is tried', async () => {
    const { choose, asked } = machine({ cpu: took(30) })
    expect([await choose('auto'), asked]).toEqual([{ device: 'cpu', precision: 'single', notes: [] }, []])
  })
})

describe('a device that is named', () => {
  test('need not be fast', async () => {
    const { choose, asked } = machine({ cpu: took(30), webgpu: took(3000), cuda: took(5) })
    expect(await choose('webgpu')).toEqual({ device: 'webgpu', precision: 'single', notes: [] })
    expect(asked).not.toContain('cuda')
  })

  test.each([
    [{ failed: 'it ended the process that tried it (SIGSEGV)' }, 'it ended the process'],
    [took(1, [9, 9, 9, 9, 9]), 'its results differ'],
  ])('makes way for the processor when it is at fault, and a note says so', async (answer, why) => {
    const { choose } = machine({ cpu: took(30), webgpu: answer })
    const { device, notes } = await choose('webgpu')
    expect(device).toBe('cpu')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/^Expected to compute with webgpu, but .+: the processor does it instead\.$/)
    expect(notes[0]).toContain(why)
  })
})

describe('half precision', () => {
  test.each(['auto', 'webgpu'])('is taken where it is right and faster there, asked for %s', async (device) => {
    const { choose } = machine({ cpu: took(30), webgpu: took(10), 'webgpu half': took(6, ROUNDED) })
    expect(await choose(device)).toEqual({ device: 'webgpu', precision: 'half', notes: [] })
  })

  test('of a device that is named has to be faster than its single precision, not than the processor', async () => {
    const slow = { cpu: took(30), webgpu: took(3000), 'webgpu half': took(2000, ROUNDED) }
    expect((await machine(slow).choose('webgpu')).precision).toBe('half')
  })

  test.each<[string, Answer]>([
    ['is slower', took(11, ROUNDED)],
    ['is not there', { failed: 'the device does not support it' }],
    ['ends the process', { failed: 'it ended the process that tried it (SIGSEGV)' }],
    ['has another loss', took(6, [0.51, ...RIGHT.slice(1)])],
    ['has another gradient', took(6, [0.5, 1, -2, 2.8, 0.25])],
    ['leaves its range', took(6, [0.5, 1, NaN, 3, 0.25])],
  ])('that %s is never used', async (_, answer) => {
    const { choose } = machine({ cpu: took(30), webgpu: took(10), 'webgpu half': answer })
    for (const device of ['auto', 'webgpu']) {
      expect(await choose(device)).toEqual({ device: 'webgpu', precision: 'single', notes: [] })
    }
  })

  test('is tried on the device that was chosen only, never on the processor', async () => {
    const { choose, asked } = machine({ cpu: took(30), webgpu: took(40), cuda: took(5) })
    await choose('auto')
    expect(asked).toEqual(['cpu', 'webgpu', 'cuda', 'cuda half'])
  })
})
