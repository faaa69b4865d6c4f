import { describe, expect, it, onTestFinished } from 'vitest';
import type { RewardMode } from '../../../envs/env.js';
import { NumpyRandom } from '../../../envs/numpy_random.js';
import { defineTask, type Task } from '../../../envs/tasks/define_task.js';
import { withGeometry } from '../../../envs/tasks/recorded_geometry.js';
import { createTaskEnvironment } from '../../../envs/tasks/task_environment.js';
import { inFilePrecision } from '../../../envs/tasks/task_instance.js';
import { describeScene } from '../../../envs/tasks/task_scene.js';
import { PEG_TASK } from './peg_task.js';

const HALF_SIZE = 'extra.peg_half_size';

/** A recording's first observation, without its seed. */
const seen = (observation: Float32Array) => ({ observe: () => observation, seed: null });

async function make(task: Task = PEG_TASK, rewardMode: RewardMode = 'dense') {
  const environment = await createTaskEnvironment(task, { controlMode: 'pd_joint_delta_pos', rewardMode });
  onTestFinished(() => environment.close());
  const observation = new Float32Array(environment.spec.observationDim);
  const action = new Float32Array(environment.spec.actionDim);
  const at = (name: string) => environment.spec.observationLayout.find((part) => part.name === name)!.offset;
  const sizes = () => [...observation.subarray(at(HALF_SIZE), at(HALF_SIZE) + 2)];
  const run = (steps: number, value: number) => {
    action.fill(value);
    return Array.from({ length: steps }, () => ({ ...environment.step(action, observation).rewardTerms }));
  };
  return { environment, observation, sizes, run };
}

describe('the geometry of an episode', () => {
  it('follows from the seed, whatever ran before', async () => {
    const { environment, observation, sizes } = await make();
    const drawn = [1, 2, 1].map((seed) => {
      environment.reset(seed, observation);
      return sizes();
    });
    expect(drawn[2]).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
    environment.reset(3, observation);
    const again = await make();
    again.environment.reset(3, again.observation);
    expect(again.observation).toEqual(observation);
  });

  it('is a part of the state, and stays what it is where a state has none', async () => {
    const { environment, observation, sizes } = await make();
    environment.reset(1, observation);
    const [state, first] = [environment.getState(), sizes()];
    environment.reset(2, observation);
    const second = sizes();
    const { geometry, ...withoutGeometry } = state;
    environment.setState(withoutGeometry);
    environment.observe(observation);
    expect(sizes()).toEqual(second);
    environment.setState(state);
    environment.observe(observation);
    expect(sizes()).toEqual(first);
    expect(environment.getState()).toEqual(state);
    expect(geometry).toBeDefined();
  });

  it('is found again in what others recorded, by the observation', async () => {
    const { environment, observation, sizes } = await make();
    environment.reset(1, observation);
    const { actors, articulations, geometry } = environment.getState();
    const recorded = observation.slice();
    const state = withGeometry({ actors, articulations }, PEG_TASK, seen(recorded));
    expect(state.geometry).toEqual(geometry);
    environment.reset(2, observation);
    environment.resetTo(state, null, observation);
    expect(sizes()).toEqual([...recorded.slice(-2)]);
    expect(() => withGeometry({ actors, articulations }, PEG_TASK, seen(new Float32Array(3)))).toThrow(
      'an observation of 3 values; it has 34',
    );
    actors.peg[2] += 0.001;
    expect(() => withGeometry({ actors, articulations }, PEG_TASK, seen(recorded))).toThrow(
      'the state is one of bodies of other sizes than those that were observed (length 0.',
    );
  });

  it("is drawn by ManiSkill's seed where nothing was observed, if that seed fits the state", async () => {
    const { environment, observation } = await make();
    environment.reset(1, observation);
    const { actors, articulations } = environment.getState();
    const drawn = inFilePrecision(PEG_TASK.geometry!.draw(new NumpyRandom(7)));
    actors.peg[2] = drawn.radius;
    const complete = (seed: number | null) =>
      withGeometry({ actors, articulations }, PEG_TASK, { observe: () => null, seed }).geometry;
    expect(complete(7)).toEqual({
      length: Float64Array.of(drawn.length),
      radius: Float64Array.of(drawn.radius),
    });
    expect(() => complete(8)).toThrow('those of seed 8 are others. Record it with observations');
    expect(() => complete(null)).toThrow('no seed is known');
  });

  it('shapes the physics and the pictures alike', async () => {
    const { environment, observation, run } = await make();
    environment.reset(1, observation);
    const state = environment.getState();
    state.geometry!.length[0] = 0.1;
    state.geometry!.radius[0] = 0.05;
    state.actors.peg[2] = 0.06;
    environment.setState(state);
    run(10, 0);
    expect(environment.getState().actors.peg[2]).toBeCloseTo(0.05, 2);
    const peg = describeScene(PEG_TASK, { length: 0.1, radius: 0.05 }).bodies.find(
      ({ name }) => name === 'peg',
    )!;
    expect(peg.shapes[0].geometry).toEqual({ kind: 'box', halfSize: [0.1, 0.05, 0.05] });
  });

  it('is refused, naming body and value, if it can not be built, and changes nothing', async () => {
    const { environment, observation } = await make();
    environment.reset(1, observation);
    const before = environment.getState();
    const broken = environment.getState();
    broken.geometry!.radius[0] = -0.02;
    broken.actors.peg[0] = 1;
    expect(() => environment.setState(broken)).toThrow(
      `body "peg" can't be built: halfSize[1] of part 0 (box) is -0.02`,
    );
    expect(environment.getState()).toEqual(before);
    broken.geometry = { length: Float64Array.of(0.1) };
    expect(() => environment.setState(broken)).toThrow('the state lacks the geometry "radius"');
  });
});

