import { type Environment, FLAG, type Format, readVariable, setOnes } from './read-variable.js'

/** Variable that confines the process to one tenant. */
export const MULTI_TENANT_MODE = 'MEMORY_MULTI_TENANT_MODE'
const DEFAULT_TENANT = ['MEMORY_DEFAULT_TENANT'] as const

const TENANT_ID: Format<string> = {
  parse: (text) => (/^[a-zA-Z0-9_-]{1,64}$/.test(text) ? text : undefined),
  remedy: 'use letters, digits, "_" and "-", at most 64',
}

/**
 * The tenant that the environment confines the backend to, if to any, and the variables that have no effect.
 *
 * @throws `MG_CONFIGURATION` a variable, with an effect or not, has a value it cannot have
 */
export function tenantSettings(env: Environment): {
  readonly tenantId: string | undefined
  readonly ignored: readonly string[]
} {
  const isMultiTenant = readVariable(env, [MULTI_TENANT_MODE], FLAG) ?? false
  const tenantId = readVariable(env, DEFAULT_TENANT, TENANT_ID) ?? 'default'
  return isMultiTenant
    ? { tenantId, ignored: [] }
    : { tenantId: undefined, ignored: setOnes(env, DEFAULT_TENANT) }
}
