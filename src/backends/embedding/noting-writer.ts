import { MEMORY_LABEL } from '../../model/node.js'
import type { GraphWriter, NodeRow } from '../graph-driver.js'

/** The same writer; the ids of the memories that are written through it are added to a set. */
export function notingWriter(writer: GraphWriter, written: Set<string>): GraphWriter {
  const putNodes = async (rows: readonly NodeRow[]): Promise<void> => {
    await writer.putNodes(rows)
    for (const { id, label } of rows) if (label === MEMORY_LABEL) written.add(id)
  }
  return new Proxy(writer, {
    get(target, name) {
      if (name === 'putNodes') return putNodes
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
