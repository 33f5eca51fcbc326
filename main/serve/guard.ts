import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Who may come in. The studio is one user's: requests must be addressed to this machine by its own name, come from a page
 * of ours or from no page, and carry the cookie of the session. That is given for the token that was printed where only the
 * user could read it, or for an invitation; neither of them is the secret of the session.
 */
export interface Guard {
  readonly token: string
  /** Name and value of the cookie that whoever is in has. */
  readonly cookie: { name: string; value: string }
  /** A token that lets in once, within a minute. */
  invite(): string
  admit(request: { address: URL | undefined; headers: IncomingHttpHeaders }): Admission
}

/** `token`: it came in the address, from where it should go. */
export type Admission = 'cookie' | 'token' | 'refused'

/** How long an invitation holds, in milliseconds. */
export const INVITED = 60_000

const secret = (): string => randomBytes(24).toString('base64url')

export function createGuard(port: number, token = secret(), now: () => number = () => performance.now()): Guard {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${port}`)
  const origins = hosts.map((host) => `http://${host}`)
  // Cookies are shared by all ports of a machine, so each studio's has a name of its own.
  const name = `fewline-${port}`
  const session = secret()
  let invitations: { token: string; until: number }[] = []
  /** It is used up, whoever has used it. */
  const isInvited = (given: string): boolean => {
    const [found] = invitations.filter(({ token, until }) => now() <= until && isSame(given, token))
    invitations = invitations.filter((invitation) => invitation !== found && now() <= invitation.until)
    return found !== undefined
  }
  return {
    token,
    cookie: { name, value: session },
    invite() {
      const invitation = { token: secret(), until: now() + INVITED }
      invitations.push(invitation)
      return invitation.token
    },
    admit({ address, headers: { host = '', origin, cookie = '' } }) {
      if (!address || !hosts.includes(host) || (origin !== undefined && !origins.includes(origin))) return 'refused'
      const given = address.searchParams.get('token')
      if (given !== null) return isSame(given, token) || isInvited(given) ? 'token' : 'refused'
      return isSame(cookieNamed(name, cookie) ?? '', session) ? 'cookie' : 'refused'
    },
  }
}

/**
 * What a request asks for, as an address on this machine: two slashes at the beginning would name another one. Undefined
 * for what is no address; anybody may send that.
 */
export function addressOf({ url = '' }: { url?: string | undefined }): URL | undefined {
  const path = `http://127.0.0.1/${url.replace(/^\/+/, '')}`
  return URL.canParse(path) ? new URL(path) : undefined
}

function cookieNamed(name: string, header: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1]
}

/** Takes as long for a near miss as for a wild guess. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
