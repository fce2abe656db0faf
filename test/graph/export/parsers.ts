import { createRequire } from 'node:module'
import type { MultiGraph } from 'graphology'
import graphology from 'graphology'

type Parser = {
  parse(implementation: unknown, text: string, options?: { respectInputGraphType: boolean }): MultiGraph
}

/** Their own types need those of a browser. */
const require = createRequire(import.meta.url)

/** What graphology's own package reads in GEXF. */
export function parseGexf(text: string): MultiGraph {
  const { parse } = require('graphology-gexf') as Parser
  return parse(graphology.MultiGraph, text, { respectInputGraphType: true })
}

/** What graphology's own package reads in GraphML. */
export function parseGraphml(text: string): MultiGraph {
  const { parse } = require('graphology-graphml') as Parser
  return parse(graphology.MultiGraph, text)
}

/** What is told of a document by a parser that takes nothing but well-formed XML 1.0. */
export type XmlParser = {
  on(event: 'error', listener: (error: Error) => void): void
  on(
    event: 'opentag',
    listener: (tag: { name: string; attributes: Record<string, { value: string }> }) => void,
  ): void
  on(event: 'text', listener: (text: string) => void): void
  on(event: 'closetag', listener: () => void): void
  write(text: string): { close(): void }
}

export function newXmlParser(): XmlParser {
  const { SaxesParser } = require('saxes') as { SaxesParser: new (options: { xmlns: true }) => XmlParser }
  return new SaxesParser({ xmlns: true })
}
