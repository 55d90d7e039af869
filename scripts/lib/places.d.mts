export interface StatePlaces {
  readonly state: string
  readonly key: string
  readonly readyStamp: string
  readonly migratedStamp: string
  readonly seededStamp: string
  readonly databases: string
  readonly registry: string
  readonly wranglerLogs: string
  readonly serviceLog: string
  readonly supervisorLog: string
  readonly sample: string
  readonly spool: string
}

export declare const ROOT: string
export declare const stateFolder: () => string
export declare const statePlaces: (state?: string) => StatePlaces
export declare const setupLock: () => string
export declare const serviceLock: () => string
export declare const pinnedNode: () => string
export declare const wranglerCli: () => string
export declare const socketPath: () => string
export declare const treeDigest: (places: readonly string[]) => string
export declare const lockDigest: () => string
export declare const migrationsDigest: () => string
export declare const sourceDigest: () => string
