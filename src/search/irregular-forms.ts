import type { TextTerm } from './text-match.js'
import { wordsOf } from './words.js'

/** English words whose forms have different stems, each family on its own: a question says "buy" where the answer says "bought". */
const FAMILIES = `bear bore borne|beat beaten|become became|begin began begun|bend bent|bind bound|bite bit bitten|bleed bled|
blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|
cling clung|come came|creep crept|deal dealt|dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|
eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|
hang hung|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|leap leapt|
learn learnt|leave left|lend lent|lie lain|light lit|lose lost|make made|mean meant|meet met|pay paid|ride rode ridden|
ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|
shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|
speak spoke spoken|spell spelt|spend spent|spin spun|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung|
strike struck|strive strove striven|swear swore sworn|sweep swept|swim swam swum|swing swung|take took taken|teach taught|
tear tore torn|tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|weave wove woven|
weep wept|win won|write wrote written|child children|man men|woman women|person people|foot feet|tooth teeth|goose geese|
mouse mice|life lives|wife wives|knife knives|leaf leaves|shelf shelves|half halves|wolf wolves|thief thieves|loaf loaves|
index indices|matrix matrices|vertex vertices|analysis analyses|crisis crises|criterion criteria|good better best|bad worse worst`

const OTHER_FORMS: ReadonlyMap<string, readonly string[]> = new Map(
  FAMILIES.split('|').flatMap((line) => {
    const family = line.trim().split(/\s+/)
    return family.map((word): [string, string[]] => [word, family.filter((other) => other !== word)])
  }),
)

/** A term that is an irregular English word, with its other forms standing for it; any other term as it is. */
export function withOtherForms(term: TextTerm): TextTerm {
  const [word, ...more] = wordsOf(term.text)
  const forms = word === undefined || more.length > 0 || term.match === 'substring' ? [] : otherFormsOf(word)
  return forms.length === 0 ? term : { ...term, alternatives: [...(term.alternatives ?? []), ...forms] }
}

function otherFormsOf(word: string): readonly string[] {
  return OTHER_FORMS.get(word) ?? []
}
