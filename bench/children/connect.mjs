// Imports the package, connects, and says how long that took and what memory the process then holds. Without a path: bare Node.
const [path] = process.argv.slice(2)
const start = performance.now()
if (path !== undefined) {
  const { TursoBackend } = await import('../../dist/index.js')
  await new TursoBackend({ path }).connect()
}
const taken = performance.now() - start
console.log(JSON.stringify({ ms: taken, megabytes: process.memoryUsage().rss / 1e6 }))
