import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeExpert } from '../../../../envs/experts/make_expert.js';
import { FixedContacts } from '../../../../envs/physics/solver/fixed_contacts.js';
import { FreeBody } from '../../../../envs/physics/solver/free_body.js';
import { environmentEntry, makeEnvironment } from '../../../../envs/registry.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** All states of an expert's episode with noise, and the number of steps that bodies were solved in. */
async function play(envId: string, seed: number): Promise<{ states: Float64Array[]; solved: number }> {
  const solving = vi.spyOn(FreeBody.prototype, 'end');
  solving.mockClear();
  const { controlModes, defaultRewardMode } = environmentEntry(envId);
  const environment = await makeEnvironment(envId, {
    controlMode: controlModes[0],
    rewardMode: defaultRewardMode,
  });
  onTestFinished(() => environment.close());
  const { spec } = environment;
  const expert = makeExpert(spec, { seed, actionNoise: 0.2, imperfectShare: 0, speed: 1 });
  const observation = new Float32Array(spec.observationDim);
  const action = new Float32Array(spec.actionDim);
  environment.reset(seed, observation);
  expert.reset(seed);
  const states: Float64Array[] = [];
  for (let step = 0; step < spec.maxEpisodeSteps; step++) {
    expert.act(observation, action);
    environment.step(action, observation);
    const { actors, articulations } = environment.getState();
    states.push(...Object.values(actors), ...Object.values(articulations));
  }
  return { states, solved: solving.mock.calls.length };
}

function solveAlways(): void {
  const { begin } = FixedContacts.prototype;
  vi.spyOn(FixedContacts.prototype, 'begin').mockImplementation(function (this: FixedContacts) {
    this.forget();
    begin.call(this);
  });
}

describe('steps in which bodies rest', () => {
  it.each([
    ['PullCube-v1', 0],
    ['PokeCube-v1', 1],
    ['PullCubeTool-v1', 2],
    ['RollBall-v1', 3],
    ['StackPyramid-v1', 4],
  ])('are played back bit for bit as they are solved, in %s', async (envId, seed) => {
    const played = await play(envId, seed);
    solveAlways();
    const solved = await play(envId, seed);
    expect(played.states).toEqual(solved.states);
    expect(played.solved).toBeLessThan(0.98 * solved.solved);
  });
});
