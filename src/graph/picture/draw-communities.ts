import { counted } from '../export/counted.js'
import type { ExportedGraph } from '../export/exported-graph.js'
import { findTitles } from '../export/find-titles.js'
import { communitiesIn, communityFigure, type Joint } from './community-figure.js'
import { drawFigure } from './draw-figure.js'
import { headingOf, type PictureRequest, summaryOf } from './picture-request.js'

/** Bubbles beyond that are too small to say anything. */
const MOST_BUBBLES = 40
/** Lines that a bubble has at least, where it has so many. */
const JOINTS_OF_EACH = 3

/** Draws the communities of a graph, the largest where there are too many. */
export async function drawCommunities(graph: ExportedGraph, request: PictureRequest): Promise<string> {
  const { bubbles, joints } = await communitiesIn(graph, request)
  const drawn = bubbles.filter(({ size }, at) => size > 1 && at < MOST_BUBBLES)
  const numbers = new Set(drawn.map(({ community }) => community))
  const left = bubbles.slice(drawn.length)
  const nodesLeft = left.reduce((sum, { size }) => sum + size, 0)
  const among = joints.filter(({ from, to }) => numbers.has(from) && numbers.has(to))
  const main = mainJoints(among)
  const jointsLeft = among.length - main.length
  const titleOf = await findTitles(
    request.titles,
    [...drawn.map(({ central }) => central), ...request.focus],
    request,
  )
  const focus = new Set(request.focus)
  const figure = communityFigure({
    bubbles: drawn,
    joints: main,
    titleOf,
    heading: headingOf(request, focus, titleOf),
    summary: `${summaryOf(graph)}, ${counted(bubbles.length, 'community', 'communities')}`,
    notes: [
      ...(drawn.length > 0
        ? [
            'Each circle is a community, named by its node with the most relationships; wider lines are more relationships between two.',
          ]
        : []),
      ...(jointsLeft > 0
        ? [`Not drawn: the ${counted(jointsLeft, 'weakest link')} between communities.`]
        : []),
      ...(left.length > 0
        ? [
            `Not drawn: ${counted(left.length, 'smaller community', 'smaller communities')} with ${counted(nodesLeft, 'node')}.`,
          ]
        : []),
    ],
  })
  return drawFigure(figure, request)
}

/** Those that are among the strongest of one of their ends. */
function mainJoints(joints: readonly Joint[]): Joint[] {
  const kept = new Map<number, number>()
  return joints.filter(({ from, to }) => {
    const [a, b] = [kept.get(from) ?? 0, kept.get(to) ?? 0]
    kept.set(from, a + 1).set(to, b + 1)
    return Math.min(a, b) < JOINTS_OF_EACH
  })
}
