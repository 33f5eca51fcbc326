declare module 'proxy-from-env' {
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY send a request; empty for nowhere. */
  export function getProxyForUrl(url: string): string
}
