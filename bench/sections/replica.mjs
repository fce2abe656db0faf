import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { frozenRows } from '../frozen.mjs'
import { lagRows } from '../network-lag.mjs'
import { sqldBinary } from '../primary.mjs'
import { makeLargeReplica, readingRows, syncingRows } from '../replica.mjs'
import { factRow } from '../rows.mjs'
import { section } from '../section.mjs'

await section(async (parent) => {
  if (sqldBinary() === null) return [factRow('not measured: sqld is not installed', '', null)]
  const folder = join(parent, 'replica')
  mkdirSync(folder)
  const optionsOf = (url, name) => ({ url, path: join(folder, `${name}.db`) })
  const lags = await lagRows(folder, optionsOf)
  const frozen = await frozenRows(folder, optionsOf)
  const large = await makeLargeReplica(folder)
  const rows = [...lags, ...frozen, ...(await readingRows(large)), ...(await syncingRows(large))]
  await large.primary.stop()
  rmSync(folder, { recursive: true })
  return rows
})
