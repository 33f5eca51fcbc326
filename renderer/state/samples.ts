/** A photo for a first try: its name for the host, what it shows, and the address of its picture, which comes with the page. */
export interface Sample {
  readonly name: string
  readonly title: string
  readonly picture: string
}

const pictures = import.meta.glob<string>('../../resources/samples/thumbnails/*.jpg', {
  eager: true,
  query: '?url',
  import: 'default',
})

export const SAMPLES: readonly Sample[] = Object.entries(pictures).map(([path, picture]) => {
  const name = path.replace(/^.*\/|\.\w+$/g, '')
  return { name, title: name.charAt(0).toUpperCase() + name.slice(1), picture }
})