describe('the memory of a task', () => {
  it('is cleared by a reset, goes on step by step and comes back with a state', async () => {
    const { environment, observation, run } = await make();
    environment.reset(1, observation);
    const haste = run(8, 1).map((terms) => terms.haste);
    expect(haste.at(-1)).toBeGreaterThan(4);
    const state = environment.getState();
    expect([...state.memory!.fast_steps]).toEqual([haste.at(-1)]);
    environment.reset(1, observation);
    expect(environment.evaluate().rewardTerms.haste).toBe(0);
    environment.setState(state);
    expect(environment.evaluate().rewardTerms.haste).toBe(haste.at(-1));
    environment.resetTo(state, 1, observation);
    expect(environment.getState()).toEqual(state);
  });

  it('takes states without one for steps, as recordings of others have them', async () => {
    const { environment, observation, run } = await make();
    environment.reset(1, observation);
    run(8, 1);
    const { memory, ...state } = environment.getState();
    environment.resetTo(state, 1, observation);
    const counted = [1, 2].map(() => {
      environment.setState(state);
      return environment.evaluate().rewardTerms.haste;
    });
    expect(counted).toEqual([1, 2]);
    expect(memory).toBeDefined();
  });
});

describe('what a task reports', () => {
  it('has numbers beside flags, at every step', async () => {
    const { environment, observation, run } = await make();
    environment.reset(1, observation);
    run(1, 1);
    const { flags, numbers } = environment.evaluate();
    expect(flags).toEqual({ is_fast: true });
    expect(numbers.distance).toBeGreaterThan(0.2);
  });

  it('is a sparse reward only, where it declares no other', async () => {
    const { reward, ...sparse } = PEG_TASK;
    expect(reward).toBeDefined();
    const { environment, observation } = await make(sparse, 'sparse');
    environment.reset(1, observation);
    expect(environment.evaluate()).toMatchObject({ reward: 0, rewardTerms: {} });
  });
});

describe('what is in the air at the start of an episode', () => {
  it.each([
    ['stays where the task says that all lies still', true],
    ['falls where the task says that it may', false],
  ])('%s', async (_, beginsAtRest) => {
    const spawn: Task['spawn'] = ({ bodies: { peg, wall } }) => {
      peg.place(0.1, 0.6, 0.3);
      wall.place(0.3, -0.3, 0.1);
    };
    const { environment, observation, run } = await make({ ...PEG_TASK, beginsAtRest, spawn });
    environment.reset(1, observation);
    expect(environment.getState().actors.peg[2]).toBeCloseTo(0.3, 6);
    run(1, 0);
    const fallen = 0.3 - environment.getState().actors.peg[2];
    if (beginsAtRest) expect(fallen).toBeCloseTo(0, 6);
    // The way of free fall in 50 ms is 12 to 15 mm, as one sums it up.
    else expect(fallen).toBeGreaterThan(0.012);
  });
});

