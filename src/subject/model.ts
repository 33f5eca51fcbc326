import { openSession, type Session } from '../onnx/session.ts'
import { resource } from '../resources.ts'

/** Uses a model that comes with Fewline, `resources/FOLDER/NAME`, and closes it whatever comes. */
export async function withModel<Result>(
  path: readonly [folder: string, name: string],
  use: (model: Session) => Promise<Result>,
): Promise<Result> {
  const model = await openSession(resource(...path))
  try {
    return await use(model)
  } finally {
    await model.dispose()
  }
}
