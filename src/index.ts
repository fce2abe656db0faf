/**
 * Graph memory for AI agents in one libSQL file.
 *
 * @packageDocumentation
 */

export type { AnalysisOptions, CommunityChoice } from './analytics/analysis-options.js'
export {
  type AnalyzeClustersOptions,
  analyzeClusters,
  type ClusterAnalysis,
} from './analytics/analyze-clusters.js'
export {
  type BridgeMemory,
  type FindBridgeMemoriesOptions,
  findBridgeMemories,
  type JoinedCommunity,
} from './analytics/find-bridge-memories.js'
export { type FindMemoryPathOptions, findMemoryPath } from './analytics/find-memory-path.js'
export {
  graphMetrics,
  type MemoryGraphMetrics,
  type MemoryTypeMetrics,
} from './analytics/graph-metrics.js'
export type { MemoryCluster } from './analytics/memory-cluster.js'
export type { MemoryPath, MemoryPathSteps, PathNode } from './analytics/memory-path.js'
export { nodeTitles } from './analytics/node-titles.js'
export {
  type SuggestedRelationship,
  type SuggestRelationshipsOptions,
  suggestRelationships,
} from './analytics/suggest-relationships.js'
export type { AuditLogOption } from './backends/audit-actor.js'
export type { BackendSettings } from './backends/driver-backend.js'
export { DriverBackend } from './backends/driver-backend.js'
export type {
  AuditEntry,
  BackendCapabilities,
  BulkOptions,
  Change,
  CreateRelationshipsOptions,
  Direction,
  EmbeddingHealth,
  EmbedReport,
  GetMemoryOptions,
  GraphBackend,
  GraphOptions,
  GraphTransaction,
  HealthReport,
  MemoryFilter,
  MemoryStatistics,
  PrimaryStatistics,
  Progress,
  QueryParameters,
  QueryValue,
  RecentActivity,
  ReembedOptions,
  RelatedOptions,
  RelationshipChanges,
  RelationshipContextSearch,
  RelationshipEnds,
  RelationshipFilter,
  RelationshipHistoryOptions,
  Row,
  SyncReport,
  SyncStatus,
} from './backends/graph-backend.js'
export type {
  AuditRow,
  ContextPage,
  DriverDescription,
  DriverHealth,
  EmbeddingModelRow,
  EmbeddingRow,
  GraphDriver,
  GraphLevel,
  GraphPage,
  GraphPart,
  GraphReader,
  GraphWriter,
  LinkLimits,
  LinkRow,
  MemoryCriteria,
  MemoryOrder,
  MemoryPage,
  NodeRow,
  RelatedTitle,
  RelationshipHistoryPage,
  RelationshipPage,
  Replication,
  StatisticsRow,
  UnembeddedPage,
  VectorHitRow,
  VectorPage,
  VersionRow,
  WordCounts,
} from './backends/graph-driver.js'
export type { InMemoryBackendOptions } from './backends/in-memory/in-memory-backend.js'
export { InMemoryBackend } from './backends/in-memory/in-memory-backend.js'
export type { Logger } from './backends/logger.js'
export type { DatabaseRecord, DatabaseSource } from './backends/turso/foreign/database-source.js'
export {
  type OpenDatabaseOptions,
  openDatabaseSource,
} from './backends/turso/foreign/open-database-source.js'
export type {
  BackupOptions,
  BackupReport,
  CheckOptions,
  DetachOptions,
  DetachReport,
  DiskAnnOptions,
  IntegrityCheck,
  IntegrityProblem,
  IntegrityReport,
  ProblemKind,
  PromoteCounts,
  PromoteOptions,
  PromoteRefusal,
  PromoteReport,
  RemoveOptions,
  RemoveReport,
  RepairOptions,
  RepairReport,
  StoredRelationship,
  TokenSource,
  TursoBackendOptions,
  TursoEvents,
  VectorStrategy,
} from './backends/turso/turso-backend.js'
export { TursoBackend } from './backends/turso/turso-backend.js'
export type { TursoMode } from './backends/turso/turso-options.js'
export type { Embedder, EmbeddingPurpose } from './embedding/embedder.js'
export { type HashingEmbedderOptions, hashingEmbedder } from './embedding/hashing-embedder.js'
export { type OpenAiEmbedderOptions, openAiEmbedder } from './embedding/open-ai-embedder.js'
export {
  type TransformersEmbedderOptions,
  transformersEmbedder,
} from './embedding/transformers-embedder.js'
export type { MemoryErrorCode, MemoryErrorOptions } from './errors.js'
export {
  BackendError,
  ConfigurationError,
  ConflictError,
  DatabaseConnectionError,
  MEMORY_ERROR_CODES,
  MemoryError,
  MemoryNotFoundError,
  NotSupportedError,
  RelationshipError,
  SchemaError,
  SyncError,
  ValidationError,
} from './errors.js'
export type { BackendLoader } from './factory/backend-factory.js'
export {
  BackendFactory,
  createBackend,
  createFromConfig,
  getConfiguredBackendType,
  isBackendConfigured,
  registerBackend,
} from './factory/backend-factory.js'
export type {
  BackendConfig,
  Environment,
  MemoryConfig,
  RegisteredBackendConfig,
  SqliteConfig,
  TursoConfig,
} from './factory/config.js'
export { configFromEnv } from './factory/config.js'
export {
  type ExportGraphViewOptions,
  exportGraphView,
  graphViewText,
} from './graph/export/export-graph-view.js'
export type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from './graph/graph-rows.js'
export type {
  AllPathsOptions,
  CentralityMeasure,
  CentralityOptions,
  CentralityScore,
  CommunitiesOptions,
  ComponentsOptions,
  CyclesOptions,
  GraphBridges,
  GraphCommunities,
  GraphEdgeAttributes,
  GraphMetrics,
  GraphNeighbor,
  GraphNodeAttributes,
  GraphPath,
  GraphRunOptions,
  GraphSize,
  GraphView,
  GraphVisit,
  GraphVisitor,
  PageRankOptions,
  ReadonlyGraph,
  ShortestPathOptions,
  SimilarNode,
} from './graph/graph-view.js'
export type { WalkDirection } from './graph/snapshot/steps.js'
export {
  type AssignTenantOptions,
  type AssignTenantReport,
  assignTenant,
} from './hygiene/assign-tenant.js'
export {
  type DuplicateGroup,
  type FindDuplicatesOptions,
  findDuplicates,
} from './hygiene/find-duplicates.js'
export { type MergeReport, mergeMemories } from './hygiene/merge-memories.js'
export { type PruneOptions, type PruneReport, prune } from './hygiene/prune.js'
export { type ContextualSearchOptions, contextualSearch } from './knowledge/contextual-search.js'
export { contradictionOf } from './knowledge/contradictory-types.js'
export { type Contradiction, findContradictions } from './knowledge/find-contradictions.js'
export { findCycles, type RelationshipCycle } from './knowledge/find-cycles.js'
export { reinforceRelationship } from './knowledge/reinforce-relationship.js'
export {
  type Reinforcement,
  reinforced,
  relationshipStrength,
  type StrengthFactors,
} from './knowledge/relationship-strength.js'
export {
  type RelationshipTypeSuggestion,
  suggestRelationshipTypes,
} from './knowledge/suggest-relationship-types.js'
export type { Embedding, EmbeddingInput } from './model/embedding.js'
export type { NodeTitles } from './model/graph-export-options.js'
export { GRAPH_VIEW_FORMATS, type GraphViewFormat } from './model/graph-view-format.js'
export type { HybridQuery, HybridWeights } from './model/hybrid-query.js'
export type { MatchInfo, Memory, MemoryInput, MemoryPatch } from './model/memory.js'
export type { MemoryContext, MemoryContextInput } from './model/memory-context.js'
export type { MemoryType } from './model/memory-type.js'
export { MEMORY_TYPES } from './model/memory-type.js'
export type {
  CompleteNodeQuery,
  GraphNode,
  GraphNodeInput,
  NodeQuery,
  NodeVersion,
  PropertyFilter,
} from './model/node.js'
export { MEMORY_LABEL } from './model/node.js'
export type { RankingOptions } from './model/ranking-options.js'
export type {
  Relationship,
  RelationshipInput,
  RelationshipProperties,
  RelationshipPropertiesInput,
  RelationshipReplacement,
} from './model/relationship.js'
export {
  type ContextFilter,
  extractRelationshipContext,
  matchesContext,
  parseRelationshipContext,
  RELATIONSHIP_SCOPES,
  type RelationshipContext,
  type RelationshipScope,
} from './model/relationship-context.js'
export type { RelationshipRow } from './model/relationship-row.js'
export type {
  RelationshipCategory,
  RelationshipType,
  RelationshipTypeMetadata,
} from './model/relationship-type.js'
export { RELATIONSHIP_TYPE_METADATA, RELATIONSHIP_TYPES } from './model/relationship-type.js'
export type { Scope, ScopeCondition, ScopeInput } from './model/scope.js'
export type { PaginatedResult, RecallOptions, SearchQuery, SearchTolerance } from './model/search-query.js'
export type { SnippetOptions } from './model/snippet-options.js'
export type { CompleteTextBoosts, TextBoosts } from './model/text-boosts.js'
export type { Timestamp } from './model/timestamp.js'
export type { VectorFilter, VectorHit, VectorSearchOptions } from './model/vector-search.js'
export { VISIBILITIES, type Visibility } from './model/visibility.js'
export type { FoundWord, WordGuesses } from './search/corrections.js'
export type { Synonyms } from './search/synonyms.js'
export type { TermMatch, TextMatch, TextTerm } from './search/text-match.js'
export { CONFLICT_POLICIES, type ConflictPolicy } from './transfer/conflict-policy.js'
export { type ExportFileOptions, type ExportReport, exportFile } from './transfer/export-file.js'
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportGraph,
} from './transfer/export-graph.js'
export { memorygraphDocument } from './transfer/formats/read-memorygraph-document.js'
export type { GraphCounts } from './transfer/formats/write-graph-text.js'
export { graphSource, type ReadableGraph } from './transfer/graph-source.js'
export { type ImportOptions, importGraph } from './transfer/import-graph.js'
export type { ImportCounts, ImportReport, RefusedRecord } from './transfer/import-report.js'
export { type MigrateOptions, migrate } from './transfer/migrate.js'
export { openRecordSource } from './transfer/open-record-source.js'
export type { RecordSource, TransferRecord } from './transfer/transfer-record.js'
