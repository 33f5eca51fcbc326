import { openSession, type Session } from '../onnx/session.ts'
import { resource } from '../resources.ts'

/** Uses a model that comes with Fewline, `resources/FOLDER/NAME`, and closes it whatever comes. */
export function withModel<Result>(
  path: readonly [folder: string, name: string],
  use: (model: Session) => Promise<Result>,
): Promise<Result> {
  return whileOpen(openSession(resource(...path)), use)
}

/** Uses what is being opened, and closes it whatever comes. */
export async function whileOpen<Model extends { dispose(): Promise<void> }, Result>(
  opening: Promise<Model>,
  use: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = await opening
  try {
    return await use(model)
  } finally {
    await model.dispose()
  }
}
