#!/usr/bin/env node
// The command `deltabook`: runs one command and ends with its exit code.
import { runProgram } from './run-program';
import { readCliSettings } from './settings';
import { processTerminal } from './terminal';

const context = { terminal: processTerminal, settings: readCliSettings() };

void runProgram(context, process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
