/**
 * Runs a section in this process: gives it the folder for its files and sends its rows to the parent.
 *
 * @param {(folder: string) => Promise<import('./rows.mjs').Row[]>} work
 */
export async function section(work) {
  const rows = await work(process.argv[2])
  process.send(rows)
  process.disconnect()
}
