/** One structured line per outcome, ids and counts only: no file name, no clause, no cell, no secret ever. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  info(event: string, fields: LogFields): void
  warn(event: string, fields: LogFields): void
  error(event: string, fields: LogFields, cause?: unknown): void
}

const line = (level: string, event: string, fields: LogFields, extra: LogFields = {}): string =>
  JSON.stringify({ level, event, ...fields, ...extra })

/** The same log, whose every line also says what it is about: the job, the chunk, the request that asked for it. */
export const about = (log: Log, fields: LogFields): Log => ({
  info: (event, more) => log.info(event, { ...fields, ...more }),
  warn: (event, more) => log.warn(event, { ...fields, ...more }),
  error: (event, more, cause) => log.error(event, { ...fields, ...more }, cause),
})

/** The only user of the console. */
export const consoleLog: Log = {
  info: (event, fields) => console.log(line('info', event, fields)),
  warn: (event, fields) => console.warn(line('warn', event, fields)),
  error: (event, fields, cause) =>
    console.error(
      line('error', event, fields, cause instanceof Error ? { error: cause.message, stack: cause.stack } : { error: String(cause) }),
    ),
}
