import { createRequire } from 'node:module'

/**
 * Loads a package where it is needed and at once, for what would keep every call waiting and few need; loading it again costs
 * nothing. As CommonJS, which is often one file where its modules are a hundred. Whoever loads it says of what type it is.
 */
export const load: (name: string) => unknown = createRequire(import.meta.url)
