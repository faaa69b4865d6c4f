import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../../src/errors.js';
import { readRun } from '../../../src/runs/run_record.js';
import { CLI_PATH, runProgram } from '../programs.js';
import { mediumRunPath, mediumWords, TIER_FOLDER } from './tiers.js';

/** Share of successes from which on a policy is medium. */
const MEDIUM = 0.4;
/** Env steps between two looks at the policy, and those after which there is no hope. */
const LOOK_EVERY = 2000;
const MOST_STEPS = 60_000;

/** Settings that change nothing of what is learnt: when it is looked at, and what is kept. */
const WATCHING = [
  `train.eval_freq=${LOOK_EVERY}`,
  'train.eval_episodes=100',
  `train.save_freq=${LOOK_EVERY}`,
  'train.keep_checkpoints=1',
  'eval.num_videos=0',
];

/**
 * Trains a policy of a task until it is medium, and no further: it ends at the first evaluation in which the policy succeeds often
 * enough. Goes on where it was stopped. Throws a UserError if the policy doesn't get there.
 */
export async function ensureMediumRun(envId: string, stop: AbortSignal): Promise<void> {
  const path = mediumRunPath(envId);
  if (!existsSync(path)) {
    const place = [`logger.workspace=${TIER_FOLDER}`, `logger.exp_name=${basename(path)}`];
    await rlpd([...mediumWords(envId, LOOK_EVERY), ...WATCHING, ...place], stop);
  }
  for (;;) {
    const { state, config, results } = readRun(path);
    const { steps } = config.train;
    if (state !== 'finished') await rlpd(['train', '--resume', path], stop);
    else if ((results.lastScore ?? 0) >= MEDIUM) return;
    else if (steps >= MOST_STEPS) throw new UserError(`${path} has not become medium in ${steps} env steps`);
    else await rlpd(['train', '--resume', path, `train.steps=${steps + LOOK_EVERY}`], stop);
  }
}

async function rlpd(words: readonly string[], stop: AbortSignal): Promise<void> {
  console.log(`rlpd ${words.join(' ')}`);
  await runProgram(process.execPath, [CLI_PATH, ...words], stop);
}
