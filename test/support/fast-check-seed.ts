import fc from 'fast-check'

/** The same cases in every run; TEST_SEED tries others, and repeats those that failed. */
fc.configureGlobal({ seed: Number(process.env['TEST_SEED'] ?? 20_260_101) })
