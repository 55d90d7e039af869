/** Which functions do other dialects have, and what is written here instead? A function that a clause cannot have at all says why. */

interface Foreign {
  /** What is written here, as in "Did you mean …?". */
  readonly instead?: string
  /** Why there is nothing like it. */
  readonly reason?: string
}

const instead = (known: string) => ({ instead: known })

const CLOCK: Foreign = { reason: "a clause keeps the same rows whenever it runs. Write the moment, as in DATE '2024-01-31'." }
const CHANCE: Foreign = { reason: 'a clause keeps the same rows whenever it runs.' }
const ROUNDING: Foreign = { reason: 'its last digits differ from one machine to the next.' }
const AGGREGATE: Foreign = { reason: 'a clause looks at one row at a time.' }

export const FOREIGN_FUNCTIONS: Readonly<Record<string, Foreign | undefined>> = Object.assign(
  Object.create(null) as Record<string, Foreign>,
  {
    now: CLOCK,
    today: CLOCK,
    current_date: CLOCK,
    current_timestamp: CLOCK,
    getdate: CLOCK,
    random: CHANCE,
    rand: CHANCE,
    uuid: CHANCE,
    pow: { reason: `${ROUNDING.reason} Write x * x.` },
    power: { reason: `${ROUNDING.reason} Write x * x.` },
    exp: ROUNDING,
    ln: ROUNDING,
    log: ROUNDING,
    log10: ROUNDING,
    log2: ROUNDING,
    sin: ROUNDING,
    cos: ROUNDING,
    count: AGGREGATE,
    sum: AGGREGATE,
    avg: AGGREGATE,
    min: { reason: `${AGGREGATE.reason} The smallest of several values is least(a, b).` },
    max: { reason: `${AGGREGATE.reason} The greatest of several values is greatest(a, b).` },
    isnull: { reason: 'write x IS NULL.' },
    nvl: instead('coalesce'),
    iif: instead('if'),
    charindex: instead('strpos'),
    position: instead('strpos'),
    locate: instead('strpos'),
    indexof: instead('strpos'),
    includes: instead('contains'),
    startswith: instead('starts_with'),
    endswith: instead('ends_with'),
    mid: instead('substr'),
    split: instead('split_part'),
    regexp_like: instead('regexp_matches'),
    regexp: instead('regexp_matches'),
    rlike: instead('regexp_matches'),
    mod: instead('a % b'),
    int: instead('trunc'),
    to_number: instead('CAST(x AS DOUBLE)'),
    to_date: instead('CAST(x AS DATE)'),
    date: instead('CAST(x AS DATE)'),
    timestamp: instead('CAST(x AS TIMESTAMP)'),
    toupper: instead('upper'),
    tolower: instead('lower'),
    timestampdiff: instead('date_diff'),
    datetrunc: instead('date_trunc'),
    dow: instead('dayofweek'),
    doy: instead('dayofyear'),
  },
)
