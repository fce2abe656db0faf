import { existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Connection } from '../local/connection.js'
import { loadLibsql, type NativeDatabase } from '../local/native-libsql.js'
import { SELECT_SETTING } from '../schema.js'
import { SELECT_IS_OURS, SELECT_NEWEST_WRITE } from '../statements.js'
import type { CopyMark, SyncStart, WorkerReply, WorkerRequest } from './sync-messages.js'

/*
 * A thread of its own for the engine's replica, whose calls block for as long as the network takes, without any limit. Its
 * process can be ended at any time.
 */

const { path, url, token, encryptionKey } = workerData as SyncStart
let replica: NativeDatabase | null = null
let reading: Connection | null = null

parentPort?.on('message', async (request: WorkerRequest) => {
  parentPort?.postMessage(await answer(request))
})

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  try {
    if (request.kind === 'sync') return await sync()
    if (request.kind === 'check') return await check()
    reading?.close()
    replica?.close()
    return { kind: 'closed' }
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) }
  }
}

async function sync(): Promise<WorkerReply> {
  replica ??= await open()
  const { frames_synced, frame_no } = replica.sync() as { frames_synced?: number; frame_no?: number }
  // By a plain connection: a statement of the replica's own goes on seeing what was there when it was first run.
  reading ??= await Connection.open({ path, encryptionKey })
  return {
    kind: 'synced',
    framesSynced: frames_synced ?? 0,
    frameNo: frame_no ?? null,
    mark: markOf(reading),
  }
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

function markOf(connection: Connection): CopyMark {
  const isOurs = connection.value(SELECT_IS_OURS) === 1
  const epoch = isOurs ? connection.value(SELECT_SETTING, ['epoch']) : null
  if (typeof epoch !== 'string') return NO_MARK
  const newest = connection.get(SELECT_NEWEST_WRITE) as [number, string] | undefined
  return { newest: newest ? { seq: newest[0], id: newest[1] } : null, epoch }
}

const NO_MARK: CopyMark = { epoch: null, newest: null }

/** Looks what the file holds, and what is wrong inside it, without the primary. */
async function check(): Promise<WorkerReply> {
  if (!existsSync(path)) return { kind: 'checked', fault: null, mark: NO_MARK }
  let connection: Connection | null = null
  try {
    connection = await Connection.open({ path, encryptionKey })
    const result = connection.value('PRAGMA quick_check(1)')
    return { kind: 'checked', fault: result === 'ok' ? null : String(result), mark: markOf(connection) }
  } catch (error) {
    return { kind: 'checked', fault: error instanceof Error ? error.message : String(error), mark: NO_MARK }
  } finally {
    connection?.close()
  }
}
