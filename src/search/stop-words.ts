/**
 * Words so common that they tell no memory from another: English articles, pronouns, auxiliaries, prepositions, question words; Chinese
 * and Japanese ones of two characters.
 */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about after again against all also am an and any are aren as at be because been before being below between both but by
  can could couldn did didn do does doesn doing don down during each few for from further had hadn has hasn have haven having
  he her here hers herself him himself his how i if in into is isn it its itself just ll me more most mustn my myself no nor
  not now of off on once only or other our ours ourselves out over own re s same shan she should shouldn so some such t than
  that the their theirs them themselves then there these they this those through to too under until up ve very was wasn we
  were weren what when where which while who whom whose why will with won would wouldn you your yours yourself yourselves
  什么 怎么 怎样 如何 为何 为什 哪些 哪个 哪里 多少 是否 可以 我们 你们 他们 这个 那个 何故 何時`.split(
    /\s+/,
  ),
)

/** Whether a lower-case word is a stop word. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}
