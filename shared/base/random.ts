/** Randomness, handed in everywhere so that tests and the simulator can seed it. */
export interface Random {
  /** `count` unpredictable bytes (the real one is the platform's CSPRNG). */
  bytes(count: number): Uint8Array
}

/** The platform's cryptographic generator. */
export const systemRandom: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) }

/** A float in [0, 1) with 32 bits, for jitter. */
export const fraction = (random: Random): number => {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32
}
