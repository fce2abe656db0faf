/** What the health report says of settings that mean nothing here. */
export function ignoredWarning(settings: readonly string[], backend: string, mode: string): string[] {
  return settings.length === 0
    ? []
    : [`${settings.join(', ')}: set, but without effect with the backend "${backend}" in ${mode} mode`]
}
