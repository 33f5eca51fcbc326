/** What pens and papers come in; every name is in the messages. */
export const INKS = ['#000000', '#2b2a33', '#1f3a8a', '#7a3b1d', '#b8391f', '#ffffff'] as const
export const PAPER_COLOURS = ['#ffffff', '#fbf7ec', '#e9e2d0', '#c9a97c', '#20242c'] as const
