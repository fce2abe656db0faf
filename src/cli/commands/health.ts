import type { Command } from 'commander'
import type { EmbeddingHealth, HealthReport, PrimaryStatistics } from '../../backends/graph-backend.js'
import { addCommonOptions } from '../common-options.js'
import { type Following, followingOf } from '../following.js'
import { type Output, oneLine } from '../output.js'
import { printDuration } from '../print-duration.js'
import { followingRows } from '../print-following.js'
import { alignColumns } from '../print-table.js'
import { withBackend } from '../with-backend.js'

/** `health`: the state of the backend; exit code 1 unless it is healthy. */
export function addHealthCommand(program: Command): void {
  const command = program
    .command('health')
    .description('Show the state of the backend; exits with 1 unless it is healthy.')
  addCommonOptions(command).action(async () => {
    await withBackend(command, async ({ backend, output }) => {
      const report = await backend.healthCheck()
      const sync = followingOf(backend, report, Date.now())
      output.result({ ...report, sync }, () => printHealth(output, report, sync))
      return report.status === 'healthy' ? 0 : 1
    })
  })
}

/** A health report, one finding a line. */
export function printHealth(output: Output, report: HealthReport, following?: Following): string {
  const isHealthy = report.status === 'healthy'
  const rows = [
    ['status', output.style(isHealthy ? 'green' : 'red', report.status)],
    ['backend', `${report.backend} (${report.mode})`],
    ...(following ? followingRows(output, following) : []),
    ...(report.primary ? primaryRows(report.primary) : []),
    ...shown('database', report.database_path),
    ...shown('engine', report.version),
    ...shown('schema version', report.schema_version),
    ...shown('memories', report.statistics.memory_count),
    ...shown('relationships', report.relationship_count),
    ...(report.embedding ? embeddingRows(report.embedding) : []),
    ...shown('size', report.database_size_bytes === null ? null : printSize(report.database_size_bytes)),
    ['checked in', `${report.latency_ms.toFixed(1)} ms`],
    ...shown('error', report.error),
    ...report.warnings.map((warning) => ['warning', oneLine(warning)]),
  ]
  return alignColumns(rows)
}

function primaryRows(primary: PrimaryStatistics): string[][] {
  const { requests, failed, retried, refused, circuit, latency_ms: latency, last_error } = primary
  return [
    ['requests', `${requests}, failed ${failed}, retried ${retried}, refused ${refused}`],
    ['circuit', circuit],
    ...shown('round trip', latency === null ? null : printDuration(latency)),
    ...shown('last request error', last_error),
  ]
}

function embeddingRows({ model, recall_model: recalls, pending, last_error }: EmbeddingHealth): string[][] {
  return [
    ['embedder', oneLine(model)],
    ...(recalls === model ? [] : shown('recalls use', recalls)),
    ...shown('waiting for vectors', pending),
    ...shown('last embedding error', last_error),
  ]
}

function shown(name: string, value: string | number | null): string[][] {
  return value === null ? [] : [[name, oneLine(String(value))]]
}

function printSize(bytes: number): string {
  const kibibytes = bytes / 1024
  return kibibytes < 1024 ? `${kibibytes.toFixed(0)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`
}
