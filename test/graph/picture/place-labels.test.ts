import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Label, placeLabels } from '../../../src/graph/picture/place-labels.js'

const circles = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 400 }),
    y: fc.integer({ min: 0, max: 300 }),
    radius: fc.integer({ min: 3, max: 30 }),
    width: fc.integer({ min: 10, max: 150 }),
  }),
  { maxLength: 40 },
)
const turn = (): Promise<void> => Promise.resolve()

describe('labels', () => {
  it('overlap with no circle and no other label', async () => {
    await fc.assert(
      fc.asyncProperty(circles, async (given) => {
        const labels: Label[] = given.map(({ width, ...circle }) => ({
          circle,
          forms: [{ lines: ['a'], width, height: 14 }],
          mayBeInside: false,
        }))
        const placed = await placeLabels(labels, [], turn)
        expect(placed).toHaveLength(given.length)
        const boxes = placed.flatMap((label) => (label ? [label.box] : []))
        for (const [at, box] of boxes.entries()) {
          for (const other of boxes.slice(at + 1)) {
            const isApart =
              box.right <= other.left ||
              other.right <= box.left ||
              box.bottom <= other.top ||
              other.bottom <= box.top
            expect(isApart).toBe(true)
          }
          for (const { x, y, radius } of given) {
            const dx = Math.max(box.left - x, 0, x - box.right)
            const dy = Math.max(box.top - y, 0, y - box.bottom)
            expect(Math.hypot(dx, dy)).toBeGreaterThanOrEqual(radius)
          }
        }
      }),
    )
  })

  it('stand where the fewest lines run through them', async () => {
    const label: Label = {
      circle: { x: 0, y: 0, radius: 5 },
      forms: [{ lines: ['a'], width: 40, height: 14 }],
      mayBeInside: false,
    }
    const [free] = await placeLabels([label], [], turn)
    expect(free).toMatchObject({ anchor: 'start' })
    const right = { line: 0, from: { x: 20, y: -50 }, to: { x: 20, y: 50 } }
    const [beside] = await placeLabels([label], [right], turn)
    expect(beside).toMatchObject({ anchor: 'end' })
  })

  it('take a shorter form where a longer one has no room, and none where neither has', async () => {
    const wall = (x: number): Label => ({
      circle: { x, y: 0, radius: 60 },
      forms: [],
      mayBeInside: false,
    })
    const middle = (radius: number): Label => ({
      circle: { x: 0, y: 0, radius },
      forms: [
        { lines: ['long'], width: 300, height: 400 },
        { lines: ['a'], width: 8, height: 8 },
      ],
      mayBeInside: false,
    })
    const [short] = await placeLabels([middle(3), wall(90), wall(-90)], [], turn)
    expect(short?.form.lines).toEqual(['a'])
    const [none] = await placeLabels([middle(3), wall(20), wall(-20)], [], turn)
    expect(none).toBeNull()
  })
})
