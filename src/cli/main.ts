#!/usr/bin/env node
import { ignoreClosedPipes } from './output.js'
import { runProgram } from './program.js'

const LONG_MS = 2 ** 30

ignoreClosedPipes()
// What a command waits for, such as a process that ends, need not keep this one alive by itself.
const alive = setInterval(() => undefined, LONG_MS)
await runProgram(process.argv.slice(2))
clearInterval(alive)
