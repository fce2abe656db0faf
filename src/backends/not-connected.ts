import { DatabaseConnectionError } from '../errors.js'

/** What a driver is refused with before it is connected, and after. */
export function notConnected(): DatabaseConnectionError {
  return new DatabaseConnectionError('The backend is not connected. Call connect() first.', {
    code: 'MG_NOT_CONNECTED',
  })
}
