/** Compiler settings that Vite, svelte-check and ESLint share. */
export default { compilerOptions: { runes: true } }
