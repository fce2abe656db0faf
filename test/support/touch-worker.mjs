import { utimesSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

// Changes when a file was written, all the time, until it is terminated.
for (let count = 0; ; count++) {
  const now = new Date()
  utimesSync(workerData, now, now)
  if (count === 0) parentPort.postMessage('touched')
}
