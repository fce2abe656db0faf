/** The path of a database that is no file, and gone when it is closed. */
export const MEMORY_PATH = ':memory:'
