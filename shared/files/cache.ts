/** What may be a minute stale: small texts by key, for a day at most. Losing all of it costs time only. */
export interface Cache {
  get(key: string): Promise<string | null>
  put(key: string, text: string, seconds: number): Promise<void>
}

/** The cache of a KV binding. */
export const kvCache = (namespace: KVNamespace): Cache => ({
  get: (key) => namespace.get(key),
  put: (key, text, seconds) => namespace.put(key, text, { expirationTtl: seconds }),
})
