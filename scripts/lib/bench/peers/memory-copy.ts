/** The machine's own measure: the list's bytes, in memory already, copied block by block into one block. What the engine does at the least with every byte. */
import { readFileSync } from 'node:fs'
import { LIMITS } from '../../../../shared/base/limits.ts'
import type { Contender, Task } from '../contender.ts'

export const MEMORY_COPY: Contender = {
  name: 'memory-copy',
  about: 'a plain copy in memory, block by block: the measure of the machine, no peer',
  cores: 'one',
  isYardstick: true,
  missing: () => null,
  prepare: async ({ list }: Task) => {
    const bytes = readFileSync(list.path)
    const block = new Uint8Array(LIMITS.blockBytes)
    return {
      run: async () => {
        for (let at = 0; at < bytes.length; at += block.length) block.set(bytes.subarray(at, at + block.length))
        return { rows: null }
      },
    }
  },
}
