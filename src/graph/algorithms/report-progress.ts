/** Is told now and then how much of a piece of work is done. */
export type ReportProgress = (done: number, total: number) => void
