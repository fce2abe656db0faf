/** The module that a thread for long work on a graph runs. */
export const TASK_WORKER: URL = new URL('./task-worker.js', import.meta.url)
