import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import {
  type EmbeddingHealth,
  type GraphBackend,
  InMemoryBackend,
  type InMemoryBackendOptions,
  type MemoryInput,
  TursoBackend,
} from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'

/** The backends that keep vectors, each made anew and closed when the test ends. */
export const BACKENDS: readonly {
  readonly name: string
  readonly open: (options?: InMemoryBackendOptions) => Promise<GraphBackend>
}[] = [
  { name: 'memory', open: async (options) => closing(await InMemoryBackend.create(options)) },
  { name: 'a file', open: (options) => openFile(join(scratchFolder(), 'memory.db'), options) },
]

/** A backend on a file, closed when the test ends. */
export async function openFile(path: string, options: InMemoryBackendOptions = {}): Promise<TursoBackend> {
  return closing(await TursoBackend.create({ path, synchronous: 'normal', ...options }))
}

function closing<Backend extends GraphBackend>(backend: Backend): Backend {
  onTestFinished(() => backend.disconnect())
  return backend
}

/** A memory of this content. */
export function note(id: string, content: string = `Content of ${id}`): MemoryInput & { id: string } {
  return { id, type: 'general', title: `Note ${id}`, content }
}

/** What the health report says of the embedder. */
export async function embeddingOf(backend: GraphBackend): Promise<EmbeddingHealth> {
  const { embedding } = await backend.healthCheck()
  return embedding ?? expect.unreachable('there is no embedder')
}

/** Waits until no memory lacks a vector. */
export async function allEmbedded(backend: GraphBackend): Promise<void> {
  await expect.poll(async () => (await embeddingOf(backend)).pending, { interval: 10 }).toBe(0)
}

/** Whose vectors there are of a model. */
export async function embeddedIds(
  backend: GraphBackend,
  ids: readonly string[],
  model = 'scripted',
): Promise<string[]> {
  return (await backend.getEmbeddings(ids, model)).map(({ id }) => id)
}
