import { describe, expect, it } from 'vitest';
import { expertEnvIds, makeExpert } from '../../../envs/experts/make_expert.js';
import { environmentEntry, makeEnvironment } from '../../../envs/registry.js';

const PERFECT = { seed: 1, actionNoise: 0, imperfectShare: 0, speed: 1 };
const EPISODES = 100;
/**
 * Least successes in 100 episodes. Without turning, the tool doesn't reach as far as some cubes have to be pushed.
 */
const LEAST = 95;
const LEAST_WITHOUT_TURNS = 90;

const cases = expertEnvIds().flatMap((envId) =>
  environmentEntry(envId).controlModes.map((controlMode) => ({ envId, controlMode })),
);

describe.each(cases)('the expert of $envId in $controlMode', ({ envId, controlMode }) => {
  it('succeeds nearly always, by actions within their bounds', async () => {
    const environment = await makeEnvironment(envId, { controlMode, rewardMode: 'sparse' });
    const { observationDim, actionDim, maxEpisodeSteps } = environment.spec;
    const low = Float32Array.from(environment.spec.actionLow);
    const high = Float32Array.from(environment.spec.actionHigh);
    const expert = makeExpert(environment.spec, PERFECT);
    const observation = new Float32Array(observationDim);
    const action = new Float32Array(actionDim);
    let successes = 0;
    for (let seed = 0; seed < EPISODES; seed++) {
      environment.reset(seed, observation);
      expert.reset(seed);
      let hasSucceeded = false;
      for (let step = 0; step < maxEpisodeSteps && !hasSucceeded; step++) {
        expert.act(observation, action);
        expect(action.every((value, i) => value >= low[i] && value <= high[i])).toBe(true);
        hasSucceeded = environment.step(action, observation).success;
      }
      if (hasSucceeded) successes++;
    }
    environment.close();
    const isTurning = controlMode !== 'pd_ee_delta_pos';
    expect(successes).toBeGreaterThanOrEqual(isTurning ? LEAST : LEAST_WITHOUT_TURNS);
  });
});
