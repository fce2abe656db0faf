import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import { assignTenantOptionsSchema } from '../model/hygiene-options.js'
import { type GraphNode, MEMORY_LABEL } from '../model/node.js'
import { validate } from '../model/validation.js'
import type { Visibility } from '../model/visibility.js'

/** Options of {@link assignTenant}. */
export type AssignTenantOptions = {
  /** Whose the memories become: any text that is not empty. */
  readonly tenantId: string
  /** Of those that say none. Default: they go on saying none, which reads as `project`. */
  readonly visibility?: Visibility | undefined
  /** Whether only to tell what would be assigned. Default is false. */
  readonly dryRun?: boolean | undefined
}

/** What {@link assignTenant} assigned, or would have. */
export type AssignTenantReport = {
  tenant_id: string
  /** Memories that had no tenant, in order. */
  ids: string[]
  dry_run: boolean
}

const NODES_AT_A_TIME = 500
/** As long as it takes. */
const TIMEOUT_MS = 24 * 60 * 60 * 1000

/**
 * Gives the memories that have no tenant one: all in one write, or none. Each gets a version more; what else it says, `updated_at` too,
 * stays. Give it the backend itself: in the view of a tenant all have one.
 *
 * @throws `MG_VALIDATION` an option is unknown or does not fit, or a memory without a tenant is outside the limits; the message names it
 */
export async function assignTenant(
  backend: Pick<GraphBackend, 'findNodes' | 'transaction'>,
  options: AssignTenantOptions,
): Promise<AssignTenantReport> {
  const { tenantId, visibility, dryRun } = validate(assignTenantOptionsSchema, options, 'assign options')
  const assigned = ({ id, label, properties }: GraphNode): GraphNode => ({
    id,
    label,
    properties: {
      ...properties,
      context_tenant_id: tenantId,
      ...(visibility !== undefined && { context_visibility: properties['context_visibility'] ?? visibility }),
    },
  })
  const assignAll = async (tx: Pick<GraphTransaction, 'findNodes' | 'putNodes'>): Promise<string[]> => {
    const ids: string[] = []
    for await (const nodes of withoutTenant(tx)) ids.push(...(await tx.putNodes(nodes.map(assigned))))
    return ids
  }
  const ids = dryRun
    ? await idsOf(withoutTenant(backend))
    : await backend.transaction(assignAll, { timeoutMs: TIMEOUT_MS })
  return { tenant_id: tenantId, ids, dry_run: dryRun }
}

async function* withoutTenant(
  on: Pick<GraphTransaction, 'findNodes'>,
): AsyncGenerator<GraphNode[], void, undefined> {
  const query = { label: MEMORY_LABEL, where: { context_tenant_id: [null, ''] }, limit: NODES_AT_A_TIME }
  for (let after: string | undefined; ; ) {
    const nodes: GraphNode[] = await on.findNodes({ ...query, after })
    yield nodes
    if (nodes.length < NODES_AT_A_TIME) return
    after = nodes.at(-1)?.id
  }
}

async function idsOf(pages: AsyncIterable<GraphNode[]>): Promise<string[]> {
  const ids: string[] = []
  for await (const nodes of pages) ids.push(...nodes.map((node) => node.id))
  return ids
}
