/**
 * Whether there is no room for panels beside the page, as on a phone or with everything twice as large: they are drawers
 * then. Styles know it by the class `narrow` of the window.
 */
export const NARROW = '(max-width: 900px), (max-height: 520px)'
