import { DEFAULT_SETTINGS, type Settings } from '../api.ts'
import { settings } from '../api/settings.ts'

/** Settings from a file: one that is missing or not understood does not cost the others. */
export function soundSettings(saved: Record<string, unknown>, otherwise: Settings = DEFAULT_SETTINGS): Settings {
  const sound = Object.entries(settings.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(saved[name])
    return parsed.success ? [[name, parsed.data]] : []
  })
  return { ...otherwise, ...(Object.fromEntries(sound) as Partial<Settings>) }
}
