/** What names this library's own format, in its first line. */
export const GRAPH_FORMAT = 'memorygraph-turso'
/** The version that is written, and the newest that is read. */
export const GRAPH_FORMAT_VERSION = 1
