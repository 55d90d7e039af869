export interface HeldLock {
  readonly held: true
  share(pid: number): void
  release(): void
}

export interface RefusedLock {
  readonly held: false
  readonly holders: readonly number[]
}

export declare const tryLock: (lockPath: string) => HeldLock | RefusedLock
export declare const withLock: <T>(
  lockPath: string,
  work: (lock: HeldLock) => Promise<T> | T,
  onWait?: (holders: readonly number[]) => void,
) => Promise<T>
