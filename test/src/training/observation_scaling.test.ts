import { describe, expect, test } from 'vitest';
import type { EnvironmentSpec } from '../../../envs/env.js';
import { validateConfig } from '../../../src/config/load.js';
import { observationScaling } from '../../../src/training/observation_scaling.js';

const spec = {
  envId: 'Toy-v1',
  observationDim: 4,
  observationLayout: [
    { name: 'agent.qpos', offset: 0, size: 2 },
    { name: 'agent.qvel', offset: 2, size: 1 },
    { name: 'extra.goal_pos', offset: 3, size: 1 },
  ],
} as unknown as EnvironmentSpec;
const summary = {
  observationMean: Float32Array.of(1, 2, 3, 4),
  observationStd: Float32Array.of(0.5, 2, 0, 0.01),
};

function scaling(train: object, observations: string[] | null) {
  const { mean, scale } = observationScaling(
    validateConfig({ train, network: { observations } }, 'test'),
    spec,
    summary,
  );
  return { mean: [...mean], scale: [...scale] };
}

describe('observationScaling', () => {
  test('is the identity where nothing is asked for', () => {
    expect(scaling({}, null)).toEqual({ mean: [0, 0, 0, 0], scale: [1, 1, 1, 1] });
  });

  test('divides by the deviations of the demonstrations, but by none that is too small', () => {
    const train = { normalize_observations: true };
    expect(scaling(train, null)).toEqual({ mean: [1, 2, 3, 4], scale: [2, 0.5, 20, 20] });
  });

  test('hides the parts of the observation that are not named', () => {
    const parts = ['extra.goal_pos', 'agent.qpos'];
    expect(scaling({}, parts).scale).toEqual([1, 1, 0, 1]);
    expect(scaling({ normalize_observations: true }, parts).scale).toEqual([2, 0.5, 0, 20]);
  });

  test('shows all parts that begin as a name with .* does, and asks for one at least', () => {
    expect(scaling({}, ['agent.*']).scale).toEqual([1, 1, 1, 0]);
    expect(scaling({}, ['agent.qvel', 'extra.*']).scale).toEqual([0, 0, 1, 1]);
    expect(() => scaling({}, ['extr.*'])).toThrow('Toy-v1 has no "extr.*"');
  });

  test('tells arm and fingers apart', () => {
    const joints = {
      ...spec,
      observationLayout: [
        { name: 'agent.qpos', kind: 'joint_positions', offset: 1, size: 9 },
        { name: 'agent.qvel', kind: 'joint_velocities', offset: 10, size: 9 },
      ],
    } as unknown as EnvironmentSpec;
    const seen = (...observations: string[]) => {
      const config = validateConfig({ network: { observations } }, 'test');
      const { scale } = observationScaling(config, joints, {
        observationMean: new Float32Array(19),
        observationStd: new Float32Array(19),
      });
      return [...scale.keys()].filter((entry) => scale[entry] === 1);
    };
    expect(seen('agent.qpos.fingers')).toEqual([8, 9]);
    expect(seen('agent.qpos.arm')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(seen('agent.qvel.fingers', 'agent.qpos.fingers')).toEqual([8, 9, 17, 18]);
    expect(() => seen('agent.fingers')).toThrow(
      'its parts are agent.qpos, agent.qpos.arm, agent.qpos.fingers',
    );
  });

  test('needs a task to know the parts', () => {
    const config = validateConfig({ network: { observations: ['agent.qpos'] } }, 'test');
    expect(() => observationScaling(config, null, summary)).toThrow(
      'network.observations: env.env_id is null, and only a task tells what observations are made of: without a task it has to be ' +
        'network.observations=None',
    );
  });

  test('names the parts that there are', () => {
    expect(() => scaling({}, ['agent.qpso'])).toThrow(
      'network.observations: Toy-v1 has no "agent.qpso"; its parts are agent.qpos, agent.qvel, extra.goal_pos; ' +
        'network.observations=None is all of them',
    );
  });
});
