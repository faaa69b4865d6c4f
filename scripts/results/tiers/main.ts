import { Command, Option } from 'commander';
import { expertEnvIds } from '../../../envs/experts/make_expert.js';
import { endProcess, outliveConsole } from '../../../src/console.js';
import { UserError } from '../../../src/errors.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../../../src/stop_signal.js';
import { ensureTier } from './make_tiers.js';
import { PUBLISHED_FORMATS, type PublishedFormat, publishTier } from './publish_tier.js';
import { TIER_FOLDER, TIERS, type Tier } from './tiers.js';

const program = new Command('npm run tiers --')
  .description(
    `make data of several qualities of a task, in ${TIER_FOLDER}; the same command again goes on with what is left`,
  )
  .argument('<task>', `the task: ${expertEnvIds().join(', ')}`)
  .addOption(new Option('--only <tiers...>', 'only these').choices(TIERS).default([...TIERS]))
  .addOption(
    new Option('--publish <formats...>', 'write each in these formats too, with a card')
      .choices([...PUBLISHED_FORMATS])
      .default([]),
  )
  .option('--license <name>', 'licence that the cards name', 'cc-by-4.0')
  .action(makeTiers);

interface Flags {
  only: Tier[];
  publish: PublishedFormat[];
  license: string;
}

async function makeTiers(envId: string, { only, publish, license }: Flags): Promise<void> {
  if (!expertEnvIds().includes(envId)) {
    throw new UserError(`no expert for "${envId}"; the tasks with one are ${expertEnvIds().join(', ')}`);
  }
  const stop = listenForStop(() => {});
  try {
    for (const tier of TIERS) {
      if (!only.includes(tier)) continue;
      await ensureTier(envId, tier, stop.signal);
      for (const format of publish) await publishTier(envId, tier, format, license, stop.signal);
    }
  } catch (error) {
    // What was asked to stop fails for that reason.
    if (!stop.signal.aborted || !(error instanceof UserError)) throw error;
    console.log('stopped: the same command again goes on');
    process.exitCode = INTERRUPTED_EXIT_CODE;
  } finally {
    stop.release();
  }
}

outliveConsole();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
await endProcess(process.exitCode);
