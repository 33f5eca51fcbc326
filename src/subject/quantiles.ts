/** For each of some shares, 0..1, the value that such a share of all lies below; 0 of none. */
export function quantiles<Shares extends number[]>(
  values: Float32Array,
  ...shares: Shares
): { [K in keyof Shares]: number } {
  const sorted = values.slice().sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return shares.map(at) as { [K in keyof Shares]: number }
}
