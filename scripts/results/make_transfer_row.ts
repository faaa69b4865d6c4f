import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environmentEntry } from '../../envs/registry.js';
import type { Config } from '../../src/config/schema.js';
import { measureOf } from '../../src/config/task.js';
import { UserError } from '../../src/errors.js';
import { fileSha256 } from '../../src/files/reading.js';
import { bestName } from '../../src/training/checkpoints/best.js';
import { policyPath } from '../../src/training/checkpoints/policy_export.js';
import { runFolderAt } from '../../src/training/folder/run_folder.js';
import { packagePath } from '../../src/version.js';
import { type ResultsOptions, seedsOf } from './make_training_row.js';
import { currentOrigin } from './origin.js';
import { rowPoints } from './points.js';
import { runProgram } from './programs.js';
import type { TransferRow } from './rows/row.js';
import {
  readTransferSummaries,
  type TransferSummary,
  transferResultSchema,
  writeSummaries,
} from './summaries/summary_files.js';

const SCRIPT = 'scripts/results/eval_in_maniskill.py';

/** The best policy of a variant and seed, as its task is judged, and the arguments of its evaluation in ManiSkill. */
interface Policy {
  variant: string;
  seed: number;
  path: string;
  args: string[];
}

/**
 * Evaluates the policies of the row's source in ManiSkill and keeps the results; a policy that was evaluated before
 * is not evaluated again. Without a Python it only prints the commands. Throws a UserError if an evaluation fails or
 * its output is no result.
 */
export async function makeTransferRow(row: TransferRow, options: ResultsOptions): Promise<void> {
  const policies = findPolicies(row, options);
  if (policies.length === 0) {
    console.log(`${row.id}: skipped, there is no run of ${row.source.id} yet`);
    return;
  }
  const { python, folder } = options;
  if (python === null) {
    console.log(`${row.id}: skipped, it needs a Python with ManiSkill: give --python <path>. By hand:`);
    for (const policy of policies) console.log(commandOf(policy));
    return;
  }
  for (const policy of policies) {
    if (options.stop.aborted) break;
    const known = readTransferSummaries(folder, row.id);
    const policySha256 = await fileSha256(policy.path);
    if (known.some((one) => isOf(policy, one) && one.policySha256 === policySha256)) continue;
    console.log(commandOf(policy));
    const result = parseResult(await runProgram(python, [packagePath(SCRIPT), ...policy.args], options.stop));
    const summary = {
      variant: policy.variant,
      seed: policy.seed,
      policySha256,
      command: commandOf(policy),
      ...currentOrigin(),
      result,
    };
    await writeSummaries(folder, row.id, withSummary(known, summary));
  }
}

function findPolicies(
  { source, variants, episodes, firstSeed }: TransferRow,
  options: ResultsOptions,
): Policy[] {
  const seedArgs = firstSeed === undefined ? [] : ['--seed', String(firstSeed)];
  const episodeArgs = ['--episodes', String(episodes), ...seedArgs];
  return rowPoints(source, seedsOf(source, options.seeds), null)
    .filter(({ variant }) => variants.includes(variant))
    .map(({ name, variant, seed, config }) => {
      const { modelsPath } = runFolderAt(join(options.folder, source.id, name));
      const path = policyPath(modelsPath, bestName(measureOf(config)));
      return { variant, seed, path, args: [path, ...episodeArgs, ...lengthArgs(config)] };
    })
    .filter(({ path }) => existsSync(path));
}

/** The length of episodes, where the policy's are not as long as its task's. */
function lengthArgs({ env, eval_env: { max_episode_steps: steps } }: Config): string[] {
  const isUsual = steps === environmentEntry(env.env_id!).maxEpisodeSteps;
  return isUsual ? [] : ['--steps', String(steps)];
}

function commandOf({ args }: Policy): string {
  return ['python', SCRIPT, ...args].join(' ');
}

/** Parses the last line of the output: ManiSkill and its libraries may print something before. */
function parseResult(output: string): TransferSummary['result'] {
  const line = output.trimEnd().split('\n').at(-1)!;
  try {
    return transferResultSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new UserError(`${SCRIPT} printed no result, but "${line}"`, { cause: error });
  }
}

function withSummary(known: readonly TransferSummary[], next: TransferSummary): TransferSummary[] {
  const others = known.filter((one) => !isOf(next, one));
  return [...others, next].sort((one, other) => one.seed - other.seed);
}

function isOf(one: Pick<Policy, 'variant' | 'seed'>, other: TransferSummary): boolean {
  return one.variant === other.variant && one.seed === other.seed;
}
