import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { COMPLETE_MEMORY } from '../../../src/testing/samples.js'
import { scratchFolder } from '../../support/scratch.js'

const WRITER = fileURLToPath(
  new URL('../../../dist/transfer/formats/write-markdown-folder.js', import.meta.url),
)
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const unprivileged = isRoot ? { uid: NOBODY, gid: NOBODY } : {}

/** The package may lie where only the superuser can read it. */
const canRun = spawnSync(process.execPath, ['-e', `require('node:fs').accessSync('${WRITER}')`], unprivileged)

/** Writes one memory in a process that is not the superuser, who may write anywhere; what it prints is the code of the error. */
function writeUnprivileged(folder: string, shell = 'true'): string {
  const memory = { ...COMPLETE_MEMORY, updated_at: null, version: 1, content: 'x'.repeat(100_000) }
  const program = `import { writeMarkdownFolder } from '${WRITER}'
    const memory = ${JSON.stringify(memory)}
    const memories = async function* () { yield memory }
    await writeMarkdownFolder(${JSON.stringify(folder)}, memories(), async () => []).catch((error) => {
      console.log(error.code)
    })`
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `${shell}; exec "$@"`, 'bash', process.execPath, '--input-type=module', '-e', program],
    { encoding: 'utf8', ...unprivileged },
  )
  return `${stdout}${stderr}`.trim()
}

function ownFolder(): string {
  const folder = scratchFolder()
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  return folder
}

describe.skipIf(canRun.status !== 0)(
  'writeMarkdownFolder() on a disk that does not do what it is told',
  () => {
    it('is MG_READ_ONLY where nothing can be written', () => {
      const folder = ownFolder()
      chmodSync(folder, 0o555)
      expect(writeUnprivileged(`${folder}/notes`)).toBe('MG_READ_ONLY')
      expect(readdirSync(folder)).toEqual([])
    })

    it('is MG_STORAGE_FULL where no more can be written, and leaves nothing', () => {
      const folder = ownFolder()
      expect(writeUnprivileged(`${folder}/notes`, 'ulimit -f 8')).toBe('MG_STORAGE_FULL')
      expect(readdirSync(folder)).toEqual([])
      expect(writeUnprivileged(`${folder}/notes`)).toBe('')
      expect(readdirSync(folder)).toEqual(['notes'])
    })
  },
)
