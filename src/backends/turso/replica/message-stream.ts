import type { Socket } from 'node:net'

const MAX_MESSAGE_CHARACTERS = 1_000_000

/** Sends a message: JSON on a line of its own. */
export function sendMessage(socket: Socket, message: object): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
}

/** Calls back for each message that comes. What is none ends the connection. */
export function onMessage<Message>(socket: Socket, receive: (message: Message) => void): void {
  let unfinished = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n')
    unfinished = lines.pop() ?? ''
    try {
      if (unfinished.length > MAX_MESSAGE_CHARACTERS) throw new Error('A message is too long')
      for (const line of lines) receive(JSON.parse(line) as Message)
    } catch (error) {
      socket.destroy(error as Error)
    }
  })
}
