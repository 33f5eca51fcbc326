import { tensor, type Tensor } from '../tensor.ts'

/** Texts one behind another, which are read at once. None of them sees another. */
export interface Row {
  texts: RowText[]
  /** How many tokens it has room for. */
  count: number
}

interface RowText {
  /** Which of all texts it is. */
  index: number
  tokens: readonly number[]
  /** Where in the row it begins. */
  start: number
}

/** Rows that hold all texts, each in one of the first of these lengths that it fits into, wherever there is room for it. */
export function rowsFor(texts: readonly (readonly number[])[], counts: readonly number[]): Row[] {
  const rows: { texts: RowText[]; count: number; used: number }[] = []
  for (const [index, tokens] of texts.entries()) {
    const { length } = tokens
    const count = counts.find((room) => room >= length)!
    let row = rows.find((one) => one.count === count && one.used + length <= count)
    if (!row) rows.push((row = { texts: [], count, used: 0 }))
    row.texts.push({ index, tokens, start: row.used })
    row.used += length
  }
  return rows
}

/** What is added where the tokens of a row look at each other, [count, count]: −∞ but for those before them in their own text. */
export function maskOf({ texts, count }: Row): Tensor {
  const mask = tensor([count, count])
  mask.data.fill(-Infinity)
  // Where nothing stands, something has to be seen.
  for (let i = 0; i < count; i++) mask.data[i * count + i] = 0
  for (const { tokens, start } of texts) {
    tokens.forEach((_, i) => mask.data.fill(0, (start + i) * count + start, (start + i) * count + start + i + 1))
  }
  return mask
}
