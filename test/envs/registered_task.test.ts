import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expertEnvIds } from '../../envs/experts/make_expert.js';
import {
  environmentEntry,
  environmentIds,
  makeEnvironment,
  registerTask,
  taskOf,
} from '../../envs/registry.js';
import { defineTask, type Task } from '../../envs/tasks/define_task.js';
import { PUSH_CUBE } from '../../envs/tasks/push_cube.js';
import { loadConfig } from '../../src/config/load.js';
import { measureOf } from '../../src/config/task.js';
import { makeDemos } from '../../src/demonstrations/make_demos.js';
import { createVectorEnvironment } from '../../src/rollout/create_vector_env.js';
import { evaluate } from '../../src/rollout/evaluate.js';
import { frameOf } from '../../src/video/clip.js';
import { VideoQueue } from '../../src/video/video_queue.js';
import { folderOfTest } from '../temporary_folder.js';

const HORIZON = 7;

/** A module as a user writes it: it makes a task of the id, and does what `rest` says. */
function taskModule(id: string, rest = ''): string {
  const path = join(folderOfTest(), 'task.mjs');
  const dist = (name: string) => JSON.stringify(pathToFileURL(`dist/${name}`).href);
  writeFileSync(
    path,
    `import { registerTask, taskOf } from ${dist('envs/registry.js')};
import { train } from ${dist('src/library/train.js')};
import { createVectorEnvironment } from ${dist('src/rollout/create_vector_env.js')};
registerTask({ ...taskOf('PushCube-v1'), id: '${id}', horizon: ${HORIZON} }, import.meta.url);
${rest}`,
  );
  return pathToFileURL(path).href;
}

function register(id: string, module = import.meta.url, changes: Partial<Task> = {}): void {
  registerTask(defineTask({ ...PUSH_CUBE, id, horizon: HORIZON, ...changes }), module);
}

const vectorOptions = {
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'dense',
  numEnvs: 2,
  seed: 1,
  ignoreTerminations: true,
} as const;

async function summaryOf(envId: string, numWorkers: number) {
  const environment = await createVectorEnvironment({ ...vectorOptions, envId, numWorkers });
  try {
    return (await evaluate((_, actions) => void actions.fill(0.3), environment, { episodes: 4 })).summary;
  } finally {
    await environment.close();
  }
}

describe("a task of a user's own", () => {
  it('is an environment like the others, with its horizon and its expert', async () => {
    register('Own-v0');
    expect(environmentIds()).toContain('Own-v0');
    expect(expertEnvIds()).toContain('Own-v0');
    expect(loadConfig('configs/default.yml', ['env.env_id=Own-v0']).env.max_episode_steps).toBe(HORIZON);
    const environment = await makeEnvironment('Own-v0', vectorOptions);
    expect(environment.spec).toMatchObject({ envId: 'Own-v0', maxEpisodeSteps: HORIZON });
    environment.close();
  });

  it('says which success it is judged by: that at the end, if nothing else', () => {
    register('Stays-v0');
    register('Goes-v0', import.meta.url, { judgedBy: 'success_once' });
    const measure = (envId: string) => measureOf(loadConfig('configs/default.yml', [`env.env_id=${envId}`]));
    expect(['Stays-v0', 'Goes-v0'].map(measure)).toEqual(['success_at_end', 'success_once']);
    expect(environmentEntry('Goes-v0').judgedBy).toBe('success_once');
  });

  it('cannot have an id that is taken', () => {
    register('Twice-v0');
    expect(() => register('Twice-v0')).toThrow('there is a task "Twice-v0" already');
    expect(() => register('PickCube-v1')).toThrow('there is a task "PickCube-v1" already');
    expect(taskOf('PickCube-v1').horizon).not.toBe(HORIZON);
  });

  it('does the same in worker threads, which import the module that registers it', async () => {
    register('Threaded-v0', taskModule('Threaded-v0'));
    const here = await summaryOf('Threaded-v0', 0);
    expect(here.episode_len.max).toBe(HORIZON);
    expect(await summaryOf('Threaded-v0', 2)).toEqual(here);
  });

  it('is demonstrated by worker threads as it is in this one', async () => {
    register('Shown-v0', taskModule('Shown-v0'));
    const demosBy = async (numWorkers: number) => {
      const outputPath = join(folderOfTest(), `by_${numWorkers}.h5`);
      const { summary } = await makeDemos({
        envId: 'Shown-v0',
        controlMode: vectorOptions.controlMode,
        rewardMode: null,
        numEpisodes: 4,
        seed: 1,
        actionNoise: 0,
        imperfectShare: 0,
        speed: 1,
        failedShare: null,
        holdSteps: null,
        numWorkers,
        outputPath,
        overwrite: false,
      });
      return summary;
    };
    const here = await demosBy(1);
    expect(here.episode_len.max).toBe(HORIZON);
    expect(await demosBy(2)).toEqual(here);
  });

  it('is shown in videos, which a thread makes', async () => {
    register('Filmed-v0', taskModule('Filmed-v0'));
    const folder = folderOfTest();
    const environment = await makeEnvironment('Filmed-v0', vectorOptions);
    const { observationDim, maxEpisodeSteps } = environment.spec;
    environment.reset(5, new Float32Array(observationDim));
    const frames = [frameOf(environment, 0, environment.evaluate())];
    environment.close();
    const queue = VideoQueue.start();
    const format = { envId: 'Filmed-v0', fps: 20, tileSize: 32 };
    const [states, played] = ['states.png', 'played.png'].map((name) => join(folder, name));
    queue.add(states, { ...format, clips: [{ title: 'episode 5', frames }] });
    const episodes = [{ title: 'episode 5', seed: 5, actions: new Float32Array(0) }];
    queue.add(played, { ...format, ...vectorOptions, maxEpisodeSteps, episodes });
    expect(await queue.finish()).toEqual([]);
    expect(readFileSync(played)).toEqual(readFileSync(states));
  });

  it('is known to the command if Node.js loads its module first', () => {
    const output = join(folderOfTest(), 'demos.h5');
    const words = ['make_demos', '--env-id', 'Given-v0', '--num-episodes', '2', '--output', output];
    const said = execFileSync(
      process.execPath,
      ['--import', taskModule('Given-v0'), 'dist/src/cli.js', ...words],
      { encoding: 'utf8', stdio: 'pipe' },
    );
    expect(said).toContain(`${output}: 2 episodes`);
  });

  it('is refused, without further threads, if its module starts workers when it is imported', async () => {
    const options = JSON.stringify({ ...vectorOptions, envId: 'PushCube-v1', numWorkers: 1 });
    register('Endless-v0', taskModule('Endless-v0', `await createVectorEnvironment(${options});`));
    await expect(summaryOf('Endless-v0', 1)).rejects.toThrow('isMainThread');
  });

  it('is refused, and nothing begins, if its module trains when it is imported', async () => {
    const workspace = join(folderOfTest(), 'runs');
    const overrides = JSON.stringify({ 'logger.workspace': workspace, 'train.steps': 8 });
    register('Eager-v0', taskModule('Eager-v0', `await train({ overrides: ${overrides} });`));
    await expect(summaryOf('Eager-v0', 1)).rejects.toThrow('isMainThread');
    expect(existsSync(workspace)).toBe(false);
  });
});
