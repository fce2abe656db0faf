// Records what the process that imports this loads from then on.
import { register } from 'node:module'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'

const { port1: received, port2: sent } = new MessageChannel()
const HOOKS = `
  let port
  export const initialize = (given) => { port = given }
  export const load = (url, context, next) => { port.postMessage(url); return next(url, context) }`
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: sent, transferList: [sent] })

/** The names of the packages, and the files of this one below `dist`, in order. */
export function recorded() {
  const urls = []
  for (let message = receiveMessageOnPort(received); message; message = receiveMessageOnPort(received))
    urls.push(message.message)
  const all = (pattern) => [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].sort()
  return {
    packages: all(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/),
    own: all(/\/dist\/(?!.*node_modules)(.+)/),
  }
}
