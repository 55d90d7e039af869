/** The first 12 hex digits of the sha256 of shared/csv/kernel/kernel.wasm. Written by `npm run build:kernel`. */
export const KERNEL_HASH = 'ce9a4ed955d8'
