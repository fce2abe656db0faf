import { argumentCases } from './cases/arguments.js'
import { auditCases } from './cases/audit.js'
import { bulkCases } from './cases/bulk.js'
import { bulkInTransactionCases } from './cases/bulk-in-transaction.js'
import { changeCases } from './cases/changes.js'
import { closingCases } from './cases/closing.js'
import { contextSearchCases } from './cases/context-search.js'
import { cycleCases } from './cases/cycles.js'
import { embeddingCases } from './cases/embeddings.js'
import { fairnessCases } from './cases/fairness.js'
import { functionCases } from './cases/functions.js'
import { graphAnalyticsCases } from './cases/graph-analytics.js'
import { graphChangeCases } from './cases/graph-changes.js'
import { graphPartCases } from './cases/graph-parts.js'
import { graphPathCases } from './cases/graph-paths.js'
import { graphProjectionCases } from './cases/graph-projection.js'
import { graphRankCases } from './cases/graph-ranks.js'
import { graphScopeCases } from './cases/graph-scopes.js'
import { graphStateCases } from './cases/graph-states.js'
import { graphStructureCases } from './cases/graph-structure.js'
import { graphWalkCases } from './cases/graph-walks.js'
import { hybridSearchCases } from './cases/hybrid-search.js'
import { identityCases } from './cases/identity.js'
import { insideTransactionCases } from './cases/inside-transaction.js'
import { lifecycleCases } from './cases/lifecycle.js'
import { listingCases } from './cases/listing.js'
import { memoryCases } from './cases/memories.js'
import { nodeCases } from './cases/nodes.js'
import { rawQueryCases } from './cases/raw-query.js'
import { rawQueryRefusalCases } from './cases/raw-query-refusals.js'
import { readingCases } from './cases/reading.js'
import { recallCases } from './cases/recall.js'
import { recallClosenessCases } from './cases/recall-closeness.js'
import { recallOrderCases } from './cases/recall-order.js'
import { refusalCases } from './cases/refusals.js'
import { relatedCases } from './cases/related.js'
import { relationshipHistoryCases } from './cases/relationship-history.js'
import { relationshipUpdateCases } from './cases/relationship-updates.js'
import { relationshipCases } from './cases/relationships.js'
import { rigCases } from './cases/rig.js'
import { sameStoreCases } from './cases/same-store.js'
import { scopeEmbeddingCases } from './cases/scope-embeddings.js'
import { scopeHistoryCases } from './cases/scope-history.js'
import { scopeWriteCases } from './cases/scope-writes.js'
import { scopeCases } from './cases/scopes.js'
import { searchCases } from './cases/search.js'
import { searchEnrichmentCases } from './cases/search-enrichment.js'
import { searchFilterCases } from './cases/search-filters.js'
import { searchOddTextCases } from './cases/search-odd-text.js'
import { searchTermCases } from './cases/search-terms.js'
import { searchTextCases } from './cases/search-text.js'
import { searchToleranceCases } from './cases/search-tolerance.js'
import { statisticsCases } from './cases/statistics.js'
import { timestampCases } from './cases/timestamps.js'
import { transactionIsolationCases } from './cases/transaction-isolation.js'
import { transactionCases } from './cases/transactions.js'
import { updateCases } from './cases/updates.js'
import { usageCases } from './cases/usage.js'
import { validationCases } from './cases/validation.js'
import { vectorSearchCases } from './cases/vector-search.js'
import { versionCases } from './cases/versions.js'
import type { GraphBackendCase } from './graph-backend-case.js'

/** Every case of the contract, the ones that prove the rig first. */
export const graphBackendCases: readonly GraphBackendCase[] = [
  ...rigCases,
  ...lifecycleCases,
  ...closingCases,
  ...identityCases,
  ...memoryCases,
  ...readingCases,
  ...validationCases,
  ...timestampCases,
  ...updateCases,
  ...argumentCases,
  ...bulkCases,
  ...fairnessCases,
  ...searchCases,
  ...searchFilterCases,
  ...searchTextCases,
  ...searchToleranceCases,
  ...searchTermCases,
  ...searchOddTextCases,
  ...searchEnrichmentCases,
  ...recallCases,
  ...recallClosenessCases,
  ...recallOrderCases,
  ...listingCases,
  ...relationshipCases,
  ...relationshipUpdateCases,
  ...cycleCases,
  ...relatedCases,
  ...relationshipHistoryCases,
  ...contextSearchCases,
  ...versionCases,
  ...nodeCases,
  ...embeddingCases,
  ...vectorSearchCases,
  ...hybridSearchCases,
  ...transactionCases,
  ...transactionIsolationCases,
  ...bulkInTransactionCases,
  ...insideTransactionCases,
  ...sameStoreCases,
  ...statisticsCases,
  ...changeCases,
  ...auditCases,
  ...usageCases,
  ...scopeCases,
  ...scopeWriteCases,
  ...scopeHistoryCases,
  ...scopeEmbeddingCases,
  ...graphPartCases,
  ...graphWalkCases,
  ...graphPathCases,
  ...graphStructureCases,
  ...graphRankCases,
  ...graphProjectionCases,
  ...graphChangeCases,
  ...graphScopeCases,
  ...graphStateCases,
  ...graphAnalyticsCases,
  ...functionCases,
  ...rawQueryCases,
  ...rawQueryRefusalCases,
  ...refusalCases,
]
