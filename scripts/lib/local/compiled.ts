/** The engine of this process: the committed kernel, compiled once. In one place, because whoever enters brings the module. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Engine, makeEngine } from '../../../shared/csv/engine.ts'
import { ROOT } from '../places.mjs'

/** The types of Workers call the constructor abstract, because Workers may not compile at run time. */
const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module

export const localEngine = (): Engine => makeEngine(new Module(readFileSync(path.join(ROOT, 'shared/csv/kernel/kernel.wasm'))))
