import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { makeEnvironment, sceneOf } from '../../envs/registry.js';
import type { SceneDescription } from '../../envs/scene.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import { createFrameRenderer, type FrameRenderer } from '../../src/video/frame_renderer.js';
import type { Comparison } from './comparison.js';

const ENV_ID = 'PickCube-v1';
const SIZES = [256, 512];
/** A frame at the 20 steps a second that the robot is controlled at. */
const REAL_TIME_MILLISECONDS = 50;

/**
 * Prints frames per second of processor time, which other programs hardly touch, for square pictures of the states of
 * one scripted episode. The renderer runs on one core. The median of the rounds counts.
 *
 * `--seconds <n>` for each measurement (1), `--rounds <n>` (5).
 */
export async function benchRender(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
  });
  const scene = sceneOf(ENV_ID);
  const frames = await episodePoses(scene);
  const cases = SIZES.map((size) => ({
    size,
    renderer: createFrameRenderer(scene, { width: size, height: size }),
    rates: [] as number[],
  }));
  for (const { renderer } of cases) framesPerSecond(renderer, frames, Number(values.seconds));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const { renderer, rates } of cases) {
      rates.push(framesPerSecond(renderer, frames, Number(values.seconds)));
    }
  }
  const table = new Table({
    head: [ENV_ID, 'frames per second on one core'],
    style: { head: [], border: [] },
  });
  for (const { size, rates } of cases) {
    const { median, min, max } = distribution(rates);
    table.push([`${size} × ${size}`, `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`]);
  }
  console.log(table.toString());
  return cases.map(({ size, rates }) => {
    const milliseconds = 1000 / distribution(rates).median;
    return {
      name: `picture of ${size} × ${size}, one core`,
      milliseconds,
      other: 'step of the robot in real time',
      otherMilliseconds: REAL_TIME_MILLISECONDS,
      ratio: milliseconds / REAL_TIME_MILLISECONDS,
    };
  });
}

function framesPerSecond(renderer: FrameRenderer, frames: readonly Float32Array[], seconds: number): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  while (performance.now() - startedAt < 1000 * seconds) renderer.render(frames[count++ % frames.length]);
  const { user, system } = process.cpuUsage(before);
  return (1e6 * count) / (user + system);
}

/** The poses [bodies, 7] of every state of an episode. */
async function episodePoses(scene: SceneDescription): Promise<Float32Array[]> {
  const environment = await makeEnvironment(ENV_ID, {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'none',
  });
  try {
    const { spec } = environment;
    const expert = makeExpert(spec, { seed: 0, actionNoise: 0, imperfectShare: 0, speed: 1 });
    const observation = new Float32Array(spec.observationDim);
    const action = new Float32Array(spec.actionDim);
    environment.reset(0, observation);
    expert.reset(0);
    return Array.from({ length: spec.maxEpisodeSteps }, () => {
      const poses = new Float32Array(7 * scene.bodies.length);
      scene.writePoses(environment.getState(), poses);
      expert.act(observation, action);
      environment.step(action, observation);
      return poses;
    });
  } finally {
    environment.close();
  }
}
