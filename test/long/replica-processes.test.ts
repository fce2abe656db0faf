import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'

const WRITER = fileURLToPath(new URL('../support/replica-writer.mjs', import.meta.url))
const PROCESSES = 5
const SECONDS = 30
const KILLS = 3
const NEW_OWNER_MS = 3_000

type Line = { readonly at: number; readonly text: string }
type Writer = { readonly child: ChildProcess; readonly lines: Line[]; readonly ended: Promise<number | null> }

function startWriter(url: string, path: string, name: string, milliseconds: number): Writer {
  const child = spawn(process.execPath, [WRITER, url, path, name, String(milliseconds)])
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: Line[] = []
  let rest = ''
  child.stdout.on('data', (data) => {
    const parts = (rest + data).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map((text) => ({ at: performance.now(), text })))
  })
  child.stderr.on('data', (data) => lines.push({ at: performance.now(), text: `stderr ${data}` }))
  return { child, lines, ended: once(child, 'close').then(([code]) => code as number | null) }
}

it('five processes write through one copy while the one that syncs is killed three times', async () => {
  await using sqld = await startSqld()
  const path = join(scratchFolder(), 'replica.db')
  await (await TursoBackend.create({ url: sqld.url, path })).disconnect()
  const end = performance.now() + SECONDS * 1000
  const left = (): number => Math.max(1_000, end - performance.now())
  const writers = Array.from({ length: PROCESSES }, (_, at) => startWriter(sqld.url, path, `w${at}`, left()))
  const alive = (): Writer[] =>
    writers.filter(({ child }) => child.exitCode === null && child.signalCode === null)
  const killed = new Set<Writer>()

  for (let kill = 0; kill < KILLS; kill++) {
    await delay((SECONDS * 1000) / (KILLS + 2))
    const owners = alive().flatMap(({ lines }) => lines.filter(({ text }) => text.startsWith('owner')))
    const last = owners
      .sort((a, b) => a.at - b.at)
      .at(-1)
      ?.text.split(' ')[1]
    const owner = alive().find(({ child }) => String(child.pid) === last)
    expect(owner, `the owner ${last} is one of the processes`).toBeDefined()
    const killedAt = performance.now()
    owner?.child.kill('SIGKILL')
    if (owner) killed.add(owner)
    await expect
      .poll(
        () =>
          alive().every(({ lines }) =>
            lines.some(
              ({ at, text }) => at > killedAt && text.startsWith('owner') && text !== `owner ${last}`,
            ),
          ),
        { timeout: NEW_OWNER_MS, interval: 20 },
      )
      .toBe(true)
    writers.push(startWriter(sqld.url, path, `n${kill}`, left()))
  }

  const codes = await Promise.all(writers.filter((writer) => !killed.has(writer)).map(({ ended }) => ended))
  expect(codes).toEqual(Array(PROCESSES).fill(0))
  const texts = writers.flatMap(({ lines }) => lines.map(({ text }) => text))
  expect(texts.filter((text) => !/^(stored|owner)/.test(text))).toEqual([])
  const stored = texts.filter((text) => text.startsWith('stored')).map((text) => text.slice('stored '.length))
  expect(stored.length).toBeGreaterThan(200)

  await using backend = await TursoBackend.create({ url: sqld.url, path })
  await backend.sync()
  expect(await backend.getMemories(stored)).toHaveLength(stored.length)
  expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})
