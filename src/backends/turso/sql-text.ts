/** What a statement's text says before it is prepared. */
export type SqlText = {
  /** How many statements there are. */
  readonly statements: number
  /** First word of the first statement, in capitals; empty when there is none. */
  readonly verb: string
  /** Values bound by position. */
  readonly positions: number
  /** Names of the values bound by name, without their sign. */
  readonly names: ReadonlySet<string>
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\?\d*|[:@$][\w$\u0080-\uffff]+|[A-Za-z_][\w$]*|;|\S/g

/**
 * Looks at a statement's text as SQLite's own `sqlite3_complete()` does: quotes and comments hide what is in them, and the
 * body of a CREATE TRIGGER ends at `END`.
 */
export function readSqlText(sql: string): SqlText {
  const names = new Set<string>()
  let positions = 0
  let statements = 0
  let verb = ''
  let words: string[] = []
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue
    if (token === ';') {
      if (!isInsideTrigger(words)) words = []
      else words.push(token)
      continue
    }
    if (words.length === 0) statements++
    words.push(token.toUpperCase())
    if (statements === 1 && words.length === 1) verb = token.toUpperCase()
    if (token.startsWith('?'))
      positions = token === '?' ? positions + 1 : Math.max(positions, Number(token.slice(1)))
    else if (/^[:@$]./.test(token)) names.add(token.slice(1))
  }
  return { statements, verb, positions, names }
}

function isInsideTrigger(words: readonly string[]): boolean {
  const isTrigger =
    words[0] === 'CREATE' &&
    (words[1] === 'TRIGGER' || (/^TEMP/.test(words[1] ?? '') && words[2] === 'TRIGGER'))
  return isTrigger && !(words.at(-1) === 'END' && words.at(-2) === ';')
}
