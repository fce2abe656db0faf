/** Where a backend reports what an operator may want to see. `console` fits. Default is silence. */
export type Logger = {
  readonly warn: (message: string) => void
  readonly debug?: ((message: string) => void) | undefined
}
