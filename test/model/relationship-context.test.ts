import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ContextFilter,
  extractRelationshipContext,
  matchesContext,
  parseRelationshipContext,
  type RelationshipContext,
} from '../../src/model/relationship-context.js'
import { computingTimeOf } from '../support/patience.js'

const NOTHING: RelationshipContext = {
  text: '',
  scope: null,
  components: [],
  conditions: [],
  evidence: [],
  temporal: null,
  exceptions: [],
}

describe('the context in free text', () => {
  it('has all its parts', () => {
    const text =
      'Partially covers the billing service (since v2.3.1), only works in staging environment, verified by nightly load tests, except refunds'
    expect(extractRelationshipContext(text)).toEqual({
      text,
      scope: 'partial',
      components: ['billing service'],
      conditions: ['staging environment', 'staging'],
      evidence: ['nightly load tests'],
      temporal: 'v2.3.1',
      exceptions: ['refunds'],
    })
  })

  it.each(['', '   ', '\n\t', 'plain words about nothing', '???', '日本語'])(
    'of %j is its text alone',
    (text) => {
      expect(extractRelationshipContext(text)).toEqual({ ...NOTHING, text })
    },
  )

  it.each([
    ['partial port', 'partial'],
    ['LIMITED to tenants', 'partial'],
    ['incomplete', 'partial'],
    ['fully done, with limited logging', 'partial'],
    ['full rewrite', 'full'],
    ['completely typed', 'full'],
    ['entirely offline, only here', 'full'],
    ['conditional on a flag', 'conditional'],
    ['only on Linux', 'conditional'],
    ['unlimited, fuller, incompletely, commonly', null],
    ['élimited ünfull', null],
  ])('has of %j the scope %j', (text, scope) => {
    expect(extractRelationshipContext(text).scope).toBe(scope)
  })

  it.each([
    ['holds when the cache is warm, and if tokens rotate', ['the cache is warm', 'tokens rotate']],
    ['when linked if allowed', ['linked if allowed', 'allowed']],
    ['in QA environments', ['QA']],
    ['in the pre-prod environment', ['pre-prod']],
    ['in the environment, in an environment', []],
    ['requires openssl 1.1+, 1,000 handles; config.toml', ['openssl 1.1+']],
    ['requires 1,000 handles', ['1,000 handles']],
    ['requires .env and config.toml. Nothing else', ['.env and config.toml']],
    ['only in Firefox; only works in Safari', ['Firefox', 'Safari']],
    ['When Foo, when foo', ['Foo']],
    ['requires\n      two\n      lines', ['two lines']],
    ['(when it rains), (if "it snows")!', ['it rains', '"it snows"']],
    ['whenever iffy', []],
    ['when , if ... requires !?', []],
  ])('has of %j the conditions %j', (text, conditions) => {
    expect(extractRelationshipContext(text).conditions).toEqual(conditions)
  })

  it.each([
    ['Verified by smoke tests, tested\nby Ana, proven by use; observed in the field', 4],
    ['verified by the tests verified by others', 1],
    ['tested by x verified by y', 2],
    ['verified, tested, observed', 0],
  ])('has of %j %i pieces of evidence', (text, count) => {
    expect(extractRelationshipContext(text).evidence).toHaveLength(count)
  })

  it.each([
    ['(verified by tests)', ['tests']],
    ['verified by tests (all of them).', ['tests (all of them)']],
    ['verified by "smoke tests"', ['"smoke tests"']],
    ['"verified by smoke tests".', ['smoke tests']],
  ])('takes punctuation off the end of what it finds in %j', (text, evidence) => {
    expect(extractRelationshipContext(text).evidence).toEqual(evidence)
  })

  it.each([
    ['broken since v1.9, after v1.8', 'v1.9'],
    ['works after the 2.0 migration', 'the 2.0 migration'],
    ['as of release 3.1.', 'release 3.1'],
    ['since Jan. 2024', 'Jan. 2024'],
    ['since v2.3. Redis is needed too', 'v2.3'],
    ['since , after lunch', 'lunch'],
    ['fixed in V2.1.0-beta', 'V2.1.0'],
    ['firmware 10.4.2.1', '10.4.2.1'],
    ['version 3', null],
    ['sincere v2', null],
  ])('has of %j the time %j', (text, temporal) => {
    expect(extractRelationshipContext(text).temporal).toBe(temporal)
  })

  it.each([
    ['all formats except YAML', ['YAML']],
    ['except for the admin page, excluding bots', ['the admin page', 'bots']],
    ['reads but not writes; without retries', ['writes', 'retries']],
    ['exceptional, forexcept x', []],
  ])('has of %j the exceptions %j', (text, exceptions) => {
    expect(extractRelationshipContext(text).exceptions).toEqual(exceptions)
  })

  it.each([
    ['links the ledger module to mail services', ['ledger module', 'mail services']],
    ['the export service layer', ['export service', 'service layer']],
    ['the module, with database', ['module', 'database']],
    ['a Node.js process and CI/CD flow', ['Node.js process', 'Node', 'CI/CD flow']],
    ['café module, 認証 service', ['café module', '認証 service']],
    ['order processing', ['order processing']],
    ['implements the rate limiter for guests', ['rate limiter']],
    ['supports retries and handles timeouts', ['retries', 'timeouts']],
    ['support for legacy mode', ['legacy mode']],
    ['supports all, handles feature, fixes the', []],
    ['Requires Kafka. Verified by Ana. The DB', ['Kafka', 'Ana']],
    ['Élan and Élan', ['Élan']],
    ['kafka service, Kafka Service', ['kafka service', 'Kafka', 'Service']],
    ['two-step, state-of-the-art, --dry-run', ['two-step', 'state-of-the-art', 'dry-run']],
  ])('has of %j the components %j', (text, components) => {
    expect(extractRelationshipContext(text).components).toEqual(components)
  })

  it('is looked for in the first 100,000 characters', () => {
    const text = `${'x '.repeat(50_000)}only when late`
    expect(extractRelationshipContext(text)).toEqual({ ...NOTHING, text })
    const cut = extractRelationshipContext(`when ${'x'.repeat(99_994)}💡`)
    expect(cut.conditions).toEqual(['x'.repeat(99_994)])
  })

  it.each([
    'a',
    'a ',
    'a-',
    "a'",
    ' ',
    '.',
    ')',
    '"',
    '1.',
    '1,',
    'é',
    '\u0301',
    '\ud83d',
    '\udca9',
    '! ',
    '. A',
    'when ',
    'in the ',
    'only works in ',
    'verified ',
    'since ',
    'since ,',
    'except for',
    'supports the ',
    'handles-',
    'Aaa ',
    'a module ',
    ' module',
    '\\"',
    '[',
    '{"text":',
  ])('is found quickly in 100,000 characters of %j', (unit) => {
    for (const start of ['', 'when ', 'since ', 'supports ', '{"']) {
      const text = start + unit.repeat(100_000 / unit.length)
      expect(computingTimeOf(() => parseRelationshipContext(text))).toBeLessThan(3_000)
    }
  })

  const words =
    'partially only when if in the environment requires verified by since after 2.1 except for without auth module Redis two-factor implements , . ; ( ) " é \n'.split(
      ' ',
    )
  const sentence = fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((parts) => parts.join(' '))

  it('is found in any text, each thing once, and read back as it was', () => {
    fc.assert(
      fc.property(fc.oneof(sentence, fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const context = extractRelationshipContext(text)
        expect(context.text).toBe(text)
        for (const list of [context.components, context.conditions, context.evidence, context.exceptions]) {
          expect(new Set(list.map((item) => item.toLowerCase())).size).toBe(list.length)
          for (const item of list) {
            expect(item).toBe(item.trim())
            expect(item).not.toBe('')
          }
        }
        expect(parseRelationshipContext(JSON.stringify(context))).toEqual(context)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the context that is stored', () => {
  it.each([null, undefined, '', '  \n'])('as %j is none', (stored) => {
    expect(parseRelationshipContext(stored)).toBeNull()
  })

  it('as a JSON object is that', () => {
    const context: RelationshipContext = {
      text: 'words',
      scope: 'full',
      components: ['a', 'a'],
      conditions: ['c'],
      evidence: ['e'],
      temporal: 'v1',
      exceptions: ['x'],
    }
    expect(parseRelationshipContext(` ${JSON.stringify({ ...context, more: 1 })}`)).toEqual(context)
  })

  it.each([
    ['{}', {}],
    ['{"scope": "partial"}', { scope: 'partial' }],
    ['{"scope": "most", "text": 5, "temporal": ["v1"]}', {}],
    ['{"scope": ["partial"], "temporal": {"a": 1}}', {}],
    ['{"temporal": 2024}', { temporal: '2024' }],
    ['{"temporal": " "}', {}],
    ['{"evidence": "unit tests", "conditions": 5}', { evidence: ['unit tests'], conditions: ['5'] }],
    ['{"components": ["a", 1, null, true, {}, ["b"], ""]}', { components: ['a', '1'] }],
    ['{"exceptions": {"a": 1}, "evidence": null, "components": true}', {}],
    ['{"__proto__": {"scope": "full"}}', {}],
  ])('as %s is made whole', (stored, parts) => {
    expect(parseRelationshipContext(stored)).toEqual({ ...NOTHING, ...parts })
  })

  it.each([
    'free text, only when asked',
    '["only"]',
    '"only if"',
    '12.5',
    'null',
    '{"text": "only',
    '{only: 1}',
  ])('as %s is free text', (stored) => {
    expect(parseRelationshipContext(stored)).toEqual(extractRelationshipContext(stored))
  })

  it('is read whatever is stored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (stored) => {
        const context = parseRelationshipContext(stored)
        expect(context === null).toBe(stored.trim() === '')
        if (context !== null) expect(parseRelationshipContext(JSON.stringify(context))).toEqual(context)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a filter', () => {
  const context = extractRelationshipContext(
    'partially implements the Auth module, only in Production, verified by integration tests, since v2.1',
  )

  it.each<[ContextFilter, boolean]>([
    [{}, true],
    [{ scope: null, conditions: undefined, hasEvidence: null, temporal: null }, true],
    [{ scope: 'partial' }, true],
    [{ scope: 'full' }, false],
    [{ conditions: ['prod'] }, true],
    [{ conditions: ['staging', 'PRODUCTION'] }, true],
    [{ conditions: ['staging'] }, false],
    [{ conditions: [] }, false],
    [{ conditions: [''] }, true],
    [{ hasEvidence: true }, true],
    [{ hasEvidence: false }, false],
    [{ evidence: ['unit', 'integration'] }, true],
    [{ evidence: ['unit'] }, false],
    [{ components: ['auth'] }, true],
    [{ components: ['auth.'] }, false],
    [{ temporal: 'V2' }, true],
    [{ temporal: '' }, true],
    [{ temporal: ['v9', 'v2.1'] }, true],
    [{ temporal: ['v9'] }, false],
    [
      { scope: 'partial', components: ['auth'], conditions: ['prod'], temporal: '2.1', hasEvidence: true },
      true,
    ],
    [{ scope: 'partial', components: ['auth'], conditions: ['staging'] }, false],
    [{ scope: 'full', components: ['auth'] }, false],
  ])('%j matches: %j', (filter, matches) => {
    expect(matchesContext(context, filter)).toBe(matches)
  })

  it.each<[ContextFilter, boolean]>([
    [{}, true],
    [{ hasEvidence: false }, true],
    [{ hasEvidence: true }, false],
    [{ scope: 'partial' }, false],
    [{ conditions: [''] }, false],
    [{ temporal: '' }, false],
  ])('%j matches a relationship without context: %j', (filter, matches) => {
    expect(matchesContext(null, filter)).toBe(matches)
    expect(matchesContext(NOTHING, filter)).toBe(matches)
  })

  it('knows no case and no spelling of accents', () => {
    const decomposed = { ...NOTHING, components: ['CAFE\u0301 service'] }
    expect(matchesContext(decomposed, { components: ['café'] })).toBe(true)
    expect(matchesContext(decomposed, { components: ['cafe service'] })).toBe(false)
  })

  it('that asks for a part of what was found matches', () => {
    const words = extractRelationshipContext(
      'when Redis is up, tested by Ana, except bots, two-factor layer, v1.2',
    )
    for (const part of words.components)
      expect(matchesContext(words, { components: [part.toUpperCase()] })).toBe(true)
    for (const part of words.conditions) expect(matchesContext(words, { conditions: ['?', part] })).toBe(true)
  })
})
