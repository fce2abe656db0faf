// Does nothing, and says how late its event loop is between "begin" and "end": that much the machine makes late.
import { once } from 'node:events'
import { lagDuring } from '../measure.mjs'

process.send('ready')
process.on('message', async (message) => {
  if (message !== 'begin') return
  const lag = lagDuring(() => once(process, 'message'))
  process.send('begun')
  process.send(await lag)
})
