import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { getProxyForUrl } from 'proxy-from-env'

/** What a server sends of a file. */
export interface Answer {
  /** Where in the file the bytes begin: 0 from servers that know no ranges. */
  readonly start: number
  /** Length of the whole file, where the server says. */
  readonly total: number | undefined
  readonly bytes: AsyncIterable<Uint8Array>
  /** Does without the bytes. */
  discard(): void
}

/** A server's answer that is of no use; `final` when asking again would bring the same. */
export class Refused extends Error {
  readonly final: boolean

  constructor(message: string, final: boolean) {
    super(message)
    this.final = final
  }
}

const MOST_REDIRECTIONS = 8
const REDIRECTIONS = new Set([301, 302, 303, 307, 308])
/** These may be over in a moment; other refusals stay. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
/** There is nothing from the first byte on that is wanted: perhaps all has come already. */
const NOTHING_MORE = 416

export interface Asking {
  /** The first byte that is wanted. */
  readonly from: number
  /** How many milliseconds a server may be silent. */
  readonly patience: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks a server for a file, through HTTP_PROXY, HTTPS_PROXY and NO_PROXY and after redirections.
 * Throws Refused, or what the network threw.
 */
export async function ask(url: string, asking: Asking): Promise<Answer> {
  for (let hops = 0; hops <= MOST_REDIRECTIONS; hops++) {
    const response = await send(url, asking)
    const discard = (): void => void response.on('error', () => undefined).destroy()
    const { location } = response.headers
    if (location === undefined || !REDIRECTIONS.has(response.statusCode!)) {
      const place = placeOf(response, asking.from, discard)
      // What comes with a refusal is no part of the file.
      const bytes = response.statusCode === NOTHING_MORE ? Readable.from([]) : heard(response, asking.patience)
      return { ...place, bytes, discard }
    }
    discard()
    url = redirected(location, url)
  }
  throw new Refused('sends in circles', true)
}

function redirected(location: string, from: string): string {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined
  if (to && /^https?:$/.test(to.protocol)) return to.href
  throw new Refused('sends nowhere', true)
}

async function send(url: string, { from, patience, signal }: Asking): Promise<IncomingMessage> {
  const agent = await proxyAgent(url)
  const headers = {
    // The bytes as they are stored: a server must not unpack a .gz on the way.
    'accept-encoding': 'identity',
    'user-agent': 'fewline',
    ...(from > 0 && { range: `bytes=${from}-` }),
  }
  return new Promise((resolve, reject) => {
    const { get } = isSecure(url) ? https : http
    const request = get(url, { ...(agent && { agent }), headers, signal })
    const silence = setTimeout(() => request.destroy(new Refused('does not answer', false)), patience)
    request.on('error', reject).on('response', resolve)
    for (const event of ['response', 'close']) request.on(event, () => clearTimeout(silence))
  })
}

/** What leads through the proxy for this URL, if there is one. Loaded only then: most calls of Fewline never ask. */
async function proxyAgent(url: string): Promise<http.Agent | undefined> {
  const proxy = getProxyForUrl(url)
  if (!proxy) return undefined
  if (isSecure(url)) return new (await import('https-proxy-agent')).HttpsProxyAgent(proxy)
  return new (await import('http-proxy-agent')).HttpProxyAgent(proxy)
}

function isSecure(url: string): boolean {
  return url.startsWith('https:')
}

/** The bytes of a response that does not fall silent. */
async function* heard(response: IncomingMessage, patience: number): AsyncGenerator<Uint8Array> {
  const silence = setTimeout(() => response.destroy(new Refused('fell silent', false)), patience)
  try {
    for await (const piece of response) {
      silence.refresh()
      yield piece as Buffer
    }
  } finally {
    clearTimeout(silence)
  }
}

function placeOf(response: IncomingMessage, from: number, discard: () => void): Pick<Answer, 'start' | 'total'> {
  const { statusCode, headers } = response
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  switch (statusCode) {
    case 200:
      return { start: 0, total: numberIn(headers['content-length']) }
    case 206:
      if (numberIn(start) === from) return { start: from, total: numberIn(total) }
      discard()
      throw new Refused('sends another part than was asked for', true)
    case NOTHING_MORE:
      discard()
      return { start: from, total: numberIn(total) }
    default:
      discard()
      throw new Refused(`answers ${statusCode}`, !PASSING.has(statusCode!))
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

const MEANINGS: Record<string, string> = {
  ENOTFOUND: "can't be found",
  EAI_AGAIN: "can't be found",
  ECONNREFUSED: 'refuses the connection',
  EHOSTUNREACH: "can't be reached",
  ENETUNREACH: "can't be reached",
  ECONNRESET: 'broke off',
  EPIPE: 'broke off',
  ERR_STREAM_PREMATURE_CLOSE: 'broke off',
}

/** Why a server gave nothing, as it reads after the server's name. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  if (!(error instanceof Error)) return 'failed'
  return ('code' in error ? MEANINGS[String(error.code)] : undefined) ?? `failed (${error.message})`
}
