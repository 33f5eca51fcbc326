/** One of several that can be chosen. */
export interface Option<T> {
  readonly value: T
  readonly name: string
  readonly disabled?: boolean
}

/** What every control has that offers some. */
export interface OptionProps<T> {
  id: string
  label: string
  help?: string
  value: T
  options: readonly Option<T>[]
  /** Where a reset leads; none when undefined. */
  initial?: T | undefined
  onchange: (value: T) => void
}

/** What people call a value, which is itself where no option has it. */
export function nameIn<T extends string>(options: readonly Option<T>[]): (value: T) => string {
  return (value) => options.find((option) => option.value === value)?.name ?? value
}
