import { expect, test } from 'vitest'
import { connect } from '../../../main/api.ts'
import { memoryPorts } from '../support/studio.ts'

const GONE = { problem: { came: 'the connection was closed' } }

test('what is asked is refused when the connection closes, and from then on', async () => {
  const [near, far] = memoryPorts()
  const door = connect(near)
  const asked = door.call('models', {})
  far.close()
  await expect(asked).rejects.toMatchObject(GONE)
  await expect(door.call('models', {})).rejects.toMatchObject(GONE)
})
