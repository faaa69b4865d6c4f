import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Expert } from '../../envs/experts/expert.js';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { RandomStream } from '../../src/rng.js';
import { createVectorEnvironment } from '../../src/rollout/create_vector_env.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import type { VectorEnvironment } from '../../src/rollout/vector_env.js';
import type { Comparison } from './comparison.js';
import { rateText } from './env/rate.js';
import { benchTasks } from './env/tasks.js';

const ENV_ID = 'PickCube-v1';
const SETTINGS = [
  { name: '1 environment', numEnvs: 1, numWorkers: 0 },
  { name: '8 in one process', numEnvs: 8, numWorkers: 0 },
  { name: '8 over 2 workers', numEnvs: 8, numWorkers: 2 },
];
const KINDS = ['random', 'scripted'] as const;
/**
 * Milliseconds of a step in ManiSkill's environment on its CPU backend, where ours took 0.051 in the same session.
 */
const MANISKILL_MILLISECONDS = 1.749;
type Kind = (typeof KINDS)[number];

/** Writes the next actions [numEnvs, actionDim] of every environment. */
type ActionMaker = (environment: VectorEnvironment, actions: Float32Array) => void;

/**
 * Prints environment steps per second: of each task, one environment in one process; and of one task, one environment, 8 in one
 * process and 8 over 2 workers, with random actions and with the scripted expert, which acts in the main thread and
 * within the time. Settings take turns, so that a busy machine slows them alike; the median of the rounds counts.
 *
 * `--seconds <n>` for each measurement (1), `--rounds <n>` (5).
 */
export async function benchEnv(args: string[]): Promise<Comparison[]> {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
  });
  const seconds = Number(values.seconds);
  const rounds = Number(values.rounds);
  await benchTasks(seconds, rounds);
  const cases = await Promise.all(
    SETTINGS.flatMap((setting) => KINDS.map((kind) => openCase(setting, kind))),
  );
  try {
    for (const { run } of cases) await run(seconds);
    for (let round = 0; round < rounds; round++) {
      for (const { run, rates } of cases) rates.push(await run(seconds));
    }
    print(cases);
    return [compareWithManiSkill(cases)];
  } finally {
    await Promise.all(cases.map(({ environment }) => environment.close()));
  }
}

interface Case {
  name: string;
  kind: Kind;
  environment: VectorEnvironment;
  /** Environment steps per second, one entry a round. */
  rates: number[];
  run(seconds: number): Promise<number>;
}

async function openCase({ name, numEnvs, numWorkers }: (typeof SETTINGS)[number], kind: Kind): Promise<Case> {
  const environment = await createVectorEnvironment({
    envId: ENV_ID,
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
    numEnvs,
    numWorkers,
    seed: 0,
    ignoreTerminations: true,
  });
  const makeActions = kind === 'random' ? randomActions() : scriptedActions(environment);
  await environment.reset();
  return {
    name,
    kind,
    environment,
    rates: [],
    run: (seconds) => stepsPerSecond(environment, makeActions, seconds),
  };
}

async function stepsPerSecond(
  environment: VectorEnvironment,
  makeActions: ActionMaker,
  seconds: number,
): Promise<number> {
  const actions = new Float32Array(environment.numEnvs * environment.spec.actionDim);
  const startedAt = performance.now();
  let steps = 0;
  while (performance.now() - startedAt < 1000 * seconds) {
    makeActions(environment, actions);
    await environment.step(actions);
    steps += environment.numEnvs;
  }
  return (1000 * steps) / (performance.now() - startedAt);
}

function randomActions(): ActionMaker {
  const stream = new RandomStream(0);
  return (_environment, actions) => stream.fillUniform(actions, -1, 1);
}

function scriptedActions({ spec, numEnvs, observations }: VectorEnvironment): ActionMaker {
  const { observationDim, actionDim } = spec;
  const experts: Expert[] = [];
  const rows = Array.from({ length: numEnvs }, (_, env) =>
    observations.subarray(env * observationDim, (env + 1) * observationDim),
  );
  for (let env = 0; env < numEnvs; env++) {
    experts.push(makeExpert(spec, { seed: env, actionNoise: 0, imperfectShare: 0, speed: 1 }));
    experts[env].reset(0);
  }
  let episode = 0;
  return ({ truncated }, actions) => {
    for (let env = 0; env < numEnvs; env++) {
      if (truncated[env]) experts[env].reset(++episode);
      experts[env].act(rows[env], actions.subarray(env * actionDim, (env + 1) * actionDim));
    }
  };
}

function compareWithManiSkill(cases: readonly Case[]): Comparison {
  const { rates } = findCase(cases, SETTINGS[0].name, 'random');
  const milliseconds = 1000 / distribution(rates).median;
  return {
    name: 'step of one environment, random actions',
    milliseconds,
    other: "ManiSkill's, recorded",
    otherMilliseconds: MANISKILL_MILLISECONDS,
    ratio: milliseconds / MANISKILL_MILLISECONDS,
  };
}

function findCase(cases: readonly Case[], name: string, kind: Kind): Case {
  return cases.find((each) => each.name === name && each.kind === kind)!;
}

function print(cases: readonly Case[]): void {
  const table = new Table({ head: [`${ENV_ID}, env steps/s`, ...KINDS], style: { head: [], border: [] } });
  for (const { name } of SETTINGS) {
    const rates = KINDS.map((kind) => findCase(cases, name, kind).rates);
    table.push([name, ...rates.map(rateText)]);
  }
  console.log(table.toString());
}
