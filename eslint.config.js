import { relative, sep } from 'node:path'
import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import svelteConfig from './renderer/svelte.config.js'
import { refusal } from './scripts/layers.mjs'

/** Imports go one way; scripts/layers.mjs holds the table, and its reason is in the message. */
const layers = {
  meta: { type: 'problem', messages: { refused: 'Layers: {{why}} (scripts/layers.mjs).' } },
  create(context) {
    const file = relative(import.meta.dirname, context.filename)
      .split(sep)
      .join('/')
    const check = ({ source }) => {
      const why = typeof source?.value === 'string' && refusal(file, source.value)
      if (why) context.report({ node: source, messageId: 'refused', data: { why } })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      // What src/load.ts loads is imported as well.
      'CallExpression[callee.name="load"]': ({ arguments: [source] }) => check({ source }),
    }
  },
}

/** What the scripts use of Node without importing it. */
const NODE_GLOBALS = ['Buffer', 'URL', 'console', 'performance', 'process', 'setTimeout']

export default defineConfig(
  globalIgnores(['dist/', 'out/', 'coverage/']),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte'],
    ignores: ['**/*.d.ts', '**/*.d.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { fewline: { rules: { layers } } },
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'fewline/layers': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers read well in messages.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Typed arrays are indexed in inner loops where the index is known to be inside.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A step's pullback is a closure, never a method that needs its `this`.
      '@typescript-eslint/unbound-method': 'off',
      // An `async` method may satisfy an interface without having to wait for anything.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // What the command line says goes through src/cli/say.ts, so that it can neither fail the work nor be obeyed.
    files: ['src/cli.ts', 'src/cli/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: tseslint.parser, svelteConfig } },
    rules: {
      // State is replaced whole (`$state.raw`), so a Set or a Map in it is never changed.
      'svelte/prefer-svelte-reactivity': 'off',
      // `let { a } = $props()` is how a component takes what it may change.
      'prefer-const': 'off',
      // `$bindable` and events are typed by svelte-check; ESLint sees `any` across the component border.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Property tests and doubles are loose by nature.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])),
    },
  },
)
