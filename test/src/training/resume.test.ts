import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/schema.js';
import { readMetricsFile } from '../../../src/logging/metrics_file.js';
import { NEVER_STOP, type StopSignal } from '../../../src/stop_signal.js';
import { checkpointPath, type LoadedCheckpoint, loadCheckpoint } from '../../../src/training/checkpoint.js';
import { checkResumable } from '../../../src/training/resume.js';
import { createRunFolder, openRunFolder, type RunFolder } from '../../../src/training/run_folder.js';
import { train } from '../../../src/training/train.js';
import { silentDisplay, stopAtLook, temporaryWorkspace, tinyConfig } from './tiny_run.js';

let workspace: string;
beforeEach(() => {
  workspace = temporaryWorkspace();
});
afterEach(() => rmSync(workspace, { recursive: true }));

const latest = (folder: RunFolder) => loadCheckpoint(checkpointPath(folder.modelsPath, 'latest'));

async function startRun(config: Config, stop: StopSignal): Promise<RunFolder> {
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), stop);
  return folder;
}

/** What two runs must agree on: everything but times. */
function comparable({ agent, streams, replay, episodes, progress }: LoadedCheckpoint) {
  const { seconds: _, evaluations, ...counters } = progress;
  return {
    agent,
    streams,
    replay,
    episodes,
    counters,
    results: evaluations.map(({ seconds, ...rest }) => rest),
  };
}

describe('a resumed run', () => {
  it.each([1, 3, 8, 12])(
    'equals an uninterrupted one, bit for bit, when stopped at look %i',
    async (look) => {
      const config = tinyConfig(workspace);
      const whole = await latest(await startRun(config, NEVER_STOP));
      const folder = await startRun(config, stopAtLook(look));
      for (let attempt = 0; attempt < 2; attempt++) {
        const checkpoint = await latest(folder);
        if (checkpoint.progress.envSteps >= config.train.steps) break;
        await train(config, folder, checkpoint, silentDisplay(), attempt === 0 ? stopAtLook(9) : NEVER_STOP);
      }
      expect(comparable(await latest(folder))).toEqual(comparable(whole));
      const steps = readMetricsFile(folder.metricsPath).map((row) => row.env_steps);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
    },
  );

  it('goes on without its replay buffer when it was not saved', async () => {
    const config = tinyConfig(workspace, ['train.save_buffer_in_checkpoints=False']);
    const folder = await startRun(config, stopAtLook(14));
    const checkpoint = await latest(folder);
    expect(checkpoint.replay).toBeNull();
    expect(checkpoint.progress.envSteps).toBeGreaterThan(0);
    const display = silentDisplay();
    await train(config, folder, checkpoint, display, NEVER_STOP);
    expect(display.notes.join('\n')).toContain('holds no replay buffer');
    expect((await latest(folder)).progress.envSteps).toBe(160);
  });

  it('refuses a finished run and says how to go on', async () => {
    const config = tinyConfig(workspace, ['train.steps=40']);
    const folder = await startRun(config, NEVER_STOP);
    const checkpoint = await latest(folder);
    const again = train(config, folder, checkpoint, silentDisplay(), NEVER_STOP);
    await expect(again).rejects.toThrow('Give a larger train.steps');
  });

  it('refuses another configuration, naming the keys, but not a longer run', async () => {
    const config = tinyConfig(workspace, ['train.steps=40']);
    const checkpoint = await latest(await startRun(config, NEVER_STOP));
    const other = tinyConfig(workspace, ['sac.num_qs=4', 'sac.discount=0.8', 'train.steps=80']);
    expect(() => checkResumable(checkpoint, other)).toThrow(/sac.num_qs: 3 → 4, |sac.discount: 0.9 → 0.8/);
    expect(() => checkResumable(checkpoint, tinyConfig(workspace, ['train.steps=80']))).not.toThrow();
  });
});

describe('a new run', () => {
  it('never writes over an old one', async () => {
    const config = tinyConfig(workspace);
    const first = await createRunFolder(config);
    const second = await createRunFolder(config);
    expect([first.name, second.name, second.renamed]).toEqual(['tiny', 'tiny_1', 'tiny']);
  });

  it('gives the same numbers for any number of environment workers', async () => {
    const one = await latest(await startRun(tinyConfig(workspace), NEVER_STOP));
    const two = await latest(await startRun(tinyConfig(workspace, ['env.num_workers=2']), NEVER_STOP));
    expect(comparable(two)).toEqual(comparable(one));
  });
});

describe('openRunFolder', () => {
  it('names what is missing', () => {
    expect(() => openRunFolder(workspace)).toThrow('no run there');
  });
});
