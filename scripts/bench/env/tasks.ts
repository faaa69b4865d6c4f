import Table from 'cli-table3';
import type { Environment } from '../../../envs/env.js';
import { expertEnvIds, makeExpert } from '../../../envs/experts/make_expert.js';
import { environmentEntry, environmentIds, makeEnvironment } from '../../../envs/registry.js';
import { median } from '../../../src/median.js';
import { RandomStream } from '../../../src/rng.js';
import { rateText } from './rate.js';

/** Something that acts in an environment; its own time is counted apart. */
interface Actor {
  reset(episode: number): void;
  act(observation: Float32Array, action: Float32Array): void;
}

interface Case {
  environment: Environment;
  actor: Actor;
  rounds: Round[];
}

interface Round {
  /** Steps per second of the environment alone, its resets included. */
  rate: number;
  /** Microseconds that the actor takes for an action. */
  microseconds: number;
}

/**
 * Prints the steps per second of one environment of each task in this process: under random actions, and under those of its
 * scripted expert, whose own time is not in the rate but beside it.
 */
export async function benchTasks(seconds: number, rounds: number): Promise<void> {
  const withExpert = expertEnvIds();
  const rows = await Promise.all(
    environmentIds().map(async (envId) => ({
      envId,
      random: await openCase(envId, randomActor),
      expert: withExpert.includes(envId) ? await openCase(envId, expertActor) : null,
    })),
  );
  const cases = rows.flatMap(({ random, expert }) => (expert ? [random, expert] : [random]));
  try {
    for (const each of cases) measure(each, seconds);
    for (let round = 0; round < rounds; round++) {
      for (const each of cases) each.rounds.push(measure(each, seconds));
    }
  } finally {
    for (const { environment } of cases) environment.close();
  }
  const table = new Table({
    head: ['env steps/s', 'random actions', "expert's actions", "expert's own µs a step"],
    style: { head: [], border: [] },
  });
  for (const { envId, random, expert } of rows) {
    table.push([envId, ratesOf(random), ...(expert ? [ratesOf(expert), ownTimeOf(expert)] : ['–', '–'])]);
  }
  console.log(`one environment in one process\n${table}`);
}

async function openCase(envId: string, makeActor: (environment: Environment) => Actor): Promise<Case> {
  const { controlModes, defaultRewardMode } = environmentEntry(envId);
  const environment = await makeEnvironment(envId, {
    controlMode: controlModes[0],
    rewardMode: defaultRewardMode,
  });
  return { environment, actor: makeActor(environment), rounds: [] };
}

/** Runs whole episodes until `seconds` have passed. */
function measure({ environment, actor }: Case, seconds: number): Round {
  const { observationDim, actionDim, maxEpisodeSteps } = environment.spec;
  const observation = new Float32Array(observationDim);
  const action = new Float32Array(actionDim);
  let acting = 0;
  let steps = 0;
  let elapsed = 0;
  const startedAt = performance.now();
  for (let episode = 0; elapsed < 1000 * seconds; episode++) {
    environment.reset(episode, observation);
    actor.reset(episode);
    let hasFallen = false;
    for (let step = 0; step < maxEpisodeSteps && !hasFallen; step++) {
      const before = performance.now();
      actor.act(observation, action);
      acting += performance.now() - before;
      const { terminated, success } = environment.step(action, observation);
      hasFallen = terminated && !success;
      steps++;
    }
    elapsed = performance.now() - startedAt;
  }
  return { rate: (1000 * steps) / (elapsed - acting), microseconds: (1000 * acting) / steps };
}

function randomActor(): Actor {
  const stream = new RandomStream(0);
  return { reset() {}, act: (_observation, action) => stream.fillUniform(action, -1, 1) };
}

function expertActor({ spec }: Environment): Actor {
  return makeExpert(spec, { seed: 0, actionNoise: 0, imperfectShare: 0, speed: 1 });
}

function ratesOf({ rounds }: Case): string {
  return rateText(rounds.map(({ rate }) => rate));
}

function ownTimeOf({ rounds }: Case): string {
  return median(rounds.map(({ microseconds }) => microseconds)).toFixed(1);
}
