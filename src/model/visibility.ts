/** Who may see a memory. */
export const VISIBILITIES = ['private', 'project', 'team', 'public'] as const

/** One of {@link VISIBILITIES}. */
export type Visibility = (typeof VISIBILITIES)[number]
