import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** Runs a program against the built package in a process of its own and returns what it prints. */
function run(program: string): string {
  const entry = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))
  const source = program
    .replaceAll('@entry', entry('index.js'))
    .replaceAll('@testing', entry('testing/index.js'))
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' })
}

// Zod keeps its registry on globalThis, so that two copies of it share one.
const LOADED = `const loaded = () => process.report.getReport().sharedObjects.filter((name) => name.endsWith('.node')).length;`

/** The files whose types are what applications and drivers are written against. */
const CONTRACT = [
  'backends/graph-backend',
  'backends/graph-driver',
  'embedding/embedder',
  'model/embedding',
  'model/hybrid-query',
  'model/ranking-options',
  'model/snippet-options',
  'model/text-boosts',
  'model/vector-search',
]

describe('the built package', () => {
  it('exports every type of the contract, but for those that are checked already', () => {
    const read = (name: string): string =>
      readFileSync(new URL(`../dist/${name}.d.ts`, import.meta.url), 'utf8')
    const exported = new Set(read('index').match(/\w+/g))
    const declared = CONTRACT.flatMap((name) =>
      [...read(name).matchAll(/^export (?:type|interface) (?!Complete|Checked)(\w+)/gm)].map(
        ([, type]) => type,
      ),
    )
    expect(declared.length).toBeGreaterThan(50)
    expect(declared.filter((type) => !exported.has(type as string))).toEqual([])
  })

  it('loads no native module, prints nothing, and leaves the environment and the globals alone when it is imported', () => {
    const program = `${LOADED}
      const names = () => Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__zod')).length;
      const globals = names(), env = JSON.stringify(process.env);
      await import('@entry'); await import('@testing');
      console.log(JSON.stringify([loaded(), names() - globals, env === JSON.stringify(process.env)]))`
    expect(run(program)).toBe('[0,0,true]\n')
  })

  it('constructs backends without loading native code, and the in-memory one never loads any', () => {
    const program = `${LOADED}
      const { TursoBackend, InMemoryBackend } = await import('@entry');
      new TursoBackend({ path: '/nowhere/memory.db' });
      const backend = await InMemoryBackend.create();
      await backend.storeMemory({ type: 'general', title: 'Light', content: 'as air' });
      console.log(loaded())`
    expect(run(program)).toBe('0\n')
  })

  it('keeps the engine from writing to stdout, and puts RUST_LOG back', () => {
    const program = `process.env.RUST_LOG = 'trace';
      const { TursoBackend } = await import('@entry');
      await using backend = await TursoBackend.create({ path: ':memory:' });
      await backend.storeMemory({ type: 'general', title: 'Quiet', content: 'please' });
      console.log(process.env.RUST_LOG)`.replace('await using', 'const')
    expect(run(program)).toBe('trace\n')
  })
})
