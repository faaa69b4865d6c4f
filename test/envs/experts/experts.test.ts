import { describe, expect, it } from 'vitest';
import { expertEnvIds } from '../../../envs/experts/make_expert.js';
import { environmentEntry, makeEnvironment } from '../../../envs/registry.js';
import { PERFECT, successSteps } from './success_steps.js';

const EPISODES = 100;
/** Failures that are allowed in 100 episodes. A ball that is thrown may roll past its goal. */
const FAILURES = 5;
const FAILURES_OF_THROWS = 10;
/** Further ones where the tool can't turn: it reaches less far and throws less fast. */
const FAILURES_WITHOUT_TURNS = 5;

const cases = expertEnvIds().flatMap((envId) =>
  environmentEntry(envId).controlModes.map((controlMode) => ({ envId, controlMode })),
);

describe.each(cases)('the expert of $envId in $controlMode', ({ envId, controlMode }) => {
  it('succeeds nearly always, by actions within their bounds', async () => {
    const environment = await makeEnvironment(envId, { controlMode, rewardMode: 'sparse' });
    const successes = successSteps(environment, PERFECT, EPISODES);
    environment.close();
    const failures = envId === 'RollBall-v1' ? FAILURES_OF_THROWS : FAILURES;
    const isTurning = controlMode !== 'pd_ee_delta_pos';
    const allowed = failures + (isTurning ? 0 : FAILURES_WITHOUT_TURNS);
    expect(successes.length).toBeGreaterThanOrEqual(EPISODES - allowed);
  });
});
