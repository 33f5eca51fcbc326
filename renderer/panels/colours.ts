/** What pens and papers come in, by name or colour; each has its word in the messages. */
export const INKS = ['#000000', '#2b2a33', '#1f3a8a', '#7a3b1d', '#b8391f', '#ffffff'] as const
export const PAPERS = ['#ffffff', 'cream', '#e9e2d0', 'kraft', '#20242c'] as const
