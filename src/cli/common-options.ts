import { type Command, Option } from 'commander'

/** What every command can be told. */
export type CommonSettings = {
  readonly backend: string | undefined
  readonly path: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly color: boolean
}

type CommonOptions = { backend?: string; path?: string; json?: true; quiet?: true; color?: boolean }

/** Lets a command take the common options, before and after its name. */
export function addCommonOptions(command: Command): Command {
  const options = [
    new Option('--backend <name>', 'turso, sqlite, memory or auto (default: MEMORY_BACKEND, else sqlite)'),
    new Option('--path <file>', 'database file of turso or sqlite (default: ~/.memorygraph/memory.db)'),
    new Option('--json', 'print one JSON document'),
    new Option('--quiet', 'print results, warnings and errors only'),
    new Option('--no-color', 'print without colours'),
  ]
  for (const option of options) command.addOption(option.helpGroup('Common options:'))
  return command
}

/** The common options as given before or after the command; after counts more. */
export function commonSettings(command: Command): CommonSettings {
  const own = command.opts<CommonOptions>()
  const outer = command.parent?.opts<CommonOptions>() ?? {}
  return {
    backend: own.backend ?? outer.backend,
    path: own.path ?? outer.path,
    json: own.json === true || outer.json === true,
    quiet: own.quiet === true || outer.quiet === true,
    color: own.color !== false && outer.color !== false,
  }
}
