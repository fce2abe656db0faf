import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { scratchFolder } from './support/scratch.js'

const RECORDER = new URL('support/record-modules.mjs', import.meta.url)
const ENTRY = new URL('../dist/index.js', import.meta.url)

/** What the import alone takes. */
const IMPORTED = ['stemmer', 'uuid', 'zod']
/** Of this package, what a local file has no need of. */
const UNNEEDED =
  /\/(?:maintenance|promote)\/|(?:remote|replica|in-memory)-driver|known-layouts|import-records|read-markdown-folder/

/** What a process loads that imports the built package, as `library`, and runs a program with it in a folder. */
function loadedBy(program: string): { readonly packages: string[]; readonly own: string[] } {
  const source = `
    import { recorded } from '${RECORDER}';
    const library = await import('${ENTRY}');
    ${program}
    console.log(JSON.stringify(recorded()));`
  const cwd = scratchFolder()
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', source], { cwd, encoding: 'utf8' }),
  )
}

describe('the modules that a process loads', () => {
  it('are few for the import alone', () => {
    expect(loadedBy('').packages).toEqual(IMPORTED)
  })

  it('are those of a file, where a memory is stored in one and found', () => {
    const { packages, own } = loadedBy(`
      const backend = await library.TursoBackend.create({ path: 'memory.db' });
      await backend.storeMemory({ type: 'general', title: 'Light', content: 'as air' });
      const found = await backend.searchMemories({ query: 'light' });
      if (found.length !== 1) throw new Error('not found');
      await backend.disconnect();`)
    expect(packages).toEqual(['libsql', ...IMPORTED])
    expect(own).toContain('backends/turso/local/local-driver.js')
    expect(own.filter((name) => UNNEEDED.test(name))).toEqual([])
  })

  it.each([
    ['a graph in memory', ['graphology', 'minisearch'], 'await library.InMemoryBackend.create();'],
    [
      'a primary',
      ['@libsql/hrana-client', 'cockatiel'],
      `const backend = new library.TursoBackend({ url: 'http://127.0.0.1:1', mode: 'remote', timeoutMs: 1 });
       await backend.connect().catch(() => {});`,
    ],
    [
      'a service of embeddings',
      ['cockatiel'],
      `const embedder = library.openAiEmbedder({ model: 'm', dimensions: 2, url: 'http://127.0.0.1:1', timeoutMs: 200 });
       await embedder.embed(['text'], { signal: new AbortController().signal, purpose: 'document' }).catch(() => {});`,
    ],
    ['a folder of Markdown files', ['yaml'], `await library.openRecordSource('.');`],
  ])('are more for %s', (_what, packages, program) => {
    expect(loadedBy(program).packages).toEqual(expect.arrayContaining(packages))
  })
})
