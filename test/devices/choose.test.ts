import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/devices/ask.ts'
import { chooseDevice } from '../../src/devices/choose.ts'

const RIGHT = [0.5, 1, -2, 3, 0.25]
const took = (milliseconds: number, values = RIGHT): Answer => ({ values, milliseconds })

/** Devices that answer as told, and who was asked. */
function machine(answers: Record<string, Answer>) {
  const asked: string[] = []
  const ask = async (device: string): Promise<Answer> => {
    asked.push(device)
    return answers[device]!
  }
  return {
    asked,
    choose: (device: string) =>
      chooseDevice(
        device,
        Object.keys(answers).filter((d) => d !== 'cpu'),
        ask,
      ),
  }
}

describe('auto', () => {
  test('takes the fastest device that beats the processor', async () => {
    const { choose } = machine({ cpu: took(30), webgpu: took(10), cuda: took(5), dml: took(50) })
    expect(await choose('auto')).toEqual({ device: 'cuda', notes: [] })
  })

  test('refuses one that is slower, as software adapters are', async () => {
    const { choose } = machine({ cpu: took(30), webgpu: took(3000) })
    expect(await choose('auto')).toEqual({ device: 'cpu', notes: [] })
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
    expect(await choose('auto')).toEqual({ device: 'cuda', notes: [] })
  })

  test('where there is only the processor, nothing is tried', async () => {
    const { choose, asked } = machine({ cpu: took(30) })
    expect([await choose('auto'), asked]).toEqual([{ device: 'cpu', notes: [] }, []])
  })
})

describe('a device that is named', () => {
  test('need not be fast', async () => {
    const { choose, asked } = machine({ cpu: took(30), webgpu: took(3000), cuda: took(5) })
    expect(await choose('webgpu')).toEqual({ device: 'webgpu', notes: [] })
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
