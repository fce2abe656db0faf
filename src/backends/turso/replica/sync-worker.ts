import { existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Connection } from '../local/connection.js'
import { loadLibsql, type NativeDatabase } from '../local/native-libsql.js'
import { SELECT_SETTING } from '../schema.js'
import { SELECT_IS_OURS, SELECT_NEWEST_WRITE } from '../statements.js'
import type { HistoryMark } from './replica-record.js'
import type { SyncStart, WorkerReply, WorkerRequest } from './sync-messages.js'

/*
 * A thread of its own for the engine's replica, whose calls block for as long as the network takes, without any limit. Its
 * process can be ended at any time.
 */

const { path, url, token, encryptionKey } = workerData as SyncStart
let replica: NativeDatabase | null = null

parentPort?.on('message', async (request: WorkerRequest) => {
  parentPort?.postMessage(await answer(request))
})

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  try {
    if (request.kind === 'sync') return await sync()
    if (request.kind === 'check') return await check()
    replica?.close()
    return { kind: 'closed' }
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) }
  }
}

async function sync(): Promise<WorkerReply> {
  replica ??= await open()
  const { frames_synced, frame_no } = replica.sync() as { frames_synced?: number; frame_no?: number }
  return { kind: 'synced', framesSynced: frames_synced ?? 0, frameNo: frame_no ?? null, ...history(replica) }
}

async function open(): Promise<NativeDatabase> {
  const Database = await loadLibsql()
  const options = {
    syncUrl: url,
    ...(token !== undefined && { authToken: token }),
    ...(encryptionKey !== undefined && { encryptionKey }),
  }
  return new Database(path, options as ConstructorParameters<typeof Database>[1])
}

type Select = (sql: string, ...values: string[]) => unknown[] | undefined

function history(database: NativeDatabase): { newest: HistoryMark | null; epoch: string | null } {
  return readHistory((sql, ...values) => database.prepare(sql).raw().get(values) as unknown[] | undefined)
}

function readHistory(first: Select): { newest: HistoryMark | null; epoch: string | null } {
  const isOurs = first(SELECT_IS_OURS)?.[0] === 1
  const epoch = isOurs ? first(SELECT_SETTING, 'epoch')?.[0] : null
  if (typeof epoch !== 'string') return { newest: null, epoch: null }
  const newest = first(SELECT_NEWEST_WRITE) as [number, string] | undefined
  return { newest: newest ? { seq: newest[0], id: newest[1] } : null, epoch }
}

/** Looks what the file holds, and what is wrong inside it, without the primary. */
async function check(): Promise<WorkerReply> {
  if (!existsSync(path)) return { kind: 'checked', fault: null, newest: null }
  let connection: Connection | null = null
  try {
    connection = await Connection.open({ path, encryptionKey })
    const result = connection.value('PRAGMA quick_check(1)')
    const select: Select = (sql, ...values) => connection?.get(sql, values)
    const { newest } = readHistory(select)
    return { kind: 'checked', fault: result === 'ok' ? null : String(result), newest }
  } catch (error) {
    return { kind: 'checked', fault: error instanceof Error ? error.message : String(error), newest: null }
  } finally {
    connection?.close()
  }
}
