/** The module that the thread for long work on a file runs. */
export const MAINTENANCE_WORKER: URL = new URL('./maintenance-worker.js', import.meta.url)
