import { afterEach, expect, test, vi } from 'vitest';
import { createVectorEnvironment } from '../../../src/rollout/create_vector_env.js';
import { spawned } from '../runtime/node/spawned_workers.js';

vi.mock('node:worker_threads', async (importOriginal) => {
  const { rememberWorkers } = await import('../runtime/node/spawned_workers.js');
  return rememberWorkers(await importOriginal());
});

afterEach(async () => {
  await Promise.all(spawned.splice(0).map((worker) => worker.terminate()));
});

async function create() {
  const environment = await createVectorEnvironment({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
    numEnvs: 4,
    numWorkers: 2,
    seed: 0,
    ignoreTerminations: true,
  });
  await environment.reset();
  return { environment, actions: new Float32Array(4 * environment.spec.actionDim) };
}

const ENDED = /environment worker 1 \(environments 2 to 3\) ended unexpectedly/;

test('a worker that ends between steps rejects the next ones', async () => {
  const { environment, actions } = await create();
  await spawned[1].terminate();
  await expect(environment.step(actions)).rejects.toThrow(ENDED);
  await expect(environment.step(actions)).rejects.toThrow(ENDED);
});

test('a worker that ends during a step rejects it', async () => {
  const { environment, actions } = await create();
  const step = async () => {
    for (;;) await environment.step(actions);
  };
  const stepping = step();
  setTimeout(() => void spawned[1].terminate(), 50);
  await expect(stepping).rejects.toThrow(ENDED);
});

test('the end of one worker is the end of all', async () => {
  const { environment } = await create();
  const other = new Promise((resolve) => spawned[0].once('exit', resolve));
  await spawned[1].terminate();
  await other;
  await environment.close();
});
