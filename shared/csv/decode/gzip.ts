/** Is it packed? By the first two bytes of RFC 1952, which no text begins with. */
export const isGzip = (sample: Uint8Array): boolean => sample[0] === 0x1f && sample[1] === 0x8b
