import type { Scope } from '../../model/scope.js'

const scopes = new WeakMap<object, Scope>()

/** Takes note of what a backend is confined to. */
export function noteScope(backend: object, scope: Scope): void {
  scopes.set(backend, scope)
}

/** What a backend stamps all that it stores with; empty where it is not confined. */
export function scopeOf(backend: object): Scope {
  return scopes.get(backend) ?? []
}
