#!/usr/bin/env node
import { makeDemosCommand } from '../src/data/make_demos_command.js';
import { UserError } from '../src/errors.js';

try {
  await makeDemosCommand().parseAsync();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