describe('the reward of a success', () => {
  const rewardAt = async (reward: object) => {
    const rate = (_: unknown, terms: Record<string, number>) => {
      terms.nearness = 3;
    };
    const { environment, observation } = await make({
      ...PEG_TASK,
      evaluate: () => true,
      reward: { success: 10, terms: ['nearness'], rate, ...reward },
    });
    environment.reset(1, observation);
    return environment.evaluate();
  };

  it('stands for all terms, or comes on top of them where the task says so', async () => {
    expect(await rewardAt({})).toMatchObject({ reward: 10, rewardTerms: { nearness: 3, success: 7 } });
    expect(await rewardAt({ addsSuccess: true })).toMatchObject({
      reward: 13,
      rewardTerms: { nearness: 3, success: 10 },
    });
  });
});

describe("an author's mistake is told by name:", () => {
  const define = (change: object) => () => defineTask({ ...PEG_TASK, ...change } as Task);
  const start = (change: object) => make({ ...PEG_TASK, ...change } as Task);
  const observing = (part: object) => start({ observation: { ...PEG_TASK.observation, odd: part } });

  it.each([
    ['no camera', { camera: undefined }, 'task Peg-v0: it has no camera'],
    ['half a camera', { camera: { ...PEG_TASK.camera, target: [0, 0] } }, "its camera's target is [0,0]"],
    ['no steps', { horizon: 0 }, 'its horizon is 0'],
    ['two flags of one name', { flags: ['is_fast', 'is_fast'] }, 'two of the info "is_fast"'],
    ['a number called as a flag', { numbers: ['is_fast'] }, 'two of the info "is_fast"'],
    [
      'a term called success',
      { reward: { ...PEG_TASK.reward, terms: ['success'] } },
      'two of the reward term "success"',
    ],
    [
      'an expert that does not see the tool',
      { expert: { orientation: [0, 1, 0, 0], flaws: [], aim: () => {} }, observation: {} },
      "its observation must have the robot's tcp_pose",
    ],
  ])('%s', (_, change, message) => {
    expect(define(change)).toThrow(message);
  });

  it.each([
    ['a part that is too wide', { kind: 'position', of: () => [1, 2, 3, 4] }, '4 values for the part "odd"'],
    ['a part that is too narrow', { kind: 'pose', of: () => [1, 2, 3] }, '3 values for the part "odd"'],
    [
      'a part of other width than declared',
      { kind: 'scalars', size: 2, of: () => [1] },
      '1 values for the part "odd"',
    ],
    [
      'a part without size',
      { kind: 'scalars', size: 0, of: () => [] },
      'the part "odd" of the observation has size 0',
    ],
    [
      'a way from nowhere',
      { kind: 'way', from: () => [], to: () => [1, 2, 3] },
      '0 values for the part "odd"',
    ],
    [
      'NaN in a part',
      { kind: 'position', of: () => [0, Number.NaN, 0] },
      'extra.odd[1] of the observation is NaN',
    ],
  ])('%s', async (_, part, message) => {
    const attempt = async () => {
      const { environment, observation } = await observing(part);
      environment.reset(1, observation);
    };
    await expect(attempt()).rejects.toThrow(message);
  });

  it.each([
    [
      'a body called as the table',
      { bodies: () => ({ 'table-workspace': PEG_TASK.bodies({ length: 0.1, radius: 0.02 }).peg }) },
      `a body can't be called "table-workspace"`,
    ],
    [
      'a body that can not be built',
      { geometry: { ...PEG_TASK.geometry, draw: () => ({ length: 0, radius: 0.02 }) } },
      'body "peg" can\'t be built: halfSize[0] of part 0 (box) is 0',
    ],
    ['a flag that is not declared', { flags: [] }, 'is_fast'],
    [
      'NaN in a reward',
      {
        reward: {
          success: 1,
          terms: ['odd'],
          rate: (_: unknown, terms: { odd: number }) => {
            terms.odd = Number.NaN;
          },
        },
      },
      'the reward term "odd" is NaN',
    ],
  ])('%s', async (_, change, message) => {
    await expect(start(change)).rejects.toThrow(message);
  });

  it('bodies that are others with another geometry', async () => {
    const bodies: Task['bodies'] = ({ radius }) => ({
      ...PEG_TASK.bodies({ length: 0.1, radius: 0.02 }),
      [`peg ${radius}`]: PEG_TASK.bodies({ length: 0.1, radius: 0.02 }).peg,
    });
    const { environment, observation } = await start({ bodies });
    expect(() => environment.reset(1, observation)).toThrow('is another one with another geometry');
  });
});
