import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** One request as the server saw it. */
export type SeenRequest = {
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: { readonly input: string[]; readonly [name: string]: unknown }
}
export type Answerer = (request: SeenRequest, response: ServerResponse) => void

/** A real HTTP server that answers as it is told, and notes what it was asked. */
export type EmbeddingServer = { readonly url: string; readonly seen: SeenRequest[]; answer: Answerer }

/** Starts one; it is gone when the test ends. */
export async function startEmbeddingServer(answer: Answerer = embedLengths): Promise<EmbeddingServer> {
  const seen: SeenRequest[] = []
  const http = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      const { url, headers } = request
      const one = { url, headers, body: JSON.parse(text) as SeenRequest['body'] }
      seen.push(one)
      server.answer(one, response)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    http.closeAllConnections()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  const server = { url: `http://127.0.0.1:${port}/v1`, seen, answer }
  return server
}

/** Answers as OpenAI does, out of order: each vector holds the length of its text. */
export function embedLengths({ body }: SeenRequest, response: ServerResponse): void {
  const data = body.input.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: [text.length, 1, 0],
  }))
  reply(response, 200, { object: 'list', model: 'm', data: data.toReversed() })
}

/** Answers with a status and a body. */
export function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
