/** How are figures shown to people? */

/** 1,234,567 */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

/** `1 row`, `1,200 rows` */
export const counted = (value: number, one: string, many = `${one}s`): string => `${grouped(value)} ${value === 1 ? one : many}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, three digits at most: 999 B, 1.50 kB, 23.4 MB, 345 GB. */
export const byteSize = (bytes: number): string => {
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1]
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** 0.35 s, 12.3 s, 2 min 05 s */
export const duration = (ms: number): string => {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** Megabytes a second. */
export const speed = (bytes: number, ms: number): string =>
  `${(bytes / 1e6 / Math.max(ms / 1000, 0.001)).toFixed(ms > 0 && bytes / 1000 / ms < 10 ? 1 : 0)} MB/s`
