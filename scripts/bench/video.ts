import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { makeEnvironment } from '../../envs/registry.js';
import { recordEpisode } from '../../src/demonstrations/record_episode.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import type { Agent } from '../../src/learner/agent.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import { encodeMp4 } from '../../src/video/mp4.js';
import { renderVideo } from '../../src/video/render_video.js';
import { type SimulatedVideo, simulateVideo } from '../../src/video/simulated_video.js';
import { VideoQueue } from '../../src/video/video_queue.js';
import type { Comparison } from './comparison.js';
import { createLearner, randomBatches, UPDATES_PER_CALL } from './learner_case.js';

const ENV_ID = 'PickCube-v1';
/** Tiles and pixels: a single episode as of `rlpd render`, and an evaluation as of the default configuration. */
const SHAPES = [
  { tiles: 1, tileSize: 512 },
  { tiles: 4, tileSize: 256 },
];
/** Updates between two evaluations of the default recipe: 2,000 env steps, with 16 updates for every 32. */
const UPDATES_PER_EVALUATION = 1000;
/** Calls of `update` per round with nothing beside them. */
const CALLS_PER_ROUND = 20;

/**
 * Prints how fast videos are drawn and encoded, and what the video of each evaluation costs a training: updates with
 * nothing beside them and updates beside the writing of a video take turns, so that other work on the machine disturbs
 * both alike.
 *
 * @param args `--rounds n` (default 5) and `--steps n`, the length of the episodes (50)
 */
export async function benchVideo(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '5' }, steps: { type: 'string', default: '50' } },
  });
  const steps = Number(values.steps);
  await printSpeeds(steps);
  const rounds = await measureSlowdown(steps, Number(values.rounds));
  printRounds(rounds);
  const median = (value: (round: Round) => number) => distribution(rounds.map(value)).median;
  return [
    {
      name: 'update while a video is written',
      milliseconds: median(({ beside }) => beside),
      other: 'update alone',
      otherMilliseconds: median(({ quiet }) => quiet),
      ratio: median(({ quiet, beside }) => beside / quiet),
    },
  ];
}

async function printSpeeds(steps: number): Promise<void> {
  const head = ['video', 'drawn frames/s', 'encoded frames/s', 'kB/s of video'];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: head.map(() => 'right') });
  for (const { tiles, tileSize } of SHAPES) {
    const video = await simulateVideo(await scriptedEpisodes(tiles, tileSize, steps));
    const drawn: Uint8ClampedArray[] = [];
    const { format, frames } = renderVideo(video);
    const drawing = await seconds(async () => {
      for await (const frame of frames) drawn.push(frame);
    });
    let bytes = 0;
    const encoding = await seconds(async () => {
      bytes = (await encodeMp4(each(drawn), format)).length;
    });
    const rate = (time: number) => (drawn.length / time).toFixed(0);
    const kilobytes = (bytes / 1000 / (drawn.length / video.fps)).toFixed(0);
    table.push([`${tiles} × ${tileSize}²`, rate(drawing), rate(encoding), kilobytes]);
  }
  console.log(table.toString());
}

/** Measurements of one round. */
interface Round {
  /** Milliseconds an update, without and with a video being written meanwhile. */
  quiet: number;
  beside: number;
  /** Updates made and seconds gone by until the video was there. */
  updates: number;
  seconds: number;
}

async function measureSlowdown(steps: number, rounds: number): Promise<Round[]> {
  const agent = await createLearner({ numQs: 2, actorUpdateFreq: 1 }, null);
  const { tiles, tileSize } = SHAPES[1];
  const video = await scriptedEpisodes(tiles, tileSize, steps);
  const folder = createTemporaryFolder('bench');
  const queue = VideoQueue.start();
  const measured: Round[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const quiet = await update(agent, (calls) => calls < CALLS_PER_ROUND);
      queue.add(join(folder, `${round}.mp4`), video);
      const beside = await update(agent, () => queue.pending > 0);
      // The first round warms caches and the thread.
      if (round > 0) measured.push({ ...beside, quiet: quiet.each, beside: beside.each });
    }
  } finally {
    await queue.finish();
    await agent.dispose();
    removeFolder(folder);
  }
  return measured;
}

function printRounds(rounds: readonly Round[]): void {
  const median = (value: (round: Round) => number) => distribution(rounds.map(value)).median;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const lines = [
    ['ms an update, nothing beside it', median(({ quiet }) => quiet).toFixed(2)],
    ['ms an update while a video is written', median(({ beside }) => beside).toFixed(2)],
    ['slower meanwhile by', percent(median(({ quiet, beside }) => beside / quiet - 1))],
    ['seconds until the video is there', median(({ seconds }) => seconds).toFixed(1)],
    [
      `training slower by, a video every ${UPDATES_PER_EVALUATION} updates`,
      percent(
        median(({ quiet, beside, updates }) => (updates * (beside / quiet - 1)) / UPDATES_PER_EVALUATION),
      ),
    ],
  ];
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  table.push(...lines);
  console.log(table.toString());
}

/** Calls `agent.update` while `goesOn` says so, and returns the milliseconds per update. */
async function update(
  agent: Agent,
  goesOn: (calls: number) => boolean,
): Promise<{ each: number; updates: number; seconds: number }> {
  const batches = randomBatches(UPDATES_PER_CALL);
  let calls = 0;
  const time = await seconds(async () => {
    for (; goesOn(calls); calls++) {
      await agent.update(batches);
      await setImmediate();
    }
  });
  const updates = calls * UPDATES_PER_CALL;
  return { each: (1000 * time) / updates, updates, seconds: time };
}

async function scriptedEpisodes(tiles: number, tileSize: number, steps: number): Promise<SimulatedVideo> {
  const setting = {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
    maxEpisodeSteps: steps,
  } as const;
  const environment = await makeEnvironment(ENV_ID, setting);
  const expert = makeExpert(environment.spec, { seed: 0, actionNoise: 0.1, imperfectShare: 0, speed: 1 });
  const episodes = Array.from({ length: tiles }, (_, seed) => {
    expert.reset(seed);
    const act = expert.act.bind(expert);
    const { actions } = recordEpisode(environment, act, { episodeId: seed, seed });
    return { title: `episode ${seed}`, seed, actions };
  });
  environment.close();
  return { ...setting, envId: ENV_ID, fps: 20, tileSize, episodes };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
