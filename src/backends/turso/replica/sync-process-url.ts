/** The module that the process that syncs runs. */
export const SYNC_PROCESS: URL = new URL('./sync-process.js', import.meta.url)
