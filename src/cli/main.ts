#!/usr/bin/env node
import { ignoreClosedPipes } from './output.js'
import { runProgram } from './program.js'

ignoreClosedPipes()
await runProgram(process.argv.slice(2))
