/** What the functions on numbers do: on doubles, and only such as every machine computes to the last bit. As in DuckDB 1.5.6. */

/** Halves go away from zero: 2.5 is 3, -2.5 is -3. Math.round would send -2.5 to -2. */
const roundWhole = (x: number): number => {
  const whole = Math.trunc(x)
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole
}

/** Beyond this no double has so many digits, and 10 ** digits would be infinite. */
const DIGITS_MAX = 308

/** 10 to a power, correctly rounded, which `**` does not promise. */
const powerOfTen = (digits: number): number => Number(`1e${digits}`)

/** x * 10^n, rounded, / 10^n, in doubles: 1.005 to two digits is 1, because the double is a little below. A value that this would lose stays; one that negative digits round away is 0. */
export const round = (x: number, digits = 0): number => {
  if (digits === 0) return roundWhole(x)
  const power = Math.abs(digits) > DIGITS_MAX ? Number.POSITIVE_INFINITY : powerOfTen(Math.abs(digits))
  const rounded = digits > 0 ? roundWhole(x * power) / power : roundWhole(x / power) * power
  return Number.isFinite(rounded) ? rounded : digits > 0 ? x : 0
}

/** NaN has no sign: 0. */
export const sign = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : 0)

/** DuckDB stops at the root of a negative number; a value that does not fit is NULL here, as everywhere. */
export const sqrt = (x: number): number | null => (x < 0 ? null : Math.sqrt(x))
