import { createInterface } from 'node:readline';
import { UserError } from '../../src/errors.js';
import { expertAnswers } from './expert_answers.js';

/** Arguments: task, control mode. Answers lines on standard input on standard output; expert_in_maniskill.py asks. */
const [envId = '', controlMode = ''] = process.argv.slice(2);
try {
  const { greeting, answer } = expertAnswers(envId, controlMode);
  console.log(greeting);
  for await (const line of createInterface({ input: process.stdin })) console.log(answer(line));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
