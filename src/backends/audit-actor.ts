import { userInfo } from 'node:os'

/** Whether an audit log is kept, and of whom it speaks; `true` is of the user of the operating system. */
export type AuditLogOption = boolean | { readonly actor: string }

/** What the option must be, for messages. */
export const AUDIT_LOG_EXPECTED = 'true, false or { actor } with a name of 1 to 255 characters'

const MAX_ACTOR_CHARACTERS = 255

/** Whether a value is an {@link AuditLogOption}. */
export function isAuditLogOption(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean'
  const { actor, ...rest } = value as { readonly actor?: unknown }
  return Object.keys(rest).length === 0 && isName(actor)
}

/** Who is named in the audit log; `null` where none is kept. */
export function auditActor(option: AuditLogOption): string | null {
  if (typeof option === 'object') return option.actor
  return option ? systemUser() : null
}

function isName(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_ACTOR_CHARACTERS &&
    !value.includes('\u0000') &&
    value.isWellFormed()
  )
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}` // a container may run as a user that has no name
  }
}
