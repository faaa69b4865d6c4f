import { describe, expect, it } from 'vitest';
import { EXPERT_ENV_IDS, makeExpert } from '../../../envs/experts/expert.js';
import { environmentEntry, makeEnvironment } from '../../../envs/registry.js';

const PERFECT = { seed: 1, actionNoise: 0, imperfectShare: 0, speed: 1 };
const EPISODES = 100;

const cases = EXPERT_ENV_IDS.flatMap((envId) =>
  environmentEntry(envId).controlModes.map((controlMode) => ({ envId, controlMode })),
);

describe.each(cases)('the expert of $envId in $controlMode', ({ envId, controlMode }) => {
  it('succeeds in 95 of 100 episodes, by actions within their bounds', async () => {
    const environment = await makeEnvironment(envId, { controlMode, rewardMode: 'sparse' });
    const { observationDim, actionDim, actionLow, actionHigh, maxEpisodeSteps } = environment.spec;
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
        expect(action.every((value, i) => value >= actionLow[i] && value <= actionHigh[i])).toBe(true);
        hasSucceeded = environment.step(action, observation).success;
      }
      if (hasSucceeded) successes++;
    }
    environment.close();
    expect(successes).toBeGreaterThanOrEqual(95);
  });
});
